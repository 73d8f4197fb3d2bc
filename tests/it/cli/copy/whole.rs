//! A copy has every table and column, every value that a column can hold, and the state of one moment.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{copied, routes};
use crate::cli::Place;
use crate::database::{Database, server_or_skip};

/// The columns of any SQLite database: `table column type notnull`.
const COLUMNS: &str = "SELECT t.name || ' ' || c.name || ' ' || lower(c.type) || ' ' || c.\"notnull\" AS line
    FROM sqlite_master t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name NOT LIKE '!_!_%' ESCAPE '!'
    AND t.name NOT LIKE 'user!_search%' ESCAPE '!'
    ORDER BY t.name, c.cid";

/// A column's name and type, and whether it may be null.
type Column = (String, String, bool);

/// Every table with its columns.
fn tables(database: &Database) -> Vec<(String, Vec<Column>)> {
    let mut tables: Vec<(String, Vec<Column>)> = Vec::new();
    for line in database.lines(COLUMNS) {
        let [table, column, kind, notnull] =
            line.split(' ').collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("{line}"));
        if tables.last().is_none_or(|(last, _)| last != table) {
            tables.push((table.to_owned(), Vec::new()));
        }
        tables.last_mut().unwrap().1.push((column.to_owned(), kind.to_owned(), notnull == "0"));
    }
    tables
}

/// Inserts four rows into every table, with a value in every column; in the second row, nullable columns
/// are null. Rows of one number have the same values in all tables, so that foreign keys are valid.
fn fill_everything(database: &Database) {
    let mut sql = String::from("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;");
    for (table, columns) in tables(database) {
        for row in 1..=4 {
            let values = columns.iter().map(|(_, kind, nullable)| match kind.as_str() {
                _ if *nullable && row == 2 => "NULL".to_owned(),
                "integer" | "bigint" => row.to_string(),
                "boolean" => (row % 2).to_string(),
                "text" => format!("'wert-{row}-ß\u{1f600}'"),
                "blob" => format!("x'00ff{row:02x}'"),
                other => panic!("{table} has a {other}: say here what to put into it"),
            });
            sql.push_str(&format!("INSERT INTO {table} VALUES ({});", values.collect::<Vec<_>>().join(", ")));
        }
    }
    // As if many rows had been inserted and deleted.
    sql.push_str("UPDATE sqlite_sequence SET seq = 100 + rowid;");
    database.execute(&sql);
}

/// All rows as text.
fn dump(database: &Database) -> Vec<String> {
    let mut all = Vec::new();
    for (table, columns) in tables(database) {
        let values: Vec<String> = columns.iter().map(|(name, ..)| format!("quote({name})")).collect();
        let values = values.join(" || ', ' || ");
        all.extend(
            database.lines(&format!("SELECT '{table}: ' || {values} AS line FROM {table} ORDER BY line")),
        );
    }
    all.extend(database.lines("SELECT name || ' ' || seq AS line FROM sqlite_sequence ORDER BY name"));
    all
}

fn migrated() -> Database {
    let database = Database::sqlite();
    assert_eq!(Place::on(database.url()).run(&["migrate"]).code, 0);
    database
}

#[test]
fn every_table_and_column_is_copied_there_and_back_with_the_same_checksums() {
    let Some(server) = server_or_skip() else { return };
    let source = migrated();
    fill_everything(&source);
    let before = dump(&source);
    assert!(before.len() > 20 && before.iter().any(|line| line.starts_with("users 10")), "{before:#?}");

    let (one, two) = (Database::empty_postgres(&server), Database::empty_postgres(&server));
    let (back, beside) = (Database::sqlite(), Database::sqlite());
    let sums = [copied(&source, &one), copied(&one, &two), copied(&two, &back), copied(&source, &beside)];
    assert!(sums.iter().all(|sum| *sum == sums[0]), "{sums:#?}");
    assert_eq!(dump(&back), before);
    assert_eq!(dump(&beside), before);
    assert_eq!(dump(&source), before, "the source is only read");

    let there = one.lines(
        "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%'",
    );
    assert_eq!(there.len(), tables(&source).len());
    for table in there {
        assert!(sums[0].contains(&format!("{table} ")), "{table} is missing in {}", sums[0]);
        assert_eq!(one.lines(&format!("SELECT count(*)::text AS line FROM {table}")), ["4"], "{table}");
    }
    let flags =
        one.lines("SELECT id || ' ' || is_admin || ' ' || (last_login_at IS NULL) AS line FROM users");
    assert_eq!(flags, ["1 true false", "2 false true", "3 true false", "4 false false"]);
}

#[test]
fn an_empty_database_is_copied_too() {
    for (from, to) in routes() {
        assert_eq!(Place::on(from.url()).run(&["migrate"]).code, 0);
        let table = copied(&from, &to);
        assert!(table.lines().all(|line| line.contains(" 0 rows ")), "{table}");
        assert_eq!(Place::on(to.url()).add("alice", "correct-horse-7", &[]), 1);
    }
}

#[test]
fn an_empty_migrated_target_is_filled() {
    for (from, to) in routes() {
        Place::on(from.url()).add("alice", "correct-horse-7", &[]);
        assert_eq!(Place::on(to.url()).run(&["migrate"]).code, 0);
        copied(&from, &to);
        assert!(Place::on(to.url()).run(&["user", "list"]).out.contains("alice@example.com"));
    }
}

#[test]
fn unusual_values_are_copied_exactly() {
    let Some(server) = server_or_skip() else { return };
    let source = migrated();
    let texts = [
        "''",
        "' '",
        "'NULL'",
        "'{a,\"b\",\\}'",
        "'\\x00 \\. \\N'",
        "'it''s' || char(9, 10, 13, 1, 127)",
        "'e\u{301} \u{e9} \u{fb01} \u{1f1e9}\u{1f1ea} \u{10ffff} \u{feff} \u{202e}'",
        "printf('%.2000000c', 'ß')",
    ];
    for (text, id) in texts.iter().zip(1..) {
        source.execute(&format!("INSERT INTO audit (id, at, action, actor) VALUES ({id}, {id}, '', {text})"));
    }
    source.execute(
        "INSERT INTO audit (id, at, action, actor) VALUES (9223372036854775807, -9223372036854775808, 'x', 'y'), (-5, 0, '', '');
         INSERT INTO one_time_keys (key_hash, purpose, created_at, expires_at) VALUES (x'', '', 0, 0), (x'00', '', 0, 0), (zeroblob(100000), '', 0, 0);
         INSERT INTO throttles VALUES ('a', 1, 0), ('B', 2, 0), ('ä', 3, 0), ('', 4, 0), ('a-b', 5, 0), ('ab', 6, 0), ('\u{ffff}', 7, 0), ('\u{10000}', 8, 0);",
    );
    let before = dump(&source);
    let (there, back) = (Database::empty_postgres(&server), Database::sqlite());
    assert_eq!(copied(&source, &there), copied(&there, &back));
    assert!(dump(&back) == before, "they differ, and some of them are too long to show");
    let last = there.lines("SELECT last_value || ' ' || is_called AS line FROM audit_id_seq");
    assert_eq!(last, ["9223372036854775807 true"], "there is no number after the last");
}

/// Each transaction inserts a row into a table that is copied early and one into a table that is copied
/// late. The table between them takes a while.
#[test]
fn a_copy_has_the_state_of_one_moment_while_others_write() {
    for (from, to) in routes() {
        assert_eq!(Place::on(from.url()).run(&["migrate"]).code, 0);
        let binary = if from.url().starts_with("sqlite:") { "BLOB" } else { "BYTEA" };
        let secrets: Vec<String> = (0..4000).map(|n| format!("('{n}', CAST('' AS {binary}), 0)")).collect();
        from.execute(&format!("INSERT INTO secrets VALUES {}", secrets.join(", ")));
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let mut n = 0;
                while !is_over.load(Ordering::Relaxed) {
                    from.execute(&format!(
                        "BEGIN; INSERT INTO one_time_keys (key_hash, purpose, created_at, expires_at) VALUES (CAST('{n}' AS {binary}), '', 0, 0); INSERT INTO throttles VALUES ('{n}', 0, 0); COMMIT"
                    ));
                    n += 1;
                }
                n
            });
            let said = super::copy(&from, &to);
            is_over.store(true, Ordering::Relaxed);
            let written = writer.join().unwrap();
            assert_eq!(said.code, 0, "{said:?}");
            let count = |database: &Database, table: &str| {
                database.lines(&format!("SELECT '' AS line FROM {table}")).len()
            };
            let (early, late) = (count(&to, "one_time_keys"), count(&to, "throttles"));
            assert_eq!(early, late);
            assert!(early < written, "nothing was written meanwhile: {early} of {written}");
        });
    }
}
