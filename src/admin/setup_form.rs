//! The fields of the set-up form, read into a `NewAccount`, and what is wrong with each. Used
//! by `setup`. Names and addresses judge themselves; the password policy is `accounts`'.

use crate::accounts::{CreateUserError, NewAccount};
use crate::html::{Form, PageError};
use crate::store::Unique;
use crate::types::{Email, Password, Username, trimmed};

/// The most characters a password may have: what Django's own forms and many clients send.
const PASSWORD_MAX_CHARS: usize = 128;

/// `rest_framework/fields.py`, `CharField`.
const BLANK: &str = "This field may not be blank.";
/// `django/core/validators.py`, `ProhibitNullCharactersValidator`.
const NULL_CHARACTER: &str = "Null characters are not allowed.";
/// `django/contrib/auth/forms.py`, `password_mismatch`.
const MISMATCH: &str = "The two password fields didn’t match.";
/// `django/contrib/auth/models.py`, `username`.
const USERNAME_TAKEN: &str = "A user with that username already exists.";
const EMAIL_TAKEN: &str = "A user with that email already exists.";
const USERNAME_AMBIGUOUS: &str = "This username is another user’s email. At login it would mean both.";
const EMAIL_AMBIGUOUS: &str = "This email is another user’s username. At login it would mean both.";

/// What is wrong, by field.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Errors {
    pub username: Vec<String>,
    pub email: Vec<String>,
    pub password: Vec<String>,
    pub password_again: Vec<String>,
}

impl Errors {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What a person can mend of a refused account; the rest is a page of its own.
    pub fn of_refusal(error: CreateUserError) -> Result<Self, PageError> {
        let one = |message: &str| vec![message.to_owned()];
        let mut errors = Self::default();
        match error {
            CreateUserError::Weak(violations) => {
                errors.password = violations.iter().map(ToString::to_string).collect();
            }
            CreateUserError::Taken(Unique::Username) => errors.username = one(USERNAME_TAKEN),
            CreateUserError::Taken(Unique::Email) => errors.email = one(EMAIL_TAKEN),
            CreateUserError::Ambiguous(Unique::Username) => errors.username = one(USERNAME_AMBIGUOUS),
            CreateUserError::Ambiguous(Unique::Email) => errors.email = one(EMAIL_AMBIGUOUS),
            CreateUserError::Engine(error) => return Err(error.into()),
            CreateUserError::Store(error) => return Err(error.into()),
        }
        Ok(errors)
    }
}

/// Reads the form. The password loses the white space at its ends, as it will at every login.
///
/// # Errors
/// All that is wrong with the fields, at once.
pub fn parse(form: &Form) -> Result<NewAccount, Errors> {
    let password = trimmed(form.get("password"));
    let username = Username::parse(form.get("username"));
    let email = Email::parse(form.get("email"));
    let is_repeated = trimmed(form.get("password_again")) == password;
    let errors = Errors {
        username: username.as_ref().err().map(|error| error.messages()).unwrap_or_default(),
        email: email.as_ref().err().map(|error| error.messages()).unwrap_or_default(),
        password: password_errors(password),
        password_again: if is_repeated { Vec::new() } else { vec![MISMATCH.to_owned()] },
    };
    match (username, email) {
        (Ok(username), Ok(email)) if errors.is_empty() => Ok(NewAccount {
            username,
            email,
            password: Password::new(password.to_owned()),
            is_email_confirmed: true,
            is_active: true,
            is_admin: true,
        }),
        _ => Err(errors),
    }
}

fn password_errors(password: &str) -> Vec<String> {
    if password.is_empty() {
        return vec![BLANK.to_owned()];
    }
    let mut errors = Vec::new();
    if password.chars().count() > PASSWORD_MAX_CHARS {
        errors.push(format!("Ensure this field has no more than {PASSWORD_MAX_CHARS} characters."));
    }
    if password.contains('\0') {
        errors.push(NULL_CHARACTER.to_owned());
    }
    errors
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
    fn parse_with(changed: &[(&str, &str)]) -> Result<NewAccount, Errors> {
        parse(&GOOD.iter().chain(changed).copied().collect())
    }

    fn errors_of(changed: &[(&str, &str)]) -> Errors {
        parse_with(changed).err().unwrap()
    }

    #[test]
    fn a_good_form_is_an_administrators_account() {
        let account = parse_with(&[]).ok().unwrap();
        assert_eq!((account.username.as_str(), account.email.as_str()), ("alice", "alice@example.com"));
        assert!(account.is_admin && account.is_active && account.is_email_confirmed);
    }

    #[test]
    fn a_password_is_kept_as_a_login_will_send_it() {
        let account = parse_with(&[("password", " a b \u{1f}"), ("password_again", "a b\n")]).ok().unwrap();
        assert_eq!(account.password.expose(), "a b");
    }

    #[test]
    fn an_empty_form_says_so_beside_every_field_but_the_repetition() {
        let errors = parse(&Form::default()).err().unwrap();
        let blank = vec![BLANK.to_owned()];
        assert_eq!((&errors.username, &errors.email, &errors.password), (&blank, &blank, &blank));
        assert!(errors.password_again.is_empty());
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let errors =
            errors_of(&[("username", "no blanks"), ("email", "nowhere"), ("password_again", "other")]);
        assert_eq!((errors.username.len(), errors.email.len()), (1, 1));
        assert!(errors.password.is_empty());
        assert_eq!(errors.password_again, [MISMATCH]);
    }

    #[test]
    fn a_password_is_counted_in_characters_and_may_hold_no_null() {
        let longest = "é".repeat(PASSWORD_MAX_CHARS);
        assert!(parse_with(&[("password", &longest), ("password_again", &longest)]).is_ok());
        let long = format!("{longest}\0x");
        let errors = errors_of(&[("password", &long), ("password_again", &long)]);
        assert_eq!(errors.password, ["Ensure this field has no more than 128 characters.", NULL_CHARACTER]);
    }

    #[test]
    fn a_taken_name_stands_beside_the_name_and_an_ambiguous_address_beside_the_address() {
        let taken = Errors::of_refusal(CreateUserError::Taken(Unique::Username)).unwrap();
        assert_eq!(taken, Errors { username: vec![USERNAME_TAKEN.to_owned()], ..Errors::default() });
        let ambiguous = Errors::of_refusal(CreateUserError::Ambiguous(Unique::Email)).unwrap();
        assert_eq!(ambiguous, Errors { email: vec![EMAIL_AMBIGUOUS.to_owned()], ..Errors::default() });
    }
}
