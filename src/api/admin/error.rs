//! The errors of the use cases behind the API for machines. An administrator sees every account anyway, so they name
//! what another user has.

use crate::accounts::{CreateUserError, PatchUserError, SendMailError, SkipReason};
use crate::api::drf::body::FieldErrors;
use crate::api::drf::error::{ApiError, weak_password};
use crate::store::Unique;

/// The errors about names and addresses that other users have, in the words of Django's `UniqueValidator`.
pub(super) fn taken(columns: &[Unique]) -> FieldErrors {
    let message = |column: &Unique| match column {
        Unique::Username => ("username", "A user with that username already exists."),
        Unique::Email => ("email", "A user with that email already exists."),
    };
    columns.iter().map(message).collect()
}

impl From<CreateUserError> for ApiError {
    fn from(error: CreateUserError) -> Self {
        match error {
            CreateUserError::Weak(weak) => weak_password("password", &weak),
            CreateUserError::Taken(column) | CreateUserError::Ambiguous(column) => taken(&[column]).into(),
            CreateUserError::Engine(error) => error.into(),
            CreateUserError::Store(error) => error.into(),
        }
    }
}

impl From<PatchUserError> for ApiError {
    fn from(error: PatchUserError) -> Self {
        match error {
            PatchUserError::Weak(weak) => weak_password("password", &weak),
            PatchUserError::Taken(columns) => taken(&columns).into(),
            PatchUserError::Engine(error) => error.into(),
            PatchUserError::Account(error) => error.into(),
        }
    }
}

impl From<SendMailError> for ApiError {
    fn from(error: SendMailError) -> Self {
        match error {
            SendMailError::Skipped(SkipReason::Confirmed) => {
                Self::Conflict("The email is confirmed already.")
            }
            SendMailError::Skipped(SkipReason::NoEmail) => Self::Conflict("The user has no email."),
            SendMailError::Skipped(_) => Self::Conflict("The account is inactive."),
            SendMailError::Account(error) => error.into(),
        }
    }
}
