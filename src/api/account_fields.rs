//! The fields of an account, as the reference server's serializers declare them: its model's rules
//! in the order in which DRF runs them (`rest_framework/fields.py`, `CharField`, `EmailField`).

use crate::api::drf::body::CharField;
use crate::types::{Email, EmailRule, Username, UsernameRule};

/// The name.
pub(crate) fn username() -> CharField {
    CharField::new().validator(characters).max_length(Username::MAX_CHARS)
}

/// The address. Whatever is no text is no address to an `EmailField`.
pub(crate) fn email() -> CharField {
    CharField::new()
        .invalid_message("Enter a valid email address.")
        .max_length(Email::MAX_CHARS)
        .last_validator(address)
}

fn characters(name: &str) -> Result<(), String> {
    let rule = UsernameRule::Characters;
    let broken = Username::parse(name).is_err_and(|error| error.rules().contains(&rule));
    if broken { Err(rule.to_string()) } else { Ok(()) }
}

fn address(email: &str) -> Result<(), String> {
    let rule = EmailRule::Invalid;
    let broken = Email::as_typed(email).is_err_and(|error| error.rules().contains(&rule));
    if broken { Err(rule.to_string()) } else { Ok(()) }
}
