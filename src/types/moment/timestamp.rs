//! A moment, to the microsecond. Made by `clock`, stored as a number by `store`.

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const MICROS: i64 = 1_000_000;

/// Microseconds since 1970-01-01 in UTC: the same in every database dialect, and sortable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since 1970, saturating.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down: a JWT's NumericDate (RFC 7519 §2).
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// This moment and `span` later, saturating.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros_of(span)))
    }

    /// This moment and `span` earlier, saturating.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros_of(span)))
    }

    /// How far apart the two moments are, whichever is earlier.
    #[must_use]
    pub fn distance(self, other: Self) -> Duration {
        Duration::from_micros(self.0.abs_diff(other.0))
    }

    /// How long after `earlier` this moment is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As `2026-01-31T12:00:00Z` (RFC 3339), to the second.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        Self::from_seconds(self.seconds()).to_rfc3339_micros()
    }

    /// As `2026-01-31T12:00:00.25Z` (RFC 3339), to the microsecond.
    #[must_use]
    pub fn to_rfc3339_micros(self) -> String {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .ok()
            .and_then(|moment| moment.format(&Rfc3339).ok())
            .unwrap_or_else(|| format!("{} s after 1970", self.seconds()))
    }
}

fn micros_of(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_down_before_1970_too() {
        assert_eq!(Timestamp::from_micros(1_999_999).seconds(), 1);
        assert_eq!(Timestamp::from_micros(-1).seconds(), -1);
    }

    #[test]
    fn a_span_between_moments_is_never_negative() {
        let early = Timestamp::from_seconds(10);
        let late = early.plus(Duration::from_millis(1500));
        assert_eq!(late.since(early), Duration::from_millis(1500));
        assert_eq!(early.since(late), Duration::ZERO);
        assert_eq!((early.distance(late), late.distance(early)), (late.since(early), late.since(early)));
    }

    #[test]
    fn it_is_written_as_rfc_3339() {
        assert_eq!(Timestamp::from_seconds(0).to_rfc3339(), "1970-01-01T00:00:00Z");
        let precise = Timestamp::from_micros(1_250_000);
        assert_eq!(
            (precise.to_rfc3339().as_str(), precise.to_rfc3339_micros().as_str()),
            ("1970-01-01T00:00:01Z", "1970-01-01T00:00:01.25Z")
        );
        assert!(Timestamp::from_micros(i64::MAX).to_rfc3339().ends_with("after 1970"));
    }
}
