//! Why a registration is refused.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::password::policy::WeakPassword;
use crate::passwords::EngineError;
use crate::store::{StoreError, Unique};

/// What is wrong with a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegistrationProblem {
    /// Another user has this name or address, as name or as address.
    Taken(Unique),
    /// The invitation is not valid, or went to another address.
    Uninvited,
}

/// Why no account was registered.
#[derive(Debug, Error)]
pub(crate) enum RegisterError {
    /// `registration.mode` is `closed`.
    #[error("registration is closed")]
    Closed,
    /// Too many registrations; how long until the next may be tried.
    #[error("too many registrations")]
    Throttled(Duration),
    /// The name, the address or the invitation is refused.
    #[error("the name or address is taken, or the invitation is not valid")]
    Refused(Vec<RegistrationProblem>),
    /// The password violates the password rules.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The password could not be hashed now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl RegisterError {
    /// A name or an address that is taken.
    pub(crate) fn taken(unique: Unique) -> Self {
        Self::Refused(vec![RegistrationProblem::Taken(unique)])
    }
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(unique) => Self::taken(unique),
            other => Self::Store(other),
        }
    }
}
