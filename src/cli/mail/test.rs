//! `doorward mail test ADDRESS`: tests the settings, without the outbox and the database.

use crate::cli::error::CliError;
use crate::cli::global_args::GlobalArgs;
use crate::cli::runtime::block_on;
use crate::cli::{log, output};
use crate::clock::{Clock as _, SystemClock};
use crate::mail::{ComposeError, Mailer, MailerError, Message, NewMail, OutboxMail, SendError};
use crate::texts::Lang;
use crate::types::Email;

/// Sends a test mail, and reports the result.
pub(super) fn run(global: GlobalArgs, address: &str) -> Result<(), CliError> {
    let to = Email::parse(address).map_err(|_| {
        CliError::usage(
            format!("`{}` is not an email address", address.escape_debug()),
            "use an address such as you@example.com",
        )
    })?;
    let config = global.load(Vec::new())?;
    log::start(&config.log);
    let mailer = Mailer::new(&config)?;
    let (Some(mut session), Some(smtp)) = (mailer.session(), &config.mail.smtp) else {
        return Err(CliError::failed(
            "mail.smtp.host is not set, so no email can be sent",
            "set mail.smtp.host and mail.from; `doorward config --example` describes them",
        ));
    };
    let mail = OutboxMail::new(
        NewMail { user: None, to, message: Message::Test, is_confirmed: true, language: None },
        SystemClock.now(),
    );
    block_on(async {
        let mime = mailer.compose(&mail, None)?;
        session.send(&mime).await?;
        session.close().await;
        output::line(&format!(
            "{}:{} accepted the email for {}; delivery now depends on the mail servers",
            smtp.host, smtp.port, mail.to
        ))
    })
}

impl From<SendError> for CliError {
    fn from(error: SendError) -> Self {
        Self::failed(error.to_string(), error.hint(Lang::English))
    }
}

impl From<ComposeError> for CliError {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::NoSender => Self::failed(error.to_string(), ""),
            ComposeError::Template(error) => MailerError::from(error).into(),
            ComposeError::Invalid(error) => error.into(),
        }
    }
}
