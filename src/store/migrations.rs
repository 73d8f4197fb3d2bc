//! Brings a database up to this binary's schema, and refuses one that is not ours or newer.
//! Used by `Store::open` and nobody else.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::connection::Conn;
use super::error::StoreError;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

#[derive(QueryableByName)]
struct TableName {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Applies what is missing; answers how many migrations that were.
pub fn run(conn: &mut Conn) -> Result<usize, StoreError> {
    refuse_foreign(conn)?;
    refuse_newer(conn)?;
    let done = match conn {
        Conn::Sqlite(sqlite) => sqlite.run_pending_migrations(SQLITE).map(|applied| applied.len()),
    };
    done.map_err(|error| StoreError::Migration(error.to_string()))
}

/// The versions that are applied, oldest first.
pub fn applied(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let versions = match conn {
        Conn::Sqlite(sqlite) => sqlite.applied_migrations(),
    }
    .map_err(|error| StoreError::Migration(error.to_string()))?;
    let ordered: BTreeSet<String> = versions.iter().map(ToString::to_string).collect();
    Ok(ordered.into_iter().collect())
}

fn refuse_foreign(conn: &mut Conn) -> Result<(), StoreError> {
    let tables =
        diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .load::<TableName>(conn)?;
    let ours = tables.iter().any(|table| table.name == "__diesel_schema_migrations");
    match tables.first() {
        Some(table) if !ours => Err(StoreError::Foreign(format!(
            "the database belongs to another program (it has a table `{}`); name another one in database_url",
            table.name
        ))),
        _ => Ok(()),
    }
}

fn refuse_newer(conn: &mut Conn) -> Result<(), StoreError> {
    let known: BTreeSet<String> =
        diesel::migration::MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE)
            .map_err(|error| StoreError::Migration(error.to_string()))?
            .iter()
            .map(|migration| migration.name().version().to_string())
            .collect();
    let unknown: Vec<String> =
        applied(conn)?.into_iter().filter(|version| !known.contains(version)).collect();
    if unknown.is_empty() { Ok(()) } else { Err(StoreError::Newer(unknown.join(", "))) }
}
