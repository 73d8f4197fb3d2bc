//! What people are written: its words, and its way to them. Verbs queue an [`NewMail`] in the outbox
//! (`store::mails`) and wake the worker of `accounts::mail`, which asks this module to word it and to
//! hand it to a server. Nothing here writes to the store, and nothing logs.

mod delivery_error;
mod explanation;
mod failure;
mod mime;
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
pub(crate) use failure::{RetryVerdict, SendError};
pub(crate) use mime::Mime;
pub(crate) use rendering::RenderedMail;
pub(crate) use smtp::{SmtpError, SmtpSession};
pub(crate) use templates::TemplateError;

use crate::config::{Config, Sender};
use failure::{Cause, SmtpStage};
use rendering::{KeyVisibility, MailTemplates};
use smtp::Smtp;

/// DeliveryError mails cannot be written or sent as the settings say.
#[derive(Debug, Error)]
pub enum MailerError {
    /// A template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The way to the server.
    #[error(transparent)]
    Smtp(#[from] SmtpError),
}

/// RenderedMail and delivers the mails of the outbox.
pub struct Mailer {
    wording: MailTemplates,
    from: Option<Sender>,
    smtp: Option<Smtp>,
    waiting: Notify,
}

/// A letter for other eyes than its reader's: without its key.
#[derive(Debug)]
pub struct Preview {
    /// Name and value, in their order.
    pub headers: Vec<(&'static str, String)>,
    /// Its words.
    pub words: RenderedMail,
}

impl Mailer {
    /// Reads the templates, tries each of them, and reads the certificates. Does not connect.
    ///
    /// # Errors
    /// What an operator has to put right.
    pub fn new(config: &Config) -> Result<Self, MailerError> {
        let wording = MailTemplates::load(config)?;
        let smtp = config.mail.smtp.clone().map(|smtp| Smtp::new(smtp, &config.public_url)).transpose()?;
        Ok(Self { wording, from: config.mail.from.clone(), smtp, waiting: Notify::new() })
    }

    /// Says that there is something to send: for after the commit of a transaction that queued a
    /// mail. Without it, the mail leaves some seconds later.
    pub fn wake(&self) {
        self.waiting.notify_one();
    }

    /// Waits for [`Self::wake`]; at once if it was called since the last time.
    pub async fn woken(&self) {
        self.waiting.notified().await;
    }

    /// A way to the server; `None` without settings for one. Connects when it sends.
    #[must_use]
    pub fn session(&self) -> Option<SmtpSession<'_>> {
        self.smtp.as_ref().map(SmtpSession::new)
    }

    /// The letter as the server gets it.
    ///
    /// # Errors
    /// If it cannot be worded or its address cannot be written to.
    pub fn compose(&self, letter: &OutboxMail) -> Result<Mime, ComposeError> {
        let smtp = self.smtp.as_ref().ok_or(ComposeError::NoSender)?;
        let words = self.wording.of(letter, KeyVisibility::Shown)?;
        let unwritable = |why| smtp.error(SmtpStage::Content, Cause::Unwritable(why));
        Ok(mime::pack(&smtp.config().from, letter, words).map_err(unwritable)?)
    }

    /// The letter as an operator may see it.
    ///
    /// # Errors
    /// If it cannot be worded.
    pub fn preview(&self, letter: &OutboxMail) -> Result<Preview, TemplateError> {
        let words = self.wording.of(letter, KeyVisibility::Hidden)?;
        let unset = || "(mail.from is not set)".to_owned();
        let headers = vec![
            ("From", self.from.as_ref().map_or_else(unset, ToString::to_string)),
            ("To", letter.to.to_string()),
            ("Subject", words.subject.clone()),
            ("Message-ID", self.from.as_ref().map_or_else(unset, |from| mime::message_id(from, letter))),
            ("Date", letter.written_at.to_rfc3339()),
            ("Auto-Submitted", mime::AUTO_SUBMITTED.to_owned()),
        ];
        Ok(Preview { headers, words })
    }
}

/// DeliveryError a letter could not be put into an envelope.
#[derive(Debug, Error)]
pub enum ComposeError {
    /// There is no server to send it to, and no sender.
    #[error("mail.smtp.host is not set")]
    NoSender,
    /// A template failed, though it did not at the start.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An address cannot stand in a mail.
    #[error(transparent)]
    Unwritable(#[from] SendError),
}
