//! Importing again: after an interruption, and until the cut-over.

use std::time::Duration;

use serde_json::Value;

use super::{Django, Place, count, names, said_json};

#[test]
fn an_import_is_repeatable_and_a_sync_brings_users_up_to_date() {
    let place = Place::new();
    let django = Django::new(&place);
    assert_eq!(django.import(&place, &["--yes"]).code, 0);
    django.execute("UPDATE auth_user SET email = 'new@example.com' WHERE username = 'Bob'");
    django.execute("UPDATE auth_user SET first_name = 'Blank' WHERE username = 'blank1'");
    django.add(30, "late", "late@example.com", "");
    let repeated = django.import(&place, &["--yes", "--json"]);
    assert_eq!(count(&repeated, "changed_at_source"), 2, "{repeated:?}");
    assert_eq!((count(&repeated, "created"), count(&repeated, "unchanged")), (1, 3));
    let synced = django.import(&place, &["--yes", "--sync", "--json"]);
    assert_eq!((count(&synced, "changed"), count(&synced, "unchanged")), (2, 4), "{synced:?}");
    let shown: Value = serde_json::from_str(&place.run(&["user", "show", "7", "--json"]).out).unwrap();
    assert_eq!(shown["email"], "new@example.com");
    assert_eq!(count(&django.import(&place, &["--yes", "--sync", "--json"]), "unchanged"), 6);
}

#[test]
fn a_sync_of_many_users_leads_to_the_same_as_a_first_import() {
    let place = Place::new();
    let django = Django::new(&place);
    django.execute(
        "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 1300) \
         INSERT INTO auth_user SELECT i, 'x', NULL, 0, 'user' || i, '', 'user' || i || '@example.com', 0, 1, \
         '2020-01-01 00:00:00', '' FROM n",
    );
    assert_eq!(django.import(&place, &["--yes"]).code, 0);
    // A name and an address move on to another user; most users keep theirs.
    django.execute(
        "UPDATE auth_user SET last_login = '2026-01-01 00:00:00', password = 'y', is_active = id % 2,
             first_name = 'Ä' || id WHERE id >= 100;
         UPDATE auth_user SET username = 'moved', email = '' WHERE id = 200;
         UPDATE auth_user SET username = 'user200', email = 'user200@example.com' WHERE id = 201;
         DELETE FROM auth_user_groups WHERE user_id = 3 AND group_id = 1;
         UPDATE auth_user SET first_name = 'Ruth' WHERE id = 3;
         INSERT INTO auth_user_groups VALUES (9, 300, 1), (10, 300, 2), (11, 301, 2)",
    );
    let synced = django.import(&place, &["--yes", "--sync", "--json"]);
    let (changed, unchanged) = (count(&synced, "changed"), count(&synced, "unchanged"));
    assert_eq!((synced.code, changed, unchanged), (0, 1202, 4), "{synced:?}");
    let whole = Place::new();
    assert_eq!(django.import(&whole, &["--yes"]).code, 0);
    let exported = |place: &Place| place.run(&["export", "django", "--format", "jsonl"]).out;
    let (one, other) = (exported(&place), exported(&whole));
    assert!(one.contains("Leser ä") && one.contains("\"moved\""));
    let differing = one.lines().zip(other.lines()).find(|(one, other)| one != other);
    assert_eq!((differing, one.len()), (None, other.len()));
    assert_eq!(count(&django.import(&place, &["--yes", "--sync", "--json"]), "unchanged"), 1206);
    let audited = place.run(&["audit", "list", "--user", "#300", "--action", "imported"]).out;
    assert_eq!(audited.lines().count(), 2, "{audited}");
}

#[test]
fn a_user_that_changed_on_both_sides_is_reported_and_stays() {
    let place = Place::new();
    let django = Django::new(&place);
    assert_eq!(django.import(&place, &["--yes"]).code, 0);
    assert_eq!(
        place.pipe(b"another-Long-pass-8", &["user", "set-password", "Bob", "--password-stdin"]).code,
        0
    );
    django.execute("UPDATE auth_user SET email = 'new@example.com' WHERE username = 'Bob'");
    let synced = django.import(&place, &["--yes", "--sync", "--json"]);
    assert_eq!((synced.code, count(&synced, "changed_on_both_sides")), (0, 1), "{synced:?}");
    assert_eq!(said_json(&synced)["problems"][0]["key"], "7");
    let shown: Value = serde_json::from_str(&place.run(&["user", "show", "7", "--json"]).out).unwrap();
    assert_eq!(shown["email"], "Bob@Example.com");
}

#[test]
fn users_that_are_gone_at_the_source_are_reported_and_deactivated_only_if_asked() {
    let place = Place::new();
    let django = Django::new(&place);
    assert_eq!(django.import(&place, &["--yes"]).code, 0);
    django.execute("DELETE FROM auth_user WHERE username = 'bob'");
    let is_active = || {
        let shown: Value = serde_json::from_str(&place.run(&["user", "show", "8", "--json"]).out).unwrap();
        shown["is_active"].as_bool().unwrap()
    };
    let synced = django.import(&place, &["--yes", "--sync", "--json"]);
    assert_eq!(
        (count(&synced, "missing"), count(&synced, "deactivated"), is_active()),
        (1, 0, true),
        "{synced:?}"
    );
    let rehearsed = ["--dry-run", "--sync", "--missing", "deactivate", "--json"];
    assert_eq!((count(&django.import(&place, &rehearsed), "deactivated"), is_active()), (1, true));
    let synced = django.import(&place, &["--yes", "--sync", "--missing", "deactivate", "--json"]);
    assert_eq!((count(&synced, "deactivated"), is_active()), (1, false), "{synced:?}");
    django.execute("DELETE FROM auth_user");
    let emptied = django.import(&place, &["--yes", "--sync", "--missing", "deactivate", "--json"]);
    assert_eq!(count(&emptied, "missing"), 0, "an empty source is more likely the wrong one: {emptied:?}");
}

#[test]
fn an_account_that_was_deleted_here_does_not_come_back() {
    let place = Place::new();
    let django = Django::new(&place);
    assert_eq!(django.import(&place, &["--yes"]).code, 0);
    assert_eq!(place.run(&["user", "delete", "Bob", "--yes"]).code, 0);
    django.execute("UPDATE auth_user SET first_name = 'X' WHERE username = 'Bob'");
    // The same person with another key.
    django.add(40, "bobby", "unused@example.com", "");
    django.execute("UPDATE auth_user SET email = 'x@example.com' WHERE username = 'Bob'");
    django.execute("UPDATE auth_user SET email = 'BOB@example.com' WHERE username = 'bobby'");
    let synced = django.import(&place, &["--yes", "--sync", "--json"]);
    assert_eq!((synced.code, count(&synced, "deleted_here")), (0, 2), "{synced:?}");
    assert_eq!(names(&place), ["root", "bob", "blank1", "blank2"]);
}

#[test]
fn a_killed_import_leads_to_the_same_users_when_it_is_run_again() {
    let place = Place::new();
    let django = Django::new(&place);
    django.execute(
        "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
         INSERT INTO auth_user SELECT i, 'x', NULL, 0, 'user' || i, '', 'user' || i || '@example.com', 0, 1, \
         '2020-01-01 00:00:00', '' FROM n",
    );
    let whole = Place::new();
    assert_eq!(django.import(&whole, &["--yes"]).code, 0);
    let mut killed = false;
    for wait in [1500, 700, 300] {
        let mut child = place.command(&["import", "django", &django.url(), "--yes"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        killed |= child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(killed, "no import was killed before its end");
    let said = django.import(&place, &["--yes", "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(count(&said, "created") + count(&said, "unchanged"), 19_906, "{said:?}");
    let exported = |place: &Place| place.run(&["export", "django", "--format", "jsonl"]).out;
    assert!(exported(&place) == exported(&whole), "the users differ");
}
