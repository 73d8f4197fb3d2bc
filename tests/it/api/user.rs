//! `GET /api/user/` and the guard in front of it, beyond the recorded contract.

use doorward::accounts::{Actor, activate, deactivate, delete_user};
use serde_json::json;

use crate::http::Request;
use crate::server::{TestServer, password_of};

#[test]
fn the_token_opens_in_the_header_and_in_the_cookie() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let body = json!({"username": "alice", "email": "alice@example.com", "is_email_confirmed": false});
    assert_eq!(alice.get("/api/user/").json(), body);
    let token = alice.token.unwrap();
    let by_cookie = server.anon().send(Request::get("/api/user").cookie("access_token", &token));
    assert_eq!(by_cookie.json(), body);
}

#[test]
fn head_answers_like_get_without_a_body() {
    let server = TestServer::start();
    let reply = server.user("alice").send(Request::head("/api/user/"));
    assert_eq!(reply.status, 200);
    assert!(reply.body.is_empty());
    assert_eq!(reply.header("Content-Type").as_deref(), Some("application/json"));
}

#[test]
fn deactivation_ends_tokens_at_once_and_activation_does_not_bring_them_back() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let alice = server.log_in("alice");
    server.wait(deactivate(&server.app, id, &Actor::command_line())).unwrap();
    let reply = alice.get("/api/user/");
    assert_eq!((reply.status, reply.json()["code"].clone()), (401, json!("user_inactive")));
    server.wait(activate(&server.app, id, &Actor::command_line())).unwrap();
    let reply = alice.get("/api/user/");
    assert_eq!((reply.status, reply.json()["code"].clone()), (401, json!("token_not_valid")));
    assert_eq!(server.log_in("alice").get("/api/user/").status, 200);
}

#[test]
fn the_token_of_a_deleted_user_does_not_open_the_account_of_the_next() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let alice = server.log_in("alice");
    server.wait(delete_user(&server.app, id, &Actor::command_line())).unwrap();
    let next = server.add("mallory", |_| ());
    assert_ne!(id, next);
    let reply = alice.get("/api/user/");
    assert_eq!((reply.status, reply.json()["code"].clone()), (401, json!("user_not_found")));
}

#[test]
fn an_unsafe_request_that_another_site_makes_with_the_cookie_is_refused() {
    let server = TestServer::with(&[("cors.allowed_origins", "https://app.example.com")]);
    let token = server.user("alice").token.unwrap();
    let delete = || Request::delete("/api/user/").cookie("access_token", &token);
    let status = |request: Request| server.anon().send(request).status;
    assert_eq!(status(delete()), 405, "no browser");
    assert_eq!(status(delete().header("Origin", "https://app.example.com")), 405, "an allowed page");
    assert_eq!(status(delete().header("Origin", format!("http://{}", server.address))), 405, "our own page");
    let refused = server.anon().send(delete().header("Origin", "https://evil.example"));
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.json(),
        json!({"detail": "CSRF Failed: Origin checking failed - https://evil.example does not match any trusted origins."})
    );
    assert_eq!(status(delete().header("Sec-Fetch-Site", "cross-site")), 403);
    assert_eq!(status(delete().header("Sec-Fetch-Site", "same-origin")), 405);
    let by_header = Request::delete("/api/user/").bearer(&token).header("Origin", "https://evil.example");
    assert_eq!(status(by_header), 405, "a page has to be given the token to send this");
}

#[test]
fn a_token_of_another_key_or_of_nobody_opens_nothing() {
    let server = TestServer::start();
    let other = TestServer::with(&[("signing_key", "another-signing-key-of-the-tests-9876543210")]);
    other.add("alice", |_| ());
    server.add("alice", |_| ());
    let stranger = other.log_in("alice").token.unwrap();
    assert_eq!(server.anon().send(Request::get("/api/user/").bearer(&stranger)).status, 401);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
}
