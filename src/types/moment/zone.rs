//! A time zone of the IANA database, which the binary has in it: the same everywhere, and no file of the machine
//! is needed.

use std::fmt;

use jiff::civil::Date;
use jiff::tz;

use crate::types::Timestamp;

/// A time zone.
#[derive(Clone, PartialEq, Eq)]
pub struct TimeZone(tz::TimeZone);

/// A moment on the clocks of a time zone, to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// The year.
    pub year: i16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month.
    pub day: u8,
    /// The hour, the minute and the second.
    pub clock: (i8, i8, i8),
    /// What the time is called there, such as "CET" or "UTC".
    pub abbreviation: String,
}

impl TimeZone {
    /// UTC.
    pub const UTC: Self = Self(tz::TimeZone::UTC);

    /// The time zone with this IANA name, such as `Europe/Berlin`, in any letter case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("UTC") {
            return Some(Self::UTC);
        }
        tz::TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some()).map(Self)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Every name, in alphabetical order.
    #[must_use]
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = tz::db().available().map(|name| name.to_string()).collect();
        names.sort_unstable();
        names
    }

    /// A moment on the clocks of this zone. Moments outside of the years -9999 to 9999 count as 1970.
    #[must_use]
    pub fn local(&self, moment: Timestamp) -> LocalTime {
        let moment =
            jiff::Timestamp::from_microsecond(moment.micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let local = self.0.to_datetime(moment);
        LocalTime {
            year: local.year(),
            month: local.month().unsigned_abs(),
            day: local.day().unsigned_abs(),
            clock: (local.hour(), local.minute(), local.second()),
            abbreviation: self.0.to_offset_info(moment).abbreviation().to_owned(),
        }
    }

    /// The beginning of a day (`YYYY-MM-DD`), `days` days later, on the clocks of this zone; `None` for what is no
    /// day.
    #[must_use]
    pub fn beginning_of(&self, day: &str, days: i64) -> Option<Timestamp> {
        let is_day = day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let day: Date = day.parse().ok().filter(|_| is_day)?;
        let day = day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        Some(Timestamp::from_seconds(day.to_zoned(self.0.clone()).ok()?.timestamp().as_second()))
    }

    /// The day of a moment (`YYYY-MM-DD`), on the clocks of this zone.
    #[must_use]
    pub fn day_of(&self, moment: Timestamp) -> String {
        let LocalTime { year, month, day, .. } = self.local(moment);
        format!("{year:04}-{month:02}-{day:02}")
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self::UTC
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-29 00:30 UTC: half an hour before the clocks of Berlin jump from 2 to 3.
    const BEFORE_SUMMER: i64 = 1_774_744_200;

    #[test]
    fn a_moment_is_displayed_on_the_clocks_of_its_place() {
        let berlin = TimeZone::parse("europe/berlin").unwrap();
        assert_eq!(berlin.name(), "Europe/Berlin");
        let clock = |seconds| {
            let local = berlin.local(Timestamp::from_seconds(BEFORE_SUMMER + seconds));
            (local.day, local.clock, local.abbreviation)
        };
        assert_eq!(clock(0), (29, (1, 30, 0), "CET".to_owned()));
        assert_eq!(clock(3_600), (29, (3, 30, 0), "CEST".to_owned()));
        assert_eq!(TimeZone::UTC.local(Timestamp::from_seconds(BEFORE_SUMMER)).abbreviation, "UTC");
    }

    #[test]
    fn a_day_begins_at_midnight_there() {
        let berlin = TimeZone::parse("Europe/Berlin").unwrap();
        let seconds = |day, days| berlin.beginning_of(day, days).map(Timestamp::seconds);
        assert_eq!(seconds("2026-03-29", 0), Some(BEFORE_SUMMER - 5_400));
        assert_eq!(seconds("2026-03-29", 1), Some(BEFORE_SUMMER - 5_400 + 23 * 3_600), "a short day");
        assert_eq!(berlin.day_of(Timestamp::from_seconds(BEFORE_SUMMER - 5_401)), "2026-03-28");
        for invalid in ["2026-02-30", "2026-3-29", "", "today", "2026-03-29T00:00", "20260329"] {
            assert_eq!(seconds(invalid, 0), None, "{invalid}");
        }
    }

    #[test]
    fn what_is_no_name_of_a_place_is_refused() {
        for name in ["", "Berlin", "CEST", "+02:00", "Europe/Atlantis", "../etc/passwd", "\0"] {
            assert!(TimeZone::parse(name).is_none(), "{name:?}");
        }
        let names = TimeZone::names();
        assert!(names.len() > 400 && names.iter().all(|name| TimeZone::parse(name).is_some()));
    }
}
