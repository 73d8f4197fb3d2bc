//! A moment on a page: relative to now, with the exact time in UTC as a tooltip and for screen readers.
//! `templates/web/when.html` renders it.

use crate::texts::Lang;
use crate::types::Timestamp;

/// A moment for display.
#[derive(Clone, Debug)]
pub(crate) struct When {
    /// RFC 3339.
    pub iso: String,
    /// To the second, in UTC.
    pub exact: String,
    /// Relative to now, such as "3 minutes ago".
    pub words: String,
}

impl When {
    /// The moment `then`, seen from `now`.
    #[must_use]
    pub(crate) fn new(t: Lang, then: Timestamp, now: Timestamp) -> Self {
        Self::with_words(then, t.ago(then, now))
    }

    /// The future moment `then`, seen from `now`.
    #[must_use]
    pub(crate) fn to_come(t: Lang, then: Timestamp, now: Timestamp) -> Self {
        Self::with_words(then, t.from_now(then, now))
    }

    fn with_words(then: Timestamp, words: String) -> Self {
        let iso = then.to_rfc3339();
        let exact = iso.replace('T', " ").replace('Z', " UTC");
        Self { iso, exact, words }
    }
}
