//! The only SQL. One file a table; `dialect` holds what one SQL cannot say to both databases, and
//! `sqlite` and `postgres` how each of them is used.
//!
//! Doors may read ([`Store::read`]); only `accounts` writes ([`Store::write`] hands out the
//! [`Tx`] that every changing function asks for). What concerns a database as a whole is done in
//! here: its schema, its shared secrets, and [`copy`]ing all of it. Nothing in here knows of HTTP or
//! hashes a password.

pub(crate) mod engine;
pub(crate) mod queries;
pub(crate) mod tables;

use std::sync::Arc;

use engine::connection::{snapshot, transaction};
use engine::migrations;
use engine::postgres::Postgres;
use engine::sqlite::Sqlite;
use tables::secrets;
use tokio::sync::Notify;

pub(crate) use engine::connection::{Conn, Tx};
pub use engine::error::StoreError;
pub(crate) use engine::error::Unique;
pub(crate) use engine::postgres::StoreSettings;
pub(crate) use engine::sqlite::create_new_private;

use crate::types::{DatabaseUrl, Timestamp};

/// The database, shared by all parts of the process. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    back_end: BackEnd,
    /// Told after every write.
    written: Arc<Notify>,
}

#[derive(Clone)]
enum BackEnd {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens the database, makes it if it is a file and there is none, and brings it up to date.
    /// Blocks, also for a server that is not up yet.
    ///
    /// # Errors
    /// If it cannot be opened or made, belongs to another program, or is newer than this binary.
    pub fn open(url: &DatabaseUrl, settings: StoreSettings) -> Result<Self, StoreError> {
        let back_end = match url {
            DatabaseUrl::Sqlite(path) => BackEnd::Sqlite(Sqlite::open(path, settings.readers)?),
            DatabaseUrl::Postgres(_) => BackEnd::Postgres(Postgres::open(url, settings)?),
        };
        let store = Self { back_end, written: Arc::default() };
        let applied = store.at_start(migrations::run)?;
        if applied > 0 {
            tracing::info!(applied, "the database schema was brought up to date");
        }
        Ok(store)
    }

    /// Reads. `work` must be short: on SQLite it runs where it is called, also on an async worker,
    /// because a look-up by index takes some microseconds, less than a change of thread. A server
    /// is never waited for on an async worker.
    ///
    /// # Errors
    /// What `work` answers, or that no connection could be had.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        match &self.back_end {
            BackEnd::Sqlite(sqlite) => sqlite.read(work),
            BackEnd::Postgres(postgres) => postgres.run(work).await,
        }
    }

    /// Reads what may take longer: never on an async worker.
    pub async fn read_aside<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        match &self.back_end {
            BackEnd::Sqlite(sqlite) => {
                let sqlite = sqlite.clone();
                let reading = tokio::task::spawn_blocking(move || sqlite.read(work));
                reading.await.map_err(|_| StoreError::Interrupted)?
            }
            BackEnd::Postgres(postgres) => postgres.run(work).await,
        }
    }

    /// Writes: all of `work` or nothing, never on an async worker. When this answers `Ok`,
    /// the change is on the disk.
    ///
    /// # Errors
    /// What `work` answers, or that the database could not be written.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let written = match &self.back_end {
            BackEnd::Sqlite(sqlite) => sqlite.write(work).await,
            BackEnd::Postgres(postgres) => postgres.run(move |conn| transaction(conn, work)).await,
        };
        if written.is_ok() {
            self.written.notify_one();
        }
        written
    }

    /// Waits until this process has written something since the last time that somebody waited. For
    /// one who looks after what was written: so an idle database is left alone.
    pub async fn written(&self) {
        self.written.notified().await;
    }

    /// A random value that all processes on this database share, made at the first call. Blocks.
    ///
    /// # Errors
    /// If it can be neither read nor kept.
    pub fn shared_secret(&self, name: &str, bytes: usize, now: Timestamp) -> Result<Vec<u8>, StoreError> {
        self.at_start(|conn| transaction(conn, |tx| secrets::get_or_make(tx, name, bytes, now)))
    }

    /// The versions of the schema that the database has, oldest first. Blocks.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn schema_versions(&self) -> Result<Vec<String>, StoreError> {
        self.at_start(migrations::applied)
    }

    /// Works on this thread, as long as there are no requests.
    fn at_start<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match &self.back_end {
            BackEnd::Sqlite(sqlite) => sqlite.at_start(work),
            BackEnd::Postgres(postgres) => postgres.at_start(work),
        }
    }
}

/// A connection of its own to a database of this version, as it is at this moment, that can only read.
fn snapshot_of(url: &DatabaseUrl, settings: &StoreSettings) -> Result<Conn, StoreError> {
    let mut conn = match url {
        DatabaseUrl::Sqlite(path) => engine::sqlite::connect_to_read(path)?,
        DatabaseUrl::Postgres(_) => engine::postgres::connect(url, settings)?,
    };
    snapshot(&mut conn)?;
    migrations::refuse_unless_current(&mut conn)?;
    Ok(conn)
}
