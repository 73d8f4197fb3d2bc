//! The error of a command: a message, a hint and an exit code.

use std::process::ExitCode;

use crate::accounts::{AccountError, CreateUserError, MailError, SetPasswordError};
use crate::app::OpenError;
use crate::config::ConfigError;
use crate::mail::MailerError;
use crate::store::StoreError;

/// Why a command failed.
#[derive(Debug)]
pub(super) struct CliError {
    message: String,
    hint: String,
    code: u8,
}

impl CliError {
    /// Wrong usage or settings: exit code 2.
    pub(super) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), code: 2 }
    }

    /// Refused or failed: exit code 1.
    pub(super) fn failed(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), code: 1 }
    }

    /// Replaces the hint.
    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// The reader of the output has closed it, as `head` does: the command ends silently with exit code 0.
    pub(super) fn output_closed() -> Self {
        Self { message: String::new(), hint: String::new(), code: 0 }
    }

    /// Prints message and hint, and returns the exit code.
    pub(super) fn report(&self) -> ExitCode {
        note(&self.message, &self.hint);
        ExitCode::from(self.code)
    }
}

/// Prints a message and a hint to standard error; an empty one is left out.
#[expect(clippy::print_stderr, reason = "this is the command line")]
pub(super) fn note(message: &str, hint: &str) {
    if !message.is_empty() {
        eprintln!("doorward: {message}");
    }
    if !hint.is_empty() {
        eprintln!("  hint: {hint}");
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string(), "`doorward config --example` describes every setting")
    }
}

impl From<OpenError> for CliError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            OpenError::Mailer(error) => error.into(),
            OpenError::BreachList(..) => Self::usage(
                error.to_string(),
                "it is a file with a password or a SHA-1 in each line; `doorward config --example` describes it",
            ),
            OpenError::Logo(..) => Self::usage(
                error.to_string(),
                "it is an image of up to 256 KiB; `doorward config --example` describes it",
            ),
            OpenError::Engine(_) => Self::failed(error.to_string(), "lower password.threads"),
        }
    }
}

impl From<MailerError> for CliError {
    fn from(error: MailerError) -> Self {
        Self::usage(error.to_string(), "`doorward config --example` describes the settings of mail")
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::Unavailable(_) | StoreError::ReadOnly => {
                "the folder must exist and be writable by this user; name the database with --database-url sqlite:PATH"
            }
            StoreError::Lost(_) => {
                "the server in database_url must be running and reachable; database.startup_timeout is how long to wait for it"
            }
            _ => "",
        };
        Self::failed(error.to_string(), hint)
    }
}

impl From<CreateUserError> for CliError {
    fn from(error: CreateUserError) -> Self {
        let hint = match &error {
            CreateUserError::Weak(_) => "choose another password, or skip the rules with --force",
            CreateUserError::Ambiguous(_) => "choose another one, or skip this check with --force",
            _ => "",
        };
        Self::failed(error.to_string(), hint)
    }
}

impl From<SetPasswordError> for CliError {
    fn from(error: SetPasswordError) -> Self {
        let hint = match &error {
            SetPasswordError::Weak(_) => "choose another password, or skip the rules with --force",
            _ => "",
        };
        Self::failed(error.to_string(), hint)
    }
}

impl From<MailError> for CliError {
    fn from(error: MailError) -> Self {
        let hint = match &error {
            MailError::Store(_) => "",
            MailError::NotFound => "`doorward mail list` lists all emails",
            MailError::BeingSent(_) => "try again in a moment",
            MailError::Ended(..) => "",
            MailError::LinkGone(_) => "the recipient can request a new one",
        };
        Self::failed(error.to_string(), hint)
    }
}

impl From<AccountError> for CliError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => error.into(),
            AccountError::LastAdministrator => Self::failed(
                error.to_string(),
                "make another user an administrator first: `doorward user make-admin NAME`",
            ),
            AccountError::Changed => Self::failed(error.to_string(), "try again"),
            AccountError::ToBeDeleted => {
                Self::failed(error.to_string(), "take the deletion back with `doorward user restore NAME`")
            }
            AccountError::NotFound => Self::failed(error.to_string(), "`doorward user list` lists all users"),
        }
    }
}
