//! The fields of an account in the admin's forms.

use std::borrow::Cow;

use crate::accounts::{self, UserNotice};
use crate::app::App;
use crate::texts::Lang;
use crate::types::{Email, Password, Username};
use crate::web::form_page::{Checkbox, Field};
use crate::web::{AccountErrors, PageError, PageForm, both, email, first_password, new_password, username};

/// Reads username and email.
pub(crate) fn names(t: Lang, form: &PageForm) -> Result<(Username, Email), AccountErrors> {
    both(username(t, form), email(t, form))
}

/// Reads username, email and password of a new account, or all of their errors at once. The errors say which
/// names are taken, so only an administrator or the holder of a setup link may see them.
pub(crate) async fn new_account(
    app: &App,
    t: Lang,
    form: &PageForm,
) -> Result<Result<((Username, Email), Password), AccountErrors>, PageError> {
    let username = Username::parse(form.get("username")).ok();
    let email = Email::parse(form.get("email")).ok();
    let mut errors = AccountErrors::default();
    for error in accounts::find_create_errors(app, username, email, first_password(t, form)).await? {
        errors = errors.and(AccountErrors::refused(t, error)?);
    }
    Ok(match account(t, form) {
        Ok(account) if errors.is_empty() => Ok(account),
        Ok(_) => Err(errors),
        Err(invalid) => Err(invalid.and(errors)),
    })
}

/// Reads the fields without asking the store or the password policy.
fn account(t: Lang, form: &PageForm) -> Result<((Username, Email), Password), AccountErrors> {
    both(names(t, form), new_password(t, form))
}

/// The fields of username and email.
pub(crate) fn name_fields(t: Lang, username: String, email: String, errors: &AccountErrors) -> Vec<Field> {
    vec![
        Field {
            id: "username",
            label: t.username(),
            hint: t.username_hint().into(),
            kind: "text",
            autocomplete: "off",
            value: username,
            errors: errors.username.clone(),
            ..Field::default()
        },
        Field {
            id: "email",
            label: t.email(),
            kind: "email",
            autocomplete: "off",
            value: email,
            errors: errors.email.clone(),
            ..Field::default()
        },
    ]
}

/// The fields of a new password. The typed values are not sent back.
pub(crate) fn password_fields(t: Lang, min_length: usize, errors: &AccountErrors) -> Vec<Field> {
    let field = |id, label, hint: Cow<'static, str>, errors: &[String]| Field {
        id,
        label,
        hint,
        kind: "password",
        autocomplete: "new-password",
        errors: errors.to_vec(),
        ..Field::default()
    };
    vec![
        field("password", t.new_password(), t.password_hint(min_length).into(), &errors.password),
        field("password_again", t.password_again(), "".into(), &errors.password_again),
    ]
}

/// The field with which an administrator decides about the mail to the user.
const NOTICE: &str = "notice";

/// Whether the form asks for the mail to the user.
pub(crate) fn notice(form: &PageForm) -> UserNotice {
    if form.has(NOTICE) { UserNotice::Send } else { UserNotice::Omit }
}

/// The checkbox for the mail to the user.
pub(crate) fn notice_checkbox(t: Lang, notice: UserNotice) -> Checkbox {
    Checkbox { id: NOTICE, label: t.notice_to_user(), is_checked: notice == UserNotice::Send }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: [(&str, &str); 4] = [
        ("username", "alice"),
        ("email", "alice@example.com"),
        ("password", "correct horse battery"),
        ("password_again", "correct horse battery"),
    ];

    /// The valid form with some fields replaced.
    fn parse_with(changed: &[(&str, &str)]) -> Result<((Username, Email), Password), AccountErrors> {
        account(Lang::English, &VALID.iter().chain(changed).copied().collect())
    }

    fn errors_of(changed: &[(&str, &str)]) -> AccountErrors {
        parse_with(changed).err().unwrap()
    }

    #[test]
    fn a_valid_form_is_an_account() {
        let ((username, email), _) = parse_with(&[]).ok().unwrap();
        assert_eq!((username.as_str(), email.as_str()), ("alice", "alice@example.com"));
    }

    #[test]
    fn a_password_is_trimmed_as_a_login_trims_it() {
        let (_, password) =
            parse_with(&[("password", " a b \u{1f}"), ("password_again", "a b\n")]).ok().unwrap();
        assert_eq!(password.expose(), "a b");
    }

    #[test]
    fn an_empty_form_has_an_error_for_every_field_but_the_repetition() {
        let errors = account(Lang::English, &PageForm::default()).err().unwrap();
        let blank = vec![Lang::English.field_blank().to_owned()];
        assert_eq!((&errors.username, &errors.email, &errors.password), (&blank, &blank, &blank));
        assert!(errors.password_again.is_empty());
    }

    #[test]
    fn all_errors_are_reported_at_once() {
        let errors =
            errors_of(&[("username", "no blanks"), ("email", "nowhere"), ("password_again", "other")]);
        assert_eq!((errors.username.len(), errors.email.len()), (1, 1));
        assert!(errors.password.is_empty());
        assert_eq!(errors.password_again, [Lang::English.passwords_differ()]);
    }
}
