//! Warnings about settings that are valid and still doubtful, for the log at the start and for the admin.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::settings::Config;
use super::sources::source::SettingSource;
use super::values::smtp::SmtpTls;
use crate::types::SigningKey;

/// The rights of users who are neither the owner nor in the group.
const OTHERS_WRITE: u32 = 0o002;
const OTHERS_READ_WRITE: u32 = 0o006;

/// A doubtful setting. `Display` is for the log; the admin has texts of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigWarning {
    /// The signing key is shorter than RFC 7518 §3.2 demands.
    ShortKey,
    /// Private keys lie in the database in clear.
    ClearKeys,
    /// Links lead to this origin, which is the address of no machine.
    LinksNowhere(String),
    /// Other machines reach the server at this origin without TLS.
    PlainHttp(String),
    /// The password for the mail server is sent in plain text.
    BareCredentials,
    /// The connection to a database server on another machine is not protected.
    UnverifiedDatabase,
    /// Other users of this machine can read a secret in this settings file, or change the file.
    ExposedFile(PathBuf),
    /// Pages of this origin may use the cookies, and are loaded without TLS, though this server has it.
    PlainOrigin(String),
    /// A setting is set by a former name.
    FormerName {
        /// The former name.
        former: &'static str,
        /// The name that replaces it.
        name: &'static str,
        /// Where it is set.
        origin: SettingSource,
    },
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
            Self::ClearKeys => f.write_str(
                "data_key is not set, so the private keys that sign tokens lie in the database and its backups in \
                 clear",
            ),
            Self::LinksNowhere(origin) => {
                write!(f, "links in emails start with {origin}, which leads nowhere; set public_url")
            }
            Self::PlainHttp(origin) => write!(
                f,
                "{origin} is not https, so anyone on the way can read passwords; put a proxy with TLS in \
                 front and set public_url to its https address"
            ),
            Self::BareCredentials => f.write_str(
                "mail.smtp.tls is none, so anyone on the way to the mail server can read its password",
            ),
            Self::UnverifiedDatabase => f.write_str(
                "database_url names a server on another machine without sslmode=verify-full, so anyone on the \
                 way can pretend to be it, and read and alter everything",
            ),
            Self::ExposedFile(path) => write!(
                f,
                "other users of this machine can read the secrets in {path} or change it: chmod o-rw {path}",
                path = path.display()
            ),
            Self::PlainOrigin(origin) => write!(
                f,
                "cors.allowed_origins has {origin}: anyone on the way to that page can use the API as the user who \
                  opens it, although public_url is https; serve the page over https"
            ),
            Self::FormerName { former, name, origin } => {
                write!(f, "{former} is now {name} (set in {origin}); the former name still works")
            }
        }
    }
}

/// One warning for each doubtful value.
pub(super) fn all(config: &Config) -> Vec<ConfigWarning> {
    let values = [
        short_key(config),
        clear_keys(config),
        unreachable_links(config),
        plain_http(config),
        bare_credentials(config),
    ];
    let places = unverified_database(config).into_iter().chain(exposed_files(config));
    let values = values.into_iter().flatten().chain(places);
    values.chain(plain_origins(config)).chain(former_names(config)).collect()
}

fn clear_keys(config: &Config) -> Option<ConfigWarning> {
    let is_clear = config.tokens.algorithm.is_asymmetric() && config.data_key.is_none();
    is_clear.then_some(ConfigWarning::ClearKeys)
}

fn short_key(config: &Config) -> Option<ConfigWarning> {
    config.signing_key.as_ref()?.is_short().then_some(ConfigWarning::ShortKey)
}

/// `0.0.0.0` and `[::]` mean every address of the machine; no client can connect to them.
fn unreachable_links(config: &Config) -> Option<ConfigWarning> {
    let origin = config.public_url.origin();
    let nowhere = origin.contains("//0.0.0.0") || origin.contains("//[::]");
    nowhere.then(|| ConfigWarning::LinksNowhere(origin.to_owned()))
}

/// A server that only its own machine can reach needs no TLS.
fn plain_http(config: &Config) -> Option<ConfigWarning> {
    let url = &config.public_url;
    let host = url.host().trim_start_matches('[').trim_end_matches(']');
    let is_local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let is_fine = url.is_https() || is_local && config.listen.ip().is_loopback();
    // Without an address, there is already a warning about that.
    let is_known = unreachable_links(config).is_none();
    (!is_fine && is_known).then(|| ConfigWarning::PlainHttp(url.origin().to_owned()))
}

fn bare_credentials(config: &Config) -> Option<ConfigWarning> {
    let smtp = config.mail.smtp.as_ref()?;
    (smtp.tls == SmtpTls::None && smtp.credentials.is_some()).then_some(ConfigWarning::BareCredentials)
}

fn unverified_database(config: &Config) -> Option<ConfigWarning> {
    (!config.database_url.is_protected()).then_some(ConfigWarning::UnverifiedDatabase)
}

/// The settings files that others can change, or can read though a secret is in them.
fn exposed_files(config: &Config) -> Vec<ConfigWarning> {
    let mut exposed = BTreeSet::new();
    for setting in config.describe() {
        // `described` hides a secret, and a password in a URL.
        let has_secret = setting.value == "(set)" || setting.value.contains("***");
        let (path, rights) = match &setting.origin {
            SettingSource::File { path, .. } if has_secret => (path, OTHERS_READ_WRITE),
            // Docker mounts secrets with 0444, Kubernetes with 0644: there is no other user in a container.
            SettingSource::File { path, .. } | SettingSource::ValueFile { path, .. } => (path, OTHERS_WRITE),
            _ => continue,
        };
        if mode(path).is_some_and(|mode| mode & rights != 0) {
            exposed.insert(path.clone());
        }
    }
    exposed.into_iter().map(ConfigWarning::ExposedFile).collect()
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    let file = std::fs::metadata(path).ok()?;
    Some(std::os::unix::fs::PermissionsExt::mode(&file.permissions()))
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    None
}

/// Where this server itself has no TLS, there is a warning about that.
fn plain_origins(config: &Config) -> impl Iterator<Item = ConfigWarning> {
    let origins = config.cors.allowed_origins.iter().filter(|origin| origin.is_open_to_tampering());
    origins
        .filter(|_| config.public_url.is_https())
        .map(|origin| ConfigWarning::PlainOrigin(origin.as_str().to_owned()))
}

fn former_names(config: &Config) -> impl Iterator<Item = ConfigWarning> {
    config.describe().iter().filter_map(|setting| {
        let (former, origin) = (setting.former_name?, setting.origin.clone());
        Some(ConfigWarning::FormerName { former, name: setting.name, origin })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(pairs: &[(&str, &str)]) -> Vec<String> {
        Config::from_settings(pairs).unwrap().warnings().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_defaults_cause_no_warning() {
        assert!(warnings(&[]).is_empty());
    }

    #[test]
    fn private_keys_in_clear_cause_a_warning() {
        assert_eq!(warnings(&[("tokens.algorithm", "ES256")]).len(), 1);
        assert!(warnings(&[("tokens.algorithm", "ES256"), ("data_key", &"k".repeat(32))]).is_empty());
    }

    #[test]
    fn a_short_signing_key_causes_a_warning_without_the_key() {
        let texts = warnings(&[("signing_key", "hunter2"), ("allow_short_signing_key", "true")]);
        assert_eq!(texts.len(), 1);
        assert!(texts[0].contains("RFC 7518 §3.2") && !texts[0].contains("hunter2"));
        assert!(warnings(&[("signing_key", &"k".repeat(32))]).is_empty());
    }

    #[test]
    fn a_server_elsewhere_that_is_not_verified_causes_a_warning() {
        let with = |url| warnings(&[("database_url", url)]);
        for url in ["postgres://db.example.com/d", "postgres://u:hunter2@10.0.0.1/d?sslmode=require"] {
            let texts = with(url);
            assert!(texts.len() == 1 && texts[0].contains("verify-full") && !texts[0].contains("hunter2"));
        }
        assert!(with("postgres://db.example.com/d?sslmode=verify-full").is_empty());
        assert!(with("postgres://localhost/d").is_empty());
    }

    #[test]
    fn listening_everywhere_without_a_public_url_causes_a_warning() {
        assert!(warnings(&[("listen", "0.0.0.0:8000")])[0].contains("set public_url"));
        assert!(warnings(&[("listen", "[::]:80")])[0].contains("set public_url"));
        let named = [("listen", "0.0.0.0:8000"), ("public_url", "https://a.example")];
        assert!(warnings(&named).is_empty());
    }

    #[test]
    fn a_mail_password_in_plain_text_causes_a_warning() {
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
    fn http_causes_a_warning_if_other_machines_can_reach_it() {
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
            assert!(plain(listen, url)[0].contains("not https"), "{listen} {url}");
        }
    }

    #[test]
    fn a_page_without_tls_that_may_use_the_api_causes_a_warning_if_the_server_has_tls() {
        let listed = |url, origins| warnings(&[("public_url", url), ("cors.allowed_origins", origins)]);
        let https = "https://a.example";
        let texts = listed(https, "http://app.example.com, http://10.0.0.7:81");
        assert_eq!(texts.len(), 2);
        assert!(texts[0].contains("http://app.example.com") && texts[1].contains("http://10.0.0.7:81"));
        let fine = "https://app.example.com, http://localhost:5173, http://[::1]:80, capacitor://localhost";
        assert!(listed(https, fine).is_empty());
        assert!(listed("http://localhost:8000", "http://app.example.com").is_empty());
    }

    #[test]
    fn a_former_name_causes_a_warning_with_the_new_name() {
        let texts = warnings(&[("mail.keep", "1d")]);
        assert_eq!(texts, ["mail.keep is now mail.retention (set in --set); the former name still works"]);
        assert!(warnings(&[("mail.retention", "1d")]).is_empty());
    }
}
