//! `POST /api/email/confirm/` and `POST /api/email/resend/`.

use std::time::Duration;

use doorward::testing::types::Link;
use serde_json::json;

use crate::http::{Part, Reply, Request};
use crate::outbox::{self, ask_confirmation, confirm_key, keys};
use crate::server::{TestServer, email_of};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn confirm(server: &TestServer, key: &str) -> Reply {
    server.anon().post("/api/email/confirm/", &json!({"key": key}))
}

fn is_confirmed(server: &TestServer, name: &str) -> bool {
    server.find(name).unwrap().is_email_confirmed
}

fn refused(reply: &Reply) {
    assert_eq!(reply.status, 400, "{}", reply.text());
    assert_eq!(reply.json(), json!({"detail": "Link is invalid or expired"}));
}

#[test]
fn the_key_from_the_mail_confirms_the_email_once() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let key = confirm_key(&server, "alice");
    let reply = confirm(&server, &key);
    assert_eq!((reply.status, reply.json()), (200, json!({"message": "Email confirmed"})));
    assert!(is_confirmed(&server, "alice"));
    assert_eq!(server.audit(id), ["email-confirmed", "confirmation-asked", "created"]);
    refused(&confirm(&server, &key));
}

#[test]
fn confirm_accepts_all_types_of_body_with_and_without_the_slash() {
    let server = TestServer::start();
    for (name, path) in
        [("alice", "/api/email/confirm/"), ("bob", "/api/email/confirm"), ("carol", "/api/email/confirm")]
    {
        server.add(name, |_| ());
        let key = confirm_key(&server, name);
        let request = Request::post(path);
        let request = match name {
            "alice" => request.json(&json!({"key": key})),
            "bob" => request.form(&[("key", key.as_str())]),
            _ => request.multipart(&[Part::field("key", key.as_str())]),
        };
        assert_eq!(server.anon().send(request).status, 200, "{name}");
        assert!(is_confirmed(&server, name));
    }
}

#[test]
fn a_missing_key_has_the_message_of_drf_and_get_is_405() {
    let server = TestServer::start();
    let reply = server.anon().post("/api/email/confirm/", &json!({}));
    assert_eq!((reply.status, reply.json()), (400, json!({"key": ["This field is required."]})));
    let reply = server.anon().get("/api/email/confirm/");
    assert_eq!((reply.status, reply.header("Allow").as_deref()), (405, Some("POST, OPTIONS")));
}

#[test]
fn an_unknown_expired_or_replaced_key_and_one_of_another_purpose_change_nothing() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let replaced = confirm_key(&server, "alice");
    let [_, _, late] = [0; 3].map(|_| confirm_key(&server, "alice"));
    let other = outbox::reset_key(&server, "alice");
    for key in ["", "x", &"A".repeat(43), &replaced, &other] {
        let reply = confirm(&server, key);
        assert_eq!(reply.status, 400, "{key}");
    }
    server.advance(3 * DAY + Duration::from_secs(1));
    let good = outbox::issue(&server, "alice", Link::ConfirmEmail, DAY);
    refused(&confirm(&server, &late));
    assert!(!is_confirmed(&server, "alice"));
    assert_eq!(confirm(&server, &good).status, 200);
}

/// Any client can request one: it must not end the link that the owner is about to open.
#[test]
fn a_newer_key_leaves_earlier_ones_valid_and_one_use_ends_them_all() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let keys = [0; 3].map(|_| confirm_key(&server, "alice"));
    assert_eq!(confirm(&server, &keys[0]).status, 200);
    refused(&confirm(&server, &keys[1]));
    refused(&confirm(&server, &keys[2]));
}

#[test]
fn a_key_expires_after_three_days() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.add("bob", |_| ());
    let [in_time, late] = ["alice", "bob"].map(|name| confirm_key(&server, name));
    server.advance(3 * DAY - Duration::from_secs(60));
    assert_eq!(confirm(&server, &in_time).status, 200);
    server.advance(Duration::from_secs(61));
    refused(&confirm(&server, &late));
    assert!(!is_confirmed(&server, "bob"));
}

#[test]
fn a_key_for_a_former_email_of_the_user_changes_nothing() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let key = confirm_key(&server, "alice");
    outbox::change_email(&server, "alice", "new@example.com");
    refused(&confirm(&server, &key));
    assert!(!is_confirmed(&server, "alice"));
}

#[test]
fn of_two_concurrent_uses_of_a_key_one_succeeds() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let key = confirm_key(&server, "alice");
    let address = server.address;
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let request = Request::post("/api/email/confirm/").json(&json!({"key": key}));
            std::thread::spawn(move || crate::http::send(address, &request).unwrap().status)
        })
        .collect();
    let mut statuses: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400, 400, 400, 400, 400, 400]);
    assert_eq!(server.audit(id)[0], "email-confirmed");
}

#[test]
fn resend_has_one_answer_for_all_emails_and_mails_unconfirmed_users_only() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.add("bob", |account| account.is_email_confirmed = true);
    server.add("carol", |account| account.is_active = false);
    let first = ask_confirmation(&server, &email_of("alice"));
    assert_eq!(first.status, 202);
    for name in ["bob", "carol", "nobody"] {
        let reply = ask_confirmation(&server, &email_of(name));
        assert_eq!((reply.status, reply.body), (202, first.body.clone()), "{name}");
    }
    assert_eq!(keys(&server, "confirm_email", &email_of("alice")).len(), 1);
    assert_eq!(outbox::count(&server), 1);
}

#[test]
fn the_mail_goes_to_the_stored_spelling_of_the_email() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    assert_eq!(ask_confirmation(&server, "ALICE@Example.COM").status, 202);
    assert_eq!(keys(&server, "confirm_email", "alice@example.com").len(), 1);
}

#[test]
fn an_invalid_email_has_the_message_of_drf() {
    let server = TestServer::start();
    for (body, messages) in [
        (json!({}), json!(["This field is required."])),
        (json!({"email": ""}), json!(["This field may not be blank."])),
        (json!({"email": "nowhere"}), json!(["Enter a valid email address."])),
        (json!({"email": null}), json!(["This field may not be null."])),
    ] {
        for path in ["/api/email/resend", "/api/password/reset/"] {
            let reply = server.anon().post(path, &body);
            assert_eq!((reply.status, reply.json()), (400, json!({"email": messages})), "{body}");
        }
    }
}

#[test]
fn the_sixth_request_for_an_email_within_an_hour_is_throttled_also_if_no_user_has_it() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    for email in [email_of("alice"), email_of("nobody")] {
        for _ in 0..5 {
            assert_eq!(ask_confirmation(&server, &email).status, 202);
        }
        let reply = ask_confirmation(&server, &email);
        assert_eq!(reply.status, 429, "{email}");
        let wait: u64 = reply.header("Retry-After").unwrap().parse().unwrap();
        let detail = format!("Request was throttled. Expected available in {wait} seconds.");
        assert_eq!(reply.json(), json!({"detail": detail}));
        assert!((700..=720).contains(&wait), "{wait}");
        assert_eq!(
            outbox::ask_reset(&server, &email).status,
            202,
            "the other kind of mail has its own limit"
        );
    }
    assert_eq!(keys(&server, "confirm_email", &email_of("alice")).len(), 5);
    server.advance(Duration::from_secs(720));
    assert_eq!(ask_confirmation(&server, &email_of("alice")).status, 202);
}

#[test]
fn many_requests_from_one_client_address_are_throttled() {
    let server = TestServer::with(&[("limits.mails_per_address", "3")]);
    let statuses: Vec<u16> =
        (0..4).map(|n| ask_confirmation(&server, &format!("user{n}@example.com")).status).collect();
    assert_eq!(statuses, [202, 202, 202, 429]);
}

#[test]
fn invalid_keys_count_as_invalid_tokens_of_the_client_address() {
    let server = TestServer::with(&[("limits.bad_tokens_per_address", "3")]);
    server.add("alice", |_| ());
    let good = confirm_key(&server, "alice");
    let key = |n: u8| char::from(b'A' + n).to_string().repeat(43);
    let statuses: Vec<u16> = (0..4).map(|n| confirm(&server, &key(n * 4)).status).collect();
    assert_eq!(statuses, [400, 400, 400, 429]);
    assert_eq!(confirm(&server, &good).status, 200, "a valid key still works");
}
