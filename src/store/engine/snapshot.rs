//! Reads a whole database as it is at one moment: for copies, and for verifying the audit chain.

use crate::store::engine::connection::{Conn, snapshot};
use crate::store::engine::error::StoreError;
use crate::store::engine::postgres::StoreSettings;
use crate::store::engine::{migrations, postgres, sqlite};
use crate::types::DatabaseUrl;

/// Opens a read-only connection with one snapshot for as long as it is open.
///
/// # Errors
/// Also if the schema is not exactly this version's.
pub(crate) fn open_snapshot(url: &DatabaseUrl, settings: &StoreSettings) -> Result<Conn, StoreError> {
    let mut conn = match url {
        DatabaseUrl::Sqlite(path) => sqlite::connect_read_only(path)?,
        DatabaseUrl::Postgres(_) => postgres::connect(url, settings)?,
    };
    snapshot(&mut conn)?;
    migrations::refuse_unless_current(&mut conn)?;
    Ok(conn)
}
