//! The client of a request. `X-Forwarded-For` counts only if it comes from one of `trusted_proxies`: a client
//! must not choose the address that rate limits and the audit log have for it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderValue};
use ipnet::IpNet;

use crate::accounts::{Actor, ActorKind};
use crate::app::App;

/// The client's address where a trusted proxy names none that can be read: all such clients are counted
/// together, and the audit log does not take them for the proxy.
const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// So many bytes of a header are read as text: more than is kept of it.
const MAX_TEXT: usize = 1024;

/// The address of the client: the connection's, or, where that is a trusted proxy, the last
/// address in `X-Forwarded-For` that is not a trusted proxy's.
#[must_use]
pub(crate) fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let trusted =
        request.app_data::<actix_web::web::Data<App>>().map(|app| app.config.trusted_proxies.as_slice());
    let lines: Vec<&[u8]> = request.headers().get_all("X-Forwarded-For").map(HeaderValue::as_bytes).collect();
    Some(last_untrusted(peer, &lines, trusted.unwrap_or_default()))
}

/// Each proxy appends the address of its client, so the list is read from its end, up to the first address
/// that is not a trusted proxy's. What stands before that one was written by the client.
pub fn last_untrusted(peer: IpAddr, lines: &[&[u8]], trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut client = peer;
    if !is_trusted(&client) {
        return client;
    }
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b','));
    // Empty elements of a list do not count (RFC 9110 §5.6.1).
    for hop in hops.map(<[u8]>::trim_ascii).filter(|hop| !hop.is_empty()) {
        client = parse_hop(hop).unwrap_or(UNKNOWN);
        if !is_trusted(&client) {
            break;
        }
    }
    client
}

/// `10.0.0.1`, `10.0.0.1:1234`, `2001:db8::1` or `[2001:db8::1]:1234`, also in quotes.
fn parse_hop(hop: &[u8]) -> Option<IpAddr> {
    let hop = str::from_utf8(hop).ok()?;
    let hop = between(hop, '"', '"').unwrap_or(hop);
    let bare = between(hop, '[', ']').unwrap_or(hop);
    bare.parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .map(|address| address.to_canonical())
}

fn between(text: &str, start: char, end: char) -> Option<&str> {
    text.strip_prefix(start)?.strip_suffix(end)
}

/// The actor of the request, for a use case.
#[must_use]
pub(crate) fn actor(request: &HttpRequest, kind: ActorKind) -> Actor {
    let user_agent = request.headers().get(header::USER_AGENT).map(|value| text_of(value.as_bytes()));
    Actor::remote(kind, client_address(request), user_agent.as_deref())
}

/// A header as text: bytes that are no UTF-8 become U+FFFD, and control characters spaces.
fn text_of(bytes: &[u8]) -> String {
    let bytes = bytes.get(..MAX_TEXT).unwrap_or(bytes);
    String::from_utf8_lossy(bytes).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let lines: Vec<&[u8]> = forwarded.iter().map(|line| line.as_bytes()).collect();
        client_of_bytes(peer, &lines, trusted)
    }

    fn client_of_bytes(peer: &str, lines: &[&[u8]], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        last_untrusted(peer.parse().unwrap(), lines, &trusted).to_string()
    }

    #[test]
    fn a_client_that_is_not_a_trusted_proxy_cannot_choose_its_address() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn behind_a_trusted_proxy_the_last_untrusted_hop_is_the_client() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(client("10.0.0.1", &["198.51.100.1"], &trusted), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.2.3.4, 198.51.100.1, 10.0.0.2"], &trusted), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.2.3.4", "198.51.100.1"], &trusted), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[], &trusted), "10.0.0.1");
    }

    #[test]
    fn ports_brackets_and_quotes_are_parsed() {
        for hop in
            ["198.51.100.1:4711", "\"198.51.100.1\"", "::ffff:198.51.100.1", "[::ffff:198.51.100.1]:80"]
        {
            assert_eq!(client("10.0.0.1", &[hop], &["10.0.0.0/8"]), "198.51.100.1", "{hop}");
        }
        for hop in ["[2001:db8::1]:4711", "[2001:db8::1]", "\"[2001:db8::1]\"", "2001:DB8::1"] {
            assert_eq!(client("10.0.0.1", &[hop], &["10.0.0.0/8"]), "2001:db8::1", "{hop}");
        }
    }

    #[test]
    fn what_a_client_wrote_before_its_address_changes_nothing() {
        let trusted = ["10.0.0.0/8"];
        for before in
            [&b"\xe9"[..], b"unknown", b"10.0.0.3, ,", b"\"", b",,,", b"1.2.3.4 5.6.7.8", &[b'x'; 60_000]]
        {
            let line = [before, b", 198.51.100.1"].concat();
            assert_eq!(client_of_bytes("10.0.0.1", &[&line], &trusted), "198.51.100.1", "{before:?}");
            assert_eq!(client_of_bytes("10.0.0.1", &[before, b"198.51.100.1"], &trusted), "198.51.100.1");
        }
        for line in ["198.51.100.1,", "198.51.100.1, , 10.0.0.2 ,"] {
            assert_eq!(client("10.0.0.1", &[line], &trusted), "198.51.100.1", "{line}");
        }
    }

    #[test]
    fn a_user_agent_in_any_encoding_is_recorded() {
        for (bytes, text) in [
            (&b"curl/8.5"[..], "curl/8.5"),
            ("Bürobrowser/1".as_bytes(), "Bürobrowser/1"),
            (b"B\xfcro\t1", "B\u{fffd}ro 1"),
        ] {
            assert_eq!(text_of(bytes), text);
        }
        assert_eq!(text_of(&[b'x'; 60_000]).len(), MAX_TEXT);
    }

    #[test]
    fn a_client_whose_address_cannot_be_read_is_not_taken_for_the_proxy() {
        let trusted = ["10.0.0.0/8"];
        for line in [
            "unknown",
            "198.51.100.1, unknown, 10.0.0.2",
            "unix:",
            "198.51.100.1, _x",
            "300.1.1.1",
            "1.2.3.4:99999",
        ] {
            assert_eq!(client("10.0.0.1", &[line], &trusted), "0.0.0.0", "{line}");
        }
        assert_eq!(client_of_bytes("10.0.0.1", &[b"198.51.100.1", b"\xe9"], &trusted), "0.0.0.0");
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"], &trusted), "10.0.0.3");
        assert_eq!(client("10.0.0.1", &["", " , "], &trusted), "10.0.0.1");
    }
}
