//! `doorward explain-login`.

use doorward::testing::accounts::{Actor, deactivate};
use serde_json::Value;

use super::Place;
use crate::server::{TestServer, password_of};

#[test]
fn the_obstacles_to_a_login_are_printed_as_text_and_as_json() {
    let place = Place::new();
    let id = place.add("Alice", "correct-horse-7", &["--inactive"]);
    let said = place.run(&["explain-login", "ALICE@example.com"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("Can’t log in right now.\n"), "{}", said.out);
    assert!(said.out.contains("  ! Alice is deactivated"), "{}", said.out);
    assert!(said.out.contains("  - The email address is not confirmed."), "{}", said.out);
    place.run(&["user", "activate", "Alice"]);
    let json: Value = serde_json::from_str(&place.run(&["explain-login", "Alice", "--json"]).out).unwrap();
    assert_eq!(json["works_with_the_right_password"], true);
    assert_eq!(json["user_ids"], serde_json::json!([id]));
    let near: Value = serde_json::from_str(&place.run(&["explain-login", "alice", "--json"]).out).unwrap();
    assert_eq!(near["findings"][0]["code"], "wrong-case");
    assert_eq!(near["findings"][0]["obstacle"], true);
    place.run(&["explain-login"]).refused(2, &["IDENTIFIER"]);
}

#[test]
fn a_reason_neither_moves_the_cursor_nor_reorders_the_line() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let reason = Some("lost\u{1b}[2J\nthe \u{202e}phone אב".to_owned());
    server.wait(deactivate(&server.app, id, reason, &Actor::command_line())).unwrap();
    let place = Place::on(server.database().url());
    let help = place.run(&["explain-login", "alice"]).out;
    assert!(help.contains(" Reason: lost [2J the phone אב\n"), "{help:?}");
    let log = place.run(&["audit", "list", "--last", "1"]).out;
    assert!(log.ends_with(" lost [2J the phone אב\n"), "{log:?}");
}

#[test]
fn unblock_clears_the_rate_limits_of_a_name_and_of_an_ip_address() {
    let server = TestServer::with(&[
        ("limits.failed_logins_per_account", "2"),
        ("limits.failed_logins_per_address", "4"),
    ]);
    let alice = server.add("alice", |_| ());
    let place = Place::on(server.database().url());
    for name in ["alice", "alice", "one", "two"] {
        assert_eq!(server.anon().log_in(name, "wrong-guess-1").status, 404);
    }
    let log_in = || server.anon().log_in("alice", &password_of("alice")).status;
    let unblock = |who: &str| place.run(&["unblock", who]).out;
    assert_eq!(unblock("alice"), "alice: 3 rate limits were cleared\n");
    assert_eq!(log_in(), 429, "the address is blocked yet");
    assert_eq!(unblock("127.0.0.1"), "127.0.0.1: 1 rate limit was cleared\n");
    assert_eq!(log_in(), 200);
    assert_eq!(server.audit(alice)[1], "unblocked");
    assert!(place.run(&["audit", "list"]).out.contains("127.0.0.1"));
    assert_eq!(unblock("alice"), "alice: no rate limit has counted anything\n");
    assert_eq!(unblock("no\u{1b}[2Jbody"), "no [2Jbody: no rate limit has counted anything\n");
    place.run(&["unblock"]).refused(2, &["BLOCKED"]);
}

#[test]
fn explain_login_says_that_the_clock_was_ahead() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.advance(std::time::Duration::from_secs(7200));
    server.anon().log_in("alice", "wrong-guess-1");
    let place = Place::on(server.database().url());
    let said = place.run(&["explain-login", "alice"]).out;
    assert!(said.contains("in the future: the clock of this machine was ahead"), "{said}");
}
