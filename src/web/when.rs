//! A moment on a page: in the reader's words, with the exact time in UTC for whoever points at it
//! or has it read out. `templates/web/when.html` writes it down.

use crate::texts::Lang;
use crate::types::Timestamp;

/// A moment, ready to be shown.
#[derive(Clone, Debug)]
pub(crate) struct When {
    /// For machines (RFC 3339).
    pub iso: String,
    /// To the second, in UTC.
    pub exact: String,
    /// As people say it.
    pub words: String,
}

impl When {
    /// The moment `then`, told at `now`.
    #[must_use]
    pub(crate) fn new(t: Lang, then: Timestamp, now: Timestamp) -> Self {
        Self::saying(then, t.ago(then, now))
    }

    /// The moment `then`, which is to come, told at `now`.
    #[must_use]
    pub(crate) fn to_come(t: Lang, then: Timestamp, now: Timestamp) -> Self {
        Self::saying(then, t.from_now(then, now))
    }

    fn saying(then: Timestamp, words: String) -> Self {
        let iso = then.to_rfc3339();
        let exact = iso.replace('T', " ").replace('Z', " UTC");
        Self { iso, exact, words }
    }
}
