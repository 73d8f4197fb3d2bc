//! The database; the only module with SQL. `engine` has connections, dialects, migrations and copies of a
//! whole database, `tables` one file a table, `queries` the lists and counts that pages display.
//!
//! Every layer above may read ([`Store::read`]). Only `accounts` writes: [`Store::write`] hands out the
//! [`Tx`] that every changing function takes. Nothing here knows HTTP or hashes a password.

pub(crate) mod engine;
pub(crate) mod queries;
pub(crate) mod tables;

use std::sync::Arc;

use engine::connection::transaction;
use engine::migrations;
use engine::postgres::Postgres;
use engine::sqlite::Sqlite;
use tables::signing_keys::KeyTable;
use tables::stored_settings::StoredSettings;
use tables::{secrets, signing_keys, stale_keys, stored_settings};
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
    /// Notified after every write.
    written: Arc<Notify>,
}

#[derive(Clone)]
enum BackEnd {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens the database, creates the file if there is none, and runs the missing migrations. Blocks; waits
    /// up to `StoreSettings::wait_for` for a server that is not up yet.
    ///
    /// # Errors
    /// Also if the database belongs to another program, or has migrations of a newer version.
    pub fn open(url: &DatabaseUrl, settings: StoreSettings) -> Result<Self, StoreError> {
        let back_end = match url {
            DatabaseUrl::Sqlite(path) => BackEnd::Sqlite(Sqlite::open(path, settings.readers)?),
            DatabaseUrl::Postgres(_) => BackEnd::Postgres(Postgres::open(url, settings)?),
        };
        let store = Self { back_end, written: Arc::default() };
        let applied = store.run_blocking(migrations::run)?;
        if applied > 0 {
            tracing::info!(applied, "the database schema was brought up to date");
        }
        store.fold_stale_keys()?;
        Ok(store)
    }

    /// Folds the keys of an earlier version anew.
    fn fold_stale_keys(&self) -> Result<(), StoreError> {
        if !self.run_blocking(stale_keys::any)? {
            return Ok(());
        }
        for id in self.run_blocking(|conn| transaction(conn, stale_keys::fold))? {
            tracing::warn!(
                user = %id,
                "the username or email of this user now means the same as another user's; both can log in with \
                 exactly what they registered; change one of them to end this"
            );
        }
        Ok(())
    }

    /// Reads. `work` must be short: on SQLite it runs on the calling thread, also on an async worker,
    /// because a lookup by index takes microseconds, less than a change of thread. PostgreSQL never runs on
    /// an async worker.
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

    /// Reads for longer than some microseconds; never on an async worker.
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

    /// Writes in one transaction, never on an async worker. After `Ok` the change is on disk.
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

    /// Waits until this process has written something since the last call. For jobs that follow writes, so
    /// that they do not poll an idle database.
    pub async fn written(&self) {
        self.written.notified().await;
    }

    /// A random value that all processes on this database share, created by the first call. Blocks.
    pub fn shared_secret(&self, name: &str, bytes: usize, now: Timestamp) -> Result<Vec<u8>, StoreError> {
        self.run_blocking(|conn| transaction(conn, |tx| secrets::get_or_create(tx, name, bytes, now)))
    }

    /// The settings that administrators changed. Blocks.
    pub(crate) fn stored_settings(&self) -> Result<StoredSettings, StoreError> {
        self.run_blocking(stored_settings::read)
    }

    /// The signing keys. Blocks.
    pub(crate) fn signing_keys(&self) -> Result<KeyTable, StoreError> {
        self.run_blocking(signing_keys::read)
    }

    /// The versions of the applied migrations, oldest first. Blocks.
    pub fn schema_versions(&self) -> Result<Vec<String>, StoreError> {
        self.run_blocking(migrations::applied)
    }

    /// Runs `work` on this thread: for the start, before there are requests.
    fn run_blocking<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match &self.back_end {
            BackEnd::Sqlite(sqlite) => sqlite.run_blocking(work),
            BackEnd::Postgres(postgres) => postgres.run_blocking(work),
        }
    }
}
