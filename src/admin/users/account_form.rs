//! The fields of an account on a form, and what is wrong with each, in the reader's language. Used
//! by the pages that make and edit users. Names and addresses judge themselves; the password policy
//! and what is taken are `accounts`'.

use crate::accounts::{self, CreateUserError, PolicyViolation};
use crate::app::App;
use crate::store::Unique;
use crate::texts::Lang;
use crate::types::{Email, Password, Username};
use crate::web::form_page::Field;
use crate::web::{PageError, PageForm, PasswordErrors, first_password, new_password};

/// What is wrong, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AccountFormErrors {
    pub username: Vec<String>,
    pub email: Vec<String>,
    pub password: Vec<String>,
    pub password_again: Vec<String>,
}

impl AccountFormErrors {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// With others beside them.
    fn and(mut self, others: Self) -> Self {
        self.username.extend(others.username);
        self.email.extend(others.email);
        self.password.extend(others.password);
        self.password_again.extend(others.password_again);
        self
    }

    /// Somebody else has them.
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

    /// One is the other's of somebody else.
    pub(crate) fn ambiguous(t: Lang, unique: Unique) -> Self {
        match unique {
            Unique::Username => Self { username: vec![t.username_ambiguous().to_owned()], ..Self::default() },
            Unique::Email => Self { email: vec![t.email_ambiguous().to_owned()], ..Self::default() },
        }
    }

    /// The password breaks the rules.
    pub(crate) fn weak(t: Lang, violations: &[PolicyViolation]) -> Self {
        PasswordErrors::weak(t, violations).into()
    }
}

impl From<PasswordErrors> for AccountFormErrors {
    fn from(errors: PasswordErrors) -> Self {
        Self { password: errors.password, password_again: errors.again, ..Self::default() }
    }
}

/// The name and the address.
///
/// # AccountFormErrors
/// All that is wrong with them.
pub(crate) fn names(t: Lang, form: &PageForm) -> Result<(Username, Email), AccountFormErrors> {
    let (username, email) = (Username::parse(form.get("username")), Email::parse(form.get("email")));
    let mut errors = AccountFormErrors::default();
    if let Err(error) = &username {
        errors.username = error.rules().iter().map(|rule| t.username_rule(*rule)).collect();
    }
    if let Err(error) = &email {
        errors.email = error.rules().iter().map(|rule| t.email_rule(*rule)).collect();
    }
    match (username, email) {
        (Ok(username), Ok(email)) => Ok((username, email)),
        _ => Err(errors),
    }
}

/// The names and the password of an account that nothing stands against, or all that is wrong with any of
/// them, in one answer. Only for whoever may know who has an account.
///
/// # AccountFormErrors
/// If the store fails.
pub(crate) async fn new_account(
    app: &App,
    t: Lang,
    form: &PageForm,
) -> Result<Result<((Username, Email), Password), AccountFormErrors>, PageError> {
    let username = Username::parse(form.get("username")).ok();
    let email = Email::parse(form.get("email")).ok();
    let mut errors = AccountFormErrors::default();
    for error in accounts::find_create_errors(app, username, email, first_password(t, form)).await? {
        errors = errors.and(refusal(t, error)?);
    }
    Ok(match account(t, form) {
        Ok(account) if errors.is_empty() => Ok(account),
        Ok(_) => Err(errors),
        Err(broken) => Err(broken.and(errors)),
    })
}

/// The names and the password.
///
/// # AccountFormErrors
/// All that is wrong with any of them, but for the policy, and who else has them.
fn account(t: Lang, form: &PageForm) -> Result<((Username, Email), Password), AccountFormErrors> {
    match (names(t, form), password(t, form)) {
        (Ok(names), Ok(password)) => Ok((names, password)),
        (names, password) => {
            let (names, password) = (names.err().unwrap_or_default(), password.err().unwrap_or_default());
            Err(AccountFormErrors { username: names.username, email: names.email, ..password })
        }
    }
}

/// What a person can mend of a refused account; the rest is a page of its own.
///
/// # AccountFormErrors
/// That page.
pub(crate) fn refusal(t: Lang, error: CreateUserError) -> Result<AccountFormErrors, PageError> {
    match error {
        CreateUserError::Weak(violations) => Ok(AccountFormErrors::weak(t, &violations)),
        CreateUserError::Taken(unique) => Ok(AccountFormErrors::taken(t, &[unique])),
        CreateUserError::Ambiguous(unique) => Ok(AccountFormErrors::ambiguous(t, unique)),
        CreateUserError::Engine(error) => Err(error.into()),
        CreateUserError::Store(error) => Err(error.into()),
    }
}

/// A password that is typed twice.
///
/// # AccountFormErrors
/// All that is wrong with it, but for the policy.
pub(crate) fn password(t: Lang, form: &PageForm) -> Result<Password, AccountFormErrors> {
    new_password(t, form).map_err(AccountFormErrors::from)
}

/// The fields of the name and the address.
pub(crate) fn name_fields(
    t: Lang,
    username: String,
    email: String,
    errors: &AccountFormErrors,
) -> Vec<Field> {
    vec![
        Field {
            id: "username",
            label: t.username(),
            hint: t.username_hint(),
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

/// The fields of a new password. What was typed does not come back.
pub(crate) fn password_fields(t: Lang, errors: &AccountFormErrors) -> Vec<Field> {
    let field = |id, label, hint, errors: &[String]| Field {
        id,
        label,
        hint,
        kind: "password",
        autocomplete: "new-password",
        errors: errors.to_vec(),
        ..Field::default()
    };
    vec![
        field("password", t.new_password(), t.password_hint(), &errors.password),
        field("password_again", t.password_again(), "", &errors.password_again),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 4] = [
        ("username", "alice"),
        ("email", "alice@example.com"),
        ("password", "correct horse battery"),
        ("password_again", "correct horse battery"),
    ];

    /// The good form with some fields replaced.
    fn parse_with(changed: &[(&str, &str)]) -> Result<((Username, Email), Password), AccountFormErrors> {
        account(Lang::English, &GOOD.iter().chain(changed).copied().collect())
    }

    fn errors_of(changed: &[(&str, &str)]) -> AccountFormErrors {
        parse_with(changed).err().unwrap()
    }

    #[test]
    fn a_good_form_is_an_account() {
        let ((username, email), _) = parse_with(&[]).ok().unwrap();
        assert_eq!((username.as_str(), email.as_str()), ("alice", "alice@example.com"));
    }

    #[test]
    fn a_password_is_kept_as_a_login_will_send_it() {
        let (_, password) =
            parse_with(&[("password", " a b \u{1f}"), ("password_again", "a b\n")]).ok().unwrap();
        assert_eq!(password.expose(), "a b");
    }

    #[test]
    fn an_empty_form_says_so_beside_every_field_but_the_repetition() {
        let errors = account(Lang::English, &PageForm::default()).err().unwrap();
        let blank = vec![Lang::English.field_blank().to_owned()];
        assert_eq!((&errors.username, &errors.email, &errors.password), (&blank, &blank, &blank));
        assert!(errors.password_again.is_empty());
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let errors =
            errors_of(&[("username", "no blanks"), ("email", "nowhere"), ("password_again", "other")]);
        assert_eq!((errors.username.len(), errors.email.len()), (1, 1));
        assert!(errors.password.is_empty());
        assert_eq!(errors.password_again, [Lang::English.passwords_differ()]);
    }
}
