//! Values of cookies: names, domains and `SameSite`.

use super::parse::Parsed;

/// The cookie attribute `SameSite` (RFC 6265bis §5.6.7): which requests carry the cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// Requests from this site's own pages.
    Strict,
    /// Also the request that follows a link to this site.
    Lax,
    /// All requests.
    None,
}

impl SameSite {
    /// Every value by its word.
    pub const WORDS: [(&'static str, Self); 3] =
        [("Strict", Self::Strict), ("Lax", Self::Lax), ("None", Self::None)];
}

/// A cookie's name: a token of HTTP (RFC 9110 §5.6.2).
pub(crate) fn name(text: &str) -> Parsed<String> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if text.is_empty() || text.len() > 100 || !text.bytes().all(is_token) {
        return Err("expected letters, digits, - and _, such as access_token".to_owned());
    }
    Ok(text.to_owned())
}

/// A domain. A leading dot has no meaning any more and is dropped (RFC 6265 §5.2.3).
pub(crate) fn domain(text: &str) -> Parsed<String> {
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
    fn names_must_be_ones_that_browsers_accept() {
        for name in ["", "a b", "a=b", "a;b", "ä"] {
            assert!(refused(&[("cookies.access_name", name)]).contains("expected letters"), "{name}");
        }
        assert!(refused(&[("cookies.refresh_name", "access_token")]).contains("other cookie"));
        assert!(refused(&[("cookies.access_name", "__Host-a")]).contains("TLS"));
        let url = ("public_url", "https://a.example");
        assert!(Config::from_settings(&[url, ("cookies.access_name", "__Host-a")]).is_ok());
        assert!(refused(&[url, ("cookies.refresh_name", "__Host-a")]).contains("path /"));
        assert!(refused(&[("cookies.access_name", "__Secure-a")]).contains("TLS"));
    }

    #[test]
    fn the_names_of_cookies_of_the_pages_are_refused() {
        let url = ("public_url", "https://a.example");
        for setting in ["cookies.access_name", "cookies.refresh_name"] {
            for name in ["doorward_admin", "doorward_session", "doorward_flash", "__Secure-doorward_admin"] {
                let text = refused(&[url, (setting, name)]);
                assert!(text.contains("begin with doorward_") && text.contains(setting), "{text}");
            }
        }
        assert!(refused(&[url, ("cookies.access_name", "__Host-doorward_admin")]).contains("doorward_"));
        let prefixed = [url, ("cookies.host_prefix", "true"), ("cookies.access_name", "doorward_admin")];
        assert!(refused(&prefixed).contains("begin with doorward_"));
        assert!(Config::from_settings(&[("cookies.access_name", "mydoorward_token")]).is_ok());
    }

    #[test]
    fn the_host_prefix_is_refused_where_browsers_would_refuse_the_cookies() {
        let prefix = ("cookies.host_prefix", "true");
        let url = ("public_url", "https://a.example.com");
        let config = Config::from_settings(&[prefix, url]).unwrap();
        assert_eq!(config.cookies.access_cookie(), "__Host-access_token");
        assert_eq!(config.cookies.refresh_cookie(), "__Host-refresh_token");
        for (more, reason) in [
            (vec![], "public_url must be https"),
            (vec![url, ("cookies.domain", "example.com")], "unset cookies.domain"),
            (vec![url, ("cookies.access_name", "__Host-a")], "adds the prefix"),
            (vec![url, ("cookies.refresh_name", "__Secure-a")], "adds the prefix"),
        ] {
            let text = refused(&[&[prefix][..], &more].concat());
            assert!(text.contains(reason), "{text}");
        }
    }
}
