//! The fields of an account, as the serializers of the reference server declare them: the rules of its
//! model, in the order in which DRF runs them (`rest_framework/fields.py`, `CharField`, `EmailField`).

use crate::api::drf::body::TextField;
use crate::types::{Email, EmailRule, Password, Username, UsernameRule};

/// The user name.
pub(crate) const USERNAME: TextField<Username> =
    TextField::new("username", "User name: letters, digits and @/./+/-/_ only.", |text| {
        Username::parse(&text).map_err(|error| error.to_string())
    })
    .first_rule(username_characters)
    .max_length(Username::MAX_CHARS);

/// The email of a new account. Its domain becomes lower case.
pub(crate) const EMAIL: TextField<Email> =
    email(|text| Email::parse(&text).map_err(|error| error.to_string()));

/// The email that an account changes to. Its domain stays as typed.
pub(crate) const CHANGED_EMAIL: TextField<Email> =
    email(|text| Email::as_typed(&text).map_err(|error| error.to_string()));

const fn email(parse: fn(String) -> Result<Email, String>) -> TextField<Email> {
    TextField::new("email", "Email address.", parse)
        .max_length(Email::MAX_CHARS)
        .last_rule(email_address)
        .not_a_string("Enter a valid email address.")
}

/// A password of an existing account.
pub(crate) const fn password(name: &'static str, help: &'static str) -> TextField<Password> {
    TextField::new(name, help, |text| Ok(Password::new(text))).write_only()
}

/// A password to be set. The password rules are checked later, with the name and email of the account.
pub(crate) const fn new_password(name: &'static str) -> TextField<Password> {
    password(name, "New password, which has to follow the password rules.")
}

fn username_characters(name: &str) -> Result<(), String> {
    let rule = UsernameRule::Characters;
    let is_broken = Username::parse(name).is_err_and(|error| error.rules().contains(&rule));
    if is_broken { Err(rule.to_string()) } else { Ok(()) }
}

fn email_address(email: &str) -> Result<(), String> {
    let rule = EmailRule::Invalid;
    let is_broken = Email::as_typed(email).is_err_and(|error| error.rules().contains(&rule));
    if is_broken { Err(rule.to_string()) } else { Ok(()) }
}
