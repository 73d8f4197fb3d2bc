//! API keys, and `POST /api/token/introspect/`, which needs one.

use std::time::Duration;

use doorward::testing::accounts::{Actor, deactivate, record_last_seen, revoke_api_key};
use doorward::testing::api::{Access, ENDPOINTS};
use doorward::testing::types::ApiScope;
use serde_json::{Value, json};

use crate::http::{Reply, Request};
use crate::machine::Machine;
use crate::server::TestServer;
use crate::tokens::{Pair, claims, obtain, refresh, text};

const PATH: &str = "/api/token/introspect/";

fn verdict(machine: &Machine, token: &str) -> Value {
    let reply = machine.post(PATH, &json!({"token": token}));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("Cache-Control").as_deref(), Some("no-store"));
    reply.json()
}

fn refused(reply: &Reply) -> (u16, Value, Option<String>) {
    (reply.status, reply.json(), reply.header("WWW-Authenticate"))
}

fn unauthorized(detail: &str) -> (u16, Value, Option<String>) {
    (401, json!({"detail": detail}), Some("Api-Key realm=\"api\"".to_owned()))
}

fn with_alice() -> TestServer {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server
}

fn last_used(server: &TestServer) -> Vec<String> {
    server.wait(record_last_seen(&server.app)).unwrap();
    server.database().lines("SELECT coalesce(CAST(last_used_at AS TEXT), 'never') AS line FROM api_keys")
}

#[test]
fn a_service_learns_whose_a_token_is_and_how_long_it_is_good() {
    let server = with_alice();
    let machine = server.machine(&[ApiScope::TokensIntrospect]);
    let Pair { access, .. } = obtain(&server, "alice");
    let own = claims(&access);
    let expected = json!({
        "active": true,
        "token_type": "Bearer",
        "sub": own["user_id"].to_string(),
        "username": "alice",
        "exp": own["exp"],
        "iat": own["iat"],
        "jti": own["jti"],
    });
    assert_eq!(verdict(&machine, &access), expected);
    let form =
        machine.send(Request::post(PATH).form(&[("token", &access), ("token_type_hint", &"x".to_owned())]));
    assert_eq!((form.status, form.json()), (200, expected));
    let missing = machine.post(PATH, &json!({}));
    assert_eq!((missing.status, missing.json()), (400, json!({"token": ["This field is required."]})));
    assert_eq!(machine.get(PATH).status, 405);
}

#[test]
fn a_token_that_is_not_good_is_inactive_and_nothing_else_is_said() {
    let server = with_alice();
    let machine = server.machine(&[ApiScope::TokensIntrospect]);
    let inactive = json!({"active": false});
    for token in ["nonsense", "a.b.c", machine.key.as_str()] {
        assert_eq!(verdict(&machine, token), inactive, "{token}");
    }
    let ended = obtain(&server, "alice");
    let holder = crate::tokens::holder(&server, &ended.access);
    assert_eq!(holder.post("/api/logout/", &json!({})).status, 200);
    assert_eq!(verdict(&machine, &ended.access), inactive);
    let Pair { access, .. } = obtain(&server, "alice");
    assert_eq!(verdict(&machine, &access)["active"], true);
    let alice = server.find("alice").unwrap().id;
    server.wait(deactivate(&server.app, alice, None, &Actor::command_line())).unwrap();
    assert_eq!(verdict(&machine, &access), inactive);
    server.add("bob", |_| ());
    let Pair { access, .. } = obtain(&server, "bob");
    server.advance(Duration::from_secs(400 * 24 * 3600));
    assert_eq!(verdict(&machine, &access), inactive);
}

#[test]
fn a_refresh_token_is_active_only_for_a_service_that_asks_for_it_and_until_it_is_replaced() {
    let server = TestServer::with(&[("tokens.rotate_refresh", "true"), ("tokens.reuse_grace", "0s")]);
    server.add("alice", |_| ());
    let machine = server.machine(&[ApiScope::TokensIntrospect]);
    let Pair { refresh: token, .. } = obtain(&server, "alice");
    assert_eq!(verdict(&machine, &token), json!({"active": false}));
    let asked =
        |token: &str| machine.post(PATH, &json!({"token": token, "token_type_hint": "refresh_token"})).json();
    let answer = asked(&token);
    assert_eq!((&answer["active"], &answer["token_type"]), (&json!(true), &json!("refresh_token")));
    let next = text(&refresh(&server, &token), "refresh");
    assert_eq!((asked(&token), asked(&next)["active"].clone()), (json!({"active": false}), json!(true)));
}

#[test]
fn bad_tokens_that_a_service_asks_about_do_not_count_against_it() {
    let server = TestServer::with(&[("limits.bad_tokens_per_address", "2")]);
    let machine = server.machine(&[ApiScope::TokensIntrospect]);
    for _ in 0..5 {
        assert_eq!(verdict(&machine, "nonsense"), json!({"active": false}));
    }
}

#[test]
fn a_key_that_is_missing_wrong_expired_or_revoked_is_401_and_one_without_the_scope_403() {
    let server = with_alice();
    let anon = server.anon().post(PATH, &json!({"token": "x"}));
    assert_eq!(refused(&anon), unauthorized("Authentication credentials were not provided."));
    let mut machine = server.machine(&[ApiScope::TokensIntrospect]);
    let other = server.machine(&[ApiScope::UsersRead]);
    let forbidden = json!({"detail": "You do not have permission to perform this action."});
    assert_eq!(refused(&other.post(PATH, &json!({"token": "x"}))), (403, forbidden, None));
    let right = machine.key.clone();
    for wrong in [
        String::new(),
        "nonsense".to_owned(),
        format!("{}{}", &right[..21], &other.key[21..]),
        format!("{}0000000000000000{}", &right[..4], &right[20..]),
        right.to_uppercase(),
        format!("{right} {right}"),
    ] {
        machine.key = wrong;
        let reply = machine.post(PATH, &json!({"token": "x"}));
        assert_eq!(refused(&reply), unauthorized("Invalid API key."), "{}", machine.key);
    }
    machine.key = right;
    assert_eq!(machine.post(PATH, &json!({"token": "x"})).status, 200);
    server.wait(revoke_api_key(&server.app, machine.id, &Actor::command_line())).unwrap();
    assert_eq!(refused(&machine.post(PATH, &json!({"token": "x"}))), unauthorized("Invalid API key."));
    let brief = server.machine_with(&[ApiScope::TokensIntrospect], |new| {
        new.lifetime = Some(Duration::from_secs(60));
    });
    assert_eq!(brief.post(PATH, &json!({"token": "x"})).status, 200);
    server.advance(Duration::from_secs(60));
    assert_eq!(refused(&brief.post(PATH, &json!({"token": "x"}))), unauthorized("Invalid API key."));
}

#[test]
fn a_key_is_good_only_from_its_networks() {
    let server = TestServer::start();
    let machine = server.machine_with(&[ApiScope::TokensIntrospect], |new| {
        new.networks = vec!["127.0.1.0/24".parse().unwrap(), "::1/128".parse().unwrap()];
    });
    let from = |source: &str| {
        machine.send_from(source.parse().unwrap(), Request::post(PATH).json(&json!({"token": "x"})))
    };
    assert_eq!(from("127.0.1.7").status, 200);
    assert_eq!(refused(&from("127.0.2.7")), unauthorized("Invalid API key."));
}

#[test]
fn bad_keys_are_limited_by_network_and_a_good_one_is_accepted_all_the_same() {
    let server = TestServer::with(&[("limits.bad_tokens_per_address", "3")]);
    let machine = server.machine(&[ApiScope::TokensIntrospect]);
    let bad = Machine { key: "nonsense".to_owned(), ..server.mighty_machine() };
    let statuses: Vec<u16> = (0..5).map(|_| bad.post(PATH, &json!({"token": "x"})).status).collect();
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
    let throttled = bad.post(PATH, &json!({"token": "x"}));
    assert!(throttled.header("Retry-After").is_some(), "{}", throttled.text());
    assert_eq!(machine.post(PATH, &json!({"token": "x"})).status, 200);
}

#[test]
fn the_last_use_is_stored_in_the_background_at_most_once_a_minute() {
    let server = TestServer::start();
    let machine = server.machine(&[ApiScope::TokensIntrospect]);
    assert_eq!(last_used(&server), ["never"]);
    assert_eq!(machine.post(PATH, &json!({"token": "x"})).status, 200);
    let first = last_used(&server);
    assert_ne!(first, ["never"]);
    server.advance(Duration::from_secs(30));
    assert_eq!(machine.post(PATH, &json!({"token": "x"})).status, 200);
    assert_eq!(last_used(&server), first);
    server.advance(Duration::from_secs(31));
    assert_eq!(machine.post(PATH, &json!({"token": "x"})).status, 200);
    assert_ne!(last_used(&server), first);
}

#[test]
fn a_key_opens_no_route_of_a_person_and_a_person_no_route_of_a_machine() {
    let server = TestServer::start();
    let (admin, machine) = (server.admin(), server.mighty_machine());
    for endpoint in ENDPOINTS {
        let path = format!("{}/", endpoint.path.replace("{id}", "1"));
        for operation in endpoint.operations {
            let request = || Request::new(operation.method.as_str(), &path).json(&json!({}));
            match endpoint.access {
                Access::ApiKey => assert_eq!(admin.send(request()).status, 401, "{path}"),
                Access::User => assert_eq!(machine.send(request()).status, 401, "{path}"),
                Access::Public | Access::HeaderToken => {}
            }
        }
    }
}

#[test]
fn every_operation_for_machines_needs_its_scope() {
    let server = TestServer::start();
    for endpoint in ENDPOINTS.iter().filter(|endpoint| endpoint.access == Access::ApiKey) {
        let path = format!("{}/", endpoint.path.replace("{id}", "1"));
        for operation in endpoint.operations {
            let needed = operation.scope.expect("an operation for machines declares its scope");
            let others: Vec<ApiScope> = ApiScope::WORDS
                .into_iter()
                .map(|(_, scope)| scope)
                .filter(|scope| *scope != needed)
                .collect();
            let request = || Request::new(operation.method.as_str(), &path).json(&json!({}));
            assert_eq!(server.machine(&others).send(request()).status, 403, "{path}");
            assert_ne!(server.machine(&[needed]).send(request()).status, 403, "{path}");
        }
    }
}

#[test]
fn routes_for_machines_are_not_shared_with_pages_of_other_origins() {
    let server = TestServer::with(&[("cors.allowed_origins", "https://app.example")]);
    for endpoint in ENDPOINTS {
        let path = format!("{}/", endpoint.path.replace("{id}", "1"));
        let preflight = Request::options(&path)
            .header("Origin", "https://app.example")
            .header("Access-Control-Request-Method", "POST");
        let allowed = server.anon().send(preflight).header("Access-Control-Allow-Origin");
        assert_eq!(allowed.is_none(), endpoint.access == Access::ApiKey, "{path}");
    }
}

#[test]
fn the_database_has_no_secret_of_a_key() {
    let server = TestServer::start();
    let machine = server.mighty_machine();
    assert!(server.database().holds("billing"));
    assert!(!server.database().holds(&machine.key[21..]) && !server.database().holds(&machine.key));
}
