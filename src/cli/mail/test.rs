//! `doorward mail test ADDRESS`: tries the settings, without the outbox and the database.

use super::super::error::CliError;
use super::super::{GlobalArgs, log, output, wait_for};
use crate::clock::{Clock as _, SystemClock};
use crate::mail::{ComposeError, Mailer, MailerError, Message, OutboxMail, SendError};
use crate::texts::Lang;
use crate::types::Email;

/// Sends a test mail, and says what the server says.
pub(crate) fn run(settings: GlobalArgs, address: &str) -> Result<(), CliError> {
    let to = Email::parse(address).map_err(|_| {
        CliError::usage(
            format!("`{}` is no email address", address.escape_debug()),
            "such as you@example.com",
        )
    })?;
    let config = settings.load(Vec::new())?;
    log::start(&config.log);
    let mailer = Mailer::new(&config)?;
    let (Some(mut session), Some(smtp)) = (mailer.session(), &config.mail.smtp) else {
        return Err(CliError::failed(
            "mail.smtp.host is not set, so no mail can be sent",
            "set mail.smtp.host and mail.from; doorward.example.toml explains them",
        ));
    };
    let letter = OutboxMail::new(Message::Test, to, SystemClock.now());
    wait_for(async {
        let mime = mailer.compose(&letter)?;
        session.send(&mime).await?;
        session.close().await;
        output::line(&format!(
            "{}:{} took the mail for {}; whether it arrives is up to the servers from there on",
            smtp.host, smtp.port, letter.to
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
