//! The client of a request. `X-Forwarded-For` counts only if it comes from one of `trusted_proxies`: a client
//! must not choose the address that rate limits and the audit log have for it.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header;
use ipnet::IpNet;

use crate::accounts::{Actor, ActorKind};
use crate::app::App;

/// The address of the client: the connection's, or, where that is a trusted proxy, the last
/// address in `X-Forwarded-For` that is not a trusted proxy's.
#[must_use]
pub(crate) fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let trusted =
        request.app_data::<actix_web::web::Data<App>>().map(|app| app.config.trusted_proxies.as_slice());
    let forwarded = request.headers().get_all("X-Forwarded-For").filter_map(|value| value.to_str().ok());
    Some(last_untrusted(peer, forwarded, trusted.unwrap_or_default()))
}

/// Each proxy appends the address of its client, so the list is read from its end. Entries before one that
/// is not an address are ignored: their source is unknown.
fn last_untrusted<'a>(peer: IpAddr, forwarded: impl Iterator<Item = &'a str>, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let hops: Vec<&str> = forwarded.flat_map(|line| line.split(',')).collect();
    let mut client = peer;
    for hop in hops.into_iter().rev() {
        let Some(address) = parse_hop(hop) else { break };
        client = address;
        if !is_trusted(&address) {
            break;
        }
    }
    client
}

/// `10.0.0.1`, `10.0.0.1:1234`, `2001:db8::1` or `[2001:db8::1]:1234`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    bare.parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip()))
        .map(|address| address.to_canonical())
}

/// The actor of the request, for a use case.
#[must_use]
pub(crate) fn actor(request: &HttpRequest, kind: ActorKind) -> Actor {
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Actor::remote(kind, client_address(request), user_agent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        last_untrusted(peer.parse().unwrap(), forwarded.iter().copied(), &trusted).to_string()
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
    fn ports_and_brackets_are_parsed_and_entries_before_an_invalid_one_ignored() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(client("10.0.0.1", &["198.51.100.1:4711"], &trusted), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]:4711"], &trusted), "2001:db8::1");
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]"], &trusted), "2001:db8::1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"], &trusted), "10.0.0.2");
    }
}
