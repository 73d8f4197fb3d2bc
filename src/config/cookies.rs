//! What the cookies are called and who gets them. Called by `validate`.

use super::parse::{self, Parsed};
use super::public_url::PublicUrl;

/// `cookies.*`: the cookies that log browsers in.
#[derive(Debug, Clone)]
pub struct CookiesConfig {
    /// The name of the cookie with the access token.
    pub access_name: String,
    /// Whether there is a cookie with a refresh token.
    pub refresh: bool,
    /// Its name.
    pub refresh_name: String,
    /// The domain whose servers all get the cookies; this server alone without one.
    pub domain: Option<String>,
    /// From where browsers send them.
    pub same_site: SameSite,
}

/// The attribute of that name (RFC 6265bis §5.6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// From this site's own pages.
    Strict,
    /// Also when somebody follows a link to this site.
    Lax,
    /// From anywhere.
    None,
}

impl SameSite {
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        parse::choice(text, &[("Strict", Self::Strict), ("Lax", Self::Lax), ("None", Self::None)])
    }
}

/// A cookie's name: a token of HTTP (RFC 9110 §5.6.2).
pub(super) fn name(text: &str) -> Parsed<String> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if text.is_empty() || text.len() > 100 || !text.bytes().all(is_token) {
        return Err("expected letters, digits, - and _, such as access_token".to_owned());
    }
    Ok(text.to_owned())
}

/// A domain, without the dot before it that is of no meaning any more (RFC 6265 §5.2.3).
pub(super) fn domain(text: &str) -> Parsed<String> {
    let bare = text.strip_prefix('.').unwrap_or(text).to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if bare.split('.').all(is_label) {
        Ok(bare)
    } else {
        Err("expected a domain, such as example.com".to_owned())
    }
}

impl CookiesConfig {
    /// What browsers would not keep, or what would get mixed up: the setting, and the reason.
    pub(super) fn conflict(&self, url: &PublicUrl) -> Option<(&'static str, &'static str)> {
        let is_https = url.is_https();
        let names =
            [("cookies.access_name", &self.access_name), ("cookies.refresh_name", &self.refresh_name)];
        let prefixed =
            |prefix| names.iter().find(|(_, name)| name.starts_with(prefix)).map(|(setting, _)| *setting);
        let is_elsewhere = self.domain.as_deref().is_some_and(|domain| !is_within(url.host(), domain));
        if self.same_site == SameSite::None && !is_https {
            Some(("cookies.same_site", "browsers take None only over TLS; public_url must be https"))
        } else if is_elsewhere {
            Some(("cookies.domain", "browsers refuse it, because public_url is not within it"))
        } else if self.access_name == self.refresh_name {
            Some(("cookies.refresh_name", "it is the name of the other cookie"))
        } else if let (Some(setting), false) = (prefixed("__Secure-"), is_https) {
            Some((setting, "browsers take __Secure- only over TLS; public_url must be https"))
        } else if self.refresh_name.starts_with("__Host-") {
            Some(("cookies.refresh_name", "browsers take __Host- only with the path /"))
        } else if let (Some(setting), true) = (prefixed("__Host-"), !is_https || self.domain.is_some()) {
            Some((setting, "browsers take __Host- only over TLS and without cookies.domain"))
        } else {
            None
        }
    }
}

/// RFC 6265 §5.1.3.
fn is_within(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn refused(pairs: &[(&str, &str)]) -> String {
        Config::from_settings(pairs).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn same_site_none_needs_tls() {
        let none = ("cookies.same_site", "none");
        assert!(refused(&[none]).contains("public_url must be https"));
        assert!(Config::from_settings(&[none, ("public_url", "https://a.example")]).is_ok());
    }

    #[test]
    fn the_public_url_must_be_within_the_domain() {
        let url = ("public_url", "https://accounts.example.com:8443");
        for domain in ["example.com", ".Example.com", "accounts.example.com"] {
            let config = Config::from_settings(&[url, ("cookies.domain", domain)]).unwrap();
            assert!(!config.cookies.domain.unwrap().starts_with('.'));
        }
        for domain in ["ample.com", "other.example.com", "a.accounts.example.com"] {
            assert!(refused(&[url, ("cookies.domain", domain)]).contains("not within it"), "{domain}");
        }
        for domain in ["", "a..b", "a b", "https://example.com", "example.com;x"] {
            assert!(refused(&[url, ("cookies.domain", domain)]).contains("expected a domain"), "{domain}");
        }
    }

    #[test]
    fn names_are_such_as_browsers_keep() {
        for name in ["", "a b", "a=b", "a;b", "ä"] {
            assert!(refused(&[("cookies.access_name", name)]).contains("expected letters"), "{name}");
        }
        assert!(refused(&[("cookies.refresh_name", "access_token")]).contains("the other cookie"));
        assert!(refused(&[("cookies.access_name", "__Host-a")]).contains("TLS"));
        let url = ("public_url", "https://a.example");
        assert!(Config::from_settings(&[url, ("cookies.access_name", "__Host-a")]).is_ok());
        assert!(refused(&[url, ("cookies.refresh_name", "__Host-a")]).contains("path /"));
        assert!(refused(&[("cookies.access_name", "__Secure-a")]).contains("TLS"));
    }
}
