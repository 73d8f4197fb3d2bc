//! What a command tells a person when it did not work: one line, a hint, an exit code.

use std::process::ExitCode;

use crate::accounts::{AccountError, CreateUserError, MailError, SetPasswordError};
use crate::app::OpenError;
use crate::config::ConfigError;
use crate::mail::MailerError;
use crate::store::StoreError;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct CliError {
    message: String,
    hint: String,
    code: u8,
}

impl CliError {
    /// Asked in the wrong way: exit code 2.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), code: 2 }
    }

    /// Refused or failed: exit code 1.
    pub(crate) fn failed(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), code: 1 }
    }

    /// The same with another hint.
    pub(crate) fn hinting(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// Whoever read our output wants no more of it: nothing to report, and nothing to go on for.
    pub(crate) fn reader_left() -> Self {
        Self { message: String::new(), hint: String::new(), code: 0 }
    }

    /// Prints it, and gives the exit code.
    #[expect(clippy::print_stderr, reason = "this is the command line")]
    pub(crate) fn report(&self) -> ExitCode {
        if !self.message.is_empty() {
            eprintln!("doorward: {}", self.message);
        }
        if !self.hint.is_empty() {
            eprintln!("  hint: {}", self.hint);
        }
        ExitCode::from(self.code)
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::usage(
            error.to_string(),
            "`doorward config` prints the settings in force; doorward.example.toml explains each",
        )
    }
}

impl From<OpenError> for CliError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            OpenError::Mailer(error) => error.into(),
            OpenError::Engine(_) => Self::failed(error.to_string(), "lower password.threads"),
        }
    }
}

impl From<MailerError> for CliError {
    fn from(error: MailerError) -> Self {
        Self::usage(error.to_string(), "doorward.example.toml explains the settings of mail")
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::Unavailable(_) | StoreError::ReadOnly => {
                "the folder must exist and be writable by this user; name the database with --database-url sqlite:PATH"
            }
            StoreError::Lost(_) => {
                "the server in database_url must be up and reachable from here; database.startup_timeout says how long to wait for it"
            }
            _ => "",
        };
        Self::failed(error.to_string(), hint)
    }
}

impl From<CreateUserError> for CliError {
    fn from(error: CreateUserError) -> Self {
        let hint = match &error {
            CreateUserError::Weak(_) => "choose another password, or pass over the rules with --force",
            CreateUserError::Ambiguous(_) => "choose another one, or pass over this check with --force",
            _ => "",
        };
        Self::failed(error.to_string(), hint)
    }
}

impl From<SetPasswordError> for CliError {
    fn from(error: SetPasswordError) -> Self {
        let hint = match &error {
            SetPasswordError::Weak(_) => "choose another password, or pass over the rules with --force",
            _ => "",
        };
        Self::failed(error.to_string(), hint)
    }
}

impl From<MailError> for CliError {
    fn from(error: MailError) -> Self {
        let hint = match &error {
            MailError::Store(_) => "",
            MailError::NotFound => "`doorward mail list` shows which there are",
            MailError::BeingSent(_) => "look again in a moment",
            MailError::Ended(..) => "",
            MailError::KeyGone(_) => "whoever it was for can ask for a new one",
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
                "make somebody else one first: `doorward user make-admin NAME`",
            ),
            AccountError::Changed => Self::failed(error.to_string(), "try again"),
            AccountError::NotFound => {
                Self::failed(error.to_string(), "`doorward user list` shows who there is")
            }
        }
    }
}
