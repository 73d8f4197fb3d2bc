//! Explains an error of sending, and what an operator can do about it, in the reader's language.

use std::fmt;

use crate::mail::failure::{Cause, Certificate, SendError, SmtpStage};
use crate::mail::refusal::RefusalSubject;
use crate::texts::Lang;

/// Why a mail was not sent, for a reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryExplanation {
    /// In the reader's language; empty if there is a quote alone.
    pub text: String,
    /// The message of the server or the system, in its own language.
    pub quote: Option<String>,
}

impl DeliveryExplanation {
    pub(super) fn new(text: String) -> Self {
        Self { text, quote: None }
    }

    pub(super) fn with_quote(text: String, quote: impl Into<String>) -> Self {
        Self { text, quote: Some(quote.into()) }
    }

    pub(super) fn quote_only(quote: &str) -> Self {
        Self::with_quote(String::new(), quote)
    }
}

impl fmt::Display for DeliveryExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        let Some(quote) = &self.quote else { return Ok(()) };
        if !self.text.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(quote)
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.explain(Lang::English).fmt(f)
    }
}

impl SendError {
    /// The explanation for a reader.
    #[must_use]
    pub fn explain(&self, t: Lang) -> DeliveryExplanation {
        let at = format!("{}:{}", self.host, self.port);
        match (self.stage, &self.cause) {
            (_, Cause::Reply { code, text }) => DeliveryExplanation::with_quote(
                t.mail_refused(at, refused_what(t, self.stage, self.refusal_subject())),
                format!("{code} {text}"),
            ),
            (stage, Cause::TimedOut) => {
                DeliveryExplanation::new(t.mail_timed_out(at, failed_while(t, stage)))
            }
            (_, Cause::Refused) => DeliveryExplanation::new(t.mail_connection_refused(at)),
            (SmtpStage::Name, Cause::Network(why)) => {
                DeliveryExplanation::with_quote(t.mail_name_not_found(&self.host), why)
            }
            (stage, Cause::Network(why)) => {
                DeliveryExplanation::with_quote(t.mail_network(at, failed_while(t, stage)), why)
            }
            (_, Cause::Certificate(Certificate::Other(why))) => {
                DeliveryExplanation::with_quote(t.mail_certificate(at), why)
            }
            (_, Cause::Certificate(why)) => DeliveryExplanation::new(format!(
                "{}: {}",
                t.mail_certificate(at),
                certificate_problem(t, why)
            )),
            (_, Cause::Tls(why)) => DeliveryExplanation::with_quote(t.mail_tls(at), why),
            (SmtpStage::Login, Cause::NotOffered) => DeliveryExplanation::new(t.mail_no_login_offered(at)),
            (SmtpStage::Recipient, Cause::NotOffered) => DeliveryExplanation::new(t.mail_no_smtputf8(at)),
            (_, Cause::NotOffered) => DeliveryExplanation::new(t.mail_no_starttls(at)),
            (_, Cause::InvalidMessage(why)) => {
                DeliveryExplanation::with_quote(t.mail_unwritable().to_owned(), why)
            }
            (stage, Cause::InvalidReply(why)) => {
                DeliveryExplanation::with_quote(t.mail_not_smtp(at, failed_while(t, stage)), why)
            }
        }
    }

    /// What an operator can do about it; may be empty.
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
            (SmtpStage::Connection, Cause::Network(_) | Cause::TimedOut | Cause::InvalidReply(_)) => {
                t.hint_connection()
            }
            (_, Cause::Certificate(Certificate::UnknownIssuer)) => t.hint_unknown_issuer(),
            (_, Cause::Certificate(_)) => t.hint_certificate(),
            (SmtpStage::Connection, Cause::Tls(_)) => t.hint_tls_at_once(),
            (SmtpStage::Tls, Cause::NotOffered) => t.hint_starttls(),
            (SmtpStage::Login, Cause::NotOffered) => t.hint_no_login(),
            (SmtpStage::Login, Cause::Reply { .. }) => t.hint_login(),
            (SmtpStage::Connection | SmtpStage::Tls, Cause::Reply { .. }) => "",
            (_, Cause::Reply { .. }) => match self.refusal_subject() {
                RefusalSubject::Login => t.hint_wants_login(),
                RefusalSubject::HelloName => t.hint_helo_name(),
                RefusalSubject::Client => t.hint_client(),
                RefusalSubject::Sender => t.hint_sender(),
                RefusalSubject::Relaying => t.hint_relaying(),
                RefusalSubject::Quota => t.hint_quota(),
                RefusalSubject::Session
                | RefusalSubject::StartTls
                | RefusalSubject::Recipient
                | RefusalSubject::Content => "",
            },
            _ => "",
        }
    }
}

/// What the server refused.
fn refused_what(t: Lang, stage: SmtpStage, subject: RefusalSubject) -> &'static str {
    match subject {
        RefusalSubject::Login if stage > SmtpStage::Login => t.refused_no_login(),
        RefusalSubject::Session => t.refused_us(),
        RefusalSubject::StartTls => t.refused_starttls(),
        RefusalSubject::Login => t.refused_login(),
        RefusalSubject::HelloName => t.refused_helo_name(),
        RefusalSubject::Client => t.refused_client(),
        RefusalSubject::Sender => t.refused_sender(),
        RefusalSubject::Relaying => t.refused_relaying(),
        RefusalSubject::Quota => t.refused_quota(),
        RefusalSubject::Recipient => t.refused_recipient(),
        RefusalSubject::Content => t.refused_content(),
    }
}

/// What failed at this stage.
const fn failed_while(t: Lang, stage: SmtpStage) -> &'static str {
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

const fn certificate_problem(t: Lang, why: &Certificate) -> &'static str {
    match why {
        Certificate::UnknownIssuer => t.certificate_unknown_issuer(),
        Certificate::Expired => t.certificate_expired(),
        Certificate::NotYetValid => t.certificate_not_yet(),
        Certificate::OtherName => t.certificate_other_name(),
        // Its message is quoted instead.
        Certificate::Other(_) => "",
    }
}
