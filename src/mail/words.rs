//! Why a server did not take a mail, and what may help, in the reader's language.

use std::fmt;

use super::failure::{Cause, Certificate, SendError, Stage};
use crate::texts::Lang;

/// Why a mail did not leave, as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// In the reader's language; empty if there are the words of others alone.
    pub words: String,
    /// What the server or the system said to that, in its own words and language.
    pub said: Option<String>,
}

impl Told {
    fn ours(words: String) -> Self {
        Self { words, said: None }
    }

    fn with(words: String, said: impl Into<String>) -> Self {
        Self { words, said: Some(said.into()) }
    }

    /// The words of others alone.
    pub(super) fn only(said: &str) -> Self {
        Self::with(String::new(), said)
    }
}

impl fmt::Display for Told {
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
    pub fn told(&self, t: Lang) -> Told {
        let at = format!("{}:{}", self.host, self.port);
        match (self.stage, &self.cause) {
            (stage, Cause::Reply { code, text }) => {
                Told::with(t.mail_refused(at, refused(t, stage)), format!("{code} {text}"))
            }
            (stage, Cause::TimedOut) => Told::ours(t.mail_timed_out(at, moment(t, stage))),
            (_, Cause::Refused) => Told::ours(t.mail_connection_refused(at)),
            (Stage::Name, Cause::Network(why)) => Told::with(t.mail_name_not_found(&self.host), why),
            (stage, Cause::Network(why)) => Told::with(t.mail_network(at, moment(t, stage)), why),
            (_, Cause::Certificate(Certificate::Other(why))) => Told::with(t.mail_certificate(at), why),
            (_, Cause::Certificate(why)) => {
                Told::ours(format!("{}: {}", t.mail_certificate(at), certificate(t, why)))
            }
            (_, Cause::Tls(why)) => Told::with(t.mail_tls(at), why),
            (Stage::Login, Cause::NotOffered) => Told::ours(t.mail_no_login_offered(at)),
            (_, Cause::NotOffered) => Told::ours(t.mail_no_starttls(at)),
            (_, Cause::Unwritable(why)) => Told::with(t.mail_unwritable().to_owned(), why),
            (stage, Cause::Gibberish(why)) => Told::with(t.mail_gibberish(at, moment(t, stage)), why),
        }
    }

    /// What an operator can do about it; empty if nothing comes to mind.
    #[must_use]
    pub fn hint(&self, t: Lang) -> &'static str {
        match (self.stage, &self.cause) {
            (Stage::Name, _) => t.hint_name(),
            // RFC 3207 §4.
            (_, Cause::Reply { code: 530, text }) if text.to_uppercase().contains("STARTTLS") => {
                t.hint_wants_tls()
            }
            (_, Cause::Reply { code: 530, .. }) => t.hint_wants_login(),
            (Stage::Connection, Cause::Refused) => t.hint_nothing_listens(),
            (Stage::Connection, Cause::Network(_) | Cause::TimedOut | Cause::Gibberish(_)) => {
                t.hint_connection()
            }
            (_, Cause::Certificate(Certificate::OfStranger)) => t.hint_stranger(),
            (_, Cause::Certificate(_)) => t.hint_certificate(),
            (Stage::Connection, Cause::Tls(_)) => t.hint_tls_at_once(),
            (Stage::Tls, Cause::NotOffered) => t.hint_starttls(),
            (Stage::Login, Cause::NotOffered) => t.hint_no_login(),
            (Stage::Login, Cause::Reply { .. }) => t.hint_login(),
            (Stage::Sender, Cause::Reply { .. }) => t.hint_sender(),
            _ => "",
        }
    }
}

/// What a server refused that said no then.
const fn refused(t: Lang, stage: Stage) -> &'static str {
    match stage {
        Stage::Name | Stage::Connection => t.refused_us(),
        Stage::Tls => t.refused_starttls(),
        Stage::Login => t.refused_login(),
        Stage::Sender => t.refused_sender(),
        Stage::Recipient => t.refused_recipient(),
        Stage::Content => t.refused_content(),
    }
}

/// While what that was.
const fn moment(t: Lang, stage: Stage) -> &'static str {
    match stage {
        Stage::Name => t.while_name(),
        Stage::Connection => t.while_connecting(),
        Stage::Tls => t.while_tls(),
        Stage::Login => t.while_login(),
        Stage::Sender => t.while_sender(),
        Stage::Recipient => t.while_recipient(),
        Stage::Content => t.while_content(),
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
