//! Both dialects have the same tables, columns, indexes and references.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::Place;
use crate::database::{Database, server_or_skip};

/// `table.column kind null|not null`, for each column.
const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name || ' ' || lower(c.type) || CASE c.\"notnull\" WHEN 1 THEN ' not null' ELSE ' null' END AS line
    FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'";
const POSTGRES_COLUMNS: &str = "
    SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE ' null' END AS line
    FROM information_schema.columns WHERE table_schema = 'public'";

/// `table(column, …) unique|many`, with `where` for a partial index, for each index but those of SQLite's row
/// ids and those of expressions.
const SQLITE_INDEXES: &str = "
    SELECT t.name || '(' || (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
           || ') ' || CASE i.\"unique\" WHEN 1 THEN 'unique' ELSE 'many' END
           || CASE i.partial WHEN 1 THEN ' where' ELSE '' END AS line
    FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table'
    AND EXISTS (SELECT 1 FROM pragma_index_info(i.name) WHERE name IS NOT NULL)
    UNION SELECT t.name || '(' || c.name || ') unique'
    FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.pk = 1
    AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) further WHERE further.pk = 2)";
const POSTGRES_INDEXES: &str = "
    SELECT t.relname || '(' || (SELECT string_agg(a.attname, ', ' ORDER BY k.n)
           FROM unnest(i.indkey::int[]) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum)
           || ') ' || CASE WHEN i.indisunique THEN 'unique' ELSE 'many' END || CASE WHEN i.indpred IS NULL THEN '' ELSE ' where' END AS line
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = 'public' AND i.indkey::text <> '0'";

/// `table(column, …) -> table on delete …`, for each reference.
const SQLITE_REFERENCES: &str = "
    SELECT t.name || '(' || group_concat(f.\"from\", ', ') || ') -> ' || f.\"table\" || ' on delete ' || lower(f.on_delete) AS line
    FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' GROUP BY t.name, f.id";
const POSTGRES_REFERENCES: &str = "
    SELECT conrelid::regclass || '(' || (SELECT string_agg(a.attname, ', ' ORDER BY k.n)
           FROM unnest(conkey) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.attnum)
           || ') -> ' || confrelid::regclass || ' on delete ' || CASE confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null'
           WHEN 'r' THEN 'restrict' WHEN 'd' THEN 'set default' ELSE 'no action' END AS line
    FROM pg_constraint WHERE contype = 'f'";

/// Texts with an index in the order of a language.
const SORTED_BY_A_LANGUAGE: &str = "
    SELECT t.relname || '.' || a.attname AS line
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(i.indkey::int[]) JOIN pg_collation c ON c.oid = a.attcollation
    WHERE n.nspname = 'public' AND c.collname <> 'C'";

/// Without diesel's own table, whose types depend on the dialect, and the index for searches.
fn ours(lines: Vec<String>) -> BTreeSet<String> {
    let foreign = ["__", "sqlite_", "user_search"];
    lines.into_iter().filter(|line| !foreign.iter().any(|start| line.starts_with(start))).collect()
}

/// A line with the same name of a type for both dialects.
fn kind(line: &str) -> String {
    [(" integer ", " bigint "), (" bytea ", " blob ")]
        .iter()
        .fold(line.to_owned(), |line, (from, to)| line.replace(from, to))
}

/// The folders of PostgreSQL's migrations, oldest first.
pub(crate) fn migrations() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let all: BTreeSet<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.into_iter().collect()
}

#[test]
fn both_dialects_have_the_same_tables_columns_indexes_and_references() {
    let Some(server) = server_or_skip() else { return };
    let (sqlite, postgres) = (Database::sqlite(), Database::postgres(&server));
    let migrated = Place::sqlite().run(&["migrate", "--database-url", sqlite.url()]);
    assert_eq!(migrated.code, 0, "{migrated:?}");

    let columns = |database: &Database, query| -> BTreeSet<String> {
        ours(database.lines(query)).iter().map(|line| kind(line)).collect()
    };
    let here = columns(&sqlite, SQLITE_COLUMNS);
    assert_eq!(here, columns(&postgres, POSTGRES_COLUMNS));
    assert!(
        here.contains("users.last_login_at bigint null") && here.contains("secrets.value blob not null"),
        "{here:#?}"
    );
    assert!(here.len() >= 30, "{here:#?}");

    let here = ours(sqlite.lines(SQLITE_INDEXES));
    assert_eq!(here, ours(postgres.lines(POSTGRES_INDEXES)));
    assert!(
        here.contains("users(email_key) unique") && here.contains("audit(subject_id, at, id) many where"),
        "{here:#?}"
    );
    assert_eq!(ours(sqlite.lines(SQLITE_REFERENCES)), ours(postgres.lines(POSTGRES_REFERENCES)));
}

/// As in SQLite. Otherwise lists and prefixes would differ, and an upgrade of the system's library would
/// corrupt an index.
#[test]
fn every_text_with_an_index_is_compared_byte_by_byte() {
    let Some(server) = server_or_skip() else { return };
    let postgres = Database::postgres(&server);
    assert_eq!(ours(postgres.lines(SORTED_BY_A_LANGUAGE)), BTreeSet::new());
    postgres.execute("CREATE TABLE names (name TEXT UNIQUE)");
    assert_eq!(postgres.lines(SORTED_BY_A_LANGUAGE), ["__diesel_schema_migrations.version", "names.name"]);
}

#[test]
fn references_are_read_from_both_dialects() {
    let Some(server) = server_or_skip() else { return };
    let (sqlite, postgres) = (Database::sqlite(), Database::empty_postgres(&server));
    for database in [&sqlite, &postgres] {
        database.execute("CREATE TABLE a (x BIGINT, y BIGINT, PRIMARY KEY (x, y))");
        database.execute(
            "CREATE TABLE b (x BIGINT, y BIGINT, z BIGINT, FOREIGN KEY (x, y) REFERENCES a (x, y) ON DELETE CASCADE)",
        );
        database.execute("CREATE UNIQUE INDEX b_z ON b (z) WHERE z > 0");
    }
    let expected = BTreeSet::from(["b(x, y) -> a on delete cascade".to_owned()]);
    assert_eq!(ours(sqlite.lines(SQLITE_REFERENCES)), expected);
    assert_eq!(ours(postgres.lines(POSTGRES_REFERENCES)), expected);
    let expected = BTreeSet::from(["a(x, y) unique", "b(z) unique where"].map(str::to_owned));
    assert_eq!(ours(sqlite.lines(SQLITE_INDEXES)), expected);
    assert_eq!(ours(postgres.lines(POSTGRES_INDEXES)), expected);
}

#[test]
fn the_migrations_can_be_reverted() {
    let Some(server) = server_or_skip() else { return };
    let postgres = Database::postgres(&server);
    for migration in migrations().iter().rev() {
        postgres.execute(&std::fs::read_to_string(migration.join("down.sql")).unwrap());
    }
    let left = postgres.lines("SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'");
    assert_eq!(left, ["__diesel_schema_migrations"]);
}
