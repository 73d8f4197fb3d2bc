//! Errors of the store, without HTTP. Handlers decide what each means to their clients.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};
use thiserror::Error;

/// The column whose value another user already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// Another user has this name, or one that differs only in letter case.
    Username,
    /// Another user has this address, or one that differs only in letter case.
    Email,
}

/// Why the store failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A unique index of the database refused the value.
    #[error("that value is taken")]
    Taken(Unique),
    /// Another process holds the write lock of the SQLite file for longer than `busy_timeout`.
    #[error("the database is locked by another process; is a backup or another doorward writing to it?")]
    Locked,
    /// The disk is full.
    #[error("the disk that holds the database is full; free some space and try again")]
    Full,
    /// The SQLite file can be read but not written.
    #[error("the database cannot be written; check the permissions of its file and folder")]
    ReadOnly,
    /// The file cannot be opened or read.
    #[error("cannot open the database: {0}")]
    Unavailable(String),
    /// The server cannot be reached or refuses the connection. While requests are served, the store logs when
    /// this begins and ends.
    #[error("the database cannot be used: {0}")]
    Lost(String),
    /// All connections of the pool are in use. The store logs it, at most every ten seconds.
    #[error("all connections to the database are in use")]
    Crowded,
    /// The server is overloaded: a timeout, a deadlock or a serialisation failure.
    #[error("the database is overloaded to answer in time")]
    Busy,
    /// The database belongs to another program, or the file is no database.
    #[error("{0}")]
    Foreign(String),
    /// A newer version has migrated the database.
    #[error(
        "the database has migrations that this version does not have ({0}): a newer version has used it. \
         Start that version, or restore a backup from before the upgrade"
    )]
    Newer(String),
    /// An older version has migrated the database, and this command does not migrate.
    #[error("the database lacks migrations of this version ({0}): an older version has used it")]
    Older(String),
    /// A migration failed and was rolled back.
    #[error("cannot migrate the database: {0}")]
    Migration(String),
    /// A row has a value that this version does not know.
    #[error("the database has a value that cannot be read: {0}")]
    Unreadable(String),
    /// Any other error of the database.
    #[error("the database failed: {0}")]
    Database(#[source] DieselError),
    /// A panic or the shutdown interrupted the work. It was rolled back.
    #[error("the work on the database was interrupted")]
    Interrupted,
}

impl StoreError {
    /// Whether a retry in a moment may succeed.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Locked | Self::Full | Self::Unavailable(_) | Self::Lost(_) | Self::Crowded | Self::Busy
        )
    }

    /// Whether the store has logged the error already, so that requests need not.
    #[must_use]
    pub fn is_logged(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Crowded)
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, about) => {
                unique_column(about.as_ref()).map_or_else(|| Self::Database(error), Self::Taken)
            }
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction,
                about,
            ) => Self::Lost(about.message().trim().to_owned()),
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Busy,
            DieselError::DatabaseError(_, about) => {
                known_condition(about.message()).unwrap_or(Self::Database(error))
            }
            _ => Self::Database(error),
        }
    }
}

/// SQLite names the columns in its message, PostgreSQL the index: both contain the column's name.
fn unique_column(about: &(dyn DatabaseErrorInformation + Send + Sync)) -> Option<Unique> {
    let place = about.constraint_name().unwrap_or_else(|| about.message());
    [("username_key", Unique::Username), ("email_key", Unique::Email)]
        .into_iter()
        .find_map(|(column, unique)| place.contains(column).then_some(unique))
}

/// Conditions that pass or that an operator can repair, by the messages of SQLite's `sqlite3ErrStr` and of
/// PostgreSQL (diesel does not expose error codes). A server with messages in another language than
/// English gets the general error.
fn known_condition(message: &str) -> Option<StoreError> {
    match message {
        "database is locked" | "database table is locked" => Some(StoreError::Locked),
        "database or disk is full" => Some(StoreError::Full),
        "attempt to write a readonly database" => Some(StoreError::ReadOnly),
        "file is not a database" => Some(StoreError::Foreign(
            "the file is not a SQLite database; name another one in database_url".into(),
        )),
        "unable to open database file" | "disk I/O error" => {
            Some(StoreError::Unavailable(message.to_owned()))
        }
        "canceling statement due to statement timeout"
        | "canceling statement due to lock timeout"
        | "deadlock detected" => Some(StoreError::Busy),
        _ if message.contains("No space left on device") => Some(StoreError::Full),
        _ => None,
    }
}
