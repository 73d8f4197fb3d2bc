//! Why a server did not take a mail, and whether it helps to try again. `words` tells it to people.

use std::error::Error as StdError;
use std::io;

use lettre::transport::smtp;
use rustls::CertificateError;
use serde::{Deserialize, Serialize};
use unicode_general_category::{GeneralCategory, get_general_category};

/// The longest reply of a server that is kept, in characters.
const REPLY: usize = 300;

/// How far it came.
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
    /// RCPT TO. From here on it is about one mail, and no more about all of them.
    Recipient,
    /// DATA, and the mail itself.
    Content,
}

/// Why it came no further.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cause {
    /// The server said no.
    Reply {
        /// RFC 5321 §4.2.
        code: u16,
        /// What it said to that.
        text: String,
    },
    /// The server, or something before it, said nothing in time.
    TimedOut,
    /// Nothing listens there.
    Refused,
    /// The network failed in another way, in the system's words.
    Network(String),
    /// The server's certificate is not good.
    Certificate(Certificate),
    /// TLS failed for another reason.
    Tls(String),
    /// The server does not offer what the settings ask for.
    NotOffered,
    /// Words or an address of our own cannot be sent.
    Unwritable(String),
    /// The server said what is no SMTP.
    Gibberish(String),
}

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Certificate {
    /// This machine does not know who made it.
    OfStranger,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYet,
    /// It is for another name.
    OtherName,
    /// Something else.
    Other(String),
}

/// Why a mail did not leave. Its `Display` is English, for the log and the command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendError {
    pub(crate) stage: SmtpStage,
    pub(crate) cause: Cause,
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryVerdict {
    /// No mail gets through: none is to blame, and all of them wait.
    Outage,
    /// This mail may get through later.
    Later,
    /// This mail never will.
    Never,
}

impl SendError {
    /// Whether it helps to try again.
    #[must_use]
    pub fn verdict(&self) -> RetryVerdict {
        match &self.cause {
            // "Service shutting down" and "authentication required" (RFC 4954 §6) mean everybody.
            Cause::Reply { code: 421 | 530, .. } => RetryVerdict::Outage,
            Cause::Unwritable(_) => RetryVerdict::Never,
            _ if self.stage < SmtpStage::Recipient => RetryVerdict::Outage,
            Cause::Reply { code: 500.., .. } => RetryVerdict::Never,
            _ => RetryVerdict::Later,
        }
    }
}

impl StdError for SendError {}

impl From<&CertificateError> for Certificate {
    fn from(why: &CertificateError) -> Self {
        match why {
            // A bad signature, and one of a wrong kind, is that of an authority of the same name as one
            // that is known here.
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => Self::OfStranger,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYet,
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
            (None, None) => Self::Gibberish(one_line(&innermost(&error).to_string())),
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

/// An error, its cause, the cause of that, and so on.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| (*error).source())
}

/// What was at the bottom of it.
fn innermost<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    chain(error).last().unwrap_or(error)
}

/// What a server says, fit for a page, a log and a terminal: in one line, without characters that nobody
/// sees and that turn what stands around them, and not too long. It ends between two words: half of a
/// link's key would not be known for one.
fn one_line(text: &str) -> String {
    let is_seen = |c: &char| get_general_category(*c) != GeneralCategory::Format;
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let line: String =
        text.chars().filter(is_seen).map(|c| if is_break(c) { ' ' } else { c }).take(REPLY + 1).collect();
    if line.chars().count() <= REPLY {
        return line;
    }
    line.rsplit_once(' ').map_or_else(|| "…".to_owned(), |(whole, _)| format!("{whole} …"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_whose_maker_only_has_a_known_name_is_a_strangers() {
        let other_kind = CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id: vec![6],
            public_key_algorithm_id: vec![6],
        };
        for why in [CertificateError::UnknownIssuer, CertificateError::BadSignature, other_kind] {
            assert_eq!(Certificate::from(&why), Certificate::OfStranger);
        }
    }

    #[test]
    fn what_a_server_says_becomes_one_line_that_hides_nothing() {
        assert_eq!(one_line("no\r\nsuch\u{2028}user\u{1b}[31m"), "no  such user [31m");
        assert_eq!(one_line("\u{202e}ab\u{200b}c\u{2066}d\u{feff}e\u{ad}f"), "abcdef");
        assert_eq!(one_line("שלום مرحبا ü"), "שלום مرحبا ü");
    }

    #[test]
    fn a_long_reply_is_cut_between_words() {
        assert_eq!(one_line(&"x".repeat(REPLY)), "x".repeat(REPLY));
        assert_eq!(one_line(&"x".repeat(REPLY + 1)), "…");
        assert_eq!(
            one_line(&format!("{} {}", "x".repeat(REPLY - 3), "key-and-more")),
            format!("{} …", "x".repeat(REPLY - 3))
        );
    }
}
