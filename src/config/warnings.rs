//! What a configuration allows but deserves a word: in the log at the start, and in the admin.

use std::fmt;
use std::net::IpAddr;

use super::{Config, SigningKey, SmtpTls};

/// A doubtful setting. Its `Display` is the log's; the admin has words of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigWarning {
    /// The signing key is shorter than it should be.
    ShortKey,
    /// Links lead to this origin, which is no one's.
    LinksNowhere(String),
    /// Others than this machine reach the server, and without TLS.
    PlainHttp(String),
    /// The mail server's password goes out in clear.
    BareCredentials,
}

impl fmt::Display for ConfigWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ShortKey => write!(
                f,
                "signing_key is shorter than the {} bytes that RFC 7518 §3.2 demands for HS256; a short \
                 key can be guessed from a token",
                SigningKey::ADVISED_BYTES
            ),
            Self::LinksNowhere(origin) => {
                write!(f, "links will read {origin}, which leads nowhere; set public_url")
            }
            Self::PlainHttp(origin) => write!(
                f,
                "{origin} is no https, so everybody on the way can read passwords; put a proxy with TLS in \
                 front and set public_url to its https address"
            ),
            Self::BareCredentials => f.write_str(
                "mail.smtp.tls is none, so everybody on the way to the mail server can read its password",
            ),
        }
    }
}

/// One for each doubtful value.
pub(super) fn of(config: &Config) -> Vec<ConfigWarning> {
    [short_key(config), unreachable_links(config), plain_http(config), bare_credentials(config)]
        .into_iter()
        .flatten()
        .collect()
}

fn short_key(config: &Config) -> Option<ConfigWarning> {
    config.signing_key.as_ref()?.is_short().then_some(ConfigWarning::ShortKey)
}

/// `0.0.0.0` and `[::]` stand for every address of the machine and are no one's address.
fn unreachable_links(config: &Config) -> Option<ConfigWarning> {
    let origin = config.public_url.origin();
    let nowhere = origin.contains("//0.0.0.0") || origin.contains("//[::]");
    nowhere.then(|| ConfigWarning::LinksNowhere(origin.to_owned()))
}

/// A server that only its own machine reaches needs no TLS.
fn plain_http(config: &Config) -> Option<ConfigWarning> {
    let url = &config.public_url;
    let host = url.host().trim_start_matches('[').trim_end_matches(']');
    let is_local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let is_fine = url.is_https() || is_local && config.listen.ip().is_loopback();
    // Of one that has no address yet, the address comes first.
    let is_known = unreachable_links(config).is_none();
    (!is_fine && is_known).then(|| ConfigWarning::PlainHttp(url.origin().to_owned()))
}

fn bare_credentials(config: &Config) -> Option<ConfigWarning> {
    let smtp = config.mail.smtp.as_ref()?;
    (smtp.tls == SmtpTls::None && smtp.credentials.is_some()).then_some(ConfigWarning::BareCredentials)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(pairs: &[(&str, &str)]) -> Vec<String> {
        Config::from_settings(pairs).unwrap().warnings().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_defaults_warn_of_nothing() {
        assert!(warnings(&[]).is_empty());
    }

    #[test]
    fn a_short_signing_key_is_accepted_and_warned_of_without_being_shown() {
        let said = warnings(&[("signing_key", "hunter2")]);
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("RFC 7518 §3.2") && !said[0].contains("hunter2"));
        assert!(warnings(&[("signing_key", &"k".repeat(32))]).is_empty());
    }

    #[test]
    fn listening_everywhere_without_a_public_url_is_warned_of() {
        assert!(warnings(&[("listen", "0.0.0.0:8000")])[0].contains("set public_url"));
        assert!(warnings(&[("listen", "[::]:80")])[0].contains("set public_url"));
        let named = [("listen", "0.0.0.0:8000"), ("public_url", "https://a.example")];
        assert!(warnings(&named).is_empty());
    }

    #[test]
    fn a_mail_password_that_goes_out_in_clear_is_warned_of() {
        let mut settings = vec![
            ("mail.from", "accounts@example.com"),
            ("mail.smtp.host", "mail.example.com"),
            ("mail.smtp.username", "doorward"),
            ("mail.smtp.password", "hunter2"),
        ];
        assert!(warnings(&settings).is_empty());
        settings.push(("mail.smtp.tls", "none"));
        assert!(warnings(&settings)[0].contains("mail.smtp.tls"));
    }

    #[test]
    fn http_is_warned_of_where_others_than_this_machine_reach_it() {
        let plain = |listen, url| warnings(&[("listen", listen), ("public_url", url)]);
        for (listen, url) in [
            ("127.0.0.1:8000", "http://localhost:8000"),
            ("127.0.0.1:8000", "http://[::1]:8000"),
            ("0.0.0.0:8000", "https://a.example"),
        ] {
            assert!(plain(listen, url).is_empty(), "{listen} {url}");
        }
        for (listen, url) in [
            ("0.0.0.0:8000", "http://localhost:8000"),
            ("127.0.0.1:8000", "http://a.example"),
            ("10.0.0.1:80", "http://10.0.0.1"),
        ] {
            assert!(plain(listen, url)[0].contains("no https"), "{listen} {url}");
        }
    }
}
