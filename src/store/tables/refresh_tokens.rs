//! Table `refresh_tokens`: which refresh tokens were issued or used, kept as hashes, and which of them
//! were replaced. Gone with their session.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::refresh_tokens::dsl;
use crate::types::{RefreshTokenRecord, SessionId, Timestamp};

/// A refresh token as it is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoredRefreshToken {
    /// What is known of it.
    pub mark: RefreshTokenRecord,
    /// When another one took its place.
    pub replaced_at: Option<Timestamp>,
}

/// The session's token of this hash, if it is known.
pub(crate) fn find(
    conn: &mut Conn,
    session: SessionId,
    hash: [u8; 32],
) -> Result<Option<StoredRefreshToken>, StoreError> {
    let found = dsl::refresh_tokens
        .find((session.get(), hash.to_vec()))
        .select((dsl::issued_at, dsl::expires_at, dsl::replaced_at))
        .get_result::<(i64, i64, Option<i64>)>(conn)
        .optional()?;
    Ok(found.map(|(issued_at, expires_at, replaced_at)| StoredRefreshToken {
        mark: RefreshTokenRecord { hash, issued_at, expires_at },
        replaced_at: replaced_at.map(Timestamp::from_micros),
    }))
}

/// Keeps a token of the session, unless it is known already.
pub(crate) fn keep(tx: &mut Tx<'_>, session: SessionId, mark: &RefreshTokenRecord) -> Result<(), StoreError> {
    diesel::sql_query(
        "INSERT INTO refresh_tokens (session_id, token_hash, issued_at, expires_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (session_id, token_hash) DO NOTHING",
    )
    .bind::<BigInt, _>(session.get())
    .bind::<Binary, _>(mark.hash.to_vec())
    .bind::<BigInt, _>(mark.issued_at)
    .bind::<BigInt, _>(mark.expires_at)
    .execute(&mut **tx)?;
    Ok(())
}

/// Notes that another token took the place of this one.
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
