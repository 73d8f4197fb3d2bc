//! Why one change to one user was not made.

use thiserror::Error;

use crate::store::StoreError;

/// Why a change to a user was not made. Nothing was written.
#[derive(Debug, Error)]
pub enum AccountError {
    /// No user has that id (any more).
    #[error("there is no such user")]
    NotFound,
    /// The precondition of the `UserRef` does not hold: the account was changed in the meantime.
    #[error("the account was changed in the meantime")]
    Changed,
    /// No administrator who can log in would remain.
    #[error("this is the last administrator who can log in")]
    LastAdministrator,
    /// The account is to be deleted: before it can be activated, the deletion has to be cancelled.
    #[error("the account is to be deleted")]
    ToBeDeleted,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
