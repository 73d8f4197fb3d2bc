//! `doorward explain-login`.

use doorward::testing::accounts::{Actor, deactivate};
use serde_json::Value;

use super::Place;
use crate::server::TestServer;

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
