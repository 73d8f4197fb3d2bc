//! The fields of an account in forms, and what is wrong with each, in the reader's language. `types` decides
//! which names and addresses are valid, `accounts` which passwords are good and which names are taken.

use crate::accounts::{Attribute, CreateUserError, PolicyViolation, WeakPassword};
use crate::store::Unique;
use crate::texts::Lang;
use crate::types::{Email, Password, Username, trimmed};
use crate::web::error::PageError;
use crate::web::form::PageForm;

/// The fields in which a new password is typed.
pub(crate) const NEW_PASSWORD: [&str; 2] = ["password", "password_again"];

/// The field in which the current password is typed, before it is replaced.
pub(crate) const OLD_PASSWORD: &str = "old_password";

/// The errors of an account's form, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AccountErrors {
    pub username: Vec<String>,
    pub email: Vec<String>,
    pub password: Vec<String>,
    pub password_again: Vec<String>,
}

impl AccountErrors {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// These errors and `others`.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.username.extend(others.username);
        self.email.extend(others.email);
        self.password.extend(others.password);
        self.password_again.extend(others.password_again);
        self
    }

    /// Another account has the username or the email.
    pub(crate) fn taken(t: Lang, taken: &[Unique]) -> Self {
        let mut errors = Self::default();
        for unique in taken {
            match unique {
                Unique::Username => errors.username.push(t.username_taken().to_owned()),
                Unique::Email => errors.email.push(t.email_taken().to_owned()),
            }
        }
        errors
    }

    /// The username is another account's email, or the email another account's username.
    pub(crate) fn ambiguous(t: Lang, unique: Unique) -> Self {
        match unique {
            Unique::Username => Self { username: vec![t.username_ambiguous().to_owned()], ..Self::default() },
            Unique::Email => Self { email: vec![t.email_ambiguous().to_owned()], ..Self::default() },
        }
    }

    /// The password violates the policy.
    pub(crate) fn weak(t: Lang, weak: &WeakPassword) -> Self {
        let text = |violation: &PolicyViolation| match violation {
            PolicyViolation::TooSimilar(Attribute::Username) => t.password_similar_username().to_owned(),
            PolicyViolation::TooSimilar(Attribute::Email) => t.password_similar_email().to_owned(),
            PolicyViolation::TooShort(least) => t.password_short(least),
            PolicyViolation::TooCommon => t.password_common().to_owned(),
            PolicyViolation::EntirelyNumeric => t.password_numeric().to_owned(),
            PolicyViolation::Breached => t.password_breached().to_owned(),
        };
        let password = weak.violations().iter().map(text).collect();
        Self { password, ..Self::default() }
    }

    /// The errors of an account that was refused.
    ///
    /// # Errors
    /// The page for a refusal that no other input would change.
    pub(crate) fn refused(t: Lang, error: CreateUserError) -> Result<Self, PageError> {
        match error {
            CreateUserError::Weak(weak) => Ok(Self::weak(t, &weak)),
            CreateUserError::Taken(unique) => Ok(Self::taken(t, &[unique])),
            CreateUserError::Ambiguous(unique) => Ok(Self::ambiguous(t, unique)),
            CreateUserError::Engine(error) => Err(error.into()),
            CreateUserError::Store(error) => Err(error.into()),
        }
    }
}

/// Reads `username`.
pub(crate) fn username(t: Lang, form: &PageForm) -> Result<Username, AccountErrors> {
    Username::parse(form.get("username")).map_err(|error| AccountErrors {
        username: error.rules().iter().map(|rule| t.username_rule(*rule)).collect(),
        ..AccountErrors::default()
    })
}

/// Reads `email`.
pub(crate) fn email(t: Lang, form: &PageForm) -> Result<Email, AccountErrors> {
    Email::parse(form.get("email")).map_err(|error| AccountErrors {
        email: error.rules().iter().map(|rule| t.email_rule(*rule)).collect(),
        ..AccountErrors::default()
    })
}

/// Reads `password` and `password_again`, without the white space at their ends, which a login removes, too.
pub(crate) fn new_password(t: Lang, form: &PageForm) -> Result<Password, AccountErrors> {
    let password = trimmed(form.get("password"));
    let is_repeated = trimmed(form.get("password_again")) == password;
    let errors = AccountErrors {
        password: field_errors(t, password),
        password_again: if is_repeated { Vec::new() } else { vec![t.passwords_differ().to_owned()] },
        ..AccountErrors::default()
    };
    if errors.is_empty() { Ok(Password::new(password.to_owned())) } else { Err(errors) }
}

/// Reads `password` alone, so that the policy can be applied before the two fields agree.
#[must_use]
pub(crate) fn first_password(t: Lang, form: &PageForm) -> Option<Password> {
    let password = trimmed(form.get("password"));
    field_errors(t, password).is_empty().then(|| Password::new(password.to_owned()))
}

/// Combines what two fields hold, or all of their errors.
pub(crate) fn both<T, U>(
    one: Result<T, AccountErrors>,
    other: Result<U, AccountErrors>,
) -> Result<(T, U), AccountErrors> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err(one.err().unwrap_or_default().and(other.err().unwrap_or_default())),
    }
}

fn field_errors(t: Lang, password: &str) -> Vec<String> {
    if password.is_empty() {
        return vec![t.field_blank().to_owned()];
    }
    let mut errors = Vec::new();
    let max = Password::MAX_CHARS;
    if password.chars().count() > max {
        errors.push(t.field_too_long(max));
    }
    if password.contains('\0') {
        errors.push(t.field_null().to_owned());
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(password: &str, again: &str) -> Result<Password, AccountErrors> {
        new_password(
            Lang::English,
            &[("password", password), ("password_again", again)].into_iter().collect(),
        )
    }

    #[test]
    fn a_new_password_is_trimmed_as_a_login_trims_it() {
        assert_eq!(read(" a b \u{1f}", "a b\n").unwrap().expose(), "a b");
    }

    #[test]
    fn an_empty_password_is_one_error_and_a_different_repetition_is_another() {
        let errors = new_password(Lang::English, &PageForm::default()).unwrap_err();
        assert_eq!(
            (errors.password, errors.password_again),
            (vec![Lang::English.field_blank().to_owned()], Vec::new())
        );
        assert_eq!(read("a", "b").unwrap_err().password_again, [Lang::English.passwords_differ()]);
    }

    #[test]
    fn a_password_is_counted_in_characters_and_may_hold_no_null() {
        let longest = "é".repeat(Password::MAX_CHARS);
        assert!(read(&longest, &longest).is_ok());
        let long = format!("{longest}\0x");
        let messages = ["Ensure this field has no more than 128 characters.", Lang::English.field_null()];
        assert_eq!(read(&long, &long).unwrap_err().password, messages);
    }
}
