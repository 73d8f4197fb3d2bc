//! What all dialects say in the same words: those of Django's own user, whose fields are called otherwise than those of
//! the reference server.

use crate::accounts::{Attribute, PolicyViolation, WeakPassword};
use crate::api::drf::body::FieldErrors;
use crate::api::drf::error::ApiError;
use crate::store::Unique;

/// A name that is taken (`django/contrib/auth/models.py`, `AbstractUser`).
pub(super) const NAME_TAKEN: &str = "A user with that username already exists.";

/// Two passwords differ, in the words of djoser and of Django's `SetPasswordForm` before Django 3.
pub(super) const PASSWORDS_DIFFER: &str = "The two password fields didn't match.";

/// The password rules that are broken, as messages of a field.
pub(super) fn weak_password(field: &str, weak: &WeakPassword) -> ApiError {
    let message = |violation: &PolicyViolation| match violation {
        PolicyViolation::TooSimilar(Attribute::Username) => {
            "The password is too similar to the username.".to_owned()
        }
        other => other.to_string(),
    };
    let errors: FieldErrors = weak.violations().iter().map(|violation| (field, message(violation))).collect();
    errors.into()
}

/// Which of name and address are taken, as messages of the fields that were sent.
pub(super) fn taken(taken: Vec<Unique>, name_field: &str, email_taken: &str) -> ApiError {
    let messages = taken.into_iter().map(|unique| match unique {
        Unique::Username => (name_field, NAME_TAKEN),
        Unique::Email => ("email", email_taken),
    });
    messages.collect::<FieldErrors>().into()
}
