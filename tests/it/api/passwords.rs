//! Passwords: their Unicode form, and the rules that settings add to Django's.

use std::io::Write as _;

use doorward::testing::passwords::Requester;
use doorward::testing::types::Password;
use serde_json::{Value, json};

use crate::server::{Client, TestServer, password_of};

const NFC: &str = "Z\u{fc}rich-Caf\u{e9}-9";
const NFD: &str = "Zu\u{308}rich-Cafe\u{301}-9";

fn register(server: &TestServer, name: &str, password: &str) -> crate::http::Reply {
    let body = json!({"username": name, "email": format!("{name}@example.com"), "password": password});
    server.anon().post("/api/register/", &body)
}

fn token(server: &TestServer, name: &str, password: &str) -> Client {
    let reply = server.anon().log_in(name, password);
    Client { address: server.address, token: reply.cookie("access_token").map(|cookie| cookie.value) }
}

#[test]
fn a_password_is_the_same_in_both_unicode_forms_at_every_entrance() {
    let server = TestServer::start();
    for (name, set, typed) in
        [("one", NFC, NFD), ("two", NFD, NFC), ("three", "a\u{a0}b-c\u{2003}d-77", "a b-c d-77")]
    {
        assert_eq!(register(&server, name, set).status, 201, "{name}");
        for password in [typed, set] {
            assert_eq!(server.anon().log_in(name, password).status, 200, "{name}");
        }
    }
    let one = token(&server, "one", NFC);
    let change = |old: &str, new: &str| {
        let body = json!({"oldPassword": old, "newPassword": new});
        one.send(crate::http::Request::put("/api/user/change-password").json(&body)).status
    };
    assert_eq!(change(NFD, "Cafe\u{301}-Zu\u{308}rich-8"), 200);
    assert_eq!(server.anon().log_in("one", "Caf\u{e9}-Z\u{fc}rich-8").status, 200);
    let delete = one.post("/api/user/delete/", &json!({"password": "Cafe\u{301}-Z\u{fc}rich-8"}));
    assert_eq!(delete.status, 204, "{}", delete.text());

    server.add("root", |account| {
        account.is_admin = true;
        account.password = Password::new(NFD.to_owned());
    });
    let browser = server.browser();
    assert_eq!(browser.sign_in("root", NFC).status, 303);
}

#[test]
fn a_hash_that_django_made_of_a_decomposed_password_is_replaced_at_the_first_login() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let raw = Password::new(NFD.to_owned()).into();
    let hash = server.wait(server.app.passwords.hash(Requester::default(), &raw)).unwrap();
    server.overwrite_hash(id, hash.as_stored());
    assert_eq!(server.anon().log_in("alice", NFC).status, 404, "as in Django");
    assert_eq!(server.anon().log_in("alice", NFD).status, 200);
    let begun = std::time::Instant::now();
    while server.hash_of("alice") == hash.as_stored() {
        assert!(begun.elapsed().as_secs() < 20, "the hash was not replaced");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    for password in [NFC, NFD] {
        assert_eq!(server.anon().log_in("alice", password).status, 200);
    }
    let kept = server.hash_of("alice");
    server.anon().log_in("alice", NFD);
    assert_eq!(server.hash_of("alice"), kept, "no hash is replaced twice");
}

/// A hash of Django's `BCryptPasswordHasher`, which takes the first 72 bytes.
fn truncated(password: &str) -> String {
    format!("bcrypt${}", bcrypt::hash(&password.as_bytes()[..72], 4).unwrap())
}

#[test]
fn a_truncated_hash_of_a_longer_decomposed_password_stays() {
    let server = TestServer::start();
    let long = format!("{NFD}{}", "x".repeat(72));
    let kept = truncated(&long);
    server.overwrite_hash(server.add("alice", |_| ()), &kept);
    let raw = Password::new(NFD.to_owned()).into();
    let replaced = server.wait(server.app.passwords.hash(Requester::default(), &raw)).unwrap();
    server.overwrite_hash(server.add("bob", |_| ()), replaced.as_stored());
    // What follows the 72nd byte was not compared, and may be mistyped.
    assert_eq!(server.anon().log_in("alice", &format!("{long}-mistyped")).status, 200);
    assert_eq!(server.anon().log_in("alice", &long).status, 200);
    assert_eq!(server.anon().log_in("bob", NFD).status, 200);
    crate::smtp::wait_until(|| server.hash_of("bob") != replaced.as_stored());
    assert_eq!(server.hash_of("alice"), kept);
}

#[test]
fn a_failed_login_costs_as_many_hashes_for_a_known_user_as_for_an_unknown_one() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.add("idle", |account| {
        account.is_active = false;
        account.password = Password::new(NFC.to_owned());
    });
    let cost = |name: &str, password: &str| {
        let before = server.app.passwords.turns();
        assert_eq!(server.anon().log_in(name, password).status, 404);
        server.app.passwords.turns() - before
    };
    let one = cost("alice", "plain-Guess-7");
    assert!(one > 0);
    for (password, hashes) in
        [("plain-Guess-7", 1), ("composed-\u{e9}", 1), ("decomposed-e\u{301}", 2), (NFD, 2)]
    {
        for name in ["alice", "nobody", "idle", "alice@example.com"] {
            assert_eq!(cost(name, password), hashes * one, "{name} {password}");
        }
    }
    assert_eq!(cost("idle", NFC), one, "a right password of an inactive user");
}

fn errors(reply: &crate::http::Reply) -> Vec<String> {
    let errors = reply.json()["error"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error: &Value| error.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_least_length_is_a_setting_and_counts_the_composed_form() {
    let server = TestServer::with(&[("password.min_length", "10"), ("limits.enabled", "false")]);
    let short = register(&server, "alice", "neun-zei9");
    assert_eq!(errors(&short), ["This password is too short. It must contain at least 10 characters."]);
    assert_eq!(register(&server, "alice", &"e\u{301}z".repeat(4)).status, 400, "eight letters");
    assert_eq!(register(&server, "alice", "zehn-zeic1").status, 201);
    server.add("root", |account| account.is_admin = true);
    let page = server.signed_in("root").page("/admin/users/1/password");
    assert!(page.contains("At least 10 characters"), "{page}");
}

#[test]
fn a_breached_password_is_refused_at_every_entrance_and_recorded_at_a_login() {
    let mut list = tempfile::NamedTempFile::new().unwrap();
    write!(list, "\u{feff}{}\r\nZ\u{fc}rich-Caf\u{e9}-9\r\n", password_of("alice")).unwrap();
    let path = list.path().to_str().unwrap().to_owned();
    let server = TestServer::with(&[("password.breach_list", path.as_str()), ("limits.enabled", "false")]);
    let breached = ["This password is known from a data breach."];
    assert_eq!(errors(&register(&server, "bob", NFD)), breached);
    assert_eq!(register(&server, "bob", "Good-enough-77").status, 201);
    let bob = token(&server, "bob", "Good-enough-77");
    let body = json!({"oldPassword": "Good-enough-77", "newPassword": NFC});
    let reply = bob.send(crate::http::Request::put("/api/user/change-password").json(&body));
    assert_eq!((reply.status, &reply.json()["new password error"]), (400, &json!(breached)));

    // An account from before the list.
    let id = server.add("alice", |account| account.is_admin = true);
    let browser = server.signed_in("alice");
    assert!(server.audit(id).contains(&"breached-password".to_owned()), "{:?}", server.audit(id));
    let fields =
        [("username", "eve"), ("email", "eve@example.com"), ("password", NFC), ("password_again", NFC)];
    let reply = browser.submit("/admin/users/add", &fields);
    assert!(reply.status == 422 && reply.text().contains("data breach"), "{}", reply.text());
    let bob = server.find("bob").unwrap().id;
    assert!(!server.audit(bob).contains(&"breached-password".to_owned()));
}
