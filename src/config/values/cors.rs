//! What pages of other origins may do: the origins themselves, and the headers that their requests may have.

use super::parse::Parsed;
use super::public_url::WebOrigin;

/// Schemes whose pages have no origin of their own, or that no page is loaded by (URL Standard, "origin").
const NO_ORIGIN: [&str; 8] = ["about", "blob", "data", "ftp", "javascript", "mailto", "ws", "wss"];

/// An origin whose pages may call the API, as browsers write it in `Origin` (RFC 6454 §6.2): that of a web site,
/// or of an app in a web view, such as `capacitor://localhost`, `app://.`, `chrome-extension://ID` or `file://`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedOrigin(String);

impl AllowedOrigin {
    /// One trailing slash is ignored. `null` and wildcards are refused with the reason.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        if text.contains('*') {
            return Err("a wildcard would let every web site, or anyone who can publish under the domain, act \
                 for logged-in users, and browsers refuse `*` beside cookies (Fetch Standard, \"CORS protocol and \
                 credentials\"); list the exact origins"
                .to_owned());
        }
        if text.eq_ignore_ascii_case("null") {
            return Err("every web site can send the origin `null`, from a sandboxed frame; list the exact \
                 origins, such as capacitor://localhost or file://"
                .to_owned());
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(expected)?;
        let scheme = scheme.to_ascii_lowercase();
        if matches!(scheme.as_str(), "http" | "https") {
            return WebOrigin::parse(text).map(|origin| Self(origin.as_str().to_owned()));
        }
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        // The one origin without a host: that of files in some web views. Others say `null`.
        let is_file = scheme == "file" && authority.is_empty();
        if is_file || is_scheme(&scheme) && is_authority(authority) {
            Ok(Self(format!("{scheme}://{authority}")))
        } else {
            Err(expected())
        }
    }

    /// The origin as browsers send it: `https://app.example.com`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an `Origin` header is this origin. Browsers differ in the letter case of hosts that are no domains.
    pub fn is(&self, header: &[u8]) -> bool {
        self.0.as_bytes().eq_ignore_ascii_case(header)
    }

    /// Whether anyone on the way to the page can change it, because it is loaded without TLS. The browser's own machine is not on any way.
    pub(crate) fn is_open_to_tampering(&self) -> bool {
        let Some(authority) = self.0.strip_prefix("http://") else { return false };
        let host = authority.rsplit_once(':').filter(|(_, port)| !port.contains(']'));
        let host = host.map_or(authority, |(host, _)| host);
        let is_local = host == "localhost"
            || host.ends_with(".localhost")
            || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        !is_local
    }
}

fn expected() -> String {
    "expected a scheme and a host and nothing behind it, such as https://app.example.com or \
     capacitor://localhost"
        .to_owned()
}

/// A scheme (RFC 3986 §3.1) that pages are loaded by.
fn is_scheme(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(is_part)
        && !NO_ORIGIN.contains(&text)
}

/// A host of any kind, such as an id or a lone dot, with a port or without.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match is_bracketed {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            !host.is_empty() && host.bytes().all(is_part)
        }
    };
    is_host && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port))
}

/// The name of a request header that pages of other origins may set, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHeader(String);

impl AllowedHeader {
    /// A field name of HTTP (RFC 9110 §5.1). A wildcard is refused with the reason.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        if text == "*" {
            return Err("browsers take `*` for the name of a header beside cookies (Fetch Standard, \
                 \"CORS-preflight fetch\"); list the names"
                .to_owned());
        }
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if text.is_empty() || text.len() > 100 || !text.bytes().all(is_token) {
            return Err(
                "expected names of headers, such as sentry-trace or cache-control, separated by commas"
                    .to_owned(),
            );
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The name, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_of_web_sites_and_apps_are_taken_as_browsers_write_them() {
        for (text, origin) in [
            ("https://App.Example.com:443/", "https://app.example.com"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("ionic://localhost/", "ionic://localhost"),
            ("Tauri://localhost", "tauri://localhost"),
            ("app://.", "app://."),
            ("app://obsidian.md", "app://obsidian.md"),
            (
                "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
                "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
            ),
            (
                "moz-extension://0b7e4d2c-1f5a-4a4f-9a53-0d0f4c7b9c11",
                "moz-extension://0b7e4d2c-1f5a-4a4f-9a53-0d0f4c7b9c11",
            ),
            ("safari-web-extension://0B7E4D2C-1F5A", "safari-web-extension://0B7E4D2C-1F5A"),
            ("ms-appx-web://a_b", "ms-appx-web://a_b"),
            ("file://", "file://"),
            ("file:///", "file://"),
            ("app://[::1]:80", "app://[::1]:80"),
        ] {
            let parsed = AllowedOrigin::parse(text).unwrap_or_else(|refused| panic!("{text}: {refused}"));
            assert_eq!(parsed.as_str(), origin);
            assert!(parsed.is(origin.as_bytes()) && !parsed.is(b"https://evil.example"), "{text}");
        }
        assert!(
            AllowedOrigin::parse("safari-web-extension://0B7E").unwrap().is(b"safari-web-extension://0b7e")
        );
    }

    #[test]
    fn what_no_browser_sends_as_an_origin_is_refused() {
        for text in [
            "",
            "app.example.com",
            "localhost:5173",
            "://x",
            "capacitor:localhost",
            "capacitor://",
            "1app://x",
            "capacitor://localhost/x",
            "capacitor://localhost//",
            "capacitor://a b",
            "capacitor://u@localhost",
            "capacitor://localhost?x",
            "capacitor://localhost#x",
            "app://a:b",
            "app://a:",
            "app://a:080",
            "app://[::1",
            "app://ä",
            "file://host/x",
            "file:////",
            "ws://a.example",
            "data://x",
            "https://a.example/x",
            "https://",
        ] {
            assert!(AllowedOrigin::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn null_and_wildcards_are_refused_with_the_reason() {
        for text in ["*", "https://*.example.com", "capacitor://*"] {
            let refused = AllowedOrigin::parse(text).unwrap_err();
            assert!(refused.contains("act for logged-in users"), "{refused}");
        }
        for text in ["null", "NULL"] {
            assert!(AllowedOrigin::parse(text).unwrap_err().contains("sandboxed frame"), "{text}");
        }
    }

    #[test]
    fn names_of_headers_are_tokens_in_any_letter_case() {
        assert_eq!(AllowedHeader::parse("Sentry-Trace").unwrap().as_str(), "sentry-trace");
        assert!(AllowedHeader::parse("*").unwrap_err().contains("list the names"));
        for text in ["", "a b", "a:b", "a,b", "ä", "a\r\n"] {
            assert!(AllowedHeader::parse(text).is_err(), "{text:?}");
        }
    }
}
