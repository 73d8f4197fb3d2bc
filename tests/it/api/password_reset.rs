//! `POST /api/password/reset/` and `POST /api/password/reset/confirm/`.

use std::time::Duration;

use doorward::testing::types::Link;
use serde_json::{Value, json};

use crate::http::{Part, Reply, Request};
use crate::outbox::{self, ask_reset, keys, reset_key};
use crate::server::{TestServer, email_of, password_of};

const NEW: &str = "quite-Long-pass-3";

fn reset(server: &TestServer, key: &str, password: &str) -> Reply {
    server.anon().post("/api/password/reset/confirm/", &json!({"key": key, "new_password": password}))
}

fn refused(reply: &Reply) {
    assert_eq!(reply.status, 400, "{}", reply.text());
    assert_eq!(reply.json(), json!({"detail": "Link is invalid or expired"}));
}

#[test]
fn the_key_from_the_mail_sets_the_password_ends_all_sessions_and_sends_a_mail() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let before = server.log_in("alice");
    let key = reset_key(&server, "alice");
    let reply = reset(&server, &key, NEW);
    assert_eq!((reply.status, reply.json()), (200, json!({"message": "Password updated successfully"})));
    assert_eq!(before.get("/api/user/").status, 401);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
    let after = server.anon().log_in("alice", NEW);
    assert_eq!(after.status, 200);
    let token = after.cookie("access_token").unwrap().value;
    assert_eq!(server.anon().send(Request::get("/api/user/").bearer(&token)).status, 200);
    assert_eq!(keys(&server, "password_changed", &email_of("alice")), ["-"]);
    let audit = server.audit(id);
    assert!(audit.contains(&"reset-asked".to_owned()) && audit.contains(&"password-reset".to_owned()));
    refused(&reset(&server, &key, "another-Long-one-4"));
}

#[test]
fn a_reset_confirms_the_email_because_the_mail_was_received() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let waiting = outbox::confirm_key(&server, "alice");
    reset(&server, &reset_key(&server, "alice"), NEW);
    assert!(server.find("alice").unwrap().is_email_confirmed);
    assert!(server.audit(id).contains(&"email-confirmed".to_owned()));
    refused(&server.anon().post("/api/email/confirm/", &json!({"key": waiting})));
}

#[test]
fn a_request_has_the_same_answer_for_known_and_unknown_emails() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.add("carol", |account| account.is_active = false);
    let names = |reply: &Reply| {
        let mut names: Vec<String> = reply.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        names
    };
    let known = ask_reset(&server, &email_of("alice"));
    assert_eq!(known.status, 202);
    for name in ["carol", "nobody"] {
        let reply = ask_reset(&server, &email_of(name));
        assert_eq!((reply.status, &reply.body, names(&reply)), (202, &known.body, names(&known)), "{name}");
    }
    assert_eq!(keys(&server, "reset_password", &email_of("alice")).len(), 1);
    assert_eq!(outbox::count(&server), 1, "the inactive and the unknown get no mail");
}

/// An answer cannot reveal what was not read: here the users cannot be read at all.
#[test]
fn a_request_does_not_read_the_users() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.database().execute("ALTER TABLE users RENAME TO users_elsewhere");
    for name in ["alice", "nobody"] {
        assert_eq!(ask_reset(&server, &email_of(name)).status, 202, "{name}");
        assert_eq!(outbox::ask_confirmation(&server, &email_of(name)).status, 202, "{name}");
    }
    server.database().execute("ALTER TABLE users_elsewhere RENAME TO users");
    server.wait(doorward::testing::accounts::send_requested_mails(&server.app));
    assert_eq!(keys(&server, "reset_password", &email_of("alice")).len(), 1, "the request is stored");
}

#[test]
fn an_email_that_no_user_has_is_not_stored() {
    let server = TestServer::start();
    ask_reset(&server, "my-secret-mailbox@example.com");
    outbox::wait_for_mail_requests(&server);
    assert_eq!(server.database().lines("SELECT action AS line FROM audit"), ["reset-asked"]);
    for column in ["subject", "address || user_agent"] {
        let query = format!("SELECT coalesce({column}, '') AS line FROM audit");
        assert!(!server.database().lines(&query)[0].contains("mailbox"));
    }
}

#[test]
fn a_weak_password_is_refused_and_the_key_stays_valid() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let key = reset_key(&server, "alice");
    let errors = |password: &str| reset(&server, &key, password).json()["new_password"].clone();
    assert_eq!(
        errors("1234"),
        json!([
            "This password is too short. It must contain at least 8 characters.",
            "This password is too common.",
            "This password is entirely numeric."
        ])
    );
    assert_eq!(errors("alice@example"), json!(["The password is too similar to the email."]));
    assert_eq!(errors(&"x1-".repeat(43)), json!(["Ensure this field has no more than 128 characters."]));
    assert_eq!(errors(""), json!(["This field may not be blank."]));
    let nothing: Value = server.anon().post("/api/password/reset/confirm", &json!({})).json();
    let required = json!(["This field is required."]);
    assert_eq!(nothing, json!({"key": required, "new_password": required}));
    assert_eq!(reset(&server, &key, NEW).status, 200);
}

#[test]
fn reset_accepts_all_types_of_body_with_and_without_the_slash() {
    let server = TestServer::start();
    let email = email_of("alice");
    server.add("alice", |_| ());
    for request in [
        Request::post("/api/password/reset").json(&json!({"email": email})),
        Request::post("/api/password/reset/").form(&[("email", email.as_str())]),
        Request::post("/api/password/reset").multipart(&[Part::field("email", email.as_str())]),
    ] {
        assert_eq!(server.anon().send(request).status, 202);
    }
    for path in ["/api/password/reset/confirm", "/api/password/reset/confirm/"] {
        let key = reset_key(&server, "alice");
        let form = Request::post(path).form(&[("key", key.as_str()), ("new_password", NEW)]);
        assert_eq!(server.anon().send(form).status, 200, "{path}");
    }
}

#[test]
fn an_unknown_expired_or_replaced_key_and_one_of_another_purpose_change_nothing() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let replaced = reset_key(&server, "alice");
    let [_, _, late] = [0; 3].map(|_| reset_key(&server, "alice"));
    let other = outbox::confirm_key(&server, "alice");
    for key in ["x", &"A".repeat(43), &replaced, &other] {
        refused(&reset(&server, key, NEW));
    }
    server.advance(Duration::from_secs(3601));
    refused(&reset(&server, &late, NEW));
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
}

#[test]
fn a_change_of_email_activity_or_password_invalidates_a_key() {
    let server = TestServer::start();
    for name in ["alice", "bob", "carol"] {
        server.add(name, |_| ());
    }
    let keys = ["alice", "bob", "carol"].map(|name| reset_key(&server, name));
    outbox::change_email(&server, "alice", "new@example.com");
    let by = doorward::testing::accounts::Actor::command_line();
    let bob = server.find("bob").unwrap();
    server.wait(doorward::testing::accounts::deactivate(&server.app, bob.id, None, &by)).unwrap();
    server.wait(doorward::testing::accounts::activate(&server.app, bob.id, &by)).unwrap();
    let carol = server.find("carol").unwrap();
    let password = doorward::testing::types::Password::new("another-secret-9".to_owned());
    let rules = doorward::testing::accounts::Rules::Enforced;
    server
        .wait(doorward::testing::accounts::set_password(&server.app, carol.id, password, rules, &by))
        .unwrap();
    for key in keys {
        refused(&reset(&server, &key, NEW));
    }
}

#[test]
fn of_two_concurrent_uses_of_a_key_one_succeeds() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let (key, address) = (reset_key(&server, "alice"), server.address);
    let threads: Vec<_> = (0..6)
        .map(|n| {
            let body = json!({"key": key, "new_password": format!("quite-Long-pass-{n}")});
            let request = Request::post("/api/password/reset/confirm/").json(&body);
            std::thread::spawn(move || crate::http::send(address, &request).unwrap().status)
        })
        .collect();
    let statuses: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 5, "{statuses:?}");
    let winner = statuses.iter().position(|status| *status == 200).unwrap();
    assert_eq!(server.anon().log_in("alice", &format!("quite-Long-pass-{winner}")).status, 200);
    assert_eq!(keys(&server, "password_changed", &email_of("alice")).len(), 1);
}

#[test]
fn a_reset_keeps_the_undo_link_of_the_former_email() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    let undo = outbox::change_email(&server, "alice", "thief@example.com");
    outbox::ask_confirmation(&server, "thief@example.com");
    let confirm = keys(&server, "confirm_email", "thief@example.com").pop().unwrap();
    assert_eq!(server.anon().post("/api/email/confirm/", &json!({"key": confirm})).status, 200);
    ask_reset(&server, "thief@example.com");
    let key = keys(&server, "reset_password", "thief@example.com").pop().unwrap();
    assert_eq!(reset(&server, &key, NEW).status, 200);
    assert_eq!(server.anon().get(&format!("/undo-email/{undo}")).status, 200);
}

#[test]
fn the_sixth_request_for_an_email_within_an_hour_is_throttled() {
    let server = TestServer::start();
    for email in [email_of("nobody"), email_of("alice").to_uppercase()] {
        let statuses: Vec<u16> = (0..6).map(|_| ask_reset(&server, &email).status).collect();
        assert_eq!(statuses, [202, 202, 202, 202, 202, 429]);
    }
    assert_eq!(ask_reset(&server, &email_of("alice")).status, 429, "in any letter case");
}

#[test]
fn of_a_key_only_the_hash_is_stored() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let key = outbox::issue(&server, "alice", Link::ResetPassword, Duration::from_secs(60));
    assert!(!server.database().holds(&key));
}
