//! The fields of the set-up form, read into a `NewAccount`, and what is wrong with each. Used
//! by `setup`. Names and addresses judge themselves; the password policy is `accounts`'.

use crate::accounts::{CreateUserError, NewAccount};
use crate::html::{Form, PageError, new_password};
use crate::store::Unique;
use crate::types::{Email, Username};

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

/// Reads the form.
///
/// # Errors
/// All that is wrong with the fields, at once.
pub fn parse(form: &Form) -> Result<NewAccount, Errors> {
    let password = new_password(form);
    let username = Username::parse(form.get("username"));
    let email = Email::parse(form.get("email"));
    let of_password = password.as_ref().err().cloned().unwrap_or_default();
    let errors = Errors {
        username: username.as_ref().err().map(|error| error.messages()).unwrap_or_default(),
        email: email.as_ref().err().map(|error| error.messages()).unwrap_or_default(),
        password: of_password.password,
        password_again: of_password.again,
    };
    match (username, email, password) {
        (Ok(username), Ok(email), Ok(password)) => Ok(NewAccount {
            username,
            email,
            password,
            is_email_confirmed: true,
            is_active: true,
            is_admin: true,
        }),
        _ => Err(errors),
    }
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
    fn an_empty_form_says_so_beside_every_field_but_the_repetition() {
        let errors = parse(&Form::default()).err().unwrap();
        let blank = vec!["This field may not be blank.".to_owned()];
        assert_eq!((&errors.username, &errors.email, &errors.password), (&blank, &blank, &blank));
        assert!(errors.password_again.is_empty());
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let errors =
            errors_of(&[("username", "no blanks"), ("email", "nowhere"), ("password_again", "other")]);
        assert_eq!((errors.username.len(), errors.email.len()), (1, 1));
        assert!(errors.password.is_empty());
        assert_eq!(errors.password_again.len(), 1);
    }

    #[test]
    fn a_taken_name_stands_beside_the_name_and_an_ambiguous_address_beside_the_address() {
        let taken = Errors::of_refusal(CreateUserError::Taken(Unique::Username)).unwrap();
        assert_eq!(taken, Errors { username: vec![USERNAME_TAKEN.to_owned()], ..Errors::default() });
        let ambiguous = Errors::of_refusal(CreateUserError::Ambiguous(Unique::Email)).unwrap();
        assert_eq!(ambiguous, Errors { email: vec![EMAIL_AMBIGUOUS.to_owned()], ..Errors::default() });
    }
}
