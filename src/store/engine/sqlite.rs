//! SQLite, inside this process: one writer, several readers. Used by `Store`, and by `copy`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use tokio::sync::Semaphore;

use crate::store::engine::connection::{Conn, Tx, transaction};
use crate::store::engine::error::StoreError;

/// How long a read waits for a connection of the pool.
const PATIENCE: Duration = Duration::from_secs(5);

/// For every connection: `busy_timeout` is in milliseconds, and `synchronous=FULL` syncs at each
/// commit, so that what was acknowledged survives; `secure_delete` writes zeros over what was deleted,
/// so that a key that was wiped is not in a copy of the file.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                        PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;";

/// A reader cannot write, whatever it is told.
const READER: &str = "PRAGMA query_only = ON;";

/// For who reads a file that may be in another's use, and must not change it in any way.
const READ_ONLY: &str = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;";

/// For who writes a whole database in one transaction: a cache of 96 MiB (in KiB, as a negative
/// number), because pages of indexes that do not fit are written again and again.
const FILLING: &str = "PRAGMA cache_size = -98304;";

type ReaderPool = r2d2::Pool<File>;

/// A database file. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sqlite {
    readers: ReaderPool,
    writer: ReaderPool,
    /// Writers queue here, in order and without a thread each, instead of colliding in SQLite.
    gate: Arc<Semaphore>,
}

impl Sqlite {
    /// The database in the file `path`, which is made if there is none; at most `readers` read
    /// at once.
    ///
    /// # Errors
    /// If it cannot be made or opened.
    pub(crate) fn open(path: &Path, readers: usize) -> Result<Self, StoreError> {
        create_private(path)?;
        let file = |settings| File { path: path.to_owned(), settings };
        let writer = pool(file(""), 1)?;
        let readers = u32::try_from(readers).unwrap_or(u32::MAX).max(1);
        let readers = pool(file(READER), readers)?;
        Ok(Self { readers, writer, gate: Arc::new(Semaphore::new(1)) })
    }

    /// Reads, here and now.
    ///
    /// # Errors
    /// What `work` answers, or that the file cannot be opened.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        with(&self.readers, work)
    }

    /// Writes, when it is our turn, on a thread for that.
    ///
    /// # Errors
    /// What `work` answers, or that the database could not be written.
    pub(crate) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
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
            with(&writer, |conn| transaction(conn, work))
        })
        .await
        .map_err(|_| StoreError::Interrupted)?
    }

    /// The writing connection, at once and on this thread: for the start, before there are others.
    ///
    /// # Errors
    /// What `work` answers, or that the file cannot be opened.
    pub(crate) fn at_start<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        with(&self.writer, work)
    }
}

/// A connection of its own to a file that is there, for reading and nothing else: it neither makes
/// the file nor changes how it is kept.
///
/// # Errors
/// If there is no such file, or it cannot be opened.
pub(crate) fn connect_to_read(path: &Path) -> Result<Conn, StoreError> {
    if !path.exists() {
        return Err(StoreError::Unavailable(format!("{} is not there", path.display())));
    }
    connect(path, READ_ONLY)
}

/// A connection of its own for writing; makes the file if there is none.
///
/// # Errors
/// If it cannot be made or opened.
pub(crate) fn connect_to_fill(path: &Path) -> Result<Conn, StoreError> {
    create_private(path)?;
    connect(path, &format!("{SETTINGS} {FILLING}"))
}

fn pool(file: File, size: u32) -> Result<ReaderPool, StoreError> {
    // Opened once by hand: the pool would hide what is wrong with the file.
    drop(file.open()?);
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(PATIENCE)
        .build(file)
        .map_err(|error| unavailable(&error))
}

fn with<T, E: From<StoreError>>(
    pool: &ReaderPool,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let mut conn = pool.get().map_err(|error| unavailable(&error))?;
    work(&mut conn)
}

fn unavailable(error: &r2d2::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

fn connect(path: &Path, settings: &str) -> Result<Conn, StoreError> {
    let mut sqlite = SqliteConnection::establish(&path.to_string_lossy())
        .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    sqlite.batch_execute(settings)?;
    Ok(Conn::Sqlite(sqlite))
}

/// Opens connections to the file.
struct File {
    path: PathBuf,
    settings: &'static str,
}

impl File {
    fn open(&self) -> Result<Conn, StoreError> {
        connect(&self.path, &format!("{SETTINGS} {}", self.settings))
    }
}

impl r2d2::ManageConnection for File {
    type Connection = Conn;
    type Error = StoreError;

    fn connect(&self) -> Result<Conn, StoreError> {
        self.open()
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), StoreError> {
        if conn.is_broken() { Err(StoreError::Interrupted) } else { Ok(()) }
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.is_broken()
    }
}

/// Makes an empty file, readable by its owner alone, where there is none: before SQLite makes it, which
/// lets everybody read it.
///
/// # Errors
/// If there is one, or it cannot be made.
pub(crate) fn create_new_private(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn create_private(path: &Path) -> Result<(), StoreError> {
    match create_new_private(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Unavailable(format!("{}: {error}", path.display()))),
    }
}
