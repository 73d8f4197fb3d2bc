//! Table `refresh_tokens`: the refresh tokens of sessions, as hashes, and which of them were replaced; and sliding tokens
//! that were refreshed. Rows go with their session.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::refresh_tokens;
use crate::store::engine::schema::refresh_tokens::dsl;
use crate::types::{RefreshTokenRecord, SessionId, Timestamp};

/// A refresh token of a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoredRefreshToken {
    /// Its hash and times.
    pub record: RefreshTokenRecord,
    /// When a new token replaced it.
    pub replaced_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = refresh_tokens)]
struct RefreshTokenRow {
    issued_at: i64,
    expires_at: i64,
    replaced_at: Option<i64>,
}

/// The session's token with this hash.
pub(crate) fn find(
    conn: &mut Conn,
    session: SessionId,
    hash: [u8; 32],
) -> Result<Option<StoredRefreshToken>, StoreError> {
    let row = dsl::refresh_tokens
        .find((session.get(), hash.to_vec()))
        .select(RefreshTokenRow::as_select())
        .get_result(conn)
        .optional()?;
    Ok(row.map(|RefreshTokenRow { issued_at, expires_at, replaced_at }| StoredRefreshToken {
        record: RefreshTokenRecord { hash, issued_at, expires_at },
        replaced_at: replaced_at.map(Timestamp::from_micros),
    }))
}

/// Inserts a token of the session; does nothing if the table has it.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    session: SessionId,
    record: &RefreshTokenRecord,
) -> Result<(), StoreError> {
    // diesel's ON CONFLICT does not compile for a MultiConnection.
    diesel::sql_query(
        "INSERT INTO refresh_tokens (session_id, token_hash, issued_at, expires_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (session_id, token_hash) DO NOTHING",
    )
    .bind::<BigInt, _>(session.get())
    .bind::<Binary, _>(record.hash.to_vec())
    .bind::<BigInt, _>(record.issued_at)
    .bind::<BigInt, _>(record.expires_at)
    .execute(&mut **tx)?;
    Ok(())
}

/// Stores the new times of a sliding token of the session, which keeps its hash.
pub(crate) fn renew(
    tx: &mut Tx<'_>,
    session: SessionId,
    record: &RefreshTokenRecord,
) -> Result<(), StoreError> {
    insert(tx, session, record)?;
    diesel::update(dsl::refresh_tokens.find((session.get(), record.hash.to_vec())))
        .set((dsl::issued_at.eq(record.issued_at), dsl::expires_at.eq(record.expires_at)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Records that a new token has replaced this one.
pub(crate) fn replace(
    tx: &mut Tx<'_>,
    session: SessionId,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::update(dsl::refresh_tokens.find((session.get(), hash.to_vec())))
        .set(dsl::replaced_at.eq(now.micros()))
        .execute(&mut **tx)?;
    Ok(())
}

/// Whether a token of the session was replaced.
pub(crate) fn has_replaced(conn: &mut Conn, session: SessionId) -> Result<bool, StoreError> {
    let replaced = dsl::refresh_tokens
        .filter(dsl::session_id.eq(session.get()))
        .filter(dsl::replaced_at.is_not_null())
        .select(dsl::issued_at);
    Ok(replaced.first::<i64>(conn).optional()?.is_some())
}

/// Deletes the session's tokens that were replaced before `before`, or after `after` by a clock that was ahead.
/// The one that was replaced last has to stay, as [`has_replaced`] tells by it that another one was, too.
pub(crate) fn delete_replaced(
    tx: &mut Tx<'_>,
    session: SessionId,
    before: Timestamp,
    after: Timestamp,
) -> Result<(), StoreError> {
    let replaced = dsl::refresh_tokens
        .filter(dsl::session_id.eq(session.get()))
        .filter(dsl::replaced_at.lt(before.micros()).or(dsl::replaced_at.gt(after.micros())));
    diesel::delete(replaced).execute(&mut **tx)?;
    Ok(())
}

#[derive(QueryableByName)]
struct SessionCount {
    #[diesel(sql_type = BigInt)]
    sessions: i64,
}

/// How many sessions that go on have tokens that were signed between two seconds since 1970: their current refresh
/// token or refreshed sliding token, or without one the token of their login.
pub(crate) fn count_sessions_signed(
    conn: &mut Conn,
    from: i64,
    until: Option<i64>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let count = diesel::sql_query(
        "SELECT COUNT(*) AS sessions FROM sessions s WHERE s.ended_at IS NULL AND s.expires_at > $1 \
         AND NOT EXISTS (SELECT 1 FROM browser_sessions b WHERE b.session_id = s.id) \
         AND COALESCE((SELECT MAX(r.issued_at) FROM refresh_tokens r WHERE r.session_id = s.id \
         AND r.replaced_at IS NULL), s.started_at / 1000000) BETWEEN $2 AND $3",
    );
    let count = count
        .bind::<BigInt, _>(now.micros())
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(until.unwrap_or(i64::MAX))
        .get_result::<SessionCount>(conn)?;
    Ok(u64::try_from(count.sessions).unwrap_or(0))
}

/// Deletes at most `limit` tokens that expired before `before`; answers how many.
pub(crate) fn sweep(tx: &mut Tx<'_>, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let skip_locked = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM refresh_tokens WHERE (session_id, token_hash) IN \
         (SELECT session_id, token_hash FROM refresh_tokens WHERE expires_at < $1 \
          ORDER BY expires_at LIMIT $2 {skip_locked})"
    );
    let done = diesel::sql_query(sweep).bind::<BigInt, _>(before.seconds()).bind::<BigInt, _>(limit);
    Ok(done.execute(&mut **tx)?)
}
