//! Errors of sending a mail. `refusal` says what they are about; `explanation` has the texts.

use std::error::Error as StdError;
use std::io;

use lettre::transport::smtp;
use rustls::CertificateError;
use serde::{Deserialize, Serialize};
use unicode_general_category::{GeneralCategory, get_general_category};

/// Replies of a server are stored up to this length, in characters.
const MAX_REPLY: usize = 300;

/// The stage at which sending failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SmtpStage {
    /// Looking up the server's name.
    Name,
    /// Connecting, TLS if it begins at once, and the server's greeting.
    Connection,
    /// STARTTLS.
    Tls,
    /// User name and password.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO. From here on an error may be about one mail.
    Recipient,
    /// DATA, and the mail.
    Content,
}

/// What failed. The words in JSON never change: rows have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cause {
    /// The server refused.
    Reply {
        /// The reply code (RFC 5321 §4.2).
        code: u16,
        /// The text of the reply.
        text: String,
    },
    /// No answer in time.
    TimedOut,
    /// The connection was refused: nothing listens on the port.
    Refused,
    /// Another error of the network, as the system reports it.
    Network(String),
    /// The server's certificate is not valid.
    Certificate(Certificate),
    /// TLS failed for another reason.
    Tls(String),
    /// The server does not offer what the settings require.
    NotOffered,
    /// The mail cannot be written as MIME, or an address is not valid.
    #[serde(rename = "unwritable")]
    InvalidMessage(String),
    /// The reply is not SMTP.
    #[serde(rename = "gibberish")]
    InvalidReply(String),
}

/// What is wrong with a certificate. The words in JSON never change: rows have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Certificate {
    /// No trusted authority has issued it.
    #[serde(rename = "of_stranger")]
    UnknownIssuer,
    /// It has expired.
    Expired,
    /// It is not valid yet.
    #[serde(rename = "not_yet")]
    NotYetValid,
    /// It is for another host name.
    OtherName,
    /// Another problem.
    Other(String),
}

/// Why a mail was not sent. `Display` is English, for the log and the command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendError {
    pub(crate) stage: SmtpStage,
    pub(crate) cause: Cause,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl StdError for SendError {}

impl From<&CertificateError> for Certificate {
    fn from(why: &CertificateError) -> Self {
        match why {
            // An issuer with the name of a trusted authority but another key gives the latter two.
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                Self::UnknownIssuer
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::OtherName
            }
            other => Self::Other(one_line(&other.to_string())),
        }
    }
}

impl From<smtp::Error> for Cause {
    fn from(error: smtp::Error) -> Self {
        if let Some(code) = error.status() {
            return Self::Reply { code: code.into(), text: one_line(&innermost(&error).to_string()) };
        }
        let network = chain(&error).find_map(|cause| cause.downcast_ref::<io::Error>());
        let tls = network.and_then(|error| error.get_ref()?.downcast_ref::<rustls::Error>());
        match (network, tls) {
            (_, Some(rustls::Error::InvalidCertificate(why))) => Self::Certificate(why.into()),
            (_, Some(other)) => Self::Tls(one_line(&other.to_string())),
            (Some(network), None) => network.into(),
            (None, None) if error.is_tls() => Self::Tls(one_line(&error.to_string())),
            (None, None) => Self::InvalidReply(one_line(&innermost(&error).to_string())),
        }
    }
}

impl From<&io::Error> for Cause {
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut => Self::TimedOut,
            io::ErrorKind::ConnectionRefused => Self::Refused,
            _ => Self::Network(one_line(&error.to_string())),
        }
    }
}

/// An error and its sources.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| (*error).source())
}

/// The last source of an error.
fn innermost<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    chain(error).last().unwrap_or(error)
}

/// A server's text made safe for a page, a log and a terminal: one line, without invisible format characters
/// such as bidirectional overrides, and shortened. It is cut between words: half of a link's key would not
/// be recognised and removed.
fn one_line(text: &str) -> String {
    let is_visible = |c: &char| get_general_category(*c) != GeneralCategory::Format;
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let line: String = text
        .chars()
        .filter(is_visible)
        .map(|c| if is_break(c) { ' ' } else { c })
        .take(MAX_REPLY + 1)
        .collect();
    if line.chars().count() <= MAX_REPLY {
        return line;
    }
    line.rsplit_once(' ').map_or_else(|| "…".to_owned(), |(whole, _)| format!("{whole} …"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_with_the_name_but_not_the_key_of_an_authority_is_unknown() {
        let other_kind = CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id: vec![6],
            public_key_algorithm_id: vec![6],
        };
        for why in [CertificateError::UnknownIssuer, CertificateError::BadSignature, other_kind] {
            assert_eq!(Certificate::from(&why), Certificate::UnknownIssuer);
        }
    }

    #[test]
    fn a_reply_becomes_one_line_without_invisible_characters() {
        assert_eq!(one_line("no\r\nsuch\u{2028}user\u{1b}[31m"), "no  such user [31m");
        assert_eq!(one_line("\u{202e}ab\u{200b}c\u{2066}d\u{feff}e\u{ad}f"), "abcdef");
        assert_eq!(one_line("שלום مرحبا ü"), "שלום مرحبا ü");
    }

    #[test]
    fn a_long_reply_is_cut_between_words() {
        assert_eq!(one_line(&"x".repeat(MAX_REPLY)), "x".repeat(MAX_REPLY));
        assert_eq!(one_line(&"x".repeat(MAX_REPLY + 1)), "…");
        assert_eq!(
            one_line(&format!("{} {}", "x".repeat(MAX_REPLY - 3), "key-and-more")),
            format!("{} …", "x".repeat(MAX_REPLY - 3))
        );
    }
}
