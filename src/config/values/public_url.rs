//! The origin of this server, and of web sites in general.

use std::{fmt, net::SocketAddr};

use url::Url;

use super::parse::Parsed;

/// Scheme, host and port in the spelling that browsers send as `Origin` (RFC 6454 §6.2): lower
/// case, no default port, no trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebOrigin(String);

/// How browsers and mails reach this server. It has no path: the server answers at `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(WebOrigin);

impl WebOrigin {
    /// An `http` or `https` URL with only host and port; one trailing slash is ignored.
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        Url::parse(text)
            .ok()
            .filter(|url| is_bare(url, text))
            .map(|url| Self(url.origin().ascii_serialization()))
            .ok_or_else(|| {
                "expected http:// or https:// with a host and nothing behind it, such as \
                 https://accounts.example.com"
                    .to_owned()
            })
    }

    /// The origin as browsers send it: `https://app.example.com`.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl PublicUrl {
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        WebOrigin::parse(text).map(Self)
    }

    /// The URL of a server without a proxy; `None` for an address that no URL can contain, such as one
    /// with an IPv6 scope.
    pub(crate) fn of_listener(address: SocketAddr) -> Option<Self> {
        Self::parse(&format!("http://{address}")).ok()
    }

    /// Whether browsers reach this server over TLS, and cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.origin().starts_with("https:")
    }

    /// The host without its port.
    pub fn host(&self) -> &str {
        let (_, place) = self.origin().split_once("://").unwrap_or_default();
        place.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(place, |(host, _)| host)
    }

    /// The origin without a trailing slash. With a path appended, it is a link.
    pub fn origin(&self) -> &str {
        self.0.as_str()
    }
}

/// Whether `url` has only host and port. The text is checked too, since the parser drops tabs, empty
/// parts and backslashes, which an exact origin must not have.
fn is_bare(url: &Url, text: &str) -> bool {
    let plain = !text.contains(['@', '?', '#', '\\']) && !text.contains(char::is_whitespace);
    let slashes = text.matches('/').count() - usize::from(text.ends_with('/'));
    matches!(url.scheme(), "http" | "https") && url.path() == "/" && plain && slashes == 2
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_spelled_as_browsers_send_it() {
        let origin = |text| WebOrigin::parse(text).unwrap().0;
        assert_eq!(origin("https://App.Example.com:443/"), "https://app.example.com");
        assert_eq!(origin("http://app.example.com:8080"), "http://app.example.com:8080");
        assert_eq!(origin("https://bücher.example"), "https://xn--bcher-kva.example");
        assert_eq!(origin("http://[::1]:80"), "http://[::1]");
    }

    #[test]
    fn paths_queries_users_and_other_schemes_are_refused() {
        let refused = [
            "",
            "app.example.com",
            "localhost:8000",
            "ftp://a.example",
            "https://",
            "null",
            "https://a.example/x",
            "https://a.example/?",
            "https://a.example#",
            "https://a.example//",
            "https://u@a.example",
            "https://u:p@a.example",
            "https:a.example",
            "https:/a.example",
            "https://a.example/.",
            "https://a.exa\tmple",
            "https:\\\\a.example",
        ];
        for text in refused {
            assert!(WebOrigin::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn cookies_are_secure_if_the_public_url_is_https() {
        assert!(PublicUrl::parse("https://a.example").unwrap().is_https());
        assert!(!PublicUrl::parse("http://https.example").unwrap().is_https());
    }

    #[test]
    fn the_host_of_the_public_url_has_no_port() {
        for (url, host) in [
            ("https://a.example", "a.example"),
            ("http://a.example:81", "a.example"),
            ("http://[::1]:81", "[::1]"),
            ("http://[::1]", "[::1]"),
        ] {
            assert_eq!(PublicUrl::parse(url).unwrap().host(), host);
        }
    }

    #[test]
    fn the_public_url_of_a_listener_is_its_address_over_http() {
        let url = |text: &str| PublicUrl::of_listener(text.parse().unwrap()).map(|u| u.to_string());
        assert_eq!(url("127.0.0.1:8000").as_deref(), Some("http://127.0.0.1:8000"));
        assert_eq!(url("[::1]:8000").as_deref(), Some("http://[::1]:8000"));
        assert_eq!(url("[fe80::1%3]:8000"), None);
    }
}
