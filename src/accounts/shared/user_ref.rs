//! The user that a use case is about, with a precondition on the state that the caller decided on
//! (optimistic locking, as `If-Match` in HTTP): an administrator does not undo a change of another one
//! without having seen it.

use crate::accounts::shared::account_error::AccountError;
use crate::types::{Email, Timestamp, User, UserId};

/// A user, with a precondition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRef {
    pub(crate) id: UserId,
    precondition: Precondition,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Precondition {
    None,
    UnchangedSince(Timestamp),
    EmailIs(Email),
}

impl From<UserId> for UserRef {
    /// The user in any state.
    fn from(id: UserId) -> Self {
        Self { id, precondition: Precondition::None }
    }
}

impl UserRef {
    /// The user, unless the account was changed after `updated_at` ([`User::updated_at`]).
    pub(crate) const fn if_unchanged_since(id: UserId, updated_at: Timestamp) -> Self {
        Self { id, precondition: Precondition::UnchangedSince(updated_at) }
    }

    /// The user, if the account has exactly this address.
    pub(crate) const fn if_email_is(id: UserId, email: Email) -> Self {
        Self { id, precondition: Precondition::EmailIs(email) }
    }

    /// Whether the precondition holds for the locked user.
    pub(crate) fn matches(&self, user: &User) -> bool {
        match &self.precondition {
            Precondition::None => true,
            Precondition::UnchangedSince(updated_at) => user.updated_at == *updated_at,
            Precondition::EmailIs(email) => user.email == *email,
        }
    }

    /// [`AccountError::Changed`] if the precondition does not hold for the locked user.
    pub(crate) fn check(&self, user: &User) -> Result<(), AccountError> {
        if self.matches(user) { Ok(()) } else { Err(AccountError::Changed) }
    }
}
