//! DeliveryError a mail was not sent, as its row keeps it (`mails.last_error`): one line of JSON, so that each
//! reader is told in their language. The worker writes it; pages and the command line read it.

use serde::{Deserialize, Serialize};

use crate::mail::explanation::DeliveryExplanation;
use crate::mail::failure::SendError;
use crate::texts::Lang;

/// DeliveryError a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryError {
    /// The server did not take it, or was not reached.
    NotTaken(SendError),
    /// Its link opens nothing any more.
    LinkDead,
    /// It cannot be put into words, as the template engine says.
    Unworded(String),
    /// What rows say that an older doorward wrote, or somebody by hand.
    #[serde(skip)]
    Plain(String),
}

impl DeliveryError {
    /// Reads what a row keeps.
    #[must_use]
    pub fn of_stored(line: &str) -> Self {
        serde_json::from_str(line).unwrap_or_else(|_| Self::Plain(line.to_owned()))
    }

    /// What a row keeps. A `secret` that is quoted in it is not: filters quote what they dislike, and that
    /// may be our link.
    #[must_use]
    pub fn to_stored(&self, secret: Option<&str>) -> String {
        let line = match self {
            Self::Plain(line) => line.clone(),
            // It has text and numbers alone, so this does not fail.
            why => serde_json::to_string(why).unwrap_or_default(),
        };
        // A key is written in letters that JSON leaves as they are (RFC 4648 §5).
        match secret {
            Some(secret) => line.replace(secret, "…"),
            None => line,
        }
    }

    /// What happened.
    #[must_use]
    pub fn told(&self, t: Lang) -> DeliveryExplanation {
        match self {
            Self::NotTaken(error) => error.told(t),
            Self::LinkDead => DeliveryExplanation { words: t.mail_link_dead().to_owned(), said: None },
            Self::Unworded(why) => {
                DeliveryExplanation { words: t.mail_no_words().to_owned(), said: Some(why.clone()) }
            }
            Self::Plain(line) => DeliveryExplanation::only(line),
        }
    }

    /// What an operator can do about it; empty if nothing comes to mind.
    #[must_use]
    pub fn hint(&self, t: Lang) -> &'static str {
        match self {
            Self::NotTaken(error) => error.hint(t),
            Self::LinkDead | Self::Unworded(_) | Self::Plain(_) => "",
        }
    }
}

impl From<SendError> for DeliveryError {
    fn from(error: SendError) -> Self {
        Self::NotTaken(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::failure::{Cause, Certificate, SmtpStage};

    const STAGES: [SmtpStage; 7] = [
        SmtpStage::Name,
        SmtpStage::Connection,
        SmtpStage::Tls,
        SmtpStage::Login,
        SmtpStage::Sender,
        SmtpStage::Recipient,
        SmtpStage::Content,
    ];

    fn causes() -> Vec<Cause> {
        let text = || "im\\ \"Original\" ü".to_owned();
        let certificates = [
            Certificate::OfStranger,
            Certificate::Expired,
            Certificate::NotYet,
            Certificate::OtherName,
            Certificate::Other(text()),
        ];
        [
            Cause::Reply { code: 550, text: text() },
            Cause::Reply { code: 530, text: text() },
            Cause::Reply { code: 530, text: "use STARTTLS".to_owned() },
            Cause::TimedOut,
            Cause::Refused,
            Cause::Network(text()),
            Cause::Tls(text()),
            Cause::NotOffered,
            Cause::Unwritable(text()),
            Cause::Gibberish(text()),
        ]
        .into_iter()
        .chain(certificates.map(Cause::Certificate))
        .collect()
    }

    fn every_error() -> impl Iterator<Item = SendError> {
        let of = |stage| move |cause| SendError { stage, cause, host: "mx.example".to_owned(), port: 25 };
        STAGES.into_iter().flat_map(move |stage| causes().into_iter().map(of(stage)))
    }

    #[test]
    fn every_failure_at_every_stage_has_words_and_hints_in_both_languages() {
        for error in every_error() {
            let [english, german] = Lang::ALL.map(|t| error.told(t));
            assert!(!english.words.is_empty() && !german.words.is_empty(), "{error:?}");
            assert!(!english.to_string().ends_with(": ") && !german.to_string().ends_with(": "), "{error:?}");
            assert_ne!(english.words, german.words, "{error:?}");
            assert_eq!(english.said, german.said, "what others said is theirs");
            let [english, german] = Lang::ALL.map(|t| error.hint(t));
            assert_eq!(english.is_empty(), german.is_empty(), "{error:?}");
            assert!(english.is_empty() || english != german, "{error:?}");
        }
    }

    #[test]
    fn what_is_kept_is_one_line_and_read_as_it_was() {
        let others = [DeliveryError::LinkDead, DeliveryError::Unworded("line 3:\nno such name".to_owned())];
        for why in every_error().map(DeliveryError::from).chain(others) {
            let line = why.to_stored(None);
            assert!(!line.is_empty() && !line.contains('\n'), "{line}");
            assert_eq!(DeliveryError::of_stored(&line), why);
        }
    }

    #[test]
    fn what_is_no_such_line_is_told_as_it_is() {
        for line in ["550 no such mailbox", "", "{}", "\"link_dead", "{\"plain\":\"x\"}", "null", "7"] {
            let why = DeliveryError::of_stored(line);
            assert_eq!(why.told(Lang::German).to_string(), line);
            assert_eq!((why.hint(Lang::English), why.to_stored(None).as_str()), ("", line));
        }
    }

    #[test]
    fn a_secret_that_is_quoted_is_not_kept() {
        let cause = Cause::Reply { code: 550, text: "bad link http://x/s3cr-et in it".to_owned() };
        let why = DeliveryError::from(SendError {
            stage: SmtpStage::Content,
            cause,
            host: "mx".to_owned(),
            port: 25,
        });
        let line = why.to_stored(Some("s3cr-et"));
        assert!(!line.contains("s3cr-et"), "{line}");
        let said = DeliveryError::of_stored(&line).told(Lang::English).said.unwrap();
        assert_eq!(said, "550 bad link http://x/… in it");
    }
}
