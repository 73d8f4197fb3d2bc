//! Why a copy failed. No message has a value of a row, which may be a secret.

use thiserror::Error;

use crate::store::engine::error::StoreError;

/// One of the two databases.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Side {
    Source,
    Target,
}

impl Side {
    /// The error of this database.
    pub(crate) fn failed(self, error: impl Into<StoreError>) -> CopyError {
        match self {
            Self::Source => CopyError::Source(error.into()),
            Self::Target => CopyError::Target(error.into()),
        }
    }
}

/// Why a copy failed. The target then has no rows.
#[derive(Debug, Error)]
pub(crate) enum CopyError {
    /// The source cannot be read, or is not a database of this version.
    #[error("source: {0}")]
    Source(#[source] StoreError),
    /// The target cannot be written.
    #[error("target: {0}")]
    Target(#[source] StoreError),
    /// The target has rows in these tables.
    #[error("the target is not empty: there are rows in {0}")]
    NotEmpty(String),
    /// This column differs, or one database lacks it.
    #[error(
        "the tables of source and target are not the same: {0} differs, or is in one of them alone; \
         only doorward's own tables can be copied"
    )]
    Unlike(String),
    /// A table is not doorward's own.
    #[error("cannot copy a table that is not doorward's own: {0}")]
    Unknown(String),
    /// A value does not fit the target, or its own column.
    #[error("source: table `{table}`, {place}: `{column}` {why}")]
    Value {
        /// The table.
        table: String,
        /// The row: `id 7`, or `row 7` in the order of the key.
        place: String,
        /// The column.
        column: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The rows in the target are not those of the source.
    #[error("table `{0}` is not the same in the target as in the source")]
    Differs(String),
}

/// The transaction of a copy is the target's.
impl From<StoreError> for CopyError {
    fn from(error: StoreError) -> Self {
        Self::Target(error)
    }
}
