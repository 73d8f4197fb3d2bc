//! Who gets an account back, and whom strangers can lock out.

use std::time::Duration;

use doorward::testing::accounts::{Actor, Rules, activate, deactivate, set_password};
use doorward::testing::types::Password;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::http::{Reply, Request};
use crate::outbox::{self, ask_confirmation, ask_reset, keys};
use crate::server::{TestServer, email_of, password_of};

const NEW: &str = "quite-Long-pass-3";
const HOUR: Duration = Duration::from_secs(3600);

/// A server behind a proxy, so that clients have addresses of their own.
fn behind_a_proxy(settings: &[(&str, &str)]) -> TestServer {
    let mut all = vec![("trusted_proxies", "127.0.0.1")];
    all.extend_from_slice(settings);
    TestServer::with(&all)
}

fn post_from(server: &TestServer, address: &str, path: &str, body: &Value) -> Reply {
    server.anon().send(Request::post(path).json(body).header("X-Forwarded-For", address))
}

fn log_in_from(server: &TestServer, address: &str, name: &str, password: &str) -> u16 {
    post_from(server, address, "/api/login/", &json!({"username": name, "password": password})).status
}

fn reset(server: &TestServer, key: &str) -> u16 {
    server.anon().post("/api/password/reset/confirm/", &json!({"key": key, "new_password": NEW})).status
}

fn change_email(server: &TestServer, name: &str, email: &str) {
    let change = Request::put("/api/user/").json(&json!({"email": email}));
    assert_eq!(server.log_in(name).send(change).status, 200);
}

fn email(server: &TestServer, name: &str) -> (String, bool) {
    let user = server.find(name).unwrap();
    (user.email.to_string(), user.is_email_confirmed)
}

#[test]
fn an_unconfirmed_new_address_gets_no_reset_and_the_confirmed_one_does() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    change_email(&server, "alice", "thief@example.com");
    change_email(&server, "alice", "second@example.com");
    for asked in ["second@example.com", &email_of("alice")] {
        assert_eq!(ask_reset(&server, asked).status, 202);
    }
    ask_reset(&server, "thief@example.com");
    assert!(keys(&server, "reset_password", "second@example.com").is_empty());
    assert!(keys(&server, "reset_password", "thief@example.com").is_empty());
    assert_eq!(keys(&server, "reset_password", &email_of("alice")).len(), 2);
    assert_eq!(server.anon().log_in("second@example.com", &password_of("alice")).status, 200);
}

#[test]
fn a_reset_by_the_recovery_address_restores_it_and_ends_the_pending_one() {
    let server = TestServer::start();
    let id = server.add("alice", |account| account.is_email_confirmed = true);
    change_email(&server, "alice", "thief@example.com");
    let confirm = keys(&server, "confirm_email", "thief@example.com").pop().unwrap();
    ask_reset(&server, &email_of("alice"));
    let key = keys(&server, "reset_password", &email_of("alice")).pop().unwrap();
    let page = server.anon().get(&format!("/reset-password/{key}")).text();
    assert!(page.contains("thief@example.com was never confirmed. With the new password,"), "{page}");
    assert_eq!(reset(&server, &key), 200);
    assert_eq!(email(&server, "alice"), (email_of("alice"), true));
    assert!(server.audit(id).contains(&"email-restored".to_owned()));
    assert_eq!(server.anon().post("/api/email/confirm/", &json!({"key": confirm})).status, 400);
    ask_confirmation(&server, "thief@example.com");
    assert_eq!(keys(&server, "confirm_email", "thief@example.com").len(), 1, "no account has it any more");
    assert_eq!(keys(&server, "password_changed", &email_of("alice")).len(), 1);
}

#[test]
fn a_confirmed_new_address_replaces_the_recovery_address() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    change_email(&server, "alice", "new@example.com");
    let key = keys(&server, "confirm_email", "new@example.com").pop().unwrap();
    assert_eq!(server.anon().post("/api/email/confirm/", &json!({"key": key})).status, 200);
    ask_reset(&server, &email_of("alice"));
    ask_reset(&server, "new@example.com");
    assert!(keys(&server, "reset_password", &email_of("alice")).is_empty());
    let key = keys(&server, "reset_password", "new@example.com").pop().unwrap();
    assert_eq!(reset(&server, &key), 200);
    assert_eq!(email(&server, "alice"), ("new@example.com".to_owned(), true));
}

#[test]
fn an_account_without_a_confirmed_address_resets_by_the_one_it_has() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    change_email(&server, "alice", "new@example.com");
    ask_reset(&server, "new@example.com");
    assert_eq!(keys(&server, "reset_password", "new@example.com").len(), 1);
}

#[test]
fn no_other_account_gets_a_recovery_address() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    change_email(&server, "alice", "new@example.com");
    server.advance(8 * 24 * HOUR);
    let wanted = json!({"username": "eve", "email": email_of("alice"), "password": NEW});
    assert_eq!(server.anon().post("/api/register/", &wanted).status, 400);
    change_email(&server, "alice", &email_of("alice"));
    assert_eq!(email(&server, "alice").0, email_of("alice"), "its owner does");
}

#[test]
fn a_recovery_address_is_refused_as_another_name_and_cannot_be_invited() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    server.add("eve", |_| ());
    change_email(&server, "alice", "new@example.com");
    server.advance(8 * 24 * HOUR);
    let browser = server.signed_in("root");
    let address = email_of("alice");
    let place = Place::on(server.database().url());
    for name in [address.clone(), address.to_uppercase()] {
        let wanted = json!({"username": name, "email": "other@example.com", "password": NEW});
        assert_eq!(server.anon().post("/api/register/", &wanted).status, 400, "{name}");
        let rename = Request::put("/api/user/").json(&json!({"username": name}));
        assert_eq!(server.log_in("eve").send(rename).status, 400, "{name}");
        let add = ["user", "add", "--username", &name, "--email", "o@example.com", "--password-stdin"];
        let said = place.pipe(NEW.as_bytes(), &add);
        assert!(said.code != 0 && said.err.contains("name already exists"), "{said:?}");
        let said = place.run(&["user", "invite", &name]);
        assert!(said.code != 0 && said.err.contains("already"), "{said:?}");
        let checked = browser.submit("/admin/users/invite", &[("addresses", &name)]).text();
        assert!(checked.contains(">alice</a>"), "{checked}");
    }
    assert!(keys(&server, "invite", &address).is_empty());
    let own = Request::put("/api/user/").json(&json!({"username": address}));
    assert_eq!(server.log_in("alice").send(own).status, 200, "the account itself may");
}

#[test]
fn a_password_can_be_required_for_a_new_address_and_for_nothing_else() {
    let server = TestServer::with(&[("password.required_for_email_change", "true")]);
    let alice = server.user("alice");
    let put = |body: Value| alice.send(Request::put("/api/user/").json(&body));
    let new = "new@example.com";
    let missing = put(json!({"email": new}));
    assert_eq!((missing.status, missing.json()), (400, json!({"password": ["This field is required."]})));
    let wrong = put(json!({"email": new, "password": "wrong"}));
    assert_eq!((wrong.status, wrong.json()), (400, json!({"password": ["The password is wrong."]})));
    assert_eq!(email(&server, "alice").0, email_of("alice"));
    assert_eq!(
        put(json!({"username": "alicia", "email": "ALICE@example.com"})).status,
        200,
        "the same mailbox"
    );
    assert_eq!(put(json!({"email": new, "password": password_of("alice")})).status, 200);
    for _ in 0..9 {
        put(json!({"email": "next@example.com", "password": "wrong"}));
    }
    assert_eq!(put(json!({"email": "next@example.com", "password": password_of("alice")})).status, 429);
}

#[test]
fn administrators_void_the_links_that_undo_a_change() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let by = Actor::command_line();
    let undo_works = |key: &str| server.anon().get(&format!("/undo-email/{key}")).status == 200;
    let changed = |name: &str| {
        let id = server.add(name, |account| account.is_email_confirmed = true);
        let key = outbox::change_email(&server, name, &format!("new-{name}@example.com"));
        assert!(undo_works(&key), "{name}");
        (id, key)
    };
    let (id, key) = changed("password");
    let password = Password::new(NEW.to_owned());
    server.wait(set_password(&server.app, id, password, Rules::Enforced, &by)).unwrap();
    assert!(!undo_works(&key), "a password");
    let (id, key) = changed("link");
    assert_eq!(browser.submit(&format!("/admin/users/{id}/reset-link"), &[]).status, 200);
    assert!(!undo_works(&key), "a reset link");
    let (id, key) = changed("sessions");
    assert_eq!(browser.submit(&format!("/admin/users/{id}/end-sessions"), &[]).status, 303);
    assert!(!undo_works(&key), "ended sessions");
    let (id, key) = changed("deactivated");
    server.wait(deactivate(&server.app, id, None, &by)).unwrap();
    server.wait(activate(&server.app, id, &by)).unwrap();
    assert!(!undo_works(&key), "a deactivation");
    let (_, key) = changed("own");
    let own = json!({"oldPassword": password_of("own"), "newPassword": NEW});
    assert_eq!(server.log_in("own").send(Request::put("/api/user/change-password").json(&own)).status, 200);
    assert!(undo_works(&key), "a thief who knows the password could get rid of it");
}

#[test]
fn strangers_lock_out_no_owner_at_a_known_address() {
    let server = behind_a_proxy(&[]);
    server.add("alice", |_| ());
    let home = "198.51.100.7";
    assert_eq!(log_in_from(&server, home, "alice", &password_of("alice")), 200);
    for stranger in 0..40 {
        for name in ["alice", &email_of("alice")] {
            log_in_from(&server, &format!("203.0.113.{stranger}"), name, "wrong");
        }
    }
    let right = password_of("alice");
    assert_ne!(log_in_from(&server, "203.0.113.99", "alice", &right), 200);
    assert_eq!(log_in_from(&server, home, "alice", &right), 200);
    assert_eq!(log_in_from(&server, home, &email_of("alice"), &right), 200);
    let wrong: Vec<u16> = (0..11).map(|_| log_in_from(&server, home, "alice", "wrong")).collect();
    assert_eq!((wrong[9], wrong[10]), (404, 429), "known addresses have a limit of their own");
}

#[test]
fn a_new_password_makes_addresses_unknown() {
    let server = behind_a_proxy(&[("limits.failed_logins_per_account", "2")]);
    server.add("alice", |_| ());
    let (home, other) = ("198.51.100.7", "198.51.100.8");
    for address in [home, other] {
        assert_eq!(log_in_from(&server, address, "alice", &password_of("alice")), 200);
    }
    let key = outbox::reset_key(&server, "alice");
    let body = json!({"key": key, "new_password": NEW});
    assert_eq!(post_from(&server, home, "/api/password/reset/confirm/", &body).status, 200);
    for _ in 0..2 {
        log_in_from(&server, "203.0.113.9", "alice", "wrong");
    }
    assert_eq!(log_in_from(&server, other, "alice", NEW), 429);
    assert_eq!(log_in_from(&server, home, "alice", NEW), 200, "the new password came from there");
}

#[test]
fn a_running_session_of_an_administrator_is_not_locked_out() {
    let server = behind_a_proxy(&[("limits.failed_logins_per_address", "30")]);
    let browser = server.signed_in("root");
    for stranger in 0..40 {
        log_in_from(&server, &format!("203.0.113.{stranger}"), "root", "wrong");
        log_in_from(&server, "127.0.0.1", &format!("user{stranger}"), "wrong");
    }
    server.advance(Duration::from_secs(16 * 60));
    let right = password_of("root");
    assert_eq!(
        browser.submit("/admin/prove", &[("password", right.as_str()), ("next", "/admin")]).status,
        303
    );
}

/// OWASP ASVS 2.2.1. Beyond the limit the right password is refused as a wrong one, since a client that were
/// told would learn that the name and the address belong together.
#[test]
fn an_hour_has_at_most_a_hundred_wrong_passwords_for_an_account() {
    let server = behind_a_proxy(&[("limits.failed_logins_per_account", "1000")]);
    server.add("alice", |_| ());
    let guesses = || {
        server.database().lines("SELECT bucket AS line FROM throttles WHERE bucket LIKE 'guesses:%'").len()
    };
    for n in 0..30 {
        let name = if n % 2 == 0 { "alice".to_owned() } else { email_of("alice") };
        assert_eq!(log_in_from(&server, &format!("203.0.113.{n}"), &name, "wrong"), 404, "{n}");
    }
    assert_eq!(guesses(), 1, "one bucket for both");
    let right = password_of("alice");
    for name in ["alice".to_owned(), email_of("alice")] {
        assert_eq!(log_in_from(&server, "203.0.113.200", &name, &right), 404);
    }
    server.advance(HOUR);
    assert_eq!(log_in_from(&server, "203.0.113.200", "alice", &right), 200);
}

#[test]
fn unknown_names_have_the_limits_of_known_ones() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "1000")]);
    server.add("alice", |_| ());
    let answers = |name: &str| {
        let statuses = (0..30).map(|_| server.anon().log_in(name, "wrong").status);
        statuses.collect::<Vec<u16>>()
    };
    let known = answers("alice");
    assert_eq!(known, answers("nobody"));
    assert_eq!(known.iter().filter(|status| **status == 404).count(), 25);
    let rows = "SELECT bucket AS line FROM throttles";
    assert_eq!(server.database().lines(rows).len(), 7, "as many buckets for each, and one for the address");
}

#[test]
fn a_failed_login_is_as_much_work_as_the_costliest_stored_hash() {
    let server = TestServer::start();
    for name in ["cheap", "costly", "imported", "unusable"] {
        server.add(name, |_| ());
    }
    let inactive = server.add("inactive", |account| account.is_active = false);
    let id = |name: &str| server.find(name).unwrap().id;
    let raw = |cost: u32| format!("$2b${cost:02}$abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW");
    server.overwrite_hash(id("unusable"), "!");
    server.overwrite_hash(id("imported"), &format!("bcrypt${}", raw(6)));
    let names = ["nobody", "cheap", "costly", "imported", "unusable", "inactive"];
    let work = |name: &str| {
        let before = server.app.passwords.turns();
        assert_eq!(server.anon().log_in(name, "wrong").status, 404, "{name}");
        server.app.passwords.turns() - before
    };
    assert_eq!(names.map(work), [1 << 6; 6]);
    // As another replica or an import would, past this process.
    server.overwrite_hash(id("costly"), &raw(8));
    assert_eq!(names.map(work), [1 << 8; 6]);
    server.overwrite_hash(id("costly"), &raw(4));
    server.overwrite_hash(inactive, &raw(7));
    assert_eq!(names.map(work), [1 << 7; 6]);
}

#[test]
fn a_newer_reset_leaves_earlier_ones_valid_and_one_use_ends_them_all() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let keys = [0; 3].map(|_| outbox::reset_key(&server, "alice"));
    for key in &keys {
        assert_eq!(server.anon().get(&format!("/reset-password/{key}")).status, 200);
    }
    assert_eq!(keys.map(|key| reset(&server, &key)), [200, 400, 400]);
}

#[test]
fn requests_of_strangers_do_not_keep_the_owner_from_a_reset() {
    let server = behind_a_proxy(&[]);
    server.add("alice", |_| ());
    let ask = |address: &str| {
        let body = json!({"email": email_of("alice")});
        post_from(&server, address, "/api/password/reset/", &body).status
    };
    let mails = || keys(&server, "reset_password", &email_of("alice")).len();
    assert_eq!(log_in_from(&server, "198.51.100.7", "alice", &password_of("alice")), 200);
    for n in 0..30 {
        assert_eq!(ask(&format!("203.0.113.{n}")), 202, "the client learns nothing of the others");
    }
    assert_eq!(mails(), 10, "the mailbox is not flooded");
    assert_eq!(ask("198.51.100.7"), 202);
    assert_eq!(mails(), 11);
}

#[test]
fn a_session_ends_after_its_lifetime_although_it_is_used() {
    let server = TestServer::with(&[
        ("tokens.rotate_refresh", "true"),
        ("tokens.session_lifetime", "2d"),
        ("access_token_lifetime", "5d"),
    ]);
    server.add("alice", |_| ());
    let body = json!({"username": "alice", "password": password_of("alice")});
    let mut pair = server.anon().post("/api/token/", &body).json();
    let refresh =
        |pair: &Value| server.anon().post("/api/token/refresh/", &json!({"refresh": pair["refresh"]}));
    let uses = |pair: &Value| {
        let access = pair["access"].as_str().unwrap();
        let user = server.anon().send(Request::get("/api/user/").bearer(access)).status;
        let verify =
            |kind: &str| server.anon().post("/api/token/verify/", &json!({"token": pair[kind]})).status;
        [user, verify("access"), verify("refresh")]
    };
    for _ in 0..3 {
        server.advance(Duration::from_secs(15 * 3600));
        pair = refresh(&pair).json();
        assert_eq!(uses(&pair), [200; 3]);
    }
    server.advance(Duration::from_secs(3 * 3600 + 1));
    assert_eq!(uses(&pair), [401; 3]);
    assert_eq!(refresh(&pair).status, 401);
    let other = server.log_in("alice");
    assert_eq!(other.get("/api/sessions/").json().as_array().unwrap().len(), 1, "it is not listed");
}
