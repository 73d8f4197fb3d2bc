//! Table `browser_sessions`: sessions of the account pages, by the hash of the cookie's key. The row of `sessions`
//! behind each has the user, the client and the times; once it has ended, the key opens nothing. No token has its
//! handle, so the key is no access to the API.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::browser_sessions::dsl;
use crate::store::engine::schema::{browser_sessions, sessions, users};
use crate::store::tables::sessions::{Session, SessionColumns};
use crate::store::tables::users::UserColumns;
use crate::types::{BrowserKey, SessionId, Timestamp, User};

/// A session of the account pages.
#[derive(Clone, Debug)]
pub(crate) struct BrowserSession {
    /// The session behind it.
    pub session: Session,
    /// When the password was last typed.
    pub authenticated_at: Timestamp,
}

/// The session of a key with its user, whether it is live or not.
pub(crate) fn by_key(
    conn: &mut Conn,
    key: &BrowserKey,
) -> Result<Option<(User, BrowserSession)>, StoreError> {
    let row = browser_sessions::table
        .inner_join(sessions::table.on(sessions::id.eq(browser_sessions::session_id)))
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .filter(browser_sessions::key_hash.eq(key.hash().to_vec()))
        .select((UserColumns::as_select(), SessionColumns::as_select(), browser_sessions::authenticated_at))
        .first::<(UserColumns, SessionColumns, i64)>(conn)
        .optional()?;
    Ok(row.map(|(user, session, authenticated_at)| {
        let authenticated_at = Timestamp::from_micros(authenticated_at);
        (user.into(), BrowserSession { session: session.into(), authenticated_at })
    }))
}

/// Makes `key` the key of a session.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    key: &BrowserKey,
    session: SessionId,
    authenticated_at: Timestamp,
) -> Result<(), StoreError> {
    diesel::insert_into(browser_sessions::table)
        .values((
            dsl::key_hash.eq(key.hash().to_vec()),
            dsl::session_id.eq(session.get()),
            dsl::authenticated_at.eq(authenticated_at.micros()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Records that the password was typed again.
pub(crate) fn record_authentication(
    tx: &mut Tx<'_>,
    key: &BrowserKey,
    now: Timestamp,
) -> Result<(), StoreError> {
    let session = dsl::browser_sessions.find(key.hash().to_vec());
    diesel::update(session).set(dsl::authenticated_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// Deletes the sessions in which the password was typed after `latest`: a clock that was ahead wrote them, and they
/// would outlive their time. No token belongs to one, so no revocation goes with it.
pub(crate) fn remove_future(tx: &mut Tx<'_>, latest: Timestamp) -> Result<usize, StoreError> {
    let future =
        dsl::browser_sessions.filter(dsl::authenticated_at.gt(latest.micros())).select(dsl::session_id);
    Ok(diesel::delete(sessions::table.filter(sessions::id.eq_any(future))).execute(&mut **tx)?)
}
