//! A connection of either dialect, and the transaction that writes need.

use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{PgConnection, SqliteConnection};

use crate::store::engine::error::StoreError;

/// The pause before a locked database is tried again.
const RETRY: Duration = Duration::from_millis(10);

/// A connection to the database. Reading needs no more than this; writing needs a [`Tx`].
///
/// Never opened by the enum's own `establish`, which tries one dialect after the other and hides the
/// error: `sqlite` and `postgres` open their own variant.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// SQLite, inside this process.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server.
    Pg(PgConnection),
}

/// Runs a query on the dialect's own connection, where diesel finds the prepared statement by the query's
/// type. Through the enum, diesel builds the SQL text and prepares it for every execution. For queries of
/// every request.
macro_rules! prepared {
    ($conn:expr, |$own:ident| $query:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($own) => $query,
            $crate::store::Conn::Pg($own) => $query,
        }
    };
}
pub(crate) use prepared;

type Manager = <Conn as diesel::Connection>::TransactionManager;

/// A running write transaction, and so the permission to write. Only `Store::write` hands one out.
pub struct Tx<'a>(&'a mut Conn);

impl std::ops::Deref for Tx<'_> {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.0
    }
}

impl std::ops::DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.0
    }
}

/// Runs `work` in one write transaction; commits on `Ok`, else rolls back.
///
/// SQLite takes the write lock at once (`BEGIN IMMEDIATE`): a transaction that begins by
/// reading cannot upgrade later without failing when another connection wrote in between.
///
/// On PostgreSQL there are several writers. `READ COMMITTED`, whatever the server's default is: each
/// statement sees what was committed before it, and rows that must not change are locked (`dialect`).
pub(crate) fn transaction<T, E: From<StoreError>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    match conn {
        Conn::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        Conn::Pg(pg) => {
            AnsiTransactionManager::begin_transaction_sql(pg, "BEGIN ISOLATION LEVEL READ COMMITTED")
        }
    }
    .map_err(StoreError::from)?;
    finish(conn, work)
}

/// [`transaction`], which waits up to `patience` while another process has the write lock of the SQLite file.
pub(crate) fn patient_transaction<T>(
    conn: &mut Conn,
    patience: Duration,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let Conn::Sqlite(sqlite) = conn else { return transaction(conn, work) };
    let mut is_first = true;
    while_locked(patience, || {
        let begun = AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE");
        if std::mem::take(&mut is_first) && begun.is_err() {
            tracing::info!("waiting for another process that migrates the database or writes to it");
        }
        Ok(begun?)
    })?;
    finish(conn, work)
}

/// Tries again while the database is locked, for up to `patience`. SQLite itself waits for locks, up to
/// `busy_timeout`, but not for those whose holder may wait for this process (SQLite documentation,
/// `sqlite3_busy_handler`), such as for the change to WAL.
#[expect(clippy::disallowed_methods, reason = "limits a wait; no decision depends on it")]
pub(crate) fn while_locked<T>(
    patience: Duration,
    mut work: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let start = Instant::now();
    loop {
        match work() {
            Err(StoreError::Locked) if start.elapsed() < patience => std::thread::sleep(RETRY),
            outcome => return outcome,
        }
    }
}

/// Runs `work` in the transaction that has begun, and ends it.
fn finish<T, E: From<StoreError>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    match work(&mut Tx(conn)) {
        Ok(value) => {
            Manager::commit_transaction(conn).map_err(StoreError::from)?;
            Ok(value)
        }
        Err(error) => {
            // The write was never acknowledged. If the rollback fails, diesel marks the connection as broken,
            // and the pool drops it.
            let _ = Manager::rollback_transaction(conn);
            Err(error)
        }
    }
}

/// Begins a read-only transaction with one snapshot, which lasts until the connection is closed.
pub(crate) fn snapshot(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        // The snapshot begins with the first query; the connection was opened read-only.
        Conn::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN"),
        Conn::Pg(pg) => AnsiTransactionManager::begin_transaction_sql(
            pg,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
    }?;
    Ok(())
}

impl Conn {
    /// Whether a transaction was left in an unknown state.
    pub(crate) fn is_broken(&mut self) -> bool {
        Manager::is_broken_transaction_manager(self)
    }
}
