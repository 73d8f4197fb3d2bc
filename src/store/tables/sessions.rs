//! Table `sessions`: what began with a log-in, until its last token expires. A token's id tells its
//! session (`types::SessionHandle`); a row that has ended makes all of them bad.
//!
//! Whoever changes the session of a user holds the user (`users::hold`), so that nothing is begun or
//! renewed beside an ending.

use std::net::IpAddr;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::{sessions, users};
use crate::store::tables::admin_sessions;
use crate::store::tables::users::{UserColumns, cut_tokens};
use crate::types::{CurrentSession, SessionHandle, SessionId, Timestamp, User, UserId};

/// A session as its owner may see it.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// What its tokens have in common.
    pub handle: SessionHandle,
    /// When it began.
    pub started_at: Timestamp,
    /// When a token of it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// From where it began, if that is known.
    pub address: Option<String>,
    /// With which client it began, if that is known.
    pub user_agent: Option<String>,
    /// When its last token expires.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

#[derive(Queryable)]
struct SessionColumns {
    id: i64,
    _user_id: i64,
    handle: String,
    started_at: i64,
    last_seen_at: i64,
    address: Option<String>,
    user_agent: Option<String>,
    expires_at: i64,
    ended_at: Option<i64>,
}

impl From<SessionColumns> for Session {
    fn from(row: SessionColumns) -> Self {
        Self {
            id: SessionId::new(row.id),
            handle: SessionHandle::from_stored(row.handle),
            started_at: Timestamp::from_micros(row.started_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
            address: row.address,
            user_agent: row.user_agent,
            expires_at: Timestamp::from_micros(row.expires_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
        }
    }
}

/// A session to begin or to adopt.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Whose.
    pub user: UserId,
    /// What its tokens have in common.
    pub handle: &'a SessionHandle,
    /// When it began.
    pub started_at: Timestamp,
    /// When its last token expires.
    pub expires_at: Timestamp,
    /// From where, and with what.
    pub origin: SessionClient<'a>,
}

/// Where a session began, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionClient<'a> {
    /// From which address.
    pub address: Option<IpAddr>,
    /// With which client.
    pub user_agent: Option<&'a str>,
}

/// The user, and their session of this handle, if there is a row of it. What every request with a
/// token asks.
pub fn with_user(
    conn: &mut Conn,
    user: UserId,
    handle: &SessionHandle,
) -> Result<Option<(User, Option<Session>)>, StoreError> {
    let found = prepared!(conn, |own| users::table
        .left_join(
            sessions::table.on(sessions::user_id.eq(users::id).and(sessions::handle.eq(handle.as_str())))
        )
        .filter(users::id.eq(user.get()))
        .get_result::<(UserColumns, Option<SessionColumns>)>(own));
    Ok(found.optional()?.map(|(user, session)| (user.into(), session.map(Session::from))))
}

/// The sessions of a user that go on, those seen last first, at most `limit`.
pub fn live(conn: &mut Conn, user: UserId, now: Timestamp, limit: i64) -> Result<Vec<Session>, StoreError> {
    let rows = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.micros()))
        .order((sessions::last_seen_at.desc(), sessions::id.desc()))
        .limit(limit)
        .load::<SessionColumns>(conn)?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Begins a session, or adopts one that began elsewhere. Whoever does holds the user.
pub fn insert(tx: &mut Tx<'_>, new: &NewSession<'_>, now: Timestamp) -> Result<Session, StoreError> {
    let row = diesel::insert_into(sessions::table)
        .values((
            sessions::user_id.eq(new.user.get()),
            sessions::handle.eq(new.handle.as_str()),
            sessions::started_at.eq(new.started_at.micros()),
            sessions::last_seen_at.eq(now.micros()),
            sessions::address.eq(new.origin.address.map(|address| address.to_string())),
            sessions::user_agent.eq(new.origin.user_agent),
            sessions::expires_at.eq(new.expires_at.micros()),
        ))
        .returning(sessions::all_columns)
        .get_result::<SessionColumns>(&mut **tx)?;
    Ok(row.into())
}

/// The user of a token, and its session if that goes on: nobody else ends or begins one of theirs until
/// the transaction ends. A session that has no row yet, because its token was issued elsewhere, is
/// given one.
pub fn hold(
    tx: &mut Tx<'_>,
    current: &CurrentSession,
    origin: SessionClient<'_>,
    now: Timestamp,
) -> Result<Option<(User, Option<Session>)>, StoreError> {
    dialect::lock_user(tx, current.user)?;
    let Some((user, session)) = with_user(tx, current.user, &current.handle)? else { return Ok(None) };
    let session = match session {
        Some(known) => Some(known).filter(|session| session.ended_at.is_none()),
        None if user.has_cut(current.issued_at_earliest) => None,
        None => {
            let new = NewSession {
                user: user.id,
                handle: &current.handle,
                started_at: current.issued_at.map_or(now, Timestamp::from_seconds),
                expires_at: current.expires_at,
                origin,
            };
            Some(insert(tx, &new, now)?)
        }
    };
    Ok(Some((user, session)))
}

/// Ends a session of the user, unless it has ended already; answers whether it was this that did.
pub fn end(tx: &mut Tx<'_>, user: UserId, id: SessionId, now: Timestamp) -> Result<bool, StoreError> {
    let one = sessions::table
        .find(id.get())
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null());
    let rows = diesel::update(one).set(sessions::ended_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(rows > 0)
}

/// Ends every session of the user but `keep`. For those that have no row there is the cut
/// (`users::end_tokens`).
pub(crate) fn end_all(
    tx: &mut Tx<'_>,
    user: UserId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let going_on = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.ne(keep.map_or(0, SessionId::get)));
    diesel::update(going_on).set(sessions::ended_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// Ends every session and every token of the user but those of `current`, if it still goes on; those in
/// the admin, too.
pub fn end_others(tx: &mut Tx<'_>, current: &CurrentSession, now: Timestamp) -> Result<(), StoreError> {
    let kept = hold(tx, current, SessionClient::default(), now)?.and_then(|(_, session)| session);
    cut_tokens(tx, current.user, now)?;
    admin_sessions::remove_all_but(tx, current.user, None)?;
    end_all(tx, current.user, kept.map(|session| session.id), now)
}

/// Notes that the session was used to mint a token that lives until `expires_at`.
pub fn renew(
    tx: &mut Tx<'_>,
    session: &Session,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(session.id.get()))
        .set((
            sessions::expires_at.eq(session.expires_at.max(expires_at).micros()),
            sessions::last_seen_at.eq(session.last_seen_at.max(now).micros()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes when each session was last seen. Passes over one that somebody is at: who holds several rows
/// must not wait for one.
pub fn seen(tx: &mut Tx<'_>, moments: &[(SessionId, Timestamp)]) -> Result<(), StoreError> {
    let rest = dialect::skip_locked(tx);
    let update = format!(
        "UPDATE sessions SET last_seen_at = $1 \
         WHERE id IN (SELECT id FROM sessions WHERE id = $2 AND last_seen_at < $3 {rest})"
    );
    for (id, moment) in moments {
        diesel::sql_query(&update)
            .bind::<BigInt, _>(moment.micros())
            .bind::<BigInt, _>(id.get())
            .bind::<BigInt, _>(moment.micros())
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Forgets at most `limit` sessions whose last token expired before `moment`; answers how many.
pub fn sweep(tx: &mut Tx<'_>, moment: Timestamp, limit: usize) -> Result<usize, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rest = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM sessions WHERE id IN \
         (SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 {rest})"
    );
    let done = diesel::sql_query(sweep).bind::<BigInt, _>(moment.micros()).bind::<BigInt, _>(limit);
    Ok(done.execute(&mut **tx)?)
}
