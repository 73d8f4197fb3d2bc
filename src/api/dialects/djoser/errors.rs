//! The errors of the use cases in djoser's words (`djoser/constants.py`).

use crate::accounts::{
    AuthenticationError, ChangePasswordError, DeleteOwnAccountError, KeyError, LinkOfUserError,
    ResetPasswordError, UpdateUserError,
};
use crate::api::dialects::words;
use crate::api::drf::body::FieldErrors;
use crate::api::drf::error::ApiError;

/// The message about an address that is taken, of a model with `unique=True` (`django/db/models/fields/__init__.py`).
pub(super) const EMAIL_TAKEN: &str = "user with this email already exists.";

fn wrong_password() -> ApiError {
    FieldErrors::one("current_password", "Invalid password.").into()
}

/// A change of name or address; `name` is the field that a new name is in.
pub(super) fn update(error: UpdateUserError, name: &str) -> ApiError {
    match error {
        UpdateUserError::NotAllowed => ApiError::ChangeNotAllowed,
        UpdateUserError::Taken(taken) => words::taken(taken, name, EMAIL_TAKEN),
        UpdateUserError::PasswordMissing => {
            FieldErrors::one("current_password", "This field is required.").into()
        }
        UpdateUserError::WrongPassword => wrong_password(),
        UpdateUserError::Throttled(wait) => ApiError::Throttled(wait),
        UpdateUserError::Engine(error) => error.into(),
        UpdateUserError::NotFound => ApiError::Authentication(AuthenticationError::UserNotFound),
        UpdateUserError::Store(error) => error.into(),
    }
}

pub(super) fn change_password(error: ChangePasswordError) -> ApiError {
    match error {
        ChangePasswordError::WrongOld => wrong_password(),
        ChangePasswordError::Weak(weak) => words::weak_password("new_password", &weak),
        other => other.into(),
    }
}

pub(super) fn delete(error: DeleteOwnAccountError) -> ApiError {
    match error {
        DeleteOwnAccountError::WrongPassword => wrong_password(),
        other => other.into(),
    }
}

pub(super) fn link(error: LinkOfUserError) -> ApiError {
    match error {
        LinkOfUserError::UnknownUser => {
            FieldErrors::one("uid", "Invalid user id or user doesn't exist.").into()
        }
        LinkOfUserError::Key(error) => key(error),
    }
}

pub(super) fn key(error: KeyError) -> ApiError {
    match error {
        KeyError::Bad => FieldErrors::one("token", "Invalid token for given user.").into(),
        other => other.into(),
    }
}

pub(super) fn reset_password(error: ResetPasswordError) -> ApiError {
    match error {
        ResetPasswordError::Key(error) => key(error),
        ResetPasswordError::Weak(weak) => words::weak_password("new_password", &weak),
        ResetPasswordError::Engine(error) => error.into(),
    }
}
