//! Migrates a database to this version's schema, and refuses a database of another program or of a newer
//! version. Of several processes that start at once, one migrates and the others wait.

use std::collections::BTreeSet;

use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use crate::store::engine::connection::Conn;
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Applies the missing migrations; answers how many. A schema that is up to date takes no lock.
pub(crate) fn run(conn: &mut Conn) -> Result<usize, StoreError> {
    refuse_foreign(conn)?;
    if refuse_unless_current(conn).is_ok() {
        return Ok(0);
    }
    dialect::with_schema_lock(conn, |conn| {
        refuse_foreign(conn)?;
        refuse_newer(conn)?;
        let applied = match conn {
            Conn::Sqlite(sqlite) => sqlite.run_pending_migrations(SQLITE).map(|applied| applied.len()),
            Conn::Pg(pg) => pg.run_pending_migrations(POSTGRES).map(|applied| applied.len()),
        };
        applied.map_err(|error| StoreError::Migration(error.to_string()))
    })
}

/// The applied versions, oldest first.
pub(crate) fn applied(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let versions = match conn {
        Conn::Sqlite(sqlite) => sqlite.applied_migrations(),
        Conn::Pg(pg) => pg.applied_migrations(),
    }
    .map_err(|error| StoreError::Migration(error.to_string()))?;
    let ordered: BTreeSet<String> = versions.iter().map(ToString::to_string).collect();
    Ok(ordered.into_iter().collect())
}

/// Refuses a database whose schema is not exactly this version's. Works on a read-only connection, unlike
/// [`applied`], which creates diesel's table where there is none.
pub(crate) fn refuse_unless_current(conn: &mut Conn) -> Result<(), StoreError> {
    refuse_foreign(conn)?;
    if dialect::table_names(conn)?.is_empty() {
        return Err(StoreError::Foreign("the database is empty: doorward has never used it".into()));
    }
    let applied: BTreeSet<String> = diesel::sql_query("SELECT version FROM __diesel_schema_migrations")
        .load::<AppliedRow>(conn)?
        .into_iter()
        .map(|row| row.version)
        .collect();
    let known = own_versions()?;
    let list = |versions: Vec<&String>| versions.into_iter().cloned().collect::<Vec<_>>().join(", ");
    let (newer, missing) =
        (list(applied.difference(&known).collect()), list(known.difference(&applied).collect()));
    match (newer.is_empty(), missing.is_empty()) {
        (true, true) => Ok(()),
        (false, _) => Err(StoreError::Newer(newer)),
        (true, false) => Err(StoreError::Older(missing)),
    }
}

#[derive(QueryableByName)]
struct AppliedRow {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Refuses a database with tables of another program.
pub(crate) fn refuse_foreign(conn: &mut Conn) -> Result<(), StoreError> {
    let tables = dialect::table_names(conn)?;
    let ours = tables.iter().any(|table| table == "__diesel_schema_migrations");
    match tables.first() {
        Some(table) if !ours => Err(StoreError::Foreign(format!(
            "the database belongs to another program (it has a table `{table}`); name another one in database_url"
        ))),
        _ => Ok(()),
    }
}

fn refuse_newer(conn: &mut Conn) -> Result<(), StoreError> {
    let known = own_versions()?;
    let unknown: Vec<String> =
        applied(conn)?.into_iter().filter(|version| !known.contains(version)).collect();
    if unknown.is_empty() { Ok(()) } else { Err(StoreError::Newer(unknown.join(", "))) }
}

/// The versions of this binary's migrations.
fn own_versions() -> Result<BTreeSet<String>, StoreError> {
    // Both dialects have the same versions (tests/it/structure/layout.rs), so one of them is enough.
    let migrations = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE)
        .map_err(|error| StoreError::Migration(error.to_string()))?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}
