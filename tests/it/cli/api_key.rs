//! `doorward api-key`.

use serde_json::{Value, json};

use super::Place;
use super::serve::Serving;
use crate::http::Request;

/// A place whose database is there.
fn migrated(place: Place) -> Place {
    let said = place.run(&["migrate"]);
    assert_eq!(said.code, 0, "{said:?}");
    place
}

fn listed(place: &Place) -> Vec<Value> {
    let said = place.run(&["api-key", "list", "--json"]);
    serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}"))
}

#[test]
fn a_key_is_made_used_listed_and_revoked_while_the_server_runs() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    assert!(place.run(&["api-key", "list"]).out.contains("no API keys"));
    let made = place.run(&["api-key", "create", "billing", "--scope", "tokens:introspect"]);
    let key = made.out.trim().to_owned();
    assert!(made.code == 0 && key.starts_with("dwk_") && key.len() == 85, "{made:?}");
    assert!(made.err.contains("not displayed again"), "{made:?}");
    let serving = Serving::start(&place, &[]);
    let ask = || {
        let request = Request::post("/api/token/introspect/").json(&json!({"token": "x"}));
        serving.send(&request.header("Authorization", format!("Api-Key {key}"))).status
    };
    assert_eq!(ask(), 200);
    let [one] = &listed(&place)[..] else { panic!("one key") };
    assert_eq!((&one["name"], &one["state"]), (&json!("billing"), &json!("active")));
    assert_eq!((&one["scopes"], one.get("key")), (&json!(["tokens:introspect"]), None));
    let id = one["id"].as_str().unwrap();
    let line = place.run(&["api-key", "list"]).out;
    assert!(line.contains(id) && !line.contains(&key), "{line}");
    let said = place.run(&["api-key", "revoke", id]);
    assert_eq!((said.code, said.out.trim_end()), (0, &*format!("revoked billing ({id})")));
    assert_eq!(ask(), 401);
    place.run(&["api-key", "revoke", &key]).refused(1, &[id, "revoked already"]);
    place
        .run(&["api-key", "revoke", "0000000000000000"])
        .refused(1, &["there is no API key", "api-key list"]);
    let log = place.run(&["audit", "list", "--json"]).out;
    assert!(log.contains("api-key-created") && log.contains("api-key-revoked") && !log.contains(&key[21..]));
}

#[test]
fn a_key_has_the_lifetime_and_the_networks_that_were_given() {
    let place = migrated(Place::new());
    let made = place.run(&[
        "api-key",
        "create",
        "deploy",
        "--scope",
        "users:read,users:write",
        "--scope",
        "audit:read",
        "--expires-in",
        "90d",
        "--network",
        "10.0.0.0/8,::1",
        "--json",
    ]);
    let made: Value = serde_json::from_str(&made.out).unwrap_or_else(|_| panic!("{made:?}"));
    assert_eq!(made["scopes"], json!(["users:read", "users:write", "audit:read"]));
    assert_eq!(made["networks"], json!(["10.0.0.0/8", "::1/128"]));
    assert!(made["expires_at"].is_string() && made["key"].as_str().unwrap().starts_with("dwk_"), "{made}");
    assert_eq!(listed(&place)[0]["expires_at"], made["expires_at"]);
}

#[test]
fn what_no_key_can_be_made_of_is_refused_with_what_is_expected() {
    let place = migrated(Place::new());
    for (arguments, words) in [
        (&["x"][..], &["--scope"][..]),
        (&["x", "--scope", "everything"], &["users:read", "tokens:introspect"]),
        (&[" ", "--scope", "users:read"], &["up to 100 characters"]),
        (&["x", "--scope", "users:read", "--expires-in", "soon"], &["length of time"]),
        (&["x", "--scope", "users:read", "--network", "10.0.0.0/33"], &["10.0.0.0/33"]),
    ] {
        let said = place.run(&[&["api-key", "create"], arguments].concat());
        assert_eq!(said.code, 2, "{said:?}");
        assert!(words.iter().all(|word| said.err.contains(word)), "{said:?}");
    }
    let said = place.run(&["api-key", "revoke", "nothing"]);
    assert!(said.code == 2 && said.err.contains("16 digits"), "{said:?}");
    assert!(listed(&place).is_empty());
}

#[test]
fn a_copy_has_the_keys() {
    let (place, target) = (migrated(Place::sqlite()), Place::sqlite());
    let key =
        place.run(&["api-key", "create", "billing", "--scope", "tokens:introspect"]).out.trim().to_owned();
    let file = target.path().join("copy.db");
    let said = place.run(&["copy", "--to", &format!("sqlite:{}", file.display())]);
    assert_eq!(said.code, 0, "{said:?}");
    let copied = Place::on(&format!("sqlite:{}", file.display()));
    assert_eq!(listed(&copied), listed(&place));
    let serving = Serving::start(&copied, &[]);
    let request = Request::post("/api/token/introspect/").json(&json!({"token": "x"}));
    assert_eq!(serving.send(&request.header("Authorization", format!("Api-Key {key}"))).status, 200);
}
