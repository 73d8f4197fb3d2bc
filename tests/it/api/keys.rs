//! Tokens with a key pair: their keys at `/.well-known/jwks.json`, rotation as services with copies of the key set
//! see it, other replicas, changes of the algorithm, and forged headers.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorward::testing::accounts::{Actor, KeyStart, advance_keys, revoke_key, rotate_keys};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::{Value, json};

use crate::http::Request;
use crate::server::TestServer;
use crate::tokens::{Pair, error_of, obtain, refresh, status, text, verify};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const ES256: (&str, &str) = ("tokens.algorithm", "ES256");
const PATH: &str = "/.well-known/jwks.json";

fn header(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}

pub(super) fn kid(token: &str) -> String {
    header(token)["kid"].as_str().unwrap().to_owned()
}

fn with_alice(settings: &[(&str, &str)]) -> TestServer {
    let server = TestServer::with(settings);
    server.add("alice", |_| ());
    server
}

fn rotate(server: &TestServer, start: KeyStart) -> String {
    server.wait(rotate_keys(&server.app, start, &Actor::command_line())).unwrap().kid
}

fn published(server: &TestServer) -> Vec<String> {
    let keys = server.anon().get(PATH).json()["keys"].clone();
    keys.as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_token_of_each_algorithm_is_accepted_and_checked_by_the_published_key() {
    for algorithm in ["ES256", "RS256", "EdDSA"] {
        let server = with_alice(&[("tokens.algorithm", algorithm)]);
        let Pair { access, refresh: token } = obtain(&server, "alice");
        assert_eq!(header(&access), json!({"typ": "JWT", "alg": algorithm, "kid": kid(&token)}));
        assert_eq!((status(&server, &access), verify(&server, &token).0), (200, 200));
        let reply = refresh(&server, &token);
        assert_eq!(status(&server, &text(&reply, "access")), 200);
        let mut service = Service::default();
        service.fetch(&server);
        assert!(service.accepts(&access) && service.accepts(&text(&reply, "access")));
        let key = &server.anon().get(PATH).json()["keys"][0];
        let names: Vec<&String> = key.as_object().unwrap().keys().collect();
        assert!(!names.iter().any(|name| ["d", "p", "q", "k"].contains(&name.as_str())), "{names:?}");
        assert_eq!((&key["alg"], &key["use"]), (&json!(algorithm), &json!("sig")));
    }
}

#[test]
fn the_key_set_may_be_cached_and_read_by_every_page_and_is_empty_for_hs256() {
    let server = TestServer::with(&[ES256]);
    let reply = server.anon().send(Request::get(PATH).header("Origin", "https://elsewhere.example"));
    assert_eq!(reply.status, 200);
    let is = |name: &str| reply.header(name).unwrap_or_default();
    assert_eq!(is("Content-Type"), "application/jwk-set+json");
    assert_eq!(is("Cache-Control"), "public, max-age=300");
    assert_eq!(is("Access-Control-Allow-Origin"), "*");
    let tag = is("ETag");
    let again = |tag: &str| server.anon().send(Request::get(PATH).header("If-None-Match", tag));
    for known in [tag.as_str(), &format!("W/{tag}"), &format!("\"x\", {tag}"), "*"] {
        let reply = again(known);
        assert_eq!(
            (reply.status, reply.body.len(), reply.header("ETag")),
            (304, 0, Some(tag.clone())),
            "{known}"
        );
        assert_eq!(reply.header("Cache-Control").as_deref(), Some("public, max-age=300"));
    }
    assert_eq!(again("\"x\"").status, 200);
    rotate(&server, KeyStart::Published);
    assert_eq!(again(&tag).status, 200, "it has another key now");
    assert_eq!(server.anon().send(Request::head(PATH)).status, 200);
    assert_eq!(server.anon().send(Request::post(PATH)).status, 405);

    let plain = with_alice(&[]);
    assert_eq!(plain.anon().get(PATH).json(), json!({"keys": []}));
    assert_eq!(header(&obtain(&plain, "alice").access), json!({"typ": "JWT", "alg": "HS256"}));
}

/// A service that checks tokens with a copy of the key set, which it reads again when the copy is 300 seconds old, and
/// at no other time.
#[derive(Default)]
struct Service {
    keys: BTreeMap<String, Jwk>,
    fetched_at: Duration,
}

impl Service {
    fn fetch(&mut self, server: &TestServer) {
        let set: JwkSet = serde_json::from_slice(&server.anon().get(PATH).body).unwrap();
        let by_kid = |key: Jwk| (key.common.key_id.clone().unwrap(), key);
        self.keys = set.keys.into_iter().map(by_kid).collect();
    }

    fn fetch_if_old(&mut self, server: &TestServer, now: Duration) {
        if now >= self.fetched_at + 5 * MINUTE {
            self.fetch(server);
            self.fetched_at = now;
        }
    }

    /// Whether the signature is that of a known key. The clock of the tests is none of this library's.
    fn accepts(&self, token: &str) -> bool {
        let header = jsonwebtoken::decode_header(token).unwrap();
        let Some(jwk) = self.keys.get(&header.kid.unwrap()) else { return false };
        let mut validation = Validation::new(header.alg);
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let key = DecodingKey::from_jwk(jwk).unwrap();
        jwk.common.key_algorithm.unwrap().to_string() == format!("{:?}", header.alg)
            && jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok()
    }
}

#[test]
fn ten_services_with_copies_of_300_seconds_accept_every_token_through_rotations() {
    let server = with_alice(&[
        ES256,
        ("keys.rotate_every", "2h"),
        ("access_token_lifetime", "1h"),
        ("refresh_token_lifetime", "3h"),
        ("limits.enabled", "false"),
    ]);
    let mut services: Vec<Service> = (0..10).map(|_| Service::default()).collect();
    for (place, service) in services.iter_mut().enumerate() {
        service.fetch(&server);
        // They read the key set at different times.
        service.fetched_at = Duration::from_secs(30) * u32::try_from(place).unwrap();
    }
    let (mut tokens, mut kids, mut checks) = (Vec::new(), Vec::new(), 0);
    let step = Duration::from_secs(75);
    let mut now = Duration::ZERO;
    while now < 13 * HOUR {
        server.wait(advance_keys(&server.app)).unwrap();
        let token = obtain(&server, "alice").access;
        if kids.last() != Some(&kid(&token)) {
            kids.push(kid(&token));
        }
        tokens.push((now, token));
        tokens.retain(|(issued, _)| now < *issued + HOUR);
        for service in &mut services {
            service.fetch_if_old(&server, now);
            for (_, token) in [tokens.first().unwrap(), tokens.last().unwrap()] {
                assert!(service.accepts(token), "after {now:?}: {}", kid(token));
                checks += 1;
            }
        }
        assert_eq!(status(&server, &tokens.first().unwrap().1), 200, "after {now:?}");
        server.advance(step);
        now += step;
    }
    assert!(kids.len() >= 6 && checks >= 12_000, "{} rotations, {checks} checks", kids.len());
    let listed = published(&server);
    assert!((2..=4).contains(&listed.len()), "keys whose tokens have expired are gone: {listed:?}");
}

#[test]
fn after_a_rotation_at_once_a_service_refuses_tokens_until_it_has_read_the_key_set_once_more() {
    let server = with_alice(&[ES256]);
    let before = obtain(&server, "alice").access;
    let mut services: Vec<Service> = (0..10).map(|_| Service::default()).collect();
    services.iter_mut().for_each(|service| service.fetch(&server));
    rotate(&server, KeyStart::Now);
    let after = obtain(&server, "alice").access;
    assert_ne!(kid(&before), kid(&after));
    for service in &mut services {
        assert!(service.accepts(&before) && !service.accepts(&after));
        service.fetch(&server);
        assert!(service.accepts(&before) && service.accepts(&after));
    }
    assert_eq!((status(&server, &before), status(&server, &after)), (200, 200));
}

#[test]
fn a_published_key_signs_when_it_is_due_and_the_one_before_checks_until_its_last_token_has_expired() {
    let server = with_alice(&[ES256, ("refresh_token_lifetime", "2d")]);
    let old = obtain(&server, "alice");
    let new = rotate(&server, KeyStart::Published);
    let is_waiting = server.wait(rotate_keys(&server.app, KeyStart::Published, &Actor::command_line()));
    assert!(is_waiting.unwrap_err().to_string().contains(&new));
    server.advance(14 * MINUTE);
    server.wait(advance_keys(&server.app)).unwrap();
    assert_eq!(kid(&obtain(&server, "alice").access), kid(&old.access));
    server.advance(MINUTE);
    server.wait(advance_keys(&server.app)).unwrap();
    assert_eq!(kid(&obtain(&server, "alice").access), new);
    server.advance(47 * HOUR);
    server.wait(advance_keys(&server.app)).unwrap();
    assert_eq!(refresh(&server, &old.refresh).status, 200);
    assert_eq!(published(&server).len(), 2);
    server.advance(2 * HOUR);
    assert_eq!(published(&server), [new], "it is gone without any job");
    server.wait(advance_keys(&server.app)).unwrap();
    let private = "SELECT kid AS line FROM signing_keys WHERE private IS NOT NULL";
    assert_eq!(server.database().lines(private).len(), 1, "only the one that signs");
}

#[test]
fn another_replica_knows_a_new_key_and_a_revoked_one_at_its_next_request() {
    let one = with_alice(&[ES256]);
    let two = TestServer::beside(&one, &[ES256]);
    let old = obtain(&two, "alice");
    assert_eq!(status(&one, &old.access), 200);
    // Tokens say when they were signed to the second.
    one.advance(2 * MINUTE);
    two.advance(2 * MINUTE);
    let new = rotate(&one, KeyStart::Now);
    one.advance(2 * MINUTE);
    two.advance(2 * MINUTE);
    let token = obtain(&one, "alice");
    assert_eq!(kid(&token.access), new);
    assert_eq!(status(&two, &token.access), 200, "a key that it has never seen");
    assert_eq!(kid(&obtain(&two, "alice").access), new);

    let revoked = one.wait(revoke_key(&one.app, &kid(&old.access), &Actor::command_line())).unwrap();
    assert_eq!((revoked.sessions, revoked.successor), (1, None));
    for server in [&two, &one] {
        assert_eq!(status(server, &old.access), 401);
        assert_eq!(refresh(server, &old.refresh).status, 401);
        assert_eq!(verify(server, &old.refresh).0, 401);
        assert_eq!(status(server, &token.access), 200);
    }
    let revoked = two.wait(revoke_key(&two.app, &new, &Actor::command_line())).unwrap();
    assert_eq!(revoked.sessions, 2);
    assert_eq!(status(&one, &token.access), 401);
    assert_eq!(kid(&obtain(&one, "alice").access), revoked.successor.unwrap(), "another one signs");
}

#[test]
fn a_change_of_the_algorithm_ends_no_session_in_either_direction() {
    let shared = with_alice(&[]);
    let old = obtain(&shared, "alice");
    let pairs = TestServer::beside(&shared, &[ES256]);
    assert_eq!((status(&pairs, &old.access), refresh(&pairs, &old.refresh).status), (200, 200));
    let access = text(&refresh(&pairs, &old.refresh), "access");
    assert_eq!(header(&access)["alg"], "ES256");
    assert_eq!(status(&shared, &access), 200, "a replica with the earlier setting");
    let new = obtain(&pairs, "alice");

    let back = TestServer::beside(&shared, &[]);
    for access in [&old.access, &new.access, &access] {
        assert_eq!(status(&back, access), 200);
    }
    let reply = refresh(&back, &new.refresh);
    assert_eq!(header(&text(&reply, "access")), json!({"typ": "JWT", "alg": "HS256"}));
    assert_eq!(published(&back).len(), 1, "it checks until its tokens have expired");
    back.advance(11 * 24 * HOUR);
    assert_eq!(back.anon().get(PATH).json(), json!({"keys": []}));
}

#[test]
fn between_two_algorithms_with_pairs_the_new_key_is_published_first() {
    let one = with_alice(&[ES256]);
    let two = TestServer::beside(&one, &[("tokens.algorithm", "EdDSA")]);
    assert_eq!(header(&obtain(&two, "alice").access)["alg"], "ES256");
    assert_eq!(published(&two).len(), 2);
    two.advance(15 * MINUTE);
    two.wait(advance_keys(&two.app)).unwrap();
    let token = obtain(&two, "alice").access;
    assert_eq!(header(&token)["alg"], "EdDSA");
    one.advance(15 * MINUTE);
    assert_eq!(status(&one, &token), 200);
}

#[test]
fn a_forged_header_gets_the_answer_to_a_bad_token_and_nothing_is_fetched() {
    let server = with_alice(&[ES256]);
    let token = obtain(&server, "alice").access;
    let own = kid(&token);
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let url = format!("http://{}/jwks.json", elsewhere.local_addr().unwrap());
    let parts: Vec<&str> = token.split('.').collect();
    let expected = verify(&server, "no token");
    assert_eq!(expected, (401, json!("Token is invalid or expired"), json!("token_not_valid")));
    let user = |token: &str| server.anon().send(Request::get("/api/user/").bearer(token));
    let bad = user(&format!("{}.{}.AAAA", parts[0], parts[1]));
    assert_eq!(bad.status, 401);
    for header in [
        json!({"alg": "ES256", "kid": "unknown"}),
        json!({"alg": "ES256"}),
        json!({"alg": "RS256", "kid": own}),
        json!({"alg": "HS256", "kid": own}),
        json!({"alg": "none", "kid": own}),
        json!({"alg": "none"}),
        json!({"alg": "ES256", "kid": "unknown", "jku": url}),
        json!({"alg": "ES256", "kid": own, "jku": url}),
        json!({"alg": "ES256", "kid": own, "x5u": url}),
        json!({"alg": "ES256", "kid": own, "jwk": {"kty": "EC", "crv": "P-256"}}),
        json!({"alg": "ES256", "kid": own, "crit": ["kid"]}),
        json!({"alg": "ES256", "kid": format!("../../{own}")}),
        json!({"alg": "ES256", "kid": url}),
    ] {
        let forged = format!("{}.{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), parts[1], parts[2]);
        assert_eq!(verify(&server, &forged), expected, "{header}");
        let reply = user(&forged);
        assert_eq!((error_of(&reply), reply.body), (error_of(&bad), bad.body.clone()), "{header}");
    }
    let untouched = elsewhere.accept().unwrap_err();
    assert_eq!(untouched.kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(user(&token).status, 200);
}

#[test]
fn a_token_with_a_bad_signature_is_refused_without_a_look_at_the_stored_keys() {
    for settings in [&[][..], &[ES256]] {
        let server = with_alice(settings);
        let Pair { access, refresh: token } = obtain(&server, "alice");
        assert_eq!(verify(&server, &token).0, 200);
        let bad = |token: &str| format!("{}{}", &token[..token.len() - 8], "AAAAAAAA");
        let unknown = URL_SAFE_NO_PAD.encode(json!({"alg": "ES256", "kid": "unknown"}).to_string());
        let unknown = format!("{unknown}.{}", access.split_once('.').unwrap().1);
        assert_eq!((status(&server, &unknown), verify(&server, &unknown).0), (401, 401));
        // Each look at the stored keys fails from now on.
        server.database().execute("ALTER TABLE signing_keys RENAME TO other_keys");
        for bad in [bad(&access), bad(&token), "no token".to_owned(), access.replace('.', "")] {
            assert_eq!((status(&server, &bad), verify(&server, &bad).0), (401, 401), "{bad}");
        }
        server.advance(48 * HOUR);
        assert_eq!((status(&server, &access), verify(&server, &access).0), (401, 401), "expired");
        assert_eq!((status(&server, &unknown), verify(&server, &unknown).0), (500, 500));
    }
}

#[test]
fn issuer_and_audience_are_in_every_token_and_required() {
    let plain = with_alice(&[ES256]);
    let old = obtain(&plain, "alice").access;
    let server = TestServer::beside(
        &plain,
        &[ES256, ("tokens.issuer", "https://accounts.example.com"), ("tokens.audience", "shop")],
    );
    let pair = obtain(&server, "alice");
    for token in [pair.access.clone(), text(&refresh(&server, &pair.refresh), "access"), pair.refresh] {
        let claims = crate::tokens::claims(&token);
        assert_eq!(
            (&claims["aud"], &claims["iss"]),
            (&json!("shop"), &json!("https://accounts.example.com"))
        );
    }
    assert_eq!((status(&server, &pair.access), status(&server, &old)), (200, 401));
    assert_eq!(status(&plain, &pair.access), 200, "without the settings they do not count");
}

#[test]
fn every_change_of_a_key_is_in_the_audit_log() {
    let server = with_alice(&[ES256]);
    rotate(&server, KeyStart::Published);
    let new = rotate(&server, KeyStart::Now);
    server.wait(revoke_key(&server.app, &new, &Actor::command_line())).unwrap();
    let actions =
        server.database().lines("SELECT action AS line FROM audit WHERE action LIKE 'key-%' ORDER BY id");
    let expected = ["published", "activated", "published", "activated", "revoked", "published", "activated"];
    assert_eq!(actions, expected.map(|word| format!("key-{word}")));
    let details = server.database().lines("SELECT detail AS line FROM audit WHERE action = 'key-revoked'");
    assert_eq!(details, [format!("ES256, {new}")]);
}
