//! Table `throttles`: the leaky buckets of the rate limits, each as the moment when it will be empty. `limits`
//! has the arithmetic.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::throttles::dsl;
use crate::types::Timestamp;

/// The prefix of the buckets of network addresses.
const ADDRESS_PREFIX: &str = "address:";

/// When each of `buckets` will be empty; `None` for a bucket without a row, which is empty.
pub(crate) fn empty_at(conn: &mut Conn, buckets: &[String]) -> Result<Vec<Option<Timestamp>>, StoreError> {
    buckets
        .iter()
        .map(|bucket| {
            let empty_at = prepared!(&mut *conn, |own| dsl::throttles
                .find(bucket)
                .select(dsl::empty_at)
                .get_result::<i64>(own));
            Ok(empty_at.optional()?.map(Timestamp::from_micros))
        })
        .collect()
}

/// Up to `limit` buckets of addresses that are not empty at `now`: the address or network, and when the bucket
/// will be empty.
pub(crate) fn addresses(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    // The semicolon is the character after the colon.
    let rows = dsl::throttles
        .filter(dsl::bucket.ge(ADDRESS_PREFIX).and(dsl::bucket.lt("address;")))
        .filter(dsl::empty_at.gt(now.micros()))
        .select((dsl::bucket, dsl::empty_at))
        .limit(limit)
        .load::<(String, i64)>(conn)?;
    let address = |(bucket, at): (String, i64)| {
        Some((bucket.strip_prefix(ADDRESS_PREFIX)?.to_owned(), Timestamp::from_micros(at)))
    };
    Ok(rows.into_iter().filter_map(address).collect())
}

/// How many buckets whose names begin with `prefix` become empty after `moment`; counts up to `limit`.
pub(crate) fn count_after(
    conn: &mut Conn,
    prefix: &str,
    moment: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    // The semicolon is the character after the colon with which every prefix ends.
    let end = format!("{};", prefix.trim_end_matches(':'));
    let rows = dsl::throttles
        .filter(dsl::bucket.ge(prefix).and(dsl::bucket.lt(end)))
        .filter(dsl::empty_at.gt(moment.micros()))
        .select(dsl::empty_at)
        .limit(limit)
        .load::<i64>(conn)?;
    Ok(rows.len() as u64)
}

/// Locks the buckets until the transaction ends, on all replicas: each of many simultaneous attempts counts
/// those before it.
pub(crate) fn lock(tx: &mut Tx<'_>, buckets: &[String]) -> Result<(), StoreError> {
    let names: Vec<String> = buckets.iter().map(|bucket| format!("throttle:{bucket}")).collect();
    dialect::lock(tx, &names)
}

/// Stores when `bucket` will be empty. The caller has called [`lock`].
pub(crate) fn set(
    tx: &mut Tx<'_>,
    bucket: &str,
    empty_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    // diesel's ON CONFLICT does not compile for a MultiConnection.
    diesel::sql_query(
        "INSERT INTO throttles (bucket, empty_at, written_at) VALUES ($1, $2, $3) \
         ON CONFLICT (bucket) DO UPDATE SET empty_at = excluded.empty_at, written_at = excluded.written_at",
    )
    .bind::<Text, _>(bucket)
    .bind::<BigInt, _>(empty_at.micros())
    .bind::<BigInt, _>(now.micros())
    .execute(&mut **tx)?;
    Ok(())
}

/// Moves the levels that were written after `latest` to `now`: a clock that was ahead wrote them. A bucket is
/// then as full as it was.
pub(crate) fn correct_future(
    tx: &mut Tx<'_>,
    latest: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let future = dsl::throttles.filter(dsl::written_at.gt(latest.micros()));
    let level = dsl::empty_at - dsl::written_at + now.micros();
    let moved = diesel::update(future).set((dsl::empty_at.eq(level), dsl::written_at.eq(now.micros())));
    Ok(moved.execute(&mut **tx)?)
}

/// The buckets that are not empty at `now` and belong to one of these keys (see [`clear`]): what they limit, and
/// when they will be empty.
pub(crate) fn with_keys(
    conn: &mut Conn,
    keys: &[String],
    now: Timestamp,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let mut buckets = Vec::new();
    for key in keys {
        let rows = dsl::throttles
            .filter(dsl::bucket.like(format!("%:{key}")).or(dsl::bucket.like(format!("%:{key}:%"))))
            .filter(dsl::empty_at.gt(now.micros()))
            .select((dsl::bucket, dsl::empty_at))
            .load::<(String, i64)>(conn)?;
        let limit = |bucket: &str| bucket.split(':').next().unwrap_or_default().to_owned();
        buckets.extend(rows.iter().map(|(bucket, at)| (limit(bucket), Timestamp::from_micros(*at))));
    }
    Ok(buckets)
}

/// Deletes the buckets whose name has one of these keys between colons or at its end; answers how many. A key
/// has no character that is special in `LIKE`.
pub(crate) fn clear(tx: &mut Tx<'_>, keys: &[String]) -> Result<usize, StoreError> {
    let mut cleared = 0;
    for key in keys {
        let of_key = dsl::throttles
            .filter(dsl::bucket.like(format!("%:{key}")).or(dsl::bucket.like(format!("%:{key}:%"))));
        cleared += diesel::delete(of_key).execute(&mut **tx)?;
    }
    Ok(cleared)
}

/// Deletes the empty buckets; answers how many.
pub(crate) fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let skip_locked = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM throttles WHERE bucket IN (SELECT bucket FROM throttles WHERE empty_at <= $1 {skip_locked})"
    );
    Ok(diesel::sql_query(sweep).bind::<BigInt, _>(now.micros()).execute(&mut **tx)?)
}
