//! Table `reserved_names`: the names of accounts that seemed to be registered (`registration.hide_existing`),
//! as fingerprints.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::reserved_names::dsl;
use crate::types::{Identifier, Timestamp, Username};

/// Whether the name is reserved, in any letter case.
pub(crate) fn is_reserved(conn: &mut Conn, name: &Username) -> Result<bool, StoreError> {
    let row = dsl::reserved_names.find(fingerprint(name)).select(dsl::reserved_at).get_result::<i64>(conn);
    Ok(row.optional()?.is_some())
}

/// Reserves the name. The caller has locked it (`users::lock_identifiers`).
pub(crate) fn insert(tx: &mut Tx<'_>, name: &Username, now: Timestamp) -> Result<(), StoreError> {
    // diesel's ON CONFLICT does not compile for a MultiConnection.
    diesel::sql_query(
        "INSERT INTO reserved_names (fingerprint, reserved_at) VALUES ($1, $2) ON CONFLICT (fingerprint) DO NOTHING",
    )
    .bind::<Text, _>(fingerprint(name))
    .bind::<BigInt, _>(now.micros())
    .execute(&mut **tx)?;
    Ok(())
}

fn fingerprint(name: &Username) -> String {
    format!("{:032x}", Identifier::new(name.as_str()).fingerprint())
}
