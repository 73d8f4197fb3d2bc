//! The errors of the use cases in the words of dj-rest-auth, allauth and Django's `SetPasswordForm`.

use crate::accounts::{
    Attribute, AuthenticationError, ChangePasswordError, KeyError, LinkOfUserError, LogInError,
    PolicyViolation, PresentedTokenError, ResetPasswordError, UpdateUserError, WeakPassword,
};
use crate::api::dialects::words;
use crate::api::drf::body::FieldErrors;
use crate::api::drf::error::ApiError;

/// An address that is taken.
pub(super) const EMAIL_TAKEN: &str = "User is already registered with this e-mail address.";

pub(super) fn log_in(error: LogInError) -> ApiError {
    match error {
        LogInError::Invalid => FieldErrors::non_field("Unable to log in with provided credentials.").into(),
        other => other.into(),
    }
}

pub(super) fn update(error: UpdateUserError) -> ApiError {
    match error {
        UpdateUserError::Taken(taken) => words::taken(taken, "username", EMAIL_TAKEN),
        other => other.into(),
    }
}

pub(super) fn change_password(error: ChangePasswordError) -> ApiError {
    match error {
        ChangePasswordError::WrongOld => {
            let message = "Your old password was entered incorrectly. Please enter it again.";
            FieldErrors::one("old_password", message).into()
        }
        ChangePasswordError::Weak(weak) => words::weak_password("new_password2", &weak),
        other => other.into(),
    }
}

/// The two new passwords differ (`django/contrib/auth/forms.py`, `SetPasswordForm`).
pub(super) fn passwords_differ() -> ApiError {
    FieldErrors::one("new_password2", "The two password fields didn\u{2019}t match.").into()
}

pub(super) fn link(error: LinkOfUserError) -> ApiError {
    match error {
        LinkOfUserError::UnknownUser => FieldErrors::one("uid", "Invalid value").into(),
        LinkOfUserError::Key(error) => key(error),
    }
}

fn key(error: KeyError) -> ApiError {
    match error {
        KeyError::Bad => FieldErrors::one("token", "Invalid value").into(),
        other => other.into(),
    }
}

pub(super) fn reset_password(error: ResetPasswordError) -> ApiError {
    match error {
        ResetPasswordError::Key(error) => key(error),
        ResetPasswordError::Weak(weak) => words::weak_password("new_password2", &weak),
        ResetPasswordError::Engine(error) => error.into(),
    }
}

pub(super) fn verify_email(error: KeyError) -> ApiError {
    match error {
        KeyError::Bad => ApiError::NotFound,
        other => other.into(),
    }
}

/// allauth looks at the password alone first, and then, with the user, at the form as a whole.
pub(super) fn weak_password(weak: &WeakPassword) -> ApiError {
    let similar = PolicyViolation::TooSimilar(Attribute::Username);
    let is_similar = |violation: &&PolicyViolation| matches!(violation, PolicyViolation::TooSimilar(_));
    match weak.violations() {
        [only] if is_similar(&only) => {
            let field = if *only == similar { "username" } else { "email" };
            FieldErrors::non_field(format!("The password is too similar to the {field}.")).into()
        }
        violations => {
            let alone = violations.iter().filter(|violation| !is_similar(violation));
            alone.map(|violation| ("password1", violation.to_string())).collect::<FieldErrors>().into()
        }
    }
}

/// The text about a refresh token that was refused, where it is all of the answer.
///
/// # Errors
/// What is no refusal.
pub(super) fn refused_token(error: PresentedTokenError) -> Result<String, ApiError> {
    match error {
        PresentedTokenError::Rejected(AuthenticationError::Token(error)) => Ok(error.to_string()),
        error @ (PresentedTokenError::Rejected(_) | PresentedTokenError::NoActiveAccount) => {
            Ok(error.to_string())
        }
        other => Err(other.into()),
    }
}
