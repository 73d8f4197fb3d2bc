//! Why a copy was not made, in words that show no value of a row.

use thiserror::Error;

use crate::store::engine::error::StoreError;

/// Which of the two databases.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Side {
    Source,
    Target,
}

impl Side {
    /// The error that this one failed.
    pub(crate) fn failed(self, error: impl Into<StoreError>) -> CopyError {
        match self {
            Self::Source => CopyError::Source(error.into()),
            Self::Target => CopyError::Target(error.into()),
        }
    }
}

/// Why a copy was not made. The target then holds no row of it.
#[derive(Debug, Error)]
pub(crate) enum CopyError {
    /// The database to read cannot be read, or is not one to read.
    #[error("source: {0}")]
    Source(#[source] StoreError),
    /// The database to fill cannot be filled.
    #[error("target: {0}")]
    Target(#[source] StoreError),
    /// There are rows in the database to fill, in these tables.
    #[error("the target is not empty: there are rows in {0}")]
    NotEmpty(String),
    /// One database has this column, or has it in this way, and the other has not.
    #[error(
        "the tables of source and target are not the same: {0} differs, or is in one of them alone; \
         only doorward's own tables can be copied"
    )]
    Unlike(String),
    /// There is something that is in no table of ours.
    #[error("cannot copy a table that is not doorward's own: {0}")]
    Unknown(String),
    /// A value that the target cannot keep, or that is not what its column says.
    #[error("source: table `{table}`, {place}: `{column}` {why}")]
    Value {
        /// The table.
        table: String,
        /// `id 7`, or `row 7` in the order of the key.
        place: String,
        /// The column.
        column: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// What arrived is not what was sent.
    #[error("table `{0}` is not the same in the target as in the source")]
    Differs(String),
}

/// The transaction that everything happens in is the target's.
impl From<StoreError> for CopyError {
    fn from(error: StoreError) -> Self {
        Self::Target(error)
    }
}
