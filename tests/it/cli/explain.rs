//! `doorward explain-login`.

use serde_json::Value;

use super::Place;

#[test]
fn it_says_in_words_and_in_json_what_stands_in_the_way() {
    let place = Place::new();
    let id = place.add("Alice", "correct-horse-7", &["--inactive"]);
    let said = place.run(&["explain-login", "ALICE@example.com"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("No login works here now.\n"), "{}", said.out);
    assert!(said.out.contains("  ! “Alice” is deactivated"), "{}", said.out);
    assert!(said.out.contains("  - The email is not confirmed."), "{}", said.out);
    place.run(&["user", "activate", "Alice"]);
    let json: Value = serde_json::from_str(&place.run(&["explain-login", "Alice", "--json"]).out).unwrap();
    assert_eq!(json["works_with_the_right_password"], true);
    assert_eq!(json["user_ids"], serde_json::json!([id]));
    let near: Value = serde_json::from_str(&place.run(&["explain-login", "alice", "--json"]).out).unwrap();
    assert_eq!(near["findings"][0]["code"], "wrong-case");
    assert_eq!(near["findings"][0]["obstacle"], true);
    place.run(&["explain-login"]).refused(2, &["IDENTIFIER"]);
}
