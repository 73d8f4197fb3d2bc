//! Rate limits, as leaky buckets. The arithmetic is in `limits`, the levels are in `store::tables::throttles`.

use std::time::Duration;

use crate::app::App;
use crate::limits::Bucket;
use crate::store::tables::throttles;
use crate::store::{Conn, StoreError, Tx};
use crate::types::Timestamp;

/// How long until each of the buckets has room for one more attempt; `None` if all have room now.
pub(crate) fn wait(
    conn: &mut Conn,
    buckets: &[Bucket],
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let levels = throttles::empty_at(conn, &names(buckets))?;
    Ok(buckets.iter().zip(levels).filter_map(|(bucket, empty_at)| bucket.wait(empty_at, now)).max())
}

/// [`wait`], with the buckets locked until the transaction ends: of many attempts at the same time, each
/// sees those before it.
pub(crate) fn lock_and_wait(
    tx: &mut Tx<'_>,
    buckets: &[Bucket],
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    lock(tx, buckets)?;
    wait(tx, buckets, now)
}

/// Locks the buckets until the transaction ends.
pub(crate) fn lock<'a>(
    tx: &mut Tx<'_>,
    buckets: impl IntoIterator<Item = &'a Bucket>,
) -> Result<(), StoreError> {
    throttles::lock(tx, &names(buckets))
}

/// Counts one attempt in each of the buckets that has room: a full one must not get fuller. The buckets are
/// locked.
pub(crate) fn count<'a>(
    tx: &mut Tx<'_>,
    buckets: impl IntoIterator<Item = &'a Bucket>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let buckets: Vec<&Bucket> = buckets.into_iter().collect();
    if buckets.is_empty() {
        return Ok(());
    }
    throttles::sweep(tx, now)?;
    let levels = throttles::empty_at(tx, &names(buckets.iter().copied()))?;
    for (bucket, empty_at) in buckets.into_iter().zip(levels) {
        if bucket.wait(empty_at, now).is_none() {
            throttles::set(tx, &bucket.name, bucket.after_one_more(empty_at, now), now)?;
        }
    }
    Ok(())
}

/// [`check`] for attempts that are mostly one too many: those only read.
pub(crate) async fn check_bad(
    app: &App,
    buckets: Vec<Bucket>,
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    if buckets.is_empty() {
        return Ok(None);
    }
    let look_up = buckets.clone();
    match app.store.read(move |conn| wait(conn, &look_up, now)).await? {
        Some(wait) => Ok(Some(wait)),
        None => app.store.write(move |tx| check(tx, &buckets, now)).await,
    }
}

/// Counts one attempt if the buckets have room; otherwise answers how long to wait.
pub(crate) fn check(
    tx: &mut Tx<'_>,
    buckets: &[Bucket],
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let wait = lock_and_wait(tx, buckets, now)?;
    if wait.is_none() {
        count(tx, buckets, now)?;
    }
    Ok(wait)
}

fn names<'a>(buckets: impl IntoIterator<Item = &'a Bucket>) -> Vec<String> {
    buckets.into_iter().map(|bucket| bucket.name.clone()).collect()
}
