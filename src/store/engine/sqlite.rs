//! SQLite, inside this process: one writer, several readers.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use tokio::sync::Semaphore;

use crate::store::engine::connection::{Conn, Tx, transaction, while_locked};
use crate::store::engine::error::StoreError;

/// How long a read waits for a connection of the pool.
const POOL_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a new connection waits for a locked file: for another process that changes it to WAL, or that
/// closes it as the last one.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// For every connection. `busy_timeout` is in milliseconds. `synchronous=FULL` syncs at each commit, so that
/// acknowledged writes survive a crash. `secure_delete` overwrites deleted content with zeros, so that a
/// deleted key is not in a copy of the file.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                        PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;";

/// For connections of the pool of readers.
const READER: &str = "PRAGMA query_only = ON;";

/// For reading a file that another process may use: without changing the journal mode or anything else.
const READ_ONLY: &str = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;";

/// For writing a whole database in one transaction: a cache of 96 MiB (a negative number is in KiB), because
/// index pages that do not fit are written again and again.
const BULK_WRITER: &str = "PRAGMA cache_size = -98304;";

type Pool = r2d2::Pool<SqliteFile>;

/// A database file. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sqlite {
    readers: Pool,
    writer: Pool,
    /// Writers queue here in order, without a thread each, instead of waiting inside SQLite.
    write_permit: Arc<Semaphore>,
}

impl Sqlite {
    /// Opens the file, or creates it; at most `readers` connections read at once.
    pub(crate) fn open(path: &Path, readers: usize) -> Result<Self, StoreError> {
        create_private(path)?;
        close_to_others(path);
        let file = |settings| SqliteFile { path: path.to_owned(), settings };
        let writer = pool(file(""), 1)?;
        let readers = u32::try_from(readers).unwrap_or(u32::MAX).max(1);
        let readers = pool(file(READER), readers)?;
        Ok(Self { readers, writer, write_permit: Arc::new(Semaphore::new(1)) })
    }

    /// Reads on the calling thread.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        with(&self.readers, work)
    }

    /// Writes on a blocking thread, after the writers that came before.
    pub(crate) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = self.write_permit.clone().acquire_owned().await.map_err(|_| StoreError::Interrupted)?;
        let writer = self.writer.clone();
        tokio::task::spawn_blocking(move || {
            // The permit lasts until the work ends, also when the caller was cancelled before.
            let _permit = permit;
            with(&writer, |conn| transaction(conn, work))
        })
        .await
        .map_err(|_| StoreError::Interrupted)?
    }

    /// Uses the write connection on the calling thread: for the start, before there are other writers.
    pub(crate) fn run_blocking<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        with(&self.writer, work)
    }
}

/// Opens an existing file read-only; changes neither the file nor its journal mode.
pub(crate) fn connect_read_only(path: &Path) -> Result<Conn, StoreError> {
    if !path.exists() {
        return Err(StoreError::Unavailable(format!("{} is not there", path.display())));
    }
    connect(path, READ_ONLY)
}

/// Opens the file, or creates it, for writing a whole database.
pub(crate) fn connect_bulk_writer(path: &Path) -> Result<Conn, StoreError> {
    create_private(path)?;
    close_to_others(path);
    connect(path, &format!("{SETTINGS} {BULK_WRITER}"))
}

fn pool(file: SqliteFile, size: u32) -> Result<Pool, StoreError> {
    // The pool would replace the error of the first connection by a timeout.
    drop(file.open()?);
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(POOL_TIMEOUT)
        .build(file)
        .map_err(|error| unavailable(&error))
}

fn with<T, E: From<StoreError>>(pool: &Pool, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    let mut conn = pool.get().map_err(|error| unavailable(&error))?;
    work(&mut conn)
}

fn unavailable(error: &r2d2::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

fn connect(path: &Path, settings: &str) -> Result<Conn, StoreError> {
    let mut sqlite = SqliteConnection::establish(&path.to_string_lossy())
        .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    while_locked(CONNECT_PATIENCE, || Ok(sqlite.batch_execute(settings)?))?;
    Ok(Conn::Sqlite(sqlite))
}

/// Opens connections to the file.
struct SqliteFile {
    path: PathBuf,
    settings: &'static str,
}

impl SqliteFile {
    fn open(&self) -> Result<Conn, StoreError> {
        connect(&self.path, &format!("{SETTINGS} {}", self.settings))
    }
}

impl r2d2::ManageConnection for SqliteFile {
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

/// Creates an empty file that only its owner can read. SQLite itself would create it readable for every user.
///
/// # Errors
/// Also if the file exists.
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

/// Takes the database, and the files that SQLite makes beside it, away from users who are neither the owner nor
/// in the group. A group that may read them was given that on purpose.
#[cfg(unix)]
fn close_to_others(path: &Path) {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let file = Path::new(&name);
        let Ok(mode) = metadata(file).map(|file| file.permissions().mode()) else { continue };
        if mode & 0o007 == 0 {
            continue;
        }
        match set_permissions(file, Permissions::from_mode(mode & 0o770)) {
            Ok(()) => tracing::warn!(
                file = %file.display(),
                "other users of this machine had access to the database file; now they have none"
            ),
            Err(error) => tracing::warn!(
                file = %file.display(), %error,
                "other users of this machine have access to the database file, and that cannot be changed"
            ),
        }
    }
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) {}
