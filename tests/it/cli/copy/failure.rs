//! A failed copy leaves an empty target, which the next copy fills.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::{copied, copy, is_empty, routes};
use crate::cli::Place;
use crate::database::{Database, server_or_skip};

/// Makes the insertion of users fail. Other tables are written before.
fn trap(target: &Database, how: &str) {
    assert_eq!(Place::on(target.url()).run(&["migrate"]).code, 0);
    target.execute(&if target.url().starts_with("sqlite:") {
        "CREATE TRIGGER trap BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'a trap'); END".to_owned()
    } else {
        format!(
            "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {how}; RETURN NEW; END';
             CREATE TRIGGER trap BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION trap()"
        )
    });
}

fn untrap(target: &Database) {
    let is_sqlite = target.url().starts_with("sqlite:");
    target.execute(if is_sqlite { "DROP TRIGGER trap" } else { "DROP FUNCTION trap CASCADE" });
}

fn add_many_users(source: &Database) {
    let place = Place::on(source.url());
    place.add("alice", "correct-horse-7", &[]);
    place.add("bob", "correct-horse-7", &[]);
    assert_eq!(place.run(&["user", "delete", "bob", "--yes"]).code, 0);
}

#[test]
fn after_an_error_in_the_middle_the_target_is_empty_and_the_next_copy_fills_it() {
    for (from, to) in routes() {
        add_many_users(&from);
        trap(&to, "RAISE EXCEPTION ''a trap''");
        let said = copy(&from, &to);
        said.refused(1, &["target: the database failed: a trap", "copy again"]);
        assert!(said.err.contains("copied audit"), "some tables were written before: {said:?}");
        assert!(is_empty(&to));
        untrap(&to);
        copied(&from, &to);
        assert_eq!(Place::on(to.url()).add("carol", "correct-horse-7", &[]), 3);
    }
}

#[test]
fn after_a_lost_connection_in_the_middle_the_target_is_empty_and_the_next_copy_fills_it() {
    let Some(server) = server_or_skip() else { return };
    let (from, to) = (Database::sqlite(), Database::empty_postgres(&server));
    add_many_users(&from);
    trap(&to, "PERFORM pg_terminate_backend(pg_backend_pid())");
    copy(&from, &to).refused(1, &["target: ", "copy again"]);
    assert!(is_empty(&to));
    untrap(&to);
    copied(&from, &to);
    assert_eq!(Place::on(to.url()).add("carol", "correct-horse-7", &[]), 3);
}

#[test]
fn after_kill_9_in_the_middle_the_target_is_empty_and_the_next_copy_fills_it() {
    for (from, to) in routes() {
        add_many_users(&from);
        let rows: Vec<String> = (0..20_000).map(|n| format!("('{n:064}', 0, 0)")).collect();
        from.execute(&format!("INSERT INTO throttles VALUES {}", rows.join(", ")));
        let place = Place::sqlite();
        let mut command = place.command(&["copy", "--from", from.url(), "--to", to.url()]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        // The last table before the one with 20,000 rows.
        assert!(lines.any(|line| line == "copied secrets"));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(is_empty(&to));
        copied(&from, &to);
        assert_eq!(to.lines("SELECT '' AS line FROM throttles").len(), 20_000);
        assert_eq!(Place::on(to.url()).add("carol", "correct-horse-7", &[]), 3);
    }
}

/// A test of the comparison itself.
#[test]
fn a_target_that_changes_values_is_detected() {
    let Some(server) = server_or_skip() else { return };
    let (from, to) = (Database::sqlite(), Database::empty_postgres(&server));
    add_many_users(&from);
    trap(&to, "NEW.is_admin := true");
    copy(&from, &to).refused(1, &["table `users` is not the same in the target as in the source"]);
    assert!(is_empty(&to));
}
