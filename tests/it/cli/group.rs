//! `doorward group …`, and users with a text as id on the command line.

use serde_json::{Value, json};

use super::Place;

#[test]
fn users_are_added_to_groups_and_removed_from_them() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    place.add("bob", "correct-horse-7", &[]);
    assert_eq!(place.run(&["group", "add", "alice", "Editors", "Night shift"]).code, 0);
    let said = place.run(&["group", "add", "bob", "editors"]);
    assert!(said.code == 0 && said.out.contains("is in Editors"), "{said:?}");
    let again = place.run(&["group", "add", "bob", "Editors"]);
    assert!(again.code == 0 && again.out.contains("nothing was changed"), "{again:?}");

    let all: Value = serde_json::from_str(&place.run(&["group", "list", "--json"]).out).unwrap();
    assert_eq!(all, json!([{"name": "Editors", "users": 2}, {"name": "Night shift", "users": 1}]));
    assert!(place.run(&["group", "list"]).out.contains("2  Editors"));
    let users: Value =
        serde_json::from_str(&place.run(&["group", "users", "EDITORS", "--json"]).out).unwrap();
    assert_eq!(users, json!([{"id": 1, "username": "alice"}, {"id": 2, "username": "bob"}]));
    let displayed: Value =
        serde_json::from_str(&place.run(&["user", "show", "alice", "--json"]).out).unwrap();
    assert_eq!(displayed["groups"], json!(["Editors", "Night shift"]));
    assert_eq!(displayed["recent"][0]["action"], "groups-changed");
    assert!(place.run(&["user", "show", "alice"]).out.contains("groups     Editors, Night shift"));

    assert_eq!(place.run(&["group", "remove", "alice", "editors"]).code, 0);
    assert_eq!(place.run(&["group", "users", "Editors"]).out, "bob (id 2)\n");
    assert_eq!(place.run(&["group", "delete", "Editors"]).code, 0);
    let all: Value = serde_json::from_str(&place.run(&["group", "list", "--json"]).out).unwrap();
    assert_eq!(all, json!([{"name": "Night shift", "users": 1}]));
    assert_eq!(place.run(&["user", "show", "bob"]).code, 0, "the users of a deleted group stay");
    assert_eq!(place.run(&["audit", "verify"]).code, 0);
}

#[test]
fn a_bad_or_unknown_group_is_refused_and_nothing_is_changed() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    for (command, code, words) in [
        (vec!["group", "add", "alice", "good", " "], 2, "cannot be the name of a group"),
        (vec!["group", "add", "nobody", "good"], 1, "there is no user"),
        (vec!["group", "add", "alice"], 2, "required"),
        (vec!["group", "remove", "alice", "good"], 1, "there is no group"),
        (vec!["group", "users", "good"], 1, "there is no group"),
        (vec!["group", "delete", "good"], 1, "there is no group"),
    ] {
        let said = place.run(&command);
        assert!(said.code == code && said.err.contains(words), "{command:?}: {said:?}");
    }
    assert_eq!(place.run(&["group", "list"]).out, "");
}

#[test]
fn a_text_as_id_selects_its_user_and_is_displayed() {
    let place = Place::new();
    let arguments =
        ["--set", "account.new_ids=uuid7", "user", "add", "--username", "ann", "--email", "ann@example.com"];
    let said = place.pipe(b"correct-horse-7", &[&arguments[..], &["--password-stdin"]].concat());
    assert_eq!(said.code, 0, "{said:?}");
    let id = said.out.split_whitespace().last().unwrap().to_owned();
    assert_eq!((id.len(), id.as_bytes()[14]), (36, b'7'), "{id}");
    for selector in [id.as_str(), &id.to_uppercase(), "1"] {
        let displayed: Value =
            serde_json::from_str(&place.run(&["user", "show", selector, "--json"]).out).unwrap();
        assert_eq!((&displayed["id"], &displayed["username"]), (&json!(id), &json!("ann")), "{selector}");
    }
    assert!(place.run(&["user", "list"]).out.contains(&id));
    assert!(place.run(&["user", "deactivate", &id]).out.contains(&format!("ann (id {id})")));
    let exported: Value = serde_json::from_str(&place.run(&["user", "export", &id]).out).unwrap();
    assert_eq!(exported["account"]["id"], id);
}
