//! The two fields in which a new password is typed, read by every form that asks for one. Whether it
//! is a good password, `accounts` says.

use crate::accounts::{Attribute, PolicyViolation};
use crate::texts::Lang;
use crate::types::{Password, trimmed};
use crate::web::form::PageForm;

/// The names of the two.
pub(crate) const NEW_PASSWORD: [&str; 2] = ["password", "password_again"];

/// What is wrong with `password` and with `password_again`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PasswordErrors {
    /// Beside the first field.
    pub password: Vec<String>,
    /// Beside the second.
    pub again: Vec<String>,
}

impl PasswordErrors {
    /// Whether there are none.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.password.is_empty() && self.again.is_empty()
    }

    /// The password breaks these rules.
    #[must_use]
    pub(crate) fn weak(t: Lang, violations: &[PolicyViolation]) -> Self {
        let text = |violation: &PolicyViolation| match violation {
            PolicyViolation::TooSimilar(Attribute::Username) => t.password_similar_username(),
            PolicyViolation::TooSimilar(Attribute::Email) => t.password_similar_email(),
            PolicyViolation::TooShort => t.password_short(),
            PolicyViolation::TooCommon => t.password_common(),
            PolicyViolation::EntirelyNumeric => t.password_numeric(),
        };
        let password = violations.iter().map(|violation| text(violation).to_owned()).collect();
        Self { password, again: Vec::new() }
    }
}

/// Reads `password` and `password_again`, without the white space at their ends, which a login takes
/// off, too.
///
/// # Errors
/// All that is wrong with the two.
pub(crate) fn new_password(t: Lang, form: &PageForm) -> Result<Password, PasswordErrors> {
    let password = trimmed(form.get("password"));
    let is_repeated = trimmed(form.get("password_again")) == password;
    let errors = PasswordErrors {
        password: broken_rules(t, password),
        again: if is_repeated { Vec::new() } else { vec![t.passwords_differ().to_owned()] },
    };
    if errors.is_empty() { Ok(Password::new(password.to_owned())) } else { Err(errors) }
}

/// The password of the first field, whatever the second says: for judging it before the two agree.
#[must_use]
pub(crate) fn first_password(t: Lang, form: &PageForm) -> Option<Password> {
    let password = trimmed(form.get("password"));
    broken_rules(t, password).is_empty().then(|| Password::new(password.to_owned()))
}

fn broken_rules(t: Lang, password: &str) -> Vec<String> {
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

    fn read(password: &str, again: &str) -> Result<Password, PasswordErrors> {
        new_password(
            Lang::English,
            &[("password", password), ("password_again", again)].into_iter().collect(),
        )
    }

    #[test]
    fn a_password_is_kept_as_a_login_will_send_it() {
        assert_eq!(read(" a b \u{1f}", "a b\n").unwrap().expose(), "a b");
    }

    #[test]
    fn an_empty_form_is_blank_once_and_a_slip_is_a_mismatch() {
        let errors = new_password(Lang::English, &PageForm::default()).unwrap_err();
        assert_eq!(
            (errors.password, errors.again),
            (vec![Lang::English.field_blank().to_owned()], Vec::new())
        );
        assert_eq!(read("a", "b").unwrap_err().again, [Lang::English.passwords_differ()]);
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
