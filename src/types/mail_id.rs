//! `MailId`: which mail of the outbox.

use std::fmt;

/// The number of a mail in the outbox, rising.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailId(i64);

impl MailId {
    /// From the number in the database.
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The number in the database.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
