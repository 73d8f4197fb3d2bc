//! The only SQL. One file a table; `connection` holds what differs between dialects.
//!
//! Doors may read ([`Store::read`]); only `accounts` writes ([`Store::write`] hands out the
//! [`Tx`] that every changing function asks for). Nothing in here knows of HTTP, hashes a
//! password, or waits for the network while it holds a connection.

pub mod audit;
mod connection;
mod error;
mod migrations;
pub mod one_time_keys;
mod schema;
mod secrets;
pub mod throttles;
pub mod users;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

pub use connection::{Conn, Tx};
use connection::{Opener, Role};
pub use error::{StoreError, Unique};

use crate::types::{DatabaseUrl, Timestamp};

/// How long a request waits for a connection of the pool.
const PATIENCE: Duration = Duration::from_secs(5);

type Pool = r2d2::Pool<Opener>;

/// The database, shared by all parts of the process. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: Pool,
    writer: Pool,
    /// Writers queue here, in order and without a thread each, instead of colliding in SQLite.
    gate: Arc<Semaphore>,
}

impl Store {
    /// Opens the database, makes it if there is none, and brings it up to date.
    ///
    /// `readers` is how many connections may read at once.
    ///
    /// # Errors
    /// If it cannot be opened or made, belongs to another program, or is newer than this binary.
    pub fn open(url: &DatabaseUrl, readers: usize) -> Result<Self, StoreError> {
        let path = match url {
            DatabaseUrl::Sqlite(path) => path,
            DatabaseUrl::Postgres(_) => {
                return Err(StoreError::Unavailable("this doorward was built without PostgreSQL".into()));
            }
        };
        create_private(path)?;
        let writer = pool(Opener::sqlite(path, Role::Writer), 1)?;
        let mut conn = writer.get().map_err(|error| unavailable(&error))?;
        let applied = migrations::run(&mut conn)?;
        if applied > 0 {
            tracing::info!(applied, "the database schema was brought up to date");
        }
        drop(conn);
        let readers = u32::try_from(readers).unwrap_or(u32::MAX).max(1);
        let readers = pool(Opener::sqlite(path, Role::Reader), readers)?;
        Ok(Self { readers, writer, gate: Arc::new(Semaphore::new(1)) })
    }

    /// Reads. `work` must be short: it runs where it is called, also on an async worker,
    /// because a look-up by index takes some microseconds, less than a change of thread.
    ///
    /// # Errors
    /// What `work` answers, or that no connection could be had.
    #[expect(clippy::unused_async, reason = "a remote database will wait here")]
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let mut conn = self.readers.get().map_err(|error| unavailable(&error))?;
        work(&mut conn)
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
        let turn = self.gate.clone().acquire_owned().await.map_err(|_| StoreError::Interrupted)?;
        let writer = self.writer.clone();
        tokio::task::spawn_blocking(move || {
            // Kept to the end of the work, also when the caller has gone away meanwhile.
            let _turn = turn;
            let mut conn = writer.get().map_err(|error| unavailable(&error))?;
            connection::immediate(&mut conn, work)
        })
        .await
        .map_err(|_| StoreError::Interrupted)?
    }

    /// A random value that all processes on this database share, made at the first call.
    ///
    /// # Errors
    /// If it can be neither read nor kept.
    pub fn shared_secret(&self, name: &str, bytes: usize, now: Timestamp) -> Result<Vec<u8>, StoreError> {
        let mut conn = self.writer.get().map_err(|error| unavailable(&error))?;
        connection::immediate(&mut conn, |tx| secrets::get_or_make(tx, name, bytes, now))
    }

    /// The versions of the schema that the database has, oldest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn schema_versions(&self) -> Result<Vec<String>, StoreError> {
        let mut conn = self.writer.get().map_err(|error| unavailable(&error))?;
        migrations::applied(&mut conn)
    }
}

fn pool(opener: Opener, size: u32) -> Result<Pool, StoreError> {
    let mut conn = r2d2::ManageConnection::connect(&opener).map_err(|error| explain(&error))?;
    r2d2::ManageConnection::is_valid(&opener, &mut conn).map_err(|error| explain(&error))?;
    drop(conn);
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(PATIENCE)
        .build(opener)
        .map_err(|error| unavailable(&error))
}

/// A failed opening is asked first for what an operator can mend.
fn explain(error: &diesel::ConnectionError) -> StoreError {
    match error {
        diesel::ConnectionError::CouldntSetupConfiguration(diesel::result::Error::DatabaseError(
            kind,
            about,
        )) => {
            let copy = Box::new(about.message().to_owned());
            diesel::result::Error::DatabaseError(clone_kind(kind), copy).into()
        }
        other => StoreError::Unavailable(other.to_string()),
    }
}

fn clone_kind(_: &diesel::result::DatabaseErrorKind) -> diesel::result::DatabaseErrorKind {
    diesel::result::DatabaseErrorKind::Unknown
}

fn unavailable(error: &r2d2::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Makes the file readable by its owner alone, before SQLite makes it readable by all.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Unavailable(format!("{}: {error}", path.display()))),
    }
}
