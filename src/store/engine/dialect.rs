//! What SQLite and PostgreSQL need different SQL for.
//!
//! A write transaction on SQLite has the whole database to itself, so no lock below does anything there.
//! On PostgreSQL several replicas write at once, and a transaction that decides by what it has read must
//! lock it.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use sha2::{Digest as _, Sha256};

use crate::store::engine::connection::{Conn, Tx, patient_transaction};
use crate::store::engine::error::StoreError;
use crate::types::UserId;

/// The advisory lock for migrations. It has two numbers, so it is none of [`lock`]'s, which have one.
const SCHEMA_LOCK: &str = "1685024626, 1";

/// How long a start waits for the write lock of a SQLite file that another process migrates. The migration of
/// a million users takes less than a minute.
const SCHEMA_PATIENCE: Duration = Duration::from_secs(600);

/// Locks `names` until the transaction ends; other transactions that lock one of them wait. For deciding
/// about rows that may not exist yet.
///
/// Locks are taken in the order of their keys, so that no two transactions wait for each other.
pub(crate) fn lock(tx: &mut Tx<'_>, names: &[String]) -> Result<(), StoreError> {
    let Conn::Pg(pg) = &mut **tx else { return Ok(()) };
    if names.is_empty() {
        return Ok(());
    }
    let mut keys: Vec<i64> = names.iter().map(|name| lock_key(name)).collect();
    keys.sort_unstable();
    keys.dedup();
    let locks: String = keys.iter().map(|key| format!("SELECT pg_advisory_xact_lock({key});")).collect();
    Ok(pg.batch_execute(&locks)?)
}

/// Locks the row with this id until the transaction ends.
pub(crate) fn lock_row(tx: &mut Tx<'_>, table: &'static str, id: i64) -> Result<(), StoreError> {
    let Conn::Pg(pg) = &mut **tx else { return Ok(()) };
    diesel::sql_query(format!("SELECT FROM {table} WHERE id = $1 FOR UPDATE"))
        .bind::<BigInt, _>(id)
        .execute(pg)?;
    Ok(())
}

/// Locks a user's row until the transaction ends.
pub(crate) fn lock_user(tx: &mut Tx<'_>, id: UserId) -> Result<(), StoreError> {
    lock_row(tx, "users", id.get())
}

/// Locks the rows of users until the transaction ends, in the order of their ids.
pub(crate) fn lock_users(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<(), StoreError> {
    let Conn::Pg(pg) = &mut **tx else { return Ok(()) };
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    diesel::sql_query("SELECT FROM users WHERE id = ANY($1) ORDER BY id FOR UPDATE")
        .bind::<Array<BigInt>, _>(ids)
        .execute(pg)?;
    Ok(())
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Takes the next id from the sequence of `users`. On SQLite there must have been a user before.
pub(crate) fn next_user_id(tx: &mut Tx<'_>) -> Result<UserId, StoreError> {
    let next = match **tx {
        Conn::Sqlite(_) => {
            "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'users' RETURNING seq AS id"
        }
        Conn::Pg(_) => "SELECT nextval(pg_get_serial_sequence('users', 'id')) AS id",
    };
    Ok(UserId::new(diesel::sql_query(next).get_result::<IdRow>(&mut **tx)?.id))
}

/// SQLite makes the row of a sequence with the first insert.
const MAKE_SEQUENCE: &str = "INSERT INTO sqlite_sequence (name, seq) SELECT 'users', 0 \
                             WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'users')";

/// Takes `count` ids from the sequence of `users`, by rising number.
pub(crate) fn take_user_ids(tx: &mut Tx<'_>, count: usize) -> Result<Vec<UserId>, StoreError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    match &mut **tx {
        Conn::Sqlite(sqlite) => {
            diesel::sql_query(MAKE_SEQUENCE).execute(sqlite)?;
            let take = "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'users' RETURNING seq AS id";
            let last = diesel::sql_query(take).bind::<BigInt, _>(count).get_result::<IdRow>(sqlite)?.id;
            Ok((last - count + 1..=last).map(UserId::new).collect())
        }
        Conn::Pg(pg) => {
            let take =
                "SELECT nextval(pg_get_serial_sequence('users', 'id')) AS id FROM generate_series(1, $1)";
            let mut ids: Vec<IdRow> = diesel::sql_query(take).bind::<BigInt, _>(count).load(pg)?;
            ids.sort_unstable_by_key(|row| row.id);
            Ok(ids.into_iter().map(|row| UserId::new(row.id)).collect())
        }
    }
}

/// Continues the sequence of `users` after an id that is inserted. A rollback does not undo it in PostgreSQL: the ids
/// up to there are then left out.
pub(crate) fn pass_user_id(tx: &mut Tx<'_>, id: UserId) -> Result<(), StoreError> {
    match &mut **tx {
        Conn::Sqlite(sqlite) => {
            diesel::sql_query(MAKE_SEQUENCE).execute(sqlite)?;
            diesel::sql_query("UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'users' AND seq < ?1")
                .bind::<BigInt, _>(id.get())
                .execute(sqlite)?;
        }
        Conn::Pg(pg) => {
            let last = "SELECT last_value AS id FROM pg_sequences WHERE last_value IS NOT NULL AND \
                        format('%I.%I', schemaname, sequencename) = pg_get_serial_sequence('users', 'id')";
            let last = diesel::sql_query(last).get_result::<IdRow>(pg).optional()?.map_or(0, |row| row.id);
            if id.get() > last {
                diesel::sql_query("SELECT setval(pg_get_serial_sequence('users', 'id'), $1)")
                    .bind::<BigInt, _>(id.get())
                    .execute(pg)?;
            }
        }
    }
    Ok(())
}

/// The end of a `SELECT` of rows to change: skips rows that another transaction has locked.
pub(crate) fn skip_locked(tx: &Tx<'_>) -> &'static str {
    match **tx {
        Conn::Sqlite(_) => "",
        Conn::Pg(_) => "FOR UPDATE SKIP LOCKED",
    }
}

/// Runs `work` under a lock that only one process on the database can have: for migrations.
///
/// On SQLite the lock is a transaction around all of `work`, so a process that dies in the middle leaves the
/// schema as it was. PostgreSQL has an advisory lock, and a transaction for each migration.
pub(crate) fn with_schema_lock<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    match conn {
        Conn::Sqlite(_) => patient_transaction(conn, SCHEMA_PATIENCE, |tx| work(tx)),
        Conn::Pg(pg) => {
            lock_schema(pg)?;
            let answer = work(conn);
            if let Conn::Pg(pg) = conn {
                // If this fails, the connection is lost, and the server releases its locks.
                let _ = pg.batch_execute(&format!(
                    "SELECT pg_advisory_unlock({SCHEMA_LOCK}); RESET statement_timeout"
                ));
            }
            answer
        }
    }
}

/// Waits for the advisory lock without a time limit.
fn lock_schema(pg: &mut PgConnection) -> Result<(), StoreError> {
    pg.batch_execute("SET statement_timeout = 0")?;
    let is_free =
        diesel::dsl::sql::<diesel::sql_types::Bool>(&format!("SELECT pg_try_advisory_lock({SCHEMA_LOCK})"));
    if !is_free.get_result::<bool>(pg)? {
        tracing::info!("waiting for another process that migrates the database");
        pg.batch_execute(&format!("SELECT pg_advisory_lock({SCHEMA_LOCK})"))?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct SizeRow {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
    #[diesel(sql_type = Text)]
    file: String,
}

/// The size of the database and the free space on its disk, in bytes; the free space only for a file.
pub(crate) fn disk_usage(conn: &mut Conn) -> Result<(u64, Option<u64>), StoreError> {
    let query = match conn {
        Conn::Sqlite(_) => {
            "SELECT page_count * page_size AS bytes, file \
             FROM pragma_page_count, pragma_page_size, pragma_database_list WHERE name = 'main'"
        }
        Conn::Pg(_) => "SELECT pg_database_size(current_database()) AS bytes, '' AS file",
    };
    let SizeRow { bytes, file } = diesel::sql_query(query).get_result(conn)?;
    let bytes = u64::try_from(bytes).unwrap_or(0);
    if file.is_empty() {
        return Ok((bytes, None));
    }
    // Until a checkpoint, the latest writes are in the write-ahead log.
    let wal = std::fs::metadata(format!("{file}-wal")).map_or(0, |file| file.len());
    let free = rustix::fs::statvfs(&file).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    Ok((bytes.saturating_add(wal), free))
}

#[derive(QueryableByName)]
struct TableNameRow {
    #[diesel(sql_type = Text)]
    name: String,
}

/// What the names of Litestream's tables begin with: it adds `_litestream_seq` and `_litestream_lock` to each database
/// that it replicates, also before doorward has used it.
const LITESTREAM: &str = "_litestream_";

/// The names of all tables, without the database's own and Litestream's.
pub(crate) fn table_names(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let list = match conn {
        // `user_search` is an index, not data: SQLite calls such tables virtual, and the tables behind them
        // shadow.
        Conn::Sqlite(_) => {
            "SELECT name FROM pragma_table_list \
             WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        // The schema that new tables go to; tables of an extension are no program's.
        Conn::Pg(_) => {
            "SELECT relname::text AS name FROM pg_class WHERE relkind IN ('r', 'p') \
             AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) \
             AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"
        }
    };
    let names = diesel::sql_query(list).load::<TableNameRow>(conn)?.into_iter().map(|table| table.name);
    Ok(names.filter(|name| !name.starts_with(LITESTREAM)).collect())
}

/// The key of an advisory lock. Replicas of different versions must agree on it.
fn lock_key(name: &str) -> i64 {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(8).fold(0, |key, byte| (key << 8) | i64::from(*byte))
}
