//! What a configuration allows but deserves a word at start.

use super::{Config, SigningKey, SmtpTls};

/// A sentence for each doubtful value.
pub(super) fn of(config: &Config) -> Vec<String> {
    [short_key(config), unreachable_links(config), bare_credentials(config)].into_iter().flatten().collect()
}

fn short_key(config: &Config) -> Option<String> {
    let key = config.signing_key.as_ref()?;
    key.is_short().then(|| {
        format!(
            "signing_key is shorter than the {} bytes that RFC 7518 §3.2 demands for HS256; a short \
             key can be guessed from a token",
            SigningKey::ADVISED_BYTES
        )
    })
}

/// `0.0.0.0` and `[::]` stand for every address of the machine and are no one's address.
fn unreachable_links(config: &Config) -> Option<String> {
    let origin = config.public_url.origin();
    let nowhere = origin.contains("//0.0.0.0") || origin.contains("//[::]");
    nowhere.then(|| format!("links will read {origin}, which leads nowhere; set public_url"))
}

fn bare_credentials(config: &Config) -> Option<String> {
    let smtp = config.mail.smtp.as_ref()?;
    (smtp.tls == SmtpTls::None && smtp.credentials.is_some()).then(|| {
        "mail.smtp.tls is none, so everybody on the way to the mail server can read its password".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(pairs: &[(&str, &str)]) -> Vec<String> {
        Config::from_settings(pairs).unwrap().warnings()
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
}
