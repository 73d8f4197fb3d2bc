//! Table `admin_sessions`: who is signed in to the admin, kept by the hash of the cookie's key.
//! How long a session is good, `accounts` knows.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::admin_sessions;
use crate::store::engine::schema::admin_sessions::dsl;
use crate::types::{AdminKey, Timestamp, UserId};

/// A session as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AdminSession {
    /// Whose it is.
    pub user: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// The last request, to the minute.
    pub last_seen_at: Timestamp,
    /// When the password was last typed.
    pub authenticated_at: Timestamp,
    /// From where it began.
    pub address: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
}

type AdminSessionColumns = (i64, i64, i64, i64, Option<String>, Option<String>);

const COLUMNS: (
    dsl::user_id,
    dsl::created_at,
    dsl::last_seen_at,
    dsl::authenticated_at,
    dsl::address,
    dsl::user_agent,
) = (dsl::user_id, dsl::created_at, dsl::last_seen_at, dsl::authenticated_at, dsl::address, dsl::user_agent);

impl From<AdminSessionColumns> for AdminSession {
    fn from(
        (user, created_at, last_seen_at, authenticated_at, address, user_agent): AdminSessionColumns,
    ) -> Self {
        Self {
            user: UserId::new(user),
            created_at: Timestamp::from_micros(created_at),
            last_seen_at: Timestamp::from_micros(last_seen_at),
            authenticated_at: Timestamp::from_micros(authenticated_at),
            address,
            user_agent,
        }
    }
}

/// The session of a key.
pub(crate) fn by_key(conn: &mut Conn, key: &AdminKey) -> Result<Option<AdminSession>, StoreError> {
    let found =
        dsl::admin_sessions.find(key.hash().to_vec()).select(COLUMNS).get_result::<AdminSessionColumns>(conn);
    Ok(found.optional()?.map(AdminSession::from))
}

/// The sessions of a user, the latest first.
pub(crate) fn of_user(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<AdminSession>, StoreError> {
    let found = dsl::admin_sessions
        .filter(dsl::user_id.eq(user.get()))
        .order(dsl::created_at.desc())
        .select(COLUMNS)
        .limit(limit)
        .load::<AdminSessionColumns>(conn)?;
    Ok(found.into_iter().map(AdminSession::from).collect())
}

/// Begins a session.
pub(crate) fn insert(tx: &mut Tx<'_>, key: &AdminKey, session: &AdminSession) -> Result<(), StoreError> {
    diesel::insert_into(admin_sessions::table)
        .values((
            dsl::key_hash.eq(key.hash().to_vec()),
            dsl::user_id.eq(session.user.get()),
            dsl::created_at.eq(session.created_at.micros()),
            dsl::last_seen_at.eq(session.last_seen_at.micros()),
            dsl::authenticated_at.eq(session.authenticated_at.micros()),
            dsl::address.eq(session.address.as_deref()),
            dsl::user_agent.eq(session.user_agent.as_deref()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes that the session was used.
pub(crate) fn touch(tx: &mut Tx<'_>, key: &AdminKey, now: Timestamp) -> Result<(), StoreError> {
    let session = dsl::admin_sessions.find(key.hash().to_vec());
    diesel::update(session).set(dsl::last_seen_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// Notes that the password was typed again.
pub(crate) fn prove(tx: &mut Tx<'_>, key: &AdminKey, now: Timestamp) -> Result<(), StoreError> {
    let session = dsl::admin_sessions.find(key.hash().to_vec());
    diesel::update(session)
        .set((dsl::authenticated_at.eq(now.micros()), dsl::last_seen_at.eq(now.micros())))
        .execute(&mut **tx)?;
    Ok(())
}

/// Ends a session; answers whose it was.
pub(crate) fn remove(tx: &mut Tx<'_>, key: &AdminKey) -> Result<Option<UserId>, StoreError> {
    let session = by_key(tx, key)?;
    diesel::delete(dsl::admin_sessions.find(key.hash().to_vec())).execute(&mut **tx)?;
    Ok(session.map(|session| session.user))
}

/// Ends the session of a user that began at a moment; answers whether there was one.
pub(crate) fn remove_begun(tx: &mut Tx<'_>, user: UserId, began: Timestamp) -> Result<bool, StoreError> {
    let session =
        dsl::admin_sessions.filter(dsl::user_id.eq(user.get())).filter(dsl::created_at.eq(began.micros()));
    Ok(diesel::delete(session).execute(&mut **tx)? > 0)
}

/// Ends every session of a user, but that of `kept`.
pub(crate) fn remove_all_but(
    tx: &mut Tx<'_>,
    user: UserId,
    kept: Option<&AdminKey>,
) -> Result<(), StoreError> {
    // No key has an empty hash.
    let kept = kept.map(|key| key.hash().to_vec()).unwrap_or_default();
    let others = dsl::admin_sessions.filter(dsl::user_id.eq(user.get())).filter(dsl::key_hash.ne(kept));
    diesel::delete(others).execute(&mut **tx)?;
    Ok(())
}

/// Forgets the sessions that began before `earliest`.
pub(crate) fn sweep(tx: &mut Tx<'_>, earliest: Timestamp) -> Result<usize, StoreError> {
    let rest = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM admin_sessions WHERE key_hash IN \
         (SELECT key_hash FROM admin_sessions WHERE created_at < $1 {rest})"
    );
    Ok(diesel::sql_query(sweep).bind::<diesel::sql_types::BigInt, _>(earliest.micros()).execute(&mut **tx)?)
}
