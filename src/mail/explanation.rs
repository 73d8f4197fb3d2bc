//! Why a server did not take a mail, and what may help, in the reader's language.

use std::fmt;

use crate::mail::failure::{Cause, Certificate, SendError, SmtpStage};
use crate::texts::Lang;

/// Why a mail did not leave, as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryExplanation {
    /// In the reader's language; empty if there are the words of others alone.
    pub words: String,
    /// What the server or the system said to that, in its own words and language.
    pub said: Option<String>,
}

impl DeliveryExplanation {
    fn ours(words: String) -> Self {
        Self { words, said: None }
    }

    fn with(words: String, said: impl Into<String>) -> Self {
        Self { words, said: Some(said.into()) }
    }

    /// The words of others alone.
    pub(crate) fn only(said: &str) -> Self {
        Self::with(String::new(), said)
    }
}

impl fmt::Display for DeliveryExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)?;
        let Some(said) = &self.said else { return Ok(()) };
        if !self.words.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(said)
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told(Lang::English).fmt(f)
    }
}

impl SendError {
    /// What happened.
    #[must_use]
    pub fn told(&self, t: Lang) -> DeliveryExplanation {
        let at = format!("{}:{}", self.host, self.port);
        match (self.stage, &self.cause) {
            (stage, Cause::Reply { code, text }) => {
                DeliveryExplanation::with(t.mail_refused(at, refused(t, stage)), format!("{code} {text}"))
            }
            (stage, Cause::TimedOut) => DeliveryExplanation::ours(t.mail_timed_out(at, moment(t, stage))),
            (_, Cause::Refused) => DeliveryExplanation::ours(t.mail_connection_refused(at)),
            (SmtpStage::Name, Cause::Network(why)) => {
                DeliveryExplanation::with(t.mail_name_not_found(&self.host), why)
            }
            (stage, Cause::Network(why)) => {
                DeliveryExplanation::with(t.mail_network(at, moment(t, stage)), why)
            }
            (_, Cause::Certificate(Certificate::Other(why))) => {
                DeliveryExplanation::with(t.mail_certificate(at), why)
            }
            (_, Cause::Certificate(why)) => {
                DeliveryExplanation::ours(format!("{}: {}", t.mail_certificate(at), certificate(t, why)))
            }
            (_, Cause::Tls(why)) => DeliveryExplanation::with(t.mail_tls(at), why),
            (SmtpStage::Login, Cause::NotOffered) => DeliveryExplanation::ours(t.mail_no_login_offered(at)),
            (_, Cause::NotOffered) => DeliveryExplanation::ours(t.mail_no_starttls(at)),
            (_, Cause::Unwritable(why)) => DeliveryExplanation::with(t.mail_unwritable().to_owned(), why),
            (stage, Cause::Gibberish(why)) => {
                DeliveryExplanation::with(t.mail_gibberish(at, moment(t, stage)), why)
            }
        }
    }

    /// What an operator can do about it; empty if nothing comes to mind.
    #[must_use]
    pub fn hint(&self, t: Lang) -> &'static str {
        match (self.stage, &self.cause) {
            (SmtpStage::Name, _) => t.hint_name(),
            // RFC 3207 §4.
            (_, Cause::Reply { code: 530, text }) if text.to_uppercase().contains("STARTTLS") => {
                t.hint_wants_tls()
            }
            (_, Cause::Reply { code: 530, .. }) => t.hint_wants_login(),
            (SmtpStage::Connection, Cause::Refused) => t.hint_nothing_listens(),
            (SmtpStage::Connection, Cause::Network(_) | Cause::TimedOut | Cause::Gibberish(_)) => {
                t.hint_connection()
            }
            (_, Cause::Certificate(Certificate::OfStranger)) => t.hint_stranger(),
            (_, Cause::Certificate(_)) => t.hint_certificate(),
            (SmtpStage::Connection, Cause::Tls(_)) => t.hint_tls_at_once(),
            (SmtpStage::Tls, Cause::NotOffered) => t.hint_starttls(),
            (SmtpStage::Login, Cause::NotOffered) => t.hint_no_login(),
            (SmtpStage::Login, Cause::Reply { .. }) => t.hint_login(),
            (SmtpStage::Sender, Cause::Reply { .. }) => t.hint_sender(),
            _ => "",
        }
    }
}

/// What a server refused that said no then.
const fn refused(t: Lang, stage: SmtpStage) -> &'static str {
    match stage {
        SmtpStage::Name | SmtpStage::Connection => t.refused_us(),
        SmtpStage::Tls => t.refused_starttls(),
        SmtpStage::Login => t.refused_login(),
        SmtpStage::Sender => t.refused_sender(),
        SmtpStage::Recipient => t.refused_recipient(),
        SmtpStage::Content => t.refused_content(),
    }
}

/// While what that was.
const fn moment(t: Lang, stage: SmtpStage) -> &'static str {
    match stage {
        SmtpStage::Name => t.while_name(),
        SmtpStage::Connection => t.while_connecting(),
        SmtpStage::Tls => t.while_tls(),
        SmtpStage::Login => t.while_login(),
        SmtpStage::Sender => t.while_sender(),
        SmtpStage::Recipient => t.while_recipient(),
        SmtpStage::Content => t.while_content(),
    }
}

const fn certificate(t: Lang, why: &Certificate) -> &'static str {
    match why {
        Certificate::OfStranger => t.certificate_of_stranger(),
        Certificate::Expired => t.certificate_expired(),
        Certificate::NotYet => t.certificate_not_yet(),
        Certificate::OtherName => t.certificate_other_name(),
        // Its own words are told instead.
        Certificate::Other(_) => "",
    }
}
