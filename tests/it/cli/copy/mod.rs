//! `doorward copy`, between all pairs of SQLite and PostgreSQL.

mod failure;
mod refused;
mod whole;

use std::path::PathBuf;

use serde_json::Value;

use super::serve::Serving;
use super::{Place, Said};
use crate::database::{Database, server_or_skip};
use crate::http::Request;

/// A source and a target that do not exist yet, or are empty: from SQLite to SQLite, and, if there is a
/// PostgreSQL, from each dialect to the other.
fn routes() -> Vec<(Database, Database)> {
    let mut routes = vec![(Database::sqlite(), Database::sqlite())];
    if let Some(server) = server_or_skip() {
        let postgres = || Database::empty_postgres(&server);
        routes.push((Database::sqlite(), postgres()));
        routes.push((postgres(), Database::sqlite()));
    }
    routes
}

fn copy(from: &Database, to: &Database) -> Said {
    Place::sqlite().run(&["copy", "--from", from.url(), "--to", to.url()])
}

/// Copies, and returns the printed table.
fn copied(from: &Database, to: &Database) -> String {
    let said = copy(from, to);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.err.contains("Stop every doorward on it first"), "{said:?}");
    assert!(!format!("{said:?}").contains("the-password-of-the-tests"), "{said:?}");
    let (tables, end) = said.out.trim_end().rsplit_once('\n').unwrap();
    assert!(end.contains("compared"), "{said:?}");
    tables.to_owned()
}

/// Whether the database has no table of doorward.
fn is_empty(database: &Database) -> bool {
    let tables = ["users", "audit", "secrets", "throttles", "one_time_keys"];
    tables.iter().all(|table| database.lines(&format!("SELECT '' AS line FROM {table}")).is_empty())
}

fn file(database: &Database) -> PathBuf {
    PathBuf::from(database.url().strip_prefix("sqlite:").unwrap())
}

#[test]
fn logins_and_earlier_tokens_work_on_the_copy() {
    for (from, to) in routes() {
        let old = Place::on(from.url());
        old.add("alice", "correct-horse-7", &["--confirmed"]);
        let mut serving = Serving::start(&old, &[]);
        let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
        serving.signal("TERM");
        assert_eq!(serving.end(), Some(0));
        copied(&from, &to);

        let new = Serving::start(&Place::on(to.url()), &[]);
        let user = new.send(&Request::get("/api/user/").bearer(&token));
        assert_eq!(user.status, 200, "{}", user.text());
        assert_eq!(user.json()["username"], "alice");
        assert_eq!(new.log_in("ALICE@example.com", "correct-horse-7").status, 200);
        assert_eq!(new.log_in("alice", "wrong").status, 404);
        let place = Place::on(to.url());
        assert_eq!(place.run(&["user", "deactivate", "alice"]).code, 0);
        assert_eq!(new.send(&Request::get("/api/user/").bearer(&token)).status, 401);
    }
}

#[test]
fn the_id_of_a_deleted_user_is_not_used_again_after_copies_there_and_back() {
    for (from, to) in routes() {
        let (old, new) = (Place::on(from.url()), Place::on(to.url()));
        old.add("alice", "correct-horse-7", &[]);
        assert_eq!(old.add("bob", "correct-horse-7", &[]), 2);
        assert_eq!(old.run(&["user", "delete", "bob", "--yes"]).code, 0);
        copied(&from, &to);
        assert_eq!(new.add("carol", "correct-horse-7", &[]), 3);
        assert_eq!(new.run(&["user", "delete", "carol", "--yes"]).code, 0);
        let back = Database::sqlite();
        copied(&to, &back);
        assert_eq!(Place::on(back.url()).add("dave", "correct-horse-7", &[]), 4);
    }
}

#[test]
fn without_from_the_configured_database_is_copied_and_json_is_printed() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let target = Database::sqlite();
    let said = place.run(&["copy", "--to", target.url(), "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let tables: Value = serde_json::from_str(&said.out).unwrap();
    let users = tables.as_array().unwrap().iter().find(|one| one["table"] == "users").unwrap();
    assert_eq!(users["rows"], 1);
    assert_eq!(users["sha256"].as_str().unwrap().len(), 64);
    for line in ["copied users", "compared users"] {
        assert!(said.err.contains(line), "{said:?}");
    }
    assert!(Place::on(target.url()).run(&["user", "show", "alice"]).out.contains("alice@example.com"));
}

#[test]
fn only_the_owner_can_read_a_file_that_copy_creates() {
    use std::os::unix::fs::PermissionsExt as _;
    let (from, to) = (Database::sqlite(), Database::sqlite());
    Place::on(from.url()).add("alice", "correct-horse-7", &[]);
    copied(&from, &to);
    assert_eq!(std::fs::metadata(file(&to)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn settings_changed_in_the_admin_are_in_copies_and_backups() {
    for (from, to) in routes() {
        let old = Place::on(from.url());
        assert_eq!(old.run(&["migrate"]).code, 0);
        from.execute("INSERT INTO stored_settings (name, value, version) VALUES ('site.name', 'Copied', 3)");
        copied(&from, &to);
        let config = Place::on(to.url()).run(&["config"]);
        let line = config.out.lines().find(|line| line.starts_with("site.name ")).unwrap();
        assert!(line.contains(" Copied ") && line.ends_with("(database)"), "{line}");
        let file = old.path().join("backup.db");
        assert_eq!(old.run(&["backup", file.to_str().unwrap()]).code, 0);
        let backup = format!("sqlite:{}", file.display());
        assert!(Place::on(&backup).run(&["config"]).out.contains(" Copied "));
    }
}
