//! The number of a user. Made by `store`, carried in tokens; never reused after a deletion.

use std::fmt;

use serde::Serialize;

/// A user's id: the integer that Simple JWT puts into the `user_id` claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct UserId(i64);

impl UserId {
    /// Wraps a number that came from the database or from a signed token.
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
