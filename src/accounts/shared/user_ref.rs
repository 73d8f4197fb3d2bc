//! Whom a verb is about, and what had been seen of them by whoever decided on it: so that of two
//! administrators at once, neither undoes what they have not seen.

use crate::accounts::shared::change_user::AccountError;
use crate::types::{Email, Timestamp, User, UserId};

/// A user; as they were seen, where it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRef {
    pub(crate) id: UserId,
    seen: Precondition,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Precondition {
    Whatever,
    Version(Timestamp),
    Address(Email),
}

impl From<UserId> for UserRef {
    /// Whatever they are.
    fn from(id: UserId) -> Self {
        Self { id, seen: Precondition::Whatever }
    }
}

impl UserRef {
    /// As long as nobody changed the account since it was changed at `updated_at`
    /// ([`User::updated_at`]).
    #[must_use]
    pub const fn as_of(id: UserId, updated_at: Timestamp) -> Self {
        Self { id, seen: Precondition::Version(updated_at) }
    }

    /// As long as they have exactly this address.
    #[must_use]
    pub const fn at(id: UserId, email: Email) -> Self {
        Self { id, seen: Precondition::Address(email) }
    }

    /// Whether the user, who is held, is still as they were seen.
    pub(crate) fn is(&self, user: &User) -> bool {
        match &self.seen {
            Precondition::Whatever => true,
            Precondition::Version(updated_at) => user.updated_at == *updated_at,
            Precondition::Address(email) => user.email == *email,
        }
    }

    /// Refuses to go on with a user who is not as they were seen.
    pub(crate) fn check(&self, user: &User) -> Result<(), AccountError> {
        if self.is(user) { Ok(()) } else { Err(AccountError::Changed) }
    }
}
