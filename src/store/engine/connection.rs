//! One connection, of whichever dialect the URL names, and the transaction that writing asks
//! for. Used by `store` alone.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{PgConnection, SqliteConnection};

use crate::store::engine::error::StoreError;

/// A connection to the database. Reading needs no more than this; writing needs a [`Tx`].
///
/// Never made by the enum's own `establish`, which tries one dialect after the other and hides
/// the error: the openers of `sqlite` and `postgres` are told which it is.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// SQLite, inside this process.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server.
    Pg(PgConnection),
}

/// Runs a query on the dialect's own connection. Through the enum every query is put together as
/// text again each time, and prepared again; here diesel finds the prepared statement by the
/// query's type. For what every request asks.
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

/// A running write transaction: the permission to write. Only `Store::write` hands one out.
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

/// Runs `work` in one write transaction; commits if it answers `Ok`, else rolls back.
///
/// SQLite takes the write lock at once (`BEGIN IMMEDIATE`): a transaction that begins by
/// reading cannot upgrade later without failing when somebody else wrote in between.
///
/// On PostgreSQL many write at once. Whatever the server's default is, each statement sees what
/// was committed before it; what must not change under our eyes is locked by name
/// (`dialect`).
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
    match work(&mut Tx(conn)) {
        Ok(value) => {
            Manager::commit_transaction(conn).map_err(StoreError::from)?;
            Ok(value)
        }
        Err(error) => {
            // What is rolled back was never acknowledged; a failure here marks the
            // connection broken, and the pool drops it.
            let _ = Manager::rollback_transaction(conn);
            Err(error)
        }
    }
}

/// Begins to read everything as it is at this moment, whatever others write meanwhile, and
/// nothing can be written: until the connection is closed.
pub(crate) fn snapshot(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        // It begins with the first look, and the opener has forbidden writing.
        Conn::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN"),
        Conn::Pg(pg) => AnsiTransactionManager::begin_transaction_sql(
            pg,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
    }?;
    Ok(())
}

impl Conn {
    /// Whether a transaction was left in a state that nobody can tell.
    pub(crate) fn is_broken(&mut self) -> bool {
        Manager::is_broken_transaction_manager(self)
    }
}
