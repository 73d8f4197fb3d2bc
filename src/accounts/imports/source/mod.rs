//! Where users come from: a database, or a file.

mod csv_rows;
mod database;
mod dump_facts;
mod dump_objects;
mod dump_rows;
mod file;
mod json_lines;
mod seen_columns;
mod token_of;
mod user_source;

use crate::accounts::imports::error::ImportError;
use crate::types::DatabaseUrl;
pub(crate) use user_source::UserSource;

/// Opens what was named on the command line: `postgres://…`, `sqlite:PATH`, a file, or `-` for standard input.
///
/// # Errors
/// If it cannot be opened.
pub(crate) fn open(named: &str) -> Result<Box<dyn UserSource>, ImportError> {
    let is_database =
        ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| named.starts_with(scheme));
    if is_database {
        let url: DatabaseUrl = named.parse().map_err(|error| ImportError::Source(format!("{error}")))?;
        return Ok(Box::new(database::DatabaseSource::open(&url)?));
    }
    Ok(Box::new(file::FileSource::open(named)?))
}

/// A file with this content.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_content(content: &[u8]) -> Result<Box<dyn UserSource>, ImportError> {
    Ok(Box::new(file::FileSource::with_content(content)?))
}

/// The name of the source for the database and the pages: without a password.
pub(crate) fn label(named: &str) -> String {
    match named.parse::<DatabaseUrl>() {
        Ok(url) => url.to_string(),
        Err(_) if named == "-" => "standard input".to_owned(),
        Err(_) => named.to_owned(),
    }
}
