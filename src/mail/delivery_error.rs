//! Why a mail was not sent, as its row stores it (`mails.last_error`): one line of JSON, so that each reader gets
//! the explanation in their language. The worker writes it; pages and the command line read it.

use serde::{Deserialize, Serialize};

use crate::mail::explanation::DeliveryExplanation;
use crate::mail::failure::SendError;
use crate::texts::Lang;

/// Why a mail was not sent. The words in JSON never change: rows have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryError {
    /// The server did not accept it, or was not reached.
    NotTaken(SendError),
    /// Its link has expired, or a newer one has replaced it.
    #[serde(rename = "link_dead")]
    LinkExpired,
    /// The template failed, with this error of the template engine.
    #[serde(rename = "unworded")]
    RenderingFailed(String),
    /// Any other text: rows of an older version have one.
    #[serde(skip)]
    Plain(String),
}

impl DeliveryError {
    /// Reads `last_error`.
    #[must_use]
    pub fn of_stored(line: &str) -> Self {
        serde_json::from_str(line).unwrap_or_else(|_| Self::Plain(line.to_owned()))
    }

    /// Writes `last_error`, without `secret`: spam filters quote what they reject, and that may be the link.
    #[must_use]
    pub fn to_stored(&self, secret: Option<&str>) -> String {
        let line = match self {
            Self::Plain(line) => line.clone(),
            // Texts and numbers alone always serialise.
            error => serde_json::to_string(error).unwrap_or_default(),
        };
        // JSON does not escape the characters of a key (base64url, RFC 4648 §5).
        match secret {
            Some(secret) => line.replace(secret, "…"),
            None => line,
        }
    }

    /// The explanation for a reader.
    #[must_use]
    pub fn explain(&self, t: Lang) -> DeliveryExplanation {
        match self {
            Self::NotTaken(error) => error.explain(t),
            Self::LinkExpired => DeliveryExplanation::new(t.mail_link_dead().to_owned()),
            Self::RenderingFailed(error) => {
                DeliveryExplanation::with_quote(t.mail_not_rendered().to_owned(), error)
            }
            Self::Plain(line) => DeliveryExplanation::quote_only(line),
        }
    }

    /// What an operator can do about it; may be empty.
    #[must_use]
    pub fn hint(&self, t: Lang) -> &'static str {
        match self {
            Self::NotTaken(error) => error.hint(t),
            Self::LinkExpired | Self::RenderingFailed(_) | Self::Plain(_) => "",
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
            Certificate::UnknownIssuer,
            Certificate::Expired,
            Certificate::NotYetValid,
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
            Cause::InvalidMessage(text()),
            Cause::InvalidReply(text()),
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
    fn every_error_at_every_stage_has_an_explanation_and_hint_in_both_languages() {
        for error in every_error() {
            let [english, german] = Lang::ALL.map(|t| error.explain(t));
            assert!(!english.text.is_empty() && !german.text.is_empty(), "{error:?}");
            assert!(!english.to_string().ends_with(": ") && !german.to_string().ends_with(": "), "{error:?}");
            assert_ne!(english.text, german.text, "{error:?}");
            assert_eq!(english.quote, german.quote, "quotes are not translated");
            let [english, german] = Lang::ALL.map(|t| error.hint(t));
            assert_eq!(english.is_empty(), german.is_empty(), "{error:?}");
            assert!(english.is_empty() || english != german, "{error:?}");
        }
    }

    #[test]
    fn a_stored_error_is_one_line_and_reads_back_the_same() {
        let others =
            [DeliveryError::LinkExpired, DeliveryError::RenderingFailed("line 3:\nno such name".to_owned())];
        for error in every_error().map(DeliveryError::from).chain(others) {
            let line = error.to_stored(None);
            assert!(!line.is_empty() && !line.contains('\n'), "{line}");
            assert_eq!(DeliveryError::of_stored(&line), error);
        }
    }

    #[test]
    fn any_other_text_is_displayed_unchanged() {
        for line in ["550 no such mailbox", "", "{}", "\"link_dead", "{\"plain\":\"x\"}", "null", "7"] {
            let error = DeliveryError::of_stored(line);
            assert_eq!(error.explain(Lang::German).to_string(), line);
            assert_eq!((error.hint(Lang::English), error.to_stored(None).as_str()), ("", line));
        }
    }

    #[test]
    fn a_quoted_secret_is_not_stored() {
        let cause = Cause::Reply { code: 550, text: "bad link http://x/s3cr-et in it".to_owned() };
        let error = DeliveryError::from(SendError {
            stage: SmtpStage::Content,
            cause,
            host: "mx".to_owned(),
            port: 25,
        });
        let line = error.to_stored(Some("s3cr-et"));
        assert!(!line.contains("s3cr-et"), "{line}");
        let quote = DeliveryError::of_stored(&line).explain(Lang::English).quote.unwrap();
        assert_eq!(quote, "550 bad link http://x/… in it");
    }

    /// Rows of earlier versions have these texts.
    #[test]
    fn the_words_in_rows_never_change() {
        let (host, port) = ("mx".to_owned(), 25);
        let not_taken =
            |stage, cause| DeliveryError::from(SendError { stage, cause, host: host.clone(), port });
        let content = |cause| not_taken(SmtpStage::Content, cause);
        let rows = [
            (DeliveryError::LinkExpired, "\"link_dead\""),
            (DeliveryError::RenderingFailed("x".to_owned()), r#"{"unworded":"x"}"#),
            (
                not_taken(SmtpStage::Tls, Cause::Certificate(Certificate::UnknownIssuer)),
                r#"{"not_taken":{"stage":"tls","cause":{"certificate":"of_stranger"},"host":"mx","port":25}}"#,
            ),
            (
                not_taken(SmtpStage::Tls, Cause::Certificate(Certificate::NotYetValid)),
                r#"{"not_taken":{"stage":"tls","cause":{"certificate":"not_yet"},"host":"mx","port":25}}"#,
            ),
            (
                content(Cause::InvalidMessage("x".to_owned())),
                r#"{"not_taken":{"stage":"content","cause":{"unwritable":"x"},"host":"mx","port":25}}"#,
            ),
            (
                content(Cause::InvalidReply("x".to_owned())),
                r#"{"not_taken":{"stage":"content","cause":{"gibberish":"x"},"host":"mx","port":25}}"#,
            ),
        ];
        for (error, row) in rows {
            assert_eq!((error.to_stored(None).as_str(), DeliveryError::of_stored(row)), (row, error));
        }
    }
}
