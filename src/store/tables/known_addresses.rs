//! Table `known_addresses`: the networks from which a user logged in before. A failed login from one counts in
//! a bucket of its own, so that strangers cannot keep the user from logging in there.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::known_addresses::dsl;
use crate::types::{Timestamp, UserId};

/// Networks kept for each user, the last used ones.
const MOST: i64 = 20;

/// How long a network is known after its last login: by then it may be another person's.
const LIFETIME: Duration = Duration::from_secs(90 * 24 * 3600);

/// A login within this time after the last one writes nothing.
const PRECISION: Duration = Duration::from_secs(24 * 3600);

/// Whether the user logged in from this network before.
pub(crate) fn is_known(
    conn: &mut Conn,
    user: UserId,
    network: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let last_used_at = prepared!(&mut *conn, |own| dsl::known_addresses
        .find((user.get(), network))
        .select(dsl::last_used_at)
        .get_result::<i64>(own));
    Ok(last_used_at.optional()?.is_some_and(|at| at > now.minus(LIFETIME).micros()))
}

/// The networks of a user, and when a login last came from each, the latest first.
pub(crate) fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let rows: Vec<(String, i64)> = dsl::known_addresses
        .filter(dsl::user_id.eq(user.get()))
        .order(dsl::last_used_at.desc())
        .select((dsl::network, dsl::last_used_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(network, at)| (network, Timestamp::from_micros(at))).collect())
}

/// The networks from which the user logged in within their lifetime; `None` if no login from any is recorded, as
/// before the first one and after a new password.
pub(crate) fn lately_used(
    conn: &mut Conn,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Vec<String>>, StoreError> {
    let all = of_user(conn, user)?;
    let since = now.minus(LIFETIME);
    let lately = all.iter().filter(|(_, at)| *at > since).map(|(network, _)| network.clone()).collect();
    Ok((!all.is_empty()).then_some(lately))
}

/// Makes every network of the user as old as one that is not known any more. That there were some stays recorded.
pub(crate) fn expire_all(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let of_user = dsl::known_addresses.filter(dsl::user_id.eq(user.get()));
    diesel::update(of_user).set(dsl::last_used_at.eq(0)).execute(&mut **tx)?;
    Ok(())
}

/// Records that the user logged in from this network. The caller has locked the user.
pub(crate) fn record(tx: &mut Tx<'_>, user: UserId, network: &str, now: Timestamp) -> Result<(), StoreError> {
    // diesel's ON CONFLICT does not compile for a MultiConnection.
    let changed = diesel::sql_query(
        "INSERT INTO known_addresses (user_id, network, last_used_at) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id, network) DO UPDATE SET last_used_at = excluded.last_used_at \
         WHERE known_addresses.last_used_at < $4",
    )
    .bind::<BigInt, _>(user.get())
    .bind::<Text, _>(network)
    .bind::<BigInt, _>(now.micros())
    .bind::<BigInt, _>(now.minus(PRECISION).micros())
    .execute(&mut **tx)?;
    if changed == 0 {
        return Ok(());
    }
    let of_user = dsl::known_addresses.filter(dsl::user_id.eq(user.get()));
    let kept: Vec<String> = of_user
        .filter(dsl::last_used_at.gt(now.minus(LIFETIME).micros()))
        .order(dsl::last_used_at.desc())
        .select(dsl::network)
        .limit(MOST)
        .load(&mut **tx)?;
    diesel::delete(of_user.filter(dsl::network.ne_all(kept))).execute(&mut **tx)?;
    Ok(())
}

/// Moves the last logins that were stored after `latest` to `now`: a clock that was ahead wrote them.
pub(crate) fn correct_future(
    tx: &mut Tx<'_>,
    latest: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let future = dsl::known_addresses.filter(dsl::last_used_at.gt(latest.micros()));
    Ok(diesel::update(future).set(dsl::last_used_at.eq(now.micros())).execute(&mut **tx)?)
}

/// Forgets every network of the user: another person may have logged in with the password.
pub(crate) fn remove_all(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    diesel::delete(dsl::known_addresses.filter(dsl::user_id.eq(user.get()))).execute(&mut **tx)?;
    Ok(())
}
