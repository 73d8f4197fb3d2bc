//! Table `stored_settings`: the settings that administrators changed, as text. Each change raises the version,
//! by which processes notice the change of another and forms that of another administrator.

use diesel::dsl::max;
use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::stored_settings;

/// All stored settings. No `Debug`: the values hold secrets.
#[derive(Default)]
pub(crate) struct StoredSettings {
    /// The version of the last change; 0 before the first.
    pub version: i64,
    /// Name and value.
    pub values: Vec<(String, String)>,
}

/// The version of the last change; 0 before the first.
pub(crate) fn version(conn: &mut Conn) -> Result<i64, StoreError> {
    let newest = stored_settings::table.select(max(stored_settings::version));
    Ok(newest.first::<Option<i64>>(conn)?.unwrap_or(0))
}

/// All stored settings.
pub(crate) fn read(conn: &mut Conn) -> Result<StoredSettings, StoreError> {
    let rows: Vec<(String, Option<String>, i64)> =
        stored_settings::table.order(stored_settings::name).load(conn)?;
    Ok(StoredSettings {
        version: rows.iter().map(|(_, _, version)| *version).max().unwrap_or(0),
        values: rows.into_iter().filter_map(|(name, value, _)| Some((name, value?))).collect(),
    })
}

/// Reads all stored settings for a change, and makes other changes wait.
pub(crate) fn lock(tx: &mut Tx<'_>) -> Result<StoredSettings, StoreError> {
    dialect::lock(tx, &["stored settings".to_owned()])?;
    read(tx)
}

/// Stores the value of a setting, or none.
pub(crate) fn set(tx: &mut Tx<'_>, name: &str, value: Option<&str>, version: i64) -> Result<(), StoreError> {
    let row = (stored_settings::value.eq(value), stored_settings::version.eq(version));
    let known = diesel::update(stored_settings::table.find(name)).set(row).execute(&mut **tx)?;
    if known == 0 {
        let row = (stored_settings::name.eq(name), row.0, row.1);
        diesel::insert_into(stored_settings::table).values(row).execute(&mut **tx)?;
    }
    Ok(())
}
