//! Table `reserved_names`: the names of accounts that seemed to be registered (`registration.hide_existing`),
//! as fingerprints.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
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

/// Releases at most `limit` names that were reserved before `before`; answers how many.
pub(crate) fn sweep(tx: &mut Tx<'_>, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let skip_locked = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM reserved_names WHERE fingerprint IN (SELECT fingerprint FROM reserved_names \
         WHERE reserved_at < $1 ORDER BY reserved_at LIMIT $2 {skip_locked})"
    );
    let done = diesel::sql_query(sweep).bind::<BigInt, _>(before.micros()).bind::<BigInt, _>(limit);
    Ok(done.execute(&mut **tx)?)
}

/// Moves the reservations that were stored after `latest` to `now`: a clock that was ahead wrote them.
pub(crate) fn correct_future(
    tx: &mut Tx<'_>,
    latest: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let future = dsl::reserved_names.filter(dsl::reserved_at.gt(latest.micros()));
    Ok(diesel::update(future).set(dsl::reserved_at.eq(now.micros())).execute(&mut **tx)?)
}

fn fingerprint(name: &Username) -> String {
    format!("{:032x}", Identifier::new(name.as_str()).fingerprint())
}
