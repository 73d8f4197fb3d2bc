//! Table `one_time_keys`: links that work once, kept as hashes.

use diesel::prelude::*;

use super::connection::{Conn, Tx};
use super::dialect;
use super::error::StoreError;
use super::schema::one_time_keys::dsl;
use crate::types::{OneTimeKey, Timestamp};

/// What a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Making the first administrator.
    Setup,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
        }
    }
}

/// Keeps others from the keys of `purpose` until the transaction ends: for spending one, and for
/// making one the only one.
///
/// # Errors
/// If the database fails.
pub fn lock(tx: &mut Tx<'_>, purpose: Purpose) -> Result<(), StoreError> {
    dialect::lock(tx, &[format!("one-time-keys:{}", purpose.as_str())])
}

/// Whether `key` is known, serves `purpose`, and has not expired.
///
/// # Errors
/// If the database fails.
pub fn is_good(
    conn: &mut Conn,
    key: &OneTimeKey,
    purpose: Purpose,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found = dsl::one_time_keys
        .find(key.hash().to_vec())
        .filter(dsl::purpose.eq(purpose.as_str()))
        .filter(dsl::expires_at.gt(now.micros()))
        .count()
        .get_result::<i64>(conn)?;
    Ok(found > 0)
}

/// Makes `key` the only one for its purpose.
///
/// # Errors
/// If the database fails.
pub fn replace(
    tx: &mut Tx<'_>,
    key: &OneTimeKey,
    purpose: Purpose,
    now: Timestamp,
    expires: Timestamp,
) -> Result<(), StoreError> {
    remove_all(tx, purpose)?;
    diesel::insert_into(dsl::one_time_keys)
        .values((
            dsl::key_hash.eq(key.hash().to_vec()),
            dsl::purpose.eq(purpose.as_str()),
            dsl::created_at.eq(now.micros()),
            dsl::expires_at.eq(expires.micros()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Drops every key of a purpose.
///
/// # Errors
/// If the database fails.
pub fn remove_all(tx: &mut Tx<'_>, purpose: Purpose) -> Result<(), StoreError> {
    diesel::delete(dsl::one_time_keys.filter(dsl::purpose.eq(purpose.as_str()))).execute(&mut **tx)?;
    Ok(())
}
