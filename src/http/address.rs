//! Where the browser is that sends a request: by which scheme and under which host it reached this server. A
//! proxy may have terminated TLS and replaced the host, so both can be unknown.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName};

use crate::app::App;
use crate::config::Config;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The scheme of a browser's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WebScheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}

/// Scheme and authority (host, and a port that is not the scheme's own) of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OriginParts<'a> {
    pub scheme: WebScheme,
    authority: &'a [u8],
}

impl<'a> OriginParts<'a> {
    /// The parts of an `http` or `https` origin as browsers send it; `None` for others, `null` among them.
    pub(super) fn parse(origin: &'a [u8]) -> Option<Self> {
        let https = origin.strip_prefix(b"https://").map(|rest| (WebScheme::Https, rest));
        let (scheme, authority) =
            https.or_else(|| origin.strip_prefix(b"http://").map(|rest| (WebScheme::Http, rest)))?;
        Some(Self { scheme, authority: without_own_port(authority, scheme) })
    }

    /// Whether a `Host` header names this authority. Some clients send the port of the scheme along.
    pub(super) fn is_at(&self, host: &[u8]) -> bool {
        !self.authority.is_empty() && without_own_port(host, self.scheme).eq_ignore_ascii_case(self.authority)
    }
}

fn without_own_port(authority: &[u8], scheme: WebScheme) -> &[u8] {
    let port: &[u8] = match scheme {
        WebScheme::Http => b":80",
        WebScheme::Https => b":443",
    };
    authority.strip_suffix(port).unwrap_or(authority)
}

/// The value of a header; several are one list (RFC 9110 §5.3), which fits no single value.
pub(super) fn header_value(request: &HttpRequest, name: HeaderName) -> Option<Vec<u8>> {
    let values: Vec<&[u8]> = request.headers().get_all(name).map(header::HeaderValue::as_bytes).collect();
    (!values.is_empty()).then(|| values.join(&b", "[..]))
}

/// `Sec-Fetch-Site`, which browsers send to https and to their own machine only (Fetch Metadata §2.3).
pub(super) fn sec_fetch_site(request: &HttpRequest) -> Option<Vec<u8>> {
    header_value(request, SEC_FETCH_SITE)
}

/// The scheme that a trusted proxy was asked by. Of a list the first counts, as in Django's
/// `HttpRequest.scheme`.
pub(super) fn forwarded_scheme(request: &HttpRequest, config: &Config) -> Option<WebScheme> {
    if !is_from_trusted_proxy(request, config) {
        return None;
    }
    let value = header_value(request, X_FORWARDED_PROTO)?;
    let first = value.split(|byte| *byte == b',').next()?.trim_ascii();
    if first.eq_ignore_ascii_case(b"https") {
        Some(WebScheme::Https)
    } else {
        first.eq_ignore_ascii_case(b"http").then_some(WebScheme::Http)
    }
}

fn is_from_trusted_proxy(request: &HttpRequest, config: &Config) -> bool {
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    peer.is_some_and(|peer| config.trusted_proxies.iter().any(|net| net.contains(&peer)))
}

/// Whether the browser says itself that its page is at plain http, where it does not store the `Secure` cookies
/// that https in `public_url` leads to. Browsers do store them on their own machine.
pub(crate) fn is_on_plain_http(request: &HttpRequest, app: &App) -> bool {
    let (Some(host), Some(origin)) =
        (header_value(request, header::HOST), header_value(request, header::ORIGIN))
    else {
        return false;
    };
    let is_http =
        OriginParts::parse(&origin).is_some_and(|own| own.scheme == WebScheme::Http && own.is_at(&host));
    app.config.public_url.is_https() && is_http && !is_own_machine(&host)
}

/// Whether a request came to another address than https in `public_url`, as far as that can be known: by plain
/// http, or under another host. Browsers may then not store the cookies.
pub(crate) fn is_elsewhere(request: &HttpRequest, app: &App) -> bool {
    let config = &app.config;
    if !config.public_url.is_https() {
        return false;
    }
    let Some(host) = header_value(request, header::HOST) else { return false };
    if is_on_plain_http(request, app) {
        return true;
    }
    // Sent from https, or on this machine: the browser stores the cookies. A proxy may have replaced the host.
    if sec_fetch_site(request).is_some() {
        return false;
    }
    let is_direct = !config.trusted_proxies.is_empty() && !is_from_trusted_proxy(request, config);
    let is_plain = is_direct || forwarded_scheme(request, config) == Some(WebScheme::Http);
    let is_public_host =
        OriginParts::parse(config.public_url.origin().as_bytes()).is_some_and(|public| public.is_at(&host));
    is_plain || !is_public_host
}

/// Whether the browser says that a page of this server sent the request. No other page can make it say so (Fetch
/// Metadata §2.3).
pub(crate) fn is_from_own_page(request: &HttpRequest) -> bool {
    sec_fetch_site(request).is_some_and(|site| site == b"same-origin")
}

/// Whether a browser opens a page because of a link on another site. Where it sends no `Sec-Fetch-Site`, the
/// referrer says so, if it names another site.
pub(crate) fn is_link_from_other_site(request: &HttpRequest) -> bool {
    match sec_fetch_site(request) {
        Some(site) => {
            let mode = header_value(request, SEC_FETCH_MODE);
            site == b"cross-site" && mode.is_none_or(|mode| mode == b"navigate")
        }
        None => header_value(request, header::REFERER).is_some_and(|referrer| {
            let host = header_value(request, header::HOST).unwrap_or_default();
            origin_of(&referrer).is_some_and(|origin| !origin.is_at(&host))
        }),
    }
}

/// The parts of the origin that a URL begins with.
fn origin_of(url: &[u8]) -> Option<OriginParts<'_>> {
    let mut slashes = url.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    let end = slashes.nth(2).map_or(url.len(), |(at, _)| at);
    OriginParts::parse(&url[..end])
}

/// Whether a host is the machine of its client. Browsers treat plain http to it as secure (Secure Contexts §3.1).
pub(super) fn is_own_machine(host: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(host) else { return false };
    let name = text.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(text, |(name, _)| name);
    let name = name.to_ascii_lowercase();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || name.ends_with(".localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_origin_is_at_its_host_with_and_without_the_port_of_its_scheme() {
        let is_at = |origin: &str, host: &str| {
            OriginParts::parse(origin.as_bytes()).is_some_and(|parts| parts.is_at(host.as_bytes()))
        };
        for (origin, host) in [
            ("https://a.example", "a.example"),
            ("https://a.example", "A.Example:443"),
            ("http://a.example", "a.example:80"),
            ("http://[::1]:8000", "[::1]:8000"),
        ] {
            assert!(is_at(origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("http://a.example", "a.example:443"),
            ("http://a.example", "a.example:8000"),
            ("http://a.example:8000", "a.example"),
            ("http://a.example:8000.evil.example", "a.example:8000"),
            ("ftp://a.example", "a.example"),
            ("a.example", "a.example"),
            ("null", "null"),
            ("http://", ""),
            ("https://:443", ":443"),
        ] {
            assert!(!is_at(origin, host), "{origin} {host}");
        }
    }

    proptest! {
        #[test]
        fn an_origin_is_at_no_host_but_its_own(
            origin in "(https?://)?[a-z.:/@\\[\\]0-9#]{0,12}", host in "[a-z.:/@\\[\\]0-9#]{0,12}"
        ) {
            let is_at = |origin: &str, host: &str| {
                OriginParts::parse(origin.as_bytes()).is_some_and(|parts| parts.is_at(host.as_bytes()))
            };
            if is_at(&origin, &host) {
                let (scheme, authority) = origin.split_once("://").unwrap();
                let port = if scheme == "https" { ":443" } else { ":80" };
                let bare = |text: &str| text.strip_suffix(port).unwrap_or(text).to_owned();
                prop_assert_eq!(bare(authority), bare(&host));
            }
            prop_assert_eq!(is_at(&format!("https://{host}"), &host), !host.is_empty() && host != ":443");
        }
    }

    #[test]
    fn a_browser_on_this_machine_is_recognised_by_its_host() {
        for host in
            ["localhost", "LOCALHOST:8000", "app.localhost:1", "127.0.0.1:8000", "127.3.2.1", "[::1]:80"]
        {
            assert!(is_own_machine(host.as_bytes()), "{host}");
        }
        for host in
            ["localhost.example.com", "nas.lan:8000", "10.0.0.1", "[2001:db8::1]:80", "127.0.0.1.nip.io", ""]
        {
            assert!(!is_own_machine(host.as_bytes()), "{host}");
        }
    }
}
