//! Mails: rendering and sending. Use cases insert a [`NewMail`] into the outbox (`store::tables::mails`) and wake
//! the worker of `accounts::outbox`, which renders and sends it with this module. Nothing here writes to the
//! store or logs.

mod bounded_stream;
mod delivery_error;
mod explanation;
mod failure;
mod mime;
mod refusal;
mod rendering;
mod smtp;
mod templates;

#[cfg(test)]
mod tests;

use thiserror::Error;
use tokio::sync::Notify;

pub use crate::types::{Message, NewMail};
pub(crate) use crate::types::{MessageKind, OutboxMail};
pub use delivery_error::DeliveryError;
pub(crate) use explanation::DeliveryExplanation;
pub(crate) use failure::SendError;
pub(crate) use mime::Mime;
pub(crate) use refusal::FailureScope;
pub(crate) use rendering::RenderedMail;
pub(crate) use smtp::{SmtpError, SmtpSession};
pub(crate) use templates::TemplateError;

use crate::config::{Config, Sender};
use failure::{Cause, SmtpStage};
use rendering::{KeyVisibility, MailTemplates};
use smtp::Smtp;

/// Why mails cannot be rendered or sent with these settings.
#[derive(Debug, Error)]
pub enum MailerError {
    /// A template is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The settings of the server are wrong.
    #[error(transparent)]
    Smtp(#[from] SmtpError),
}

/// Renders and sends the mails of the outbox.
pub struct Mailer {
    templates: MailTemplates,
    from: Option<Sender>,
    smtp: Option<Smtp>,
    wake: Notify,
}

/// A mail for operators: without the key in its link.
#[derive(Debug)]
pub struct Preview {
    /// Name and value, in order.
    pub headers: Vec<(&'static str, String)>,
    /// The text.
    pub mail: RenderedMail,
}

impl Mailer {
    /// Reads the templates and tries each of them, and reads the certificates. Does not connect.
    pub fn new(config: &Config) -> Result<Self, MailerError> {
        let templates = MailTemplates::load(config)?;
        let smtp = config.mail.smtp.clone().map(|smtp| Smtp::new(smtp, &config.public_url)).transpose()?;
        Ok(Self { templates, from: config.mail.from.clone(), smtp, wake: Notify::new() })
    }

    /// Wakes the worker: called after the commit of a transaction that inserted a mail. Without it, the mail is
    /// sent some seconds later.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits for [`Self::wake`]; returns at once if it was called since the last wait.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// A session with the server; `None` without one in the settings. It connects with the first mail.
    #[must_use]
    pub fn session(&self) -> Option<SmtpSession<'_>> {
        self.smtp.as_ref().map(SmtpSession::new)
    }

    /// Renders and encodes a mail for the server.
    pub fn compose(&self, mail: &OutboxMail) -> Result<Mime, ComposeError> {
        let smtp = self.smtp.as_ref().ok_or(ComposeError::NoSender)?;
        let rendered = self.templates.render(mail, KeyVisibility::Visible)?;
        let invalid = |error| smtp.error(SmtpStage::Content, Cause::InvalidMessage(error));
        Ok(mime::encode(&smtp.config().from, mail, rendered).map_err(invalid)?)
    }

    /// Renders a mail for operators.
    pub fn preview(&self, mail: &OutboxMail) -> Result<Preview, TemplateError> {
        let rendered = self.templates.render(mail, KeyVisibility::Hidden)?;
        let unset = || "(mail.from is not set)".to_owned();
        let headers = vec![
            ("From", self.from.as_ref().map_or_else(unset, ToString::to_string)),
            ("To", mail.to.to_string()),
            ("Subject", rendered.subject.clone()),
            ("Message-ID", self.from.as_ref().map_or_else(unset, |from| mime::message_id(from, mail))),
            ("Date", mail.written_at.to_rfc3339()),
            ("Auto-Submitted", mime::AUTO_SUBMITTED.to_owned()),
        ];
        Ok(Preview { headers, mail: rendered })
    }
}

/// Why a mail could not be composed.
#[derive(Debug, Error)]
pub enum ComposeError {
    /// The settings have no server and no sender.
    #[error("mail.smtp.host is not set")]
    NoSender,
    /// A template failed, though it did not at the start.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An address is not valid in a mail.
    #[error(transparent)]
    Invalid(#[from] SendError),
}
