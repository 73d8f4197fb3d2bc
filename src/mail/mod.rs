//! Mails: rendering and sending. Use cases insert a [`NewMail`] into the outbox (`store::tables::mails`) and wake
//! the worker of `accounts::outbox`, which renders and sends it with this module. Nothing here writes to the
//! store or logs.

mod bounded_stream;
mod delivery_error;
mod explanation;
mod failure;
mod mime;
mod originals;
mod refusal;
mod rendering;
mod samples;
mod smtp;
mod templates;
mod text_parts;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use thiserror::Error;
use tokio::sync::{Notify, watch};

pub use crate::types::{MailCause, Message, NewMail};
pub(crate) use crate::types::{MessageKind, OutboxMail};
pub use delivery_error::DeliveryError;
pub(crate) use explanation::DeliveryExplanation;
pub(crate) use failure::SendError;
pub(crate) use mime::Mime;
pub(crate) use refusal::FailureScope;
pub(crate) use rendering::RenderedMail;
pub(crate) use samples::sample;
pub(crate) use smtp::{SmtpError, SmtpSession};
pub(crate) use templates::TemplateError;
pub(crate) use words::{MailWords, WordsError, WordsProblem};

use crate::config::{Config, Sender};
use crate::texts::Lang;
use crate::types::{MailText, MailTextSource};
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
    /// What it renders and sends with. It changes while the server runs.
    means: watch::Sender<Arc<MailMeans>>,
    wake: Notify,
}

/// What mails are rendered and sent with.
struct MailMeans {
    templates: MailTemplates,
    from: Option<Sender>,
    smtp: Option<Arc<Smtp>>,
}

/// A mail for operators: without the key in its link.
#[derive(Debug)]
pub(crate) struct Preview {
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
        let means = MailMeans { templates, from: config.mail.from.clone(), smtp: smtp.map(Arc::new) };
        Ok(Self { means: watch::Sender::new(Arc::new(means)), wake: Notify::new() })
    }

    /// Renders and sends with other settings from now on.
    pub(crate) fn replace_by(&self, other: Self) {
        self.means.send_replace(other.means());
    }

    fn means(&self) -> Arc<MailMeans> {
        Arc::clone(&self.means.borrow())
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
    pub fn session(&self) -> Option<SmtpSession> {
        self.means().smtp.clone().map(SmtpSession::new)
    }

    /// Renders and encodes a mail for the server; with the words that an administrator has edited, if there are some.
    pub(crate) fn compose(
        &self,
        mail: &OutboxMail,
        edited: Option<&MailWords>,
    ) -> Result<Mime, ComposeError> {
        let means = self.means();
        let smtp = means.smtp.as_ref().ok_or(ComposeError::NoSender)?;
        let rendered = means.templates.render(mail, edited, KeyVisibility::Visible)?;
        let invalid = |error| smtp.error(SmtpStage::Content, Cause::InvalidMessage(error));
        Ok(mime::encode(&smtp.config().from, mail, rendered, means.templates.logo()).map_err(invalid)?)
    }

    /// The original words of a text.
    pub(crate) fn original(&self, text: MailText, lang: Lang) -> MailTextSource {
        self.means().templates.original(text, lang).clone()
    }

    /// The file in the folder `mail.templates` that decides about a text, if there is one.
    pub(crate) fn own_file(&self, text: MailText, lang: Lang) -> Option<String> {
        self.means().templates.own_file(text, lang)
    }

    /// The language of a mail.
    pub(crate) fn language_of(&self, mail: &OutboxMail) -> Lang {
        self.means().templates.language_of(mail)
    }

    /// Renders a mail for operators.
    pub(crate) fn preview(
        &self,
        mail: &OutboxMail,
        edited: Option<&MailWords>,
    ) -> Result<Preview, TemplateError> {
        let means = self.means();
        let rendered = means.templates.render(mail, edited, KeyVisibility::Hidden)?;
        let unset = || "(mail.from is not set)".to_owned();
        let headers = vec![
            ("From", means.from.as_ref().map_or_else(unset, ToString::to_string)),
            ("To", mail.to.to_string()),
            ("Subject", rendered.subject.clone()),
            ("Message-ID", means.from.as_ref().map_or_else(unset, |from| mime::message_id(from, mail))),
            ("Date", mail.written_at.to_rfc3339()),
            ("Auto-Submitted", mime::AUTO_SUBMITTED.to_owned()),
        ];
        Ok(Preview { headers, mail: rendered })
    }
}

/// Why a mail could not be composed.
#[derive(Debug, Error)]
pub(crate) enum ComposeError {
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
