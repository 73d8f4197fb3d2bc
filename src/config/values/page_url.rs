//! The URL of a page of another server.

use url::Url;

use super::parse::Parsed;

/// An `http` or `https` URL, without a username or password in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageUrl(Url);

impl PageUrl {
    /// An absolute URL; the error says what is allowed.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        let is_page = |url: &Url| {
            matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
        };
        Url::parse(text)
            .ok()
            .filter(is_page)
            .map(Self)
            .ok_or_else(|| "expected a URL such as https://app.example.com/account/password".to_owned())
    }

    /// The URL in ASCII.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_an_absolute_web_address_without_secrets() {
        assert_eq!(
            PageUrl::parse("https://bücher.de/a?b#c").unwrap().as_str(),
            "https://xn--bcher-kva.de/a?b#c"
        );
        for text in ["", "/account", "javascript:alert(1)", "https://a:b@example.com/", "ftp://example.com"] {
            assert!(PageUrl::parse(text).is_err(), "{text}");
        }
    }
}
