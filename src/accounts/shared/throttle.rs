//! Counting failures: what the verbs that anybody may call have in common. Used by its siblings; the
//! arithmetic is `limits`', the numbers are `store::throttles`'.

use std::time::Duration;

use crate::limits::Bucket;
use crate::store::tables::throttles;
use crate::store::{Conn, StoreError, Tx};
use crate::types::Timestamp;

/// How long until one more failure fits into each of the buckets; `None` if it fits now.
pub(crate) fn longest_wait(
    conn: &mut Conn,
    buckets: &[Bucket],
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let levels = throttles::empty_at(conn, &names(buckets))?;
    Ok(buckets.iter().zip(levels).filter_map(|(bucket, empty_at)| bucket.wait(empty_at, now)).max())
}

/// Keeps others from the same buckets until the transaction ends.
pub(crate) fn lock(tx: &mut Tx<'_>, buckets: &[Bucket]) -> Result<(), StoreError> {
    throttles::lock(tx, &names(buckets))
}

/// Puts one more failure into each of the buckets, which are locked.
pub(crate) fn count(tx: &mut Tx<'_>, buckets: &[Bucket], now: Timestamp) -> Result<(), StoreError> {
    if buckets.is_empty() {
        return Ok(());
    }
    throttles::sweep(tx, now)?;
    let levels = throttles::empty_at(tx, &names(buckets))?;
    for (bucket, empty_at) in buckets.iter().zip(levels) {
        throttles::set(tx, &bucket.name, bucket.after_one_more(empty_at, now))?;
    }
    Ok(())
}

/// Counts one attempt, or tells how long to wait.
pub(crate) fn admit(
    tx: &mut Tx<'_>,
    buckets: &[Bucket],
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    lock(tx, buckets)?;
    let wait = longest_wait(tx, buckets, now)?;
    if wait.is_none() {
        count(tx, buckets, now)?;
    }
    Ok(wait)
}

fn names(buckets: &[Bucket]) -> Vec<String> {
    buckets.iter().map(|bucket| bucket.name.clone()).collect()
}
