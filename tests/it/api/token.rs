//! `/api/token/…` beyond the recorded contract.

use std::time::Duration;

use doorward::testing::accounts::delete_user;
use doorward::testing::accounts::{Actor, activate, deactivate};
use serde_json::{Value, json};

use crate::http::Request;
use crate::server::{TestServer, password_of};
use crate::tokens::{
    blacklist, claims, error_of, holder, minted_elsewhere, obtain, refresh, second, status, text, verify,
};

const BLACKLISTED: &str = "Token is blacklisted";
const INVALID: &str = "Token is invalid or expired";

fn refused(detail: &str) -> (u16, Value, Value) {
    (401, json!(detail), json!("token_not_valid"))
}

fn valid() -> (u16, Value, Value) {
    (200, Value::Null, Value::Null)
}

#[test]
fn the_tokens_of_a_pair_share_a_session_and_are_audited_as_a_login() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    let (access, refresh) = (claims(&pair.access), claims(&pair.refresh));
    let handle = |claims: &Value| claims["jti"].as_str().unwrap()[..20].to_owned();
    assert_eq!(handle(&access), handle(&refresh));
    assert_ne!(access["jti"], refresh["jti"]);
    assert_ne!(
        handle(&claims(&obtain(&server, "alice").access)),
        handle(&access),
        "another login has another session"
    );
    assert_eq!(server.audit(id), ["logged-in", "logged-in", "created"]);
    assert!(server.find("alice").unwrap().last_login_at.is_some());
    assert!(!server.database().holds(&pair.refresh), "only its hash is stored");
    assert!(!server.database().holds(refresh["jti"].as_str().unwrap()), "and the hash of its id");
}

#[test]
fn failures_at_the_token_endpoint_count_as_failed_logins() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let fail =
        || server.anon().post("/api/token/", &json!({"username": "alice", "password": "wrong"})).status;
    assert_eq!((0..10).map(|_| fail()).collect::<Vec<_>>(), [401; 10]);
    assert_eq!(fail(), 429);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 429);
}

#[test]
fn blacklisting_ends_the_session_with_its_access_tokens_and_no_other() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let (pair, other) = (obtain(&server, "alice"), obtain(&server, "alice"));
    let renewed = text(&refresh(&server, &pair.refresh), "access");
    assert_eq!([status(&server, &pair.access), status(&server, &renewed)], [200, 200]);
    assert_eq!(blacklist(&server, &pair.refresh).status, 200);
    assert_eq!([status(&server, &pair.access), status(&server, &renewed)], [401, 401]);
    let reply = server.anon().send(Request::get("/api/user/").bearer(&renewed));
    assert_eq!(reply.json()["messages"][0]["message"], INVALID);
    assert_eq!(error_of(&refresh(&server, &pair.refresh)), refused(BLACKLISTED));
    assert_eq!(error_of(&blacklist(&server, &pair.refresh)), refused(BLACKLISTED));
    assert_eq!(verify(&server, &pair.refresh), refused(BLACKLISTED));
    assert_eq!(verify(&server, &renewed), refused(INVALID));
    assert_eq!(status(&server, &other.access), 200);
    assert_eq!(refresh(&server, &other.refresh).status, 200);
    assert_eq!(server.audit(id)[..3], ["refreshed", "blacklisted", "refreshed"]);
}

#[test]
fn an_inactive_user_gets_no_tokens_and_activation_does_not_restore_old_ones() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    assert_eq!([verify(&server, &pair.access), verify(&server, &pair.refresh)], [valid(), valid()]);
    server.wait(deactivate(&server.app, id, None, &Actor::command_line())).unwrap();
    let no_account = (401, json!("No active account found for the given token."), json!("no_active_account"));
    assert_eq!(error_of(&refresh(&server, &pair.refresh)), no_account);
    let inactive = (401, json!("User is inactive"), json!("user_inactive"));
    assert_eq!([verify(&server, &pair.access), verify(&server, &pair.refresh)], [inactive.clone(), inactive]);
    server.wait(activate(&server.app, id, &Actor::command_line())).unwrap();
    assert_eq!(error_of(&refresh(&server, &pair.refresh)), refused(BLACKLISTED));
    assert_eq!(verify(&server, &pair.access), refused(INVALID));
    assert_eq!(verify(&server, &pair.refresh), refused(BLACKLISTED));
    assert_eq!(status(&server, &obtain(&server, "alice").access), 200);
}

#[test]
fn the_tokens_of_a_deleted_user_are_refused() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    server.wait(delete_user(&server.app, id, &Actor::command_line())).unwrap();
    let unknown_user = (401, json!("User not found"), json!("user_not_found"));
    assert_eq!(
        [verify(&server, &pair.access), verify(&server, &pair.refresh)],
        [unknown_user.clone(), unknown_user]
    );
    assert_eq!(error_of(&refresh(&server, &pair.refresh)).2, "no_active_account");
    assert_eq!(error_of(&blacklist(&server, &pair.refresh)), refused(BLACKLISTED));
    assert!(server.database().lines("SELECT handle AS line FROM sessions").is_empty());
    assert!(server.database().lines("SELECT 'x' AS line FROM refresh_tokens").is_empty());
}

#[test]
fn a_token_for_an_unknown_user_passes_verify_alone() {
    let server = TestServer::start();
    let without_user = |kind| minted_elsewhere(&server, kind, &json!({}));
    assert_eq!(verify(&server, &without_user("access")), valid());
    assert_eq!(verify(&server, &without_user("sliding")), valid());
    let unsaid = refused("Token contained no recognizable user identification");
    assert_eq!(error_of(&refresh(&server, &without_user("refresh"))), unsaid);
    assert_eq!(error_of(&blacklist(&server, &without_user("refresh"))), unsaid);
    let word = minted_elsewhere(&server, "refresh", &json!({"user_id": "seven"}));
    assert_eq!(error_of(&refresh(&server, &word)).2, "no_active_account");
    assert_eq!(verify(&server, &word).2, "user_not_found");
}

#[test]
fn many_invalid_tokens_from_one_address_are_throttled_and_valid_ones_do_not_count() {
    let server = TestServer::with(&[("limits.bad_tokens_per_address", "3")]);
    server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    for _ in 0..5 {
        assert_eq!(verify(&server, &pair.access), valid());
    }
    assert_eq!(verify(&server, "x").0, 401);
    assert_eq!(refresh(&server, "x").status, 401);
    assert_eq!(blacklist(&server, "x").status, 401);
    for reply in [
        server.anon().post("/api/token/verify/", &json!({"token": "x"})),
        refresh(&server, &pair.access),
        blacklist(&server, "x"),
    ] {
        let wait: u64 = reply.header("Retry-After").unwrap().parse().unwrap();
        let text = format!("Request was throttled. Expected available in {wait} seconds.");
        assert_eq!((reply.status, reply.json()), (429, json!({"detail": text})));
    }
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200, "logins have another limit");
    server.advance(Duration::from_secs(101));
    assert_eq!(verify(&server, "x").0, 401);
}

/// One client with bad tokens must not stop the others behind its address.
#[test]
fn valid_tokens_pass_a_full_limit_of_invalid_ones() {
    let server =
        TestServer::with(&[("limits.bad_tokens_per_address", "1"), ("tokens.rotate_refresh", "true")]);
    server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    assert_eq!([verify(&server, "x").0, verify(&server, "x").0], [401, 429]);
    assert_eq!(verify(&server, &pair.access), valid());
    assert_eq!(verify(&server, &pair.refresh), valid());
    let next = refresh(&server, &pair.refresh);
    assert_eq!(next.status, 200);
    assert_eq!(verify(&server, &pair.refresh).0, 429, "a replaced one is not valid");
    let next = next.json()["refresh"].as_str().unwrap().to_owned();
    assert_eq!(blacklist(&server, &next).status, 200);
    assert_eq!(verify(&server, &next).0, 429);
}

#[test]
fn the_leeway_allows_clocks_to_differ() {
    for (leeway, expected) in [("0s", [401, 401]), ("30s", [200, 200])] {
        let server = TestServer::with(&[("clock_leeway", leeway)]);
        let id = server.add("alice", |_| ()).get();
        let now = second(&server);
        let late = minted_elsewhere(&server, "access", &json!({"user_id": id, "exp": now - 5}));
        let early = minted_elsewhere(&server, "access", &json!({"user_id": id, "iat": now + 20}));
        assert_eq!([status(&server, &late), status(&server, &early)], expected, "{leeway}");
    }
}

#[test]
fn a_token_expires_with_its_lifetime() {
    let server = TestServer::with(&[("refresh_token_lifetime", "2h"), ("access_token_lifetime", "1h")]);
    server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    server.advance(Duration::from_secs(3590));
    assert_eq!(status(&server, &pair.access), 200);
    server.advance(Duration::from_secs(110));
    assert_eq!(status(&server, &pair.access), 401);
    let renewed = text(&refresh(&server, &pair.refresh), "access");
    assert_eq!(claims(&renewed)["iat"], claims(&pair.refresh)["iat"]);
    server.advance(Duration::from_secs(3510));
    assert_eq!(error_of(&refresh(&server, &pair.refresh)), refused(INVALID));
    assert_eq!(
        holder(&server, &renewed).get("/api/sessions/").json()[0]["current"],
        true,
        "the session continues"
    );
}

#[test]
fn options_describe_the_fields_as_generic_views_do() {
    let server = TestServer::start();
    let asked = |label| json!({"type": "string", "required": true, "read_only": false, "label": label});
    let answered = json!({"type": "string", "required": false, "read_only": true, "label": "Access"});
    for (path, name, fields) in [
        ("", "Token Obtain Pair", json!({"username": asked("Username"), "password": asked("Password")})),
        ("refresh/", "Token Refresh", json!({"refresh": asked("Refresh"), "access": answered})),
        ("verify/", "Token Verify", json!({"token": asked("Token")})),
        ("blacklist/", "Token Blacklist", json!({"refresh": asked("Refresh")})),
    ] {
        let reply = server.anon().send(Request::options(&format!("/api/token/{path}")));
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("Allow").as_deref(), Some("POST, OPTIONS"));
        assert_eq!(reply.json()["name"], name);
        assert_eq!(reply.json()["actions"], json!({"POST": fields}));
        assert!(reply.json()["description"].as_str().unwrap().starts_with("Takes a "));
    }
}
