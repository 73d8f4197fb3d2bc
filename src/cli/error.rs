//! The error of a command: a message, a hint and an exit code.

use std::process::ExitCode;

use crate::accounts::{AccountError, ChangeKeysError, CreateUserError, MailError, SetPasswordError};
use crate::app::OpenError;
use crate::config::ConfigError;
use crate::mail::MailerError;
use crate::store::StoreError;
use crate::tokens::SigningKeyError;

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

impl From<ChangeKeysError> for CliError {
    fn from(error: ChangeKeysError) -> Self {
        let message = error.to_string();
        match error {
            ChangeKeysError::Store(error) => error.into(),
            ChangeKeysError::SharedSecret => Self::usage(
                message,
                "set tokens.algorithm to ES256, RS256 or EdDSA; the key of HS256 is the setting signing_key",
            ),
            ChangeKeysError::OtherAlgorithm { .. } => {
                Self::usage(message, "change tokens.algorithm, or import a key that fits it")
            }
            ChangeKeysError::AlreadyPublished { .. } => Self::failed(
                message,
                "`doorward keys rotate --now` has it sign at once; `doorward keys revoke KID` takes it back",
            ),
            ChangeKeysError::SharedSecretSigns => {
                Self::failed(message, "set another signing_key, or another tokens.algorithm, and restart")
            }
            ChangeKeysError::NotFound(_) | ChangeKeysError::AlreadyGone(_) | ChangeKeysError::Known(_) => {
                Self::failed(message, "`doorward keys list` lists all keys")
            }
            ChangeKeysError::Key(SigningKeyError::NoDataKey(_) | SigningKeyError::WrongDataKey(_)) => {
                Self::usage(
                    message,
                    "give data_key the value that it had; if that is lost, `doorward keys rotate --now` makes a new key",
                )
            }
            ChangeKeysError::Key(SigningKeyError::NotMade) | ChangeKeysError::NoneSigns => {
                Self::failed(message, "")
            }
            ChangeKeysError::Key(
                SigningKeyError::Unreadable(_)
                | SigningKeyError::WeakRsa { .. }
                | SigningKeyError::WrongCurve { .. },
            ) => Self::usage(message, "`openssl genpkey` makes one; docs/tokens.md has the commands"),
            ChangeKeysError::Key(SigningKeyError::OtherPurpose { .. }) => Self::usage(
                message,
                "import a key that was made to sign with it alone, or take the member out",
            ),
            ChangeKeysError::Key(SigningKeyError::Unfitting { .. } | SigningKeyError::WrongPrivate(_)) => {
                Self::failed(
                    message,
                    "`doorward keys rotate --now` makes a new key; `doorward keys revoke KID` drops one",
                )
            }
        }
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
