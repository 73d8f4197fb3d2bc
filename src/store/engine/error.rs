//! What can go wrong in the store, without a word of HTTP or SQL for strangers.
//! Doors decide what each means to their callers.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};
use thiserror::Error;

/// The column whose value somebody else already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// Another user has this name, or one that differs only in letter case.
    Username,
    /// Another user has this address, or one that differs only in letter case.
    Email,
}

/// Why the store could not do what was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database's own uniqueness check refused the value.
    #[error("that value is taken")]
    Taken(Unique),
    /// Another process holds the write lock for longer than we wait.
    #[error("the database is locked by another process; is a backup or another doorward writing to it?")]
    Locked,
    /// Nothing more can be written.
    #[error("the disk that holds the database is full; free some space and try again")]
    Full,
    /// The file may be read, not written.
    #[error("the database cannot be written; check the permissions of its file and folder")]
    ReadOnly,
    /// The file cannot be opened or read.
    #[error("cannot open the database: {0}")]
    Unavailable(String),
    /// The server is gone, or does not let us in. While requests are served, the store itself logs
    /// when this begins and when it ends.
    #[error("the database cannot be used: {0}")]
    Lost(String),
    /// All our connections to the server are in use. The store itself logs it, now and then.
    #[error("all connections to the database are in use")]
    Crowded,
    /// The server is there, and has more to do than it can.
    #[error("the database has too much to do to answer in time")]
    Busy,
    /// The database belongs to another program, or is none.
    #[error("{0}")]
    Foreign(String),
    /// The database was made by a newer doorward.
    #[error(
        "the database has migrations this doorward does not know ({0}): it was made by a newer version. \
         Start that version, or restore a backup from before the upgrade"
    )]
    Newer(String),
    /// The database was made by an older doorward, and is not to be changed by this one.
    #[error("the database lacks migrations of this doorward ({0}): it was made by an older version")]
    Older(String),
    /// A migration failed; it was rolled back.
    #[error("cannot bring the database up to date: {0}")]
    Migration(String),
    /// A row holds what this program never wrote.
    #[error("the database holds what cannot be read: {0}")]
    Unreadable(String),
    /// Anything else the database said.
    #[error("the database failed: {0}")]
    Database(#[source] DieselError),
    /// The work was dropped half-way, by a panic or at shutdown. It was rolled back.
    #[error("the work on the database was cut short")]
    Interrupted,
}

impl StoreError {
    /// Whether trying again in a moment may help.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Locked | Self::Full | Self::Unavailable(_) | Self::Lost(_) | Self::Crowded | Self::Busy
        )
    }

    /// Whether the log has it already, and need not be told with each request.
    #[must_use]
    pub fn is_logged(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Crowded)
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, about) => {
                taken(about.as_ref()).map_or_else(|| Self::Database(error), Self::Taken)
            }
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction,
                about,
            ) => Self::Lost(about.message().trim().to_owned()),
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Busy,
            DieselError::DatabaseError(_, about) => named(about.message()).unwrap_or(Self::Database(error)),
            _ => Self::Database(error),
        }
    }
}

/// SQLite names the columns in its message, PostgreSQL the index: both hold the column's name.
fn taken(about: &(dyn DatabaseErrorInformation + Send + Sync)) -> Option<Unique> {
    let place = about.constraint_name().unwrap_or_else(|| about.message());
    [("username_key", Unique::Username), ("email_key", Unique::Email)]
        .into_iter()
        .find_map(|(column, unique)| place.contains(column).then_some(unique))
}

/// The conditions that pass or that an operator can mend, by the texts of SQLite's
/// `sqlite3ErrStr` and of PostgreSQL (diesel keeps its codes to itself). A server that speaks
/// another language than English gets the general error for them.
fn named(message: &str) -> Option<StoreError> {
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
