//! Table `throttles`: how full each leaky bucket of failed logins is. `limits` knows what the
//! numbers mean; this file only keeps them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::throttles::dsl;
use crate::types::Timestamp;

/// What the names of the buckets of addresses begin with.
const ADDRESS: &str = "address:";

/// When each of `buckets` will be empty; a bucket without a row is empty already.
pub(crate) fn empty_at(conn: &mut Conn, buckets: &[String]) -> Result<Vec<Option<Timestamp>>, StoreError> {
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

/// Up to `limit` buckets of failed logins by address that are not empty at `now`: the address, or the
/// subscriber's net, and when it will be empty.
pub(crate) fn addresses(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    // No character comes between the colon and the semicolon.
    let found = dsl::throttles
        .filter(dsl::bucket.ge(ADDRESS).and(dsl::bucket.lt("address;")))
        .filter(dsl::empty_at.gt(now.micros()))
        .select((dsl::bucket, dsl::empty_at))
        .limit(limit)
        .load::<(String, i64)>(conn)?;
    let address = |(bucket, at): (String, i64)| {
        Some((bucket.strip_prefix(ADDRESS)?.to_owned(), Timestamp::from_micros(at)))
    };
    Ok(found.into_iter().filter_map(address).collect())
}

/// Keeps others from the same buckets until the transaction ends, on whatever replica: of many
/// attempts at once, each counts those before it.
pub(crate) fn lock(tx: &mut Tx<'_>, buckets: &[String]) -> Result<(), StoreError> {
    let names: Vec<String> = buckets.iter().map(|bucket| format!("throttle:{bucket}")).collect();
    dialect::lock(tx, &names)
}

/// Notes when `bucket` will be empty. Asks for [`lock`] first.
pub(crate) fn set(tx: &mut Tx<'_>, bucket: &str, empty_at: Timestamp) -> Result<(), StoreError> {
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
pub(crate) fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let rest = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM throttles WHERE bucket IN (SELECT bucket FROM throttles WHERE empty_at <= $1 {rest})"
    );
    Ok(diesel::sql_query(sweep).bind::<BigInt, _>(now.micros()).execute(&mut **tx)?)
}
