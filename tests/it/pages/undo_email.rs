//! `/undo-email/{key}`: undoing a change of the email.

use std::time::Duration;

use serde_json::json;

use crate::http::Request;
use crate::outbox::{change_email, keys};
use crate::server::{TestServer, email_of, password_of};

fn press(server: &TestServer, key: &str) -> crate::http::Reply {
    server.anon().send(Request::post(&format!("/undo-email/{key}")))
}

fn email(server: &TestServer) -> (String, bool) {
    let user = server.find("alice").unwrap();
    (user.email.to_string(), user.is_email_confirmed)
}

#[test]
fn the_undo_link_restores_the_email_ends_sessions_and_asks_for_a_password() {
    let server = TestServer::start();
    let id = server.add("alice", |account| account.is_email_confirmed = true);
    let thief = server.log_in("alice");
    let key = change_email(&server, "alice", "thief@example.com");
    let page = server.anon().get(&format!("/undo-email/{key}"));
    assert!(page.text().contains(&email_of("alice")) && !page.text().contains("thief@"), "{}", page.text());
    let from_to =
        "<strong>alice</strong> was changed from <strong>alice@example.com</strong> to t…@example.com.";
    assert!(page.text().contains(from_to), "{}", page.text());
    assert!(page.text().contains(">Restore alice@example.com</button>"), "{}", page.text());
    let pressed = press(&server, &key);
    assert_eq!(pressed.status, 303);
    assert_eq!(pressed.header("Referrer-Policy").as_deref(), Some("no-referrer"));
    assert_eq!(email(&server), (email_of("alice"), true));
    assert_eq!(thief.get("/api/user/").status, 401);
    assert_eq!(server.audit(id)[0], "email-restored");
    let next = pressed.header("Location").unwrap();
    let form = server.anon().get(&next);
    assert!(form.text().contains("Choose a new password") && form.text().contains("all sessions have ended"));
    let fields = [("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    assert_eq!(server.anon().send(Request::post(&next).form(&fields)).status, 303);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
    assert_eq!(server.anon().log_in(&email_of("alice"), "quite-Long-pass-3").status, 200);
    assert_eq!(press(&server, &key).status, 404);
}

#[test]
fn a_second_change_of_the_email_cannot_undo_the_undo() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    let owners = change_email(&server, "alice", "thief@example.com");
    server.advance(Duration::from_secs(1));
    let thiefs = change_email(&server, "alice", "second@example.com");
    assert_eq!(press(&server, &owners).status, 303);
    assert_eq!(press(&server, &thiefs).status, 404);
    assert_eq!(email(&server), (email_of("alice"), true));
}

#[test]
fn undoing_the_second_change_keeps_the_undo_of_the_first() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    let owners = change_email(&server, "alice", "thief@example.com");
    server.advance(Duration::from_secs(1));
    let thiefs = change_email(&server, "alice", "second@example.com");
    assert_eq!(press(&server, &thiefs).status, 303);
    assert_eq!(press(&server, &owners).status, 303);
    assert_eq!(email(&server), (email_of("alice"), true));
}

#[test]
fn the_old_email_is_reserved_until_the_undo_link_expires() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    let bob = server.user("bob");
    let key = change_email(&server, "alice", "thief@example.com");
    let wanted = json!({"username": "carol", "email": email_of("alice"), "password": "quite-Long-pass-3"});
    let refused = server.anon().post("/api/register/", &wanted);
    assert_eq!(refused.status, 400, "{}", refused.text());
    let change = Request::put("/api/user/").json(&json!({"email": email_of("alice")}));
    assert_eq!(bob.send(change).status, 400);
    assert_eq!(press(&server, &key).status, 303);
    assert_eq!(email(&server), (email_of("alice"), true));
}

#[test]
fn an_email_is_reserved_by_its_undo_link_alone_and_not_for_its_owner() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    change_email(&server, "alice", "thief@example.com");
    // As after the new address was confirmed: nothing else leads back.
    server.database().execute("UPDATE users SET recovery_email = NULL, recovery_email_key = NULL");
    let register = |name: &str| {
        let wanted = json!({"username": name, "email": email_of("alice"), "password": "quite-Long-pass-3"});
        server.anon().post("/api/register/", &wanted).status
    };
    assert_eq!(register("carol"), 400);
    let own = Request::put("/api/user/").json(&json!({"email": email_of("alice")}));
    assert_eq!(server.log_in("alice").send(own).status, 200);
    assert_eq!(email(&server).0, email_of("alice"));
}

#[test]
fn an_email_is_free_when_its_undo_link_has_expired() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    change_email(&server, "alice", "thief@example.com");
    server.database().execute("UPDATE users SET recovery_email = NULL, recovery_email_key = NULL");
    server.advance(Duration::from_secs(7 * 24 * 3600 + 1));
    let wanted = json!({"username": "carol", "email": email_of("alice"), "password": "quite-Long-pass-3"});
    assert_eq!(server.anon().post("/api/register/", &wanted).status, 201);
}

#[test]
fn links_requested_before_the_undo_open_nothing_after_it() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    let key = change_email(&server, "alice", "thief@example.com");
    crate::outbox::ask_reset(&server, "thief@example.com");
    let reset = keys(&server, "reset_password", &email_of("alice")).pop().unwrap();
    assert_eq!(server.anon().get(&format!("/reset-password/{reset}")).status, 200);
    press(&server, &key);
    assert_eq!(server.anon().get(&format!("/reset-password/{reset}")).status, 404);
}

#[test]
fn the_undo_link_is_valid_for_seven_days() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    let key = change_email(&server, "alice", "thief@example.com");
    server.advance(Duration::from_secs(7 * 24 * 3600 - 60));
    assert_eq!(server.anon().get(&format!("/undo-email/{key}")).status, 200);
    server.advance(Duration::from_secs(61));
    assert_eq!(press(&server, &key).status, 404);
    assert_eq!(email(&server).0, "thief@example.com");
}

#[test]
fn an_email_that_may_be_restored_cannot_be_registered() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    let key = change_email(&server, "alice", "thief@example.com");
    let account = |name: &str| doorward::testing::accounts::NewAccount {
        username: doorward::testing::types::Username::parse(name).unwrap(),
        email: doorward::testing::types::Email::parse("ALICE@example.com").unwrap(),
        password: doorward::testing::types::Password::new("quite-Long-pass-3".to_owned()),
        is_email_confirmed: false,
        is_active: true,
        is_admin: false,
    };
    let by = doorward::testing::accounts::Actor::command_line();
    let rules = doorward::testing::accounts::Rules::Enforced;
    let made =
        server.wait(doorward::testing::accounts::create_user(&server.app, account("squatter"), rules, &by));
    assert!(made.unwrap_err().to_string().contains("a user with this email already exists"));
    press(&server, &key);
    assert_eq!(email(&server).0, email_of("alice"));
}

#[test]
fn an_email_of_another_account_is_not_restored() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    let key = change_email(&server, "alice", "thief@example.com");
    // The command line is not bound by the reservation.
    server.add_as("other", &email_of("alice"), |_| ());
    let thief = server.log_in("alice");
    let pressed = press(&server, &key);
    assert_eq!(pressed.status, 409);
    assert!(pressed.text().contains("Another account has this email address"));
    assert_eq!(thief.get("/api/user/").status, 200, "nothing half-done");
    assert_eq!(server.anon().get(&format!("/undo-email/{key}")).status, 200, "the link stays good");
}
