//! One connection, of whichever dialect the URL names. All that differs between dialects is
//! in this file. Used by `store` alone.

use std::path::{Path, PathBuf};

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager};
use diesel::r2d2::R2D2Connection as _;
use diesel::{Connection as _, ConnectionError, SqliteConnection};

use super::error::StoreError;

/// A connection to the database. Reading needs no more than this; writing needs a [`Tx`].
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// SQLite, inside this process.
    Sqlite(SqliteConnection),
}

/// Runs a query on the dialect's own connection. Through the enum every query is put together as
/// text again each time, and prepared again; here diesel finds the prepared statement by the
/// query's type. For what every request asks.
macro_rules! prepared {
    ($conn:expr, |$own:ident| $query:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($own) => $query,
        }
    };
}
pub(super) use prepared;

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
pub fn immediate<T, E: From<StoreError>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    match conn {
        Conn::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
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

/// Opens connections for a pool.
#[derive(Clone, Debug)]
pub struct Opener {
    path: PathBuf,
    role: Role,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Cannot write, whatever it is told.
    Reader,
    /// The one that writes.
    Writer,
}

impl Opener {
    /// For the SQLite database in the file `path`.
    pub fn sqlite(path: &Path, role: Role) -> Self {
        Self { path: path.to_owned(), role }
    }
}

/// SQLite's settings for every connection: `busy_timeout` is in milliseconds, and
/// `synchronous=FULL` syncs at each commit, so that what was acknowledged survives.
const SQLITE: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                      PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;";

impl r2d2::ManageConnection for Opener {
    type Connection = Conn;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Conn, ConnectionError> {
        // The dialect is chosen here and not by the enum's own `establish`, which tries one
        // after the other and hides the error.
        let mut sqlite = SqliteConnection::establish(&self.path.to_string_lossy())?;
        let settings = match self.role {
            Role::Reader => format!("{SQLITE} PRAGMA query_only = ON;"),
            Role::Writer => SQLITE.to_owned(),
        };
        sqlite.batch_execute(&settings).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(Conn::Sqlite(sqlite))
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), ConnectionError> {
        conn.ping().map_err(ConnectionError::CouldntSetupConfiguration)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.is_broken()
    }
}
