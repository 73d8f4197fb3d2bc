//! Why an import failed as a whole. A row that is left out is no error: see `report`. No message has a value of a
//! row, which may be a hash.

use thiserror::Error;

use crate::store::StoreError;

/// Why an import failed. Batches that were written before stay, and another run goes on.
#[derive(Debug, Error)]
pub(crate) enum ImportError {
    /// The source cannot be opened or read.
    #[error("cannot read the source: {0}")]
    Source(String),
    /// A file ends in the middle.
    #[error("the file ends in the middle of row {row} ({place})")]
    Truncated {
        /// The row, from 1 on.
        row: u64,
        /// Line and column.
        place: String,
    },
    /// A file is of no known format.
    #[error("the file is not what doorward can read: {0}")]
    Format(String),
    /// The mapping does not fit the source.
    #[error("{0}")]
    Mapping(#[from] MappingError),
    /// No table looks like users.
    #[error(
        "no table of the source looks like users: none has the columns password, last_login and is_active"
    )]
    NoUsers,
    /// doorward's own database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum MappingError {
    /// Not TOML.
    #[error("the mapping is not TOML: {0}")]
    Syntax(String),
    /// A key that no mapping has.
    #[error("the mapping has `{key}`, which is no key of a mapping{}", like(.near))]
    UnknownKey {
        /// With its section.
        key: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// A key that every mapping has.
    #[error("the mapping lacks `{0}`")]
    Missing(&'static str),
    /// A value of another type, or not one of those allowed.
    #[error("`{key}` of the mapping must be {expected}")]
    Value {
        /// With its section.
        key: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A table that the source does not have.
    #[error("`{key}` of the mapping names the table `{name}`, which the source does not have{}", like(.near))]
    NoTable {
        /// With its section.
        key: String,
        /// The table.
        name: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// A column that its table does not have.
    #[error("`{key}` of the mapping names the column `{name}`, which `{table}` does not have{}", like(.near))]
    NoColumn {
        /// With its section.
        key: String,
        /// The column.
        name: String,
        /// Its table.
        table: String,
        /// The nearest one.
        near: Option<String>,
    },
}

fn like(near: &Option<String>) -> String {
    near.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// The nearest of some names, if one is near.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    /// Below, two names are only by chance alike.
    const NEAR: f64 = 0.5;
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(name, known);
    let near = known.into_iter().map(|known| (likeness(known), known));
    near.filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known.to_owned())
}
