//! Table `throttles`: how full each leaky bucket of failed logins is. `limits` knows what the
//! numbers mean; this file only keeps them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::connection::{Conn, Tx, prepared};
use super::dialect;
use super::error::StoreError;
use super::schema::throttles::dsl;
use crate::types::Timestamp;

/// When each of `buckets` will be empty; a bucket without a row is empty already.
///
/// # Errors
/// If the database fails.
pub fn empty_at(conn: &mut Conn, buckets: &[String]) -> Result<Vec<Option<Timestamp>>, StoreError> {
    buckets
        .iter()
        .map(|bucket| {
            let found = prepared!(&mut *conn, |own| dsl::throttles
                .find(bucket)
                .select(dsl::empty_at)
                .get_result::<i64>(own));
            Ok(found.optional()?.map(Timestamp::from_micros))
        })
        .collect()
}

/// Keeps others from the same buckets until the transaction ends, on whatever replica: of many
/// attempts at once, each counts those before it.
///
/// # Errors
/// If the database fails.
pub fn lock(tx: &mut Tx<'_>, buckets: &[String]) -> Result<(), StoreError> {
    let names: Vec<String> = buckets.iter().map(|bucket| format!("throttle:{bucket}")).collect();
    dialect::lock(tx, &names)
}

/// Notes when `bucket` will be empty. Asks for [`lock`] first.
///
/// # Errors
/// If the database fails.
pub fn set(tx: &mut Tx<'_>, bucket: &str, empty_at: Timestamp) -> Result<(), StoreError> {
    // diesel has no upsert that compiles for several dialects; this text is good in both.
    diesel::sql_query(
        "INSERT INTO throttles (bucket, empty_at) VALUES ($1, $2) \
         ON CONFLICT (bucket) DO UPDATE SET empty_at = excluded.empty_at",
    )
    .bind::<Text, _>(bucket)
    .bind::<BigInt, _>(empty_at.micros())
    .execute(&mut **tx)?;
    Ok(())
}

/// Forgets the buckets that are empty.
///
/// # Errors
/// If the database fails.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let rest = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM throttles WHERE bucket IN (SELECT bucket FROM throttles WHERE empty_at <= $1 {rest})"
    );
    Ok(diesel::sql_query(sweep).bind::<BigInt, _>(now.micros()).execute(&mut **tx)?)
}
