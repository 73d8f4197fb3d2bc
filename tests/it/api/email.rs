//! `POST /api/email/confirm/` and `POST /api/email/resend/`.

use std::time::Duration;

use doorward::testing::store::one_time_keys::Purpose;
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
fn it_is_served_with_and_without_the_slash_and_takes_all_three_types_of_body() {
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
fn a_body_without_a_key_is_refused_in_drfs_words_and_get_is_not_allowed() {
    let server = TestServer::start();
    let reply = server.anon().post("/api/email/confirm/", &json!({}));
    assert_eq!((reply.status, reply.json()), (400, json!({"key": ["This field is required."]})));
    let reply = server.anon().get("/api/email/confirm/");
    assert_eq!((reply.status, reply.header("Allow").as_deref()), (405, Some("POST, OPTIONS")));
}

#[test]
fn an_unknown_late_or_replaced_key_and_one_for_something_else_do_nothing() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let replaced = confirm_key(&server, "alice");
    let late = confirm_key(&server, "alice");
    let other = outbox::reset_key(&server, "alice");
    for key in ["", "x", &"A".repeat(43), &replaced, &other] {
        let reply = confirm(&server, key);
        assert_eq!(reply.status, 400, "{key}");
    }
    server.advance(3 * DAY - Duration::from_secs(60));
    let good = outbox::issue(&server, "alice", Purpose::ConfirmEmail, DAY);
    refused(&confirm(&server, &late));
    assert!(!is_confirmed(&server, "alice"));
    assert_eq!(confirm(&server, &good).status, 200);
}

#[test]
fn a_key_is_good_for_three_days_and_not_longer() {
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
fn a_key_for_an_address_that_the_user_no_longer_has_does_nothing() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let key = confirm_key(&server, "alice");
    outbox::change_email(&server, "alice", "new@example.com");
    refused(&confirm(&server, &key));
    assert!(!is_confirmed(&server, "alice"));
}

#[test]
fn two_uses_at_once_give_one_success() {
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
fn resend_answers_everybody_alike_and_mails_only_who_waits() {
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
fn the_mail_goes_to_the_address_as_it_is_stored_whatever_its_case_when_asked() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    assert_eq!(ask_confirmation(&server, "ALICE@Example.COM").status, 202);
    assert_eq!(keys(&server, "confirm_email", "alice@example.com").len(), 1);
}

#[test]
fn what_is_no_address_is_refused_in_drfs_words() {
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
fn the_sixth_mail_to_an_address_within_the_hour_is_throttled_whether_or_not_anybody_has_it() {
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
        assert_eq!(outbox::ask_reset(&server, &email).status, 202, "the other mail is not touched");
    }
    assert_eq!(keys(&server, "confirm_email", &email_of("alice")).len(), 5);
    server.advance(Duration::from_secs(720));
    assert_eq!(ask_confirmation(&server, &email_of("alice")).status, 202);
}

#[test]
fn a_client_address_that_asks_for_many_mails_is_throttled() {
    let server = TestServer::with(&[("limits.mails_per_address", "3")]);
    let statuses: Vec<u16> =
        (0..4).map(|n| ask_confirmation(&server, &format!("user{n}@example.com")).status).collect();
    assert_eq!(statuses, [202, 202, 202, 429]);
}

#[test]
fn bad_keys_count_as_bad_tokens_of_their_address() {
    let server = TestServer::with(&[("limits.bad_tokens_per_address", "3")]);
    server.add("alice", |_| ());
    let good = confirm_key(&server, "alice");
    let key = |n: u8| char::from(b'A' + n).to_string().repeat(43);
    let statuses: Vec<u16> = (0..4).map(|n| confirm(&server, &key(n * 4)).status).collect();
    assert_eq!(statuses, [400, 400, 400, 429]);
    assert_eq!(confirm(&server, &good).status, 200, "whoever has a good key is not kept from it");
}
