//! `GET` and `PUT /api/user/` and authentication, beyond the recorded contract.

use doorward::testing::accounts::confirm_email;
use doorward::testing::accounts::update_user;
use doorward::testing::accounts::{Actor, UserUpdate, activate, deactivate};
use doorward::testing::accounts::{delete_user, make_admin};
use doorward::testing::types::{Email, Username};
use serde_json::{Value, json};

use super::mails;
use crate::http::{Reply, Request};
use crate::server::{Client, TestServer, password_of};

#[test]
fn the_token_is_accepted_in_the_header_and_in_the_cookie() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let body = json!({"username": "alice", "email": "alice@example.com", "is_email_confirmed": false});
    assert_eq!(alice.get("/api/user/").json(), body);
    let token = alice.token.unwrap();
    let by_cookie = server.anon().send(Request::get("/api/user").cookie("access_token", &token));
    assert_eq!(by_cookie.json(), body);
}

#[test]
fn the_id_is_in_the_answer_where_that_is_set() {
    let server = TestServer::with(&[("api.user_id", "true")]);
    let alice = server.user("alice");
    let body =
        json!({"id": 1, "username": "alice", "email": "alice@example.com", "is_email_confirmed": false});
    assert_eq!(alice.get("/api/user/").json(), body);
}

#[test]
fn the_words_before_the_token_are_a_setting() {
    let server = TestServer::with(&[("api.auth_header_types", "JWT, bearer")]);
    let token = server.user("alice").token.unwrap();
    let get = |header: &str| {
        server.anon().send(Request::get("/api/user/").header("Authorization", format!("{header} {token}")))
    };
    assert_eq!(
        ["JWT", "bearer", "Bearer", "jwt", "Token"].map(|word| get(word).status),
        [200, 200, 401, 401, 401]
    );
    let challenge = |reply: Reply| reply.header("WWW-Authenticate");
    assert_eq!(challenge(get("Bearer")).as_deref(), Some("JWT realm=\"api\""));
    assert_eq!(challenge(server.anon().get("/api/user/")).as_deref(), Some("JWT realm=\"api\""));
    let wrong = server.anon().post("/api/token/", &json!({"username": "alice", "password": "x"}));
    assert_eq!(challenge(wrong).as_deref(), Some("JWT realm=\"api\""));
}

#[test]
fn a_compressed_body_is_415_and_an_identity_is_none() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let body = json!({"username": "alice", "password": password_of("alice")});
    let with = |coding: &str| {
        server.anon().send(Request::post("/api/login/").json(&body).header("Content-Encoding", coding))
    };
    for coding in ["gzip", "deflate", "br", "identity, gzip", "x"] {
        let reply = with(coding);
        let detail = format!("Unsupported content encoding \"{coding}\" in request.");
        assert_eq!((reply.status, reply.json()), (415, json!({"detail": detail})));
        assert_eq!(reply.header("Accept-Encoding").as_deref(), Some("identity"));
    }
    for coding in ["identity", "", "Identity, identity"] {
        assert_eq!(with(coding).status, 200, "{coding}");
    }
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
fn deactivation_ends_tokens_at_once_and_activation_does_not_restore_them() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let alice = server.log_in("alice");
    server.wait(deactivate(&server.app, id, None, &Actor::command_line())).unwrap();
    let reply = alice.get("/api/user/");
    assert_eq!((reply.status, reply.json()["code"].clone()), (401, json!("user_inactive")));
    server.wait(activate(&server.app, id, &Actor::command_line())).unwrap();
    let reply = alice.get("/api/user/");
    assert_eq!((reply.status, reply.json()["code"].clone()), (401, json!("token_not_valid")));
    assert_eq!(server.log_in("alice").get("/api/user/").status, 200);
}

#[test]
fn the_token_of_a_deleted_user_is_not_valid_for_the_next_user() {
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
fn an_unsafe_cross_site_request_with_the_cookie_is_refused() {
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
    assert_eq!(status(by_header), 405, "another site cannot send this header");
}

#[test]
fn a_token_of_another_key_or_of_an_unknown_user_is_refused() {
    let server = TestServer::start();
    let other = TestServer::with(&[("signing_key", "another-signing-key-of-the-tests-9876543210")]);
    other.add("alice", |_| ());
    server.add("alice", |_| ());
    let stranger = other.log_in("alice").token.unwrap();
    assert_eq!(server.anon().send(Request::get("/api/user/").bearer(&stranger)).status, 401);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
}

fn put(client: &Client, body: &Value) -> Reply {
    client.send(Request::put("/api/user/").json(body))
}

#[test]
fn a_changed_email_is_unconfirmed_and_both_addresses_get_a_mail() {
    let server = TestServer::start();
    let id = server.add("alice", |account| account.is_email_confirmed = true);
    let alice = server.log_in("alice");
    let reply = put(&alice, &json!({"email": "New@Example.com"}));
    assert_eq!((reply.status, reply.json()), (200, json!({"message": "Email updated successfully"})));
    let expected = json!({"username": "alice", "email": "New@Example.com", "is_email_confirmed": false});
    assert_eq!(alice.get("/api/user/").json(), expected);
    assert_eq!(mails(&server), ["New@Example.com confirm_email", "alice@example.com email_changed"]);
    let keys = "SELECT purpose || ' ' || email AS line FROM one_time_keys ORDER BY purpose";
    let expected = ["confirm-email New@Example.com", "undo-email alice@example.com"];
    assert_eq!(server.database().lines(keys), expected);
    assert_eq!(server.audit(id)[0], "email-changed");

    put(&alice, &json!({"email": "third@example.com"}));
    let expected = ["confirm-email third@example.com", "undo-email alice@example.com"];
    assert_eq!(
        server.database().lines(keys),
        expected,
        "only the keys of the unconfirmed address are deleted"
    );
}

#[test]
fn the_same_email_in_another_letter_case_stays_confirmed_without_a_mail() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    let alice = server.log_in("alice");
    assert_eq!(put(&alice, &json!({"email": "ALICE@example.com"})).status, 200);
    let expected = json!({"username": "alice", "email": "ALICE@example.com", "is_email_confirmed": true});
    assert_eq!(alice.get("/api/user/").json(), expected);
    assert!(mails(&server).is_empty());
    server.add_as("kim", "kim@example.com", |account| account.is_email_confirmed = true);
    let kim = server.log_in("kim");
    assert_eq!(put(&kim, &json!({"email": "\u{212a}im@example.com"})).status, 200);
    assert_eq!(kim.get("/api/user/").json()["is_email_confirmed"], false, "it is another mailbox");
}

#[test]
fn a_name_or_email_of_another_user_is_refused_in_any_letter_case_as_either() {
    let server = TestServer::start();
    server.add("bob", |_| ());
    server.add_as("carol@example.com", "other@example.com", |_| ());
    let alice = server.user("alice");
    let (name, email) = ("That username already registered", "That email already exists");
    let reply = put(&alice, &json!({"username": "BOB", "email": "Bob@example.com"}));
    assert_eq!((reply.status, reply.json()), (400, json!({"username error": name, "email error": email})));
    let reply = put(&alice, &json!({"username": "bob@Example.com", "email": "alice-2@example.com"}));
    assert_eq!(reply.json(), json!({"username error": name}));
    let reply = put(&alice, &json!({"email": "Carol@example.com"}));
    assert_eq!(reply.json(), json!({"email error": email}));
    assert_eq!(put(&alice, &json!({"username": "Alice", "email": "alice@example.com"})).status, 200);
    assert_eq!(put(&alice, &json!({"username": "alice@example.com"})).status, 200, "one's own email");
    assert!(mails(&server).is_empty());
}

#[test]
fn a_concurrent_change_of_other_fields_stays() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let before = server.find("alice").unwrap();
    server.wait(confirm_email(&server.app, id, &Actor::command_line())).unwrap();
    server.wait(make_admin(&server.app, id, &Actor::command_line())).unwrap();
    let update = UserUpdate {
        username: Some(Username::parse("alice-2").unwrap()),
        email: Some(Email::parse("alice@example.com").unwrap()),
    };
    server.wait(update_user(&server.app, &before, update, None, &Actor::command_line())).unwrap();
    let user = server.find("alice-2").unwrap();
    assert!(user.is_email_confirmed && user.is_admin);
    assert_eq!(server.audit(id)[0], "renamed");
}

#[test]
fn of_two_concurrent_changes_to_one_name_one_is_refused() {
    let server = TestServer::start();
    let clients = [server.user("alice"), server.user("bob")];
    for round in 0..6 {
        let body = json!({"username": format!("wanted-{round}")});
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let both: Vec<_> =
                clients.iter().map(|client| scope.spawn(|| put(client, &body).status)).collect();
            both.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().sum::<u16>(), 200 + 400, "{statuses:?}");
    }
}

#[test]
fn changes_of_an_email_are_limited_and_those_of_a_name_are_not() {
    let server = TestServer::with(&[("limits.registrations_per_account", "2")]);
    let alice = server.user("alice");
    let to = |n: usize| put(&alice, &json!({"email": format!("alice-{n}@example.com")})).status;
    assert_eq!([to(0), to(1), to(2)], [200, 200, 429]);
    assert_eq!(put(&alice, &json!({"username": "alice-2"})).status, 200);
    assert_eq!(alice.get("/api/user/").json()["email"], "alice-1@example.com");
}
