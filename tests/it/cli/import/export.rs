//! `doorward export`: the way back, and everything.

use serde_json::Value;

use super::{Django, HASH, Place};

#[test]
fn loaddata_has_the_columns_of_the_django_with_the_passwords() {
    let place = Place::new();
    assert_eq!(Django::new(&place).import(&place, &["--yes"]).code, 0);
    let said = place.run(&["export", "django", "--format", "loaddata"]);
    let objects: Vec<Value> = serde_json::from_str(&said.out).unwrap();
    let of = |model: &str| objects.iter().filter(move |object| object["model"] == model).collect::<Vec<_>>();
    assert_eq!((of("auth.group").len(), of("auth.user").len()), (2, 5));
    let bob = of("auth.user")[1];
    let fields = &bob["fields"];
    assert_eq!(
        (bob["pk"].as_i64(), &fields["username"], &fields["password"]),
        (Some(7), &"Bob".into(), &HASH.into())
    );
    assert_eq!((&fields["groups"][0][0], &fields["first_name"]), (&"Leser ä".into(), &"Bob".into()));
    assert_eq!(fields["last_login"], "2026-01-02T03:04:05.678901Z");
    assert!(of("auth.group")[0]["fields"].get("permissions").is_none(), "the group keeps its own");
}

#[test]
fn an_export_without_users_is_an_empty_array_and_each_export_is_recorded() {
    let place = Place::new();
    place.run(&["migrate"]);
    let said = place.run(&["export", "django", "--format", "loaddata"]);
    assert_eq!(serde_json::from_str::<Value>(&said.out).unwrap(), serde_json::json!([]));
    assert_eq!(place.run(&["export"]).out, "");
    let audit = place.run(&["audit", "list"]).out;
    assert!(
        audit.contains("all users for loaddata") && audit.contains("everything about all users"),
        "{audit}"
    );
}

#[test]
fn everything_about_everybody_is_a_line_for_each_user() {
    let place = Place::new();
    assert_eq!(Django::new(&place).import(&place, &["--yes"]).code, 0);
    let lines: Vec<Value> =
        place.run(&["export"]).out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5);
    let bob = &lines[1];
    assert_eq!((&bob["account"]["username"], &bob["password"]), (&"Bob".into(), &HASH.into()));
    assert_eq!((&bob["attributes"]["first_name"], &bob["groups"][0]), (&"Bob".into(), &"Leser ä".into()));
    assert_eq!(bob["audit"][0]["action"], "imported");
}
