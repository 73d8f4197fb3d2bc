//! Why a mail did not leave, in words, and whether it helps to try again.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use lettre::transport::smtp;
use rustls::CertificateError;

/// The longest reply of a server that is kept, in characters.
const REPLY: usize = 300;

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
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
#[derive(Debug)]
pub(super) enum Cause {
    /// The server said no.
    Reply {
        /// RFC 5321 §4.2.
        code: u16,
        /// What it said to that.
        text: String,
    },
    /// The server, or something before it, said nothing in time.
    TimedOut,
    /// The network failed.
    Network(io::ErrorKind, String),
    /// The server's certificate is not good.
    Certificate(CertificateError),
    /// TLS failed for another reason.
    Tls(String),
    /// The server does not offer what the settings ask for.
    NotOffered,
    /// Words or an address of our own cannot be sent.
    Unwritable(String),
    /// The server said what is no SMTP.
    Gibberish(String),
}

/// Why a mail did not leave.
#[derive(Debug)]
pub struct SendError {
    pub(super) stage: Stage,
    pub(super) cause: Cause,
    pub(super) host: String,
    pub(super) port: u16,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
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
    pub fn verdict(&self) -> Verdict {
        match &self.cause {
            // "Service shutting down" and "authentication required" (RFC 4954 §6) mean everybody.
            Cause::Reply { code: 421 | 530, .. } => Verdict::Outage,
            Cause::Unwritable(_) => Verdict::Never,
            _ if self.stage < Stage::Recipient => Verdict::Outage,
            Cause::Reply { code: 500.., .. } => Verdict::Never,
            _ => Verdict::Later,
        }
    }

    /// What an operator can do about it; empty if nothing comes to mind.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match (self.stage, &self.cause) {
            (Stage::Name, _) => "check mail.smtp.host, and that this machine can look up names",
            // RFC 3207 §4.
            (_, Cause::Reply { code: 530, text }) if text.to_uppercase().contains("STARTTLS") => {
                "the server takes mails over TLS only: set mail.smtp.tls = starttls"
            }
            (_, Cause::Reply { code: 530, .. }) => {
                "the server wants a login: set mail.smtp.username and mail.smtp.password"
            }
            (Stage::Connection, Cause::Network(io::ErrorKind::ConnectionRefused, _)) => {
                "nothing listens there: check mail.smtp.host and mail.smtp.port"
            }
            (Stage::Connection, Cause::Network(..) | Cause::TimedOut | Cause::Gibberish(_)) => {
                "check mail.smtp.host, mail.smtp.port and firewalls; a server that begins with TLS (usually \
                 port 465) needs mail.smtp.tls = implicit"
            }
            (_, Cause::Certificate(why)) if is_of_a_stranger(why) => {
                "if the server's certificate is of your own making, name its authority with \
                 mail.smtp.ca_file; otherwise install the system's certificates (Debian: ca-certificates)"
            }
            (_, Cause::Certificate(_)) => {
                "the server needs a certificate that is good now, and for the name in mail.smtp.host"
            }
            (Stage::Connection, Cause::Tls(_)) => {
                "does TLS begin at once there? Usually it does on port 465, and not on 587 (starttls)"
            }
            (Stage::Tls, Cause::NotOffered) => {
                "use a port that offers STARTTLS (587), or mail.smtp.tls = implicit (465); none sends \
                 everything in clear"
            }
            (Stage::Login, Cause::NotOffered) => {
                "leave mail.smtp.username and mail.smtp.password unset if the server asks for no login"
            }
            (Stage::Login, Cause::Reply { .. }) => "check mail.smtp.username and mail.smtp.password",
            (Stage::Sender, Cause::Reply { .. }) => "may this login send as mail.from?",
            _ => "",
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stage, cause, host, port } = self;
        match (stage, cause) {
            (Stage::Name, Cause::Network(_, why)) => write!(f, "the name {host} was not found: {why}"),
            (_, Cause::TimedOut) => write!(f, "{host}:{port} did not answer in time while {stage}"),
            (Stage::Connection, Cause::Network(io::ErrorKind::ConnectionRefused, _)) => {
                write!(f, "{host}:{port} refused the connection")
            }
            (_, Cause::Network(_, why)) => {
                write!(f, "the connection to {host}:{port} failed while {stage}: {why}")
            }
            (_, Cause::Certificate(why)) => {
                write!(f, "the certificate of {host}:{port} is not trusted: {}", certificate(why))
            }
            (_, Cause::Tls(why)) => write!(f, "TLS with {host}:{port} failed: {why}"),
            (Stage::Login, Cause::NotOffered) => {
                write!(f, "{host}:{port} offers no login that is known here (PLAIN, LOGIN)")
            }
            (_, Cause::NotOffered) => write!(f, "{host}:{port} does not offer STARTTLS"),
            (_, Cause::Unwritable(why)) => f.write_str(why),
            (_, Cause::Gibberish(why)) => {
                write!(f, "{host}:{port} said what is no SMTP while {stage}: {why}")
            }
            (_, Cause::Reply { code, text }) => {
                let refused = match stage {
                    Stage::Name | Stage::Connection => "us",
                    Stage::Tls => "STARTTLS",
                    Stage::Login => "the user name or the password",
                    Stage::Sender => "the sender",
                    Stage::Recipient => "the recipient",
                    Stage::Content => "the mail",
                };
                write!(f, "{host}:{port} refused {refused}: {code} {text}")
            }
        }
    }
}

impl StdError for SendError {}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "looking up its name",
            Self::Connection => "connecting",
            Self::Tls => "beginning TLS",
            Self::Login => "logging in",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Content => "handing over the mail",
        })
    }
}

/// A bad signature, and one of a wrong kind, is that of an authority of the same name as one that is
/// known here.
fn is_of_a_stranger(why: &CertificateError) -> bool {
    matches!(
        why,
        CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
    )
}

fn certificate(why: &CertificateError) -> String {
    match why {
        stranger if is_of_a_stranger(stranger) => "this machine does not know who made it".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not good yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name".to_owned()
        }
        other => other.to_string(),
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
            (_, Some(rustls::Error::InvalidCertificate(why))) => Self::Certificate(why.clone()),
            (_, Some(other)) => Self::Tls(other.to_string()),
            (Some(network), None) if network.kind() == io::ErrorKind::TimedOut => Self::TimedOut,
            (Some(network), None) => Self::Network(network.kind(), network.to_string()),
            (None, None) if error.is_tls() => Self::Tls(error.to_string()),
            (None, None) => Self::Gibberish(one_line(&innermost(&error).to_string())),
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

/// What a server says, fit for a log and a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(REPLY).collect()
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
            let cause = Cause::Certificate(why);
            let error = SendError { stage: Stage::Tls, cause, host: "localhost".to_owned(), port: 587 };
            assert!(error.to_string().ends_with("this machine does not know who made it"), "{error}");
            assert!(error.hint().contains("mail.smtp.ca_file"));
        }
    }
}
