//! A moment on a page: relative to now, with the exact time in the reader's time zone as a tooltip and for screen
//! readers. `templates/web/when.html` renders it.

use crate::texts::Lang;
use crate::types::{TimeZone, Timestamp};

/// After so many days a date with its hour says more than their number.
const DAYS: u64 = 7;

/// A moment for display.
#[derive(Clone, Debug)]
pub(crate) struct When {
    /// RFC 3339.
    pub iso: String,
    /// To the second, with the name of the time.
    pub exact: String,
    /// Relative to now, such as "3 minutes ago"; after a week the date with its hour.
    pub words: String,
}

impl When {
    /// The moment `then`, seen from `now`.
    #[must_use]
    pub(crate) fn new(t: Lang, zone: &TimeZone, then: Timestamp, now: Timestamp) -> Self {
        let is_long_ago = now.since(then).as_secs() >= DAYS * 24 * 3600;
        let words = if is_long_ago { t.moment(&zone.local(then)) } else { t.ago(then, now) };
        Self::with_words(zone, then, words)
    }

    /// The moment as a date with its hour, however recent.
    #[must_use]
    pub(crate) fn dated(t: Lang, zone: &TimeZone, then: Timestamp) -> Self {
        Self::with_words(zone, then, t.moment(&zone.local(then)))
    }

    /// The future moment `then`, seen from `now`.
    #[must_use]
    pub(crate) fn to_come(t: Lang, zone: &TimeZone, then: Timestamp, now: Timestamp) -> Self {
        Self::with_words(zone, then, t.from_now(then, now))
    }

    fn with_words(zone: &TimeZone, then: Timestamp, words: String) -> Self {
        let local = zone.local(then);
        let (hour, minute, second) = local.clock;
        let exact = format!(
            "{:04}-{:02}-{:02} {hour:02}:{minute:02}:{second:02} {}",
            local.year, local.month, local.day, local.abbreviation
        );
        Self { iso: then.to_rfc3339(), exact, words }
    }
}
