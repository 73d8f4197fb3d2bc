//! Table `secrets`: random values that all processes on one database share.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};

use crate::store::engine::connection::Tx;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::secrets;
use crate::types::Timestamp;

/// The value of `name`; if there is none, creates it with `bytes` random bytes.
pub(crate) fn get_or_create(
    tx: &mut Tx<'_>,
    name: &str,
    bytes: usize,
    now: Timestamp,
) -> Result<Vec<u8>, StoreError> {
    let stored =
        secrets::table.find(name).select(secrets::value).get_result::<Vec<u8>>(&mut **tx).optional()?;
    if let Some(value) = stored {
        return Ok(value);
    }
    let mut value = vec![0; bytes];
    rand::fill(&mut value[..]);
    // Of several processes that create it at once, the first one wins, and all read that value.
    diesel::sql_query(
        "INSERT INTO secrets (name, value, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
    )
    .bind::<Text, _>(name)
    .bind::<Binary, _>(&value)
    .bind::<BigInt, _>(now.micros())
    .execute(&mut **tx)?;
    Ok(secrets::table.find(name).select(secrets::value).get_result::<Vec<u8>>(&mut **tx)?)
}
