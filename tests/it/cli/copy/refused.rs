//! Refused copies and their messages: the target stays empty, and the source is not changed.

use super::{copied, copy, file, is_empty, routes};
use crate::cli::Place;
use crate::database::{Database, server_or_skip};

#[test]
fn a_target_with_rows_is_refused_and_not_changed() {
    for (from, to) in routes() {
        Place::on(from.url()).add("alice", "correct-horse-7", &[]);
        let new = Place::on(to.url());
        new.add("victor", "correct-horse-7", &[]);
        copy(&from, &to)
            .refused(1, &["the target is not empty", "`audit`, ", "`users`", "hint: nothing was changed"]);
        let listed = new.run(&["user", "list"]).out;
        assert!(listed.contains("victor") && !listed.contains("alice"), "{listed}");
        assert_eq!(new.run(&["user", "delete", "victor", "--yes"]).code, 0);
        copy(&from, &to).refused(1, &["there are rows in `audit`, `deleted_accounts`, `mails`, `secrets`"]);
    }
}

#[test]
fn a_target_with_rows_is_not_migrated() {
    for (from, to) in routes() {
        for database in [&from, &to] {
            Place::on(database.url()).add("alice", "correct-horse-7", &[]);
        }
        to.execute("DELETE FROM __diesel_schema_migrations");
        copy(&from, &to).refused(1, &["the target is not empty"]);
        assert!(to.lines("SELECT version AS line FROM __diesel_schema_migrations").is_empty());
    }
}

#[test]
fn a_second_copy_to_the_same_target_is_refused() {
    for (from, to) in routes() {
        Place::on(from.url()).add("alice", "correct-horse-7", &[]);
        copied(&from, &to);
        copy(&from, &to).refused(1, &["the target is not empty"]);
    }
}

#[test]
fn a_missing_foreign_or_empty_source_is_refused_and_no_target_is_created() {
    let (from, to) = (Database::sqlite(), Database::sqlite());
    copy(&from, &to).refused(1, &["source: cannot open the database", "is not there", "--from sqlite:PATH"]);
    assert!(!file(&from).exists());
    from.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)");
    copy(&from, &to).refused(1, &["source: the database belongs to another program", "`notes`"]);
    std::fs::write(file(&from), "").unwrap();
    copy(&from, &to).refused(1, &["source: the database is empty"]);
    std::fs::write(file(&from), "no database at all, but a text of some length").unwrap();
    copy(&from, &to).refused(1, &["source: ", "not a SQLite database"]);
    assert!(!file(&to).exists());
    let Some(server) = server_or_skip() else { return };
    copy(&Database::empty_postgres(&server), &to).refused(1, &["source: the database is empty"]);
    assert!(!file(&to).exists());
}

#[test]
fn a_source_of_an_older_doorward_is_refused_with_a_hint_and_not_changed() {
    for (from, to) in routes() {
        Place::on(from.url()).add("alice", "correct-horse-7", &[]);
        let versions = "SELECT version AS line FROM __diesel_schema_migrations ORDER BY version";
        let newest = from.lines(versions).pop().unwrap();
        from.execute(&format!("DELETE FROM __diesel_schema_migrations WHERE version = '{newest}'"));
        let before = from.lines(versions);
        copy(&from, &to)
            .refused(1, &["source: ", &newest, "older version", "doorward migrate --database-url"]);
        assert_eq!(from.lines(versions), before);
    }
}

#[test]
fn a_newer_source_or_target_and_a_target_of_another_program_are_refused() {
    for (from, to) in routes() {
        Place::on(from.url()).add("alice", "correct-horse-7", &[]);
        to.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)");
        copy(&from, &to).refused(1, &["target: the database belongs to another program", "`notes`"]);
        to.execute("DROP TABLE notes");
        assert_eq!(Place::on(to.url()).run(&["migrate"]).code, 0);
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
        to.execute(newer);
        copy(&from, &to).refused(1, &["target: ", "9999", "newer version"]);
        to.execute("DELETE FROM __diesel_schema_migrations WHERE version = '9999'");
        from.execute(newer);
        copy(&from, &to).refused(1, &["source: ", "9999", "newer version"]);
        assert!(is_empty(&to));
    }
}

#[test]
fn a_table_of_another_program_is_reported() {
    for (from, to) in routes() {
        Place::on(from.url()).add("alice", "correct-horse-7", &[]);
        from.execute("CREATE TABLE notes (id BIGINT PRIMARY KEY)");
        copy(&from, &to).refused(1, &["not the same", "`notes.id`"]);
        from.execute("DROP TABLE notes; CREATE TABLE notes (id BIGINT PRIMARY KEY, at TIMESTAMP)");
        copy(&from, &to).refused(1, &["doorward's own", "`notes.at` is a timestamp"]);
        from.execute("DROP TABLE notes");
        copied(&from, &to);
    }
}

#[test]
fn invalid_urls_are_wrong_usage() {
    let place = Place::sqlite();
    place.run(&["copy"]).refused(2, &["--to"]);
    place.run(&["copy", "--to", "mysql://u:S3cret@h/d"]).refused(2, &["bad --to", "expected sqlite:PATH"]);
    let said = place.run(&["copy", "--from", "S3cret", "--to", "sqlite:a.db"]);
    said.refused(2, &["bad --from"]);
    assert!(!said.err.contains("S3cret"));
    place.run(&["copy", "--to", "sqlite:doorward.db"]).refused(2, &["are the same database"]);
    assert_eq!(place.path().read_dir().unwrap().count(), 0);
}

#[test]
fn a_text_with_a_nul_is_reported_with_table_and_id_and_is_copied_from_sqlite_to_sqlite() {
    let Some(server) = server_or_skip() else { return };
    let (from, to, beside) = (Database::sqlite(), Database::empty_postgres(&server), Database::sqlite());
    Place::on(from.url()).add("alice", "correct-horse-7", &[]);
    from.execute(
        "INSERT INTO audit (id, at, action, actor, user_agent) VALUES (7, 0, '', '', 'S3cret' || char(0))",
    );
    let said = copy(&from, &to);
    said.refused(
        1,
        &["table `audit`, id 7: `user_agent` holds a NUL character", "the target is still empty"],
    );
    assert!(!said.err.contains("S3cret"), "{said:?}");
    assert!(is_empty(&to));
    copied(&from, &beside);
    let query = "SELECT hex(user_agent) AS line FROM audit WHERE id = 7";
    assert_eq!(beside.lines(query), ["53336372657400"]);
}

#[test]
fn a_value_of_the_wrong_type_in_sqlite_is_reported_with_table_and_row() {
    let from = Database::sqlite();
    Place::on(from.url()).add("alice", "correct-horse-7", &[]);
    from.execute("INSERT INTO throttles VALUES ('a', 1, 0), ('b', 2, 0)");
    let (users, throttles) = ("table `users`, id 1: ", "table `throttles`, row 2: ");
    for (change, mended, place, words) in [
        ("users SET is_admin = 7", "users SET is_admin = 0", users, "`is_admin` is neither true nor false"),
        (
            "users SET updated_at = 1.5",
            "users SET updated_at = 1",
            users,
            "`updated_at` is not a whole number",
        ),
        ("users SET username = x'61'", "users SET username = 'a'", users, "`username` is not a text"),
        (
            "users SET username = CAST(x'ff' AS TEXT)",
            "users SET username = 'a'",
            users,
            "`username` is not valid UTF-8",
        ),
        (
            "secrets SET value = 'a'",
            "secrets SET value = x'61'",
            "table `secrets`, row 1: ",
            "`value` is not binary",
        ),
        (
            "throttles SET empty_at = '?' WHERE bucket = 'b'",
            "throttles SET empty_at = 0",
            throttles,
            "`empty_at` is not a whole number",
        ),
    ] {
        from.execute(&format!("UPDATE {change}"));
        let to = Database::sqlite();
        copy(&from, &to).refused(1, &["source: ", place, words]);
        assert!(is_empty(&to));
        from.execute(&format!("UPDATE {mended}"));
    }
    copied(&from, &Database::sqlite());
}

#[test]
fn a_password_that_the_server_refuses_is_not_printed() {
    let Some(server) = server_or_skip() else { return };
    let to = server.replace("the-password-of-the-tests", "the-S3cret-of-another");
    let place = Place::sqlite();
    place.add("alice", "correct-horse-7", &[]);
    let said = place.run(&["copy", "--to", &to]);
    said.refused(1, &["target: ", "password authentication failed"]);
    assert!(!said.err.contains("S3cret"), "{said:?}");
}
