//! Table `sessions`: the sessions of the API, from the login until the last token expires, and those of the account
//! pages (`browser_sessions`). The id of a token
//! contains the handle of its session (`types::SessionHandle`); once the row has ended, all of its tokens are
//! rejected.
//!
//! A transaction that changes a session locks the user first (`users::lock`), so that no session begins or
//! is renewed while others end.

use std::net::IpAddr;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::{sessions, users};
use crate::store::tables::admin_sessions;
use crate::store::tables::users::{UserColumns, revoke_sessionless_tokens};
use crate::types::{CurrentSession, SessionHandle, SessionId, Timestamp, User, UserId};

/// A session as its owner may see it.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Its number.
    pub id: SessionId,
    /// The common part of the ids of its tokens.
    pub handle: SessionHandle,
    /// When it began.
    pub started_at: Timestamp,
    /// When a token of it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// The client address at its beginning, if known.
    pub address: Option<String>,
    /// The client's `User-Agent` at its beginning, if known.
    pub user_agent: Option<String>,
    /// When its last token expires.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(crate) struct SessionColumns {
    id: i64,
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

/// A session to insert: one that begins, or one of another issuer that is adopted.
#[derive(Clone, Debug)]
pub(crate) struct NewSession<'a> {
    /// The user.
    pub user: UserId,
    /// The common part of the ids of its tokens.
    pub handle: &'a SessionHandle,
    /// When it began.
    pub started_at: Timestamp,
    /// When its last token expires.
    pub expires_at: Timestamp,
    /// The client that began it.
    pub client: SessionClient<'a>,
}

/// The client that begins a session, as far as known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SessionClient<'a> {
    /// Its address.
    pub address: Option<IpAddr>,
    /// Its `User-Agent`.
    pub user_agent: Option<&'a str>,
}

/// What stays when all other sessions of a user end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ExceptSession<'a> {
    /// None: every session ends.
    None,
    /// A session of the API.
    Api(SessionId),
    /// The session in the admin whose key has this hash.
    Admin(&'a [u8]),
    /// Those of one browser: a session of the account pages, and the session in the admin whose key has this hash.
    Browser(Option<SessionId>, Option<&'a [u8]>),
}

/// The user, and the session with this handle, if it has a row. One query, because every request with a
/// token needs both.
pub(crate) fn load_with_user(
    conn: &mut Conn,
    user: UserId,
    handle: &SessionHandle,
) -> Result<Option<(User, Option<Session>)>, StoreError> {
    let row = prepared!(conn, |own| users::table
        .left_join(
            sessions::table.on(sessions::user_id.eq(users::id).and(sessions::handle.eq(handle.as_str())))
        )
        .filter(users::id.eq(user.get()))
        .select((UserColumns::as_select(), Option::<SessionColumns>::as_select()))
        .get_result::<(UserColumns, Option<SessionColumns>)>(own));
    Ok(row.optional()?.map(|(user, session)| (user.into(), session.map(Session::from))))
}

/// The live sessions of a user, last used first, at most `limit`. A session ends `lifetime` after its login, if
/// at all.
pub(crate) fn live(
    conn: &mut Conn,
    user: UserId,
    lifetime: Option<Duration>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<SessionColumns> = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.micros()))
        .filter(sessions::started_at.gt(lifetime.map_or(i64::MIN, |lifetime| now.minus(lifetime).micros())))
        .order((sessions::last_seen_at.desc(), sessions::id.desc()))
        .limit(limit)
        .select(SessionColumns::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// All sessions of a user, live or not, the newest first, at most `limit`.
pub(crate) fn of_user(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<SessionColumns> = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .order(sessions::id.desc())
        .limit(limit)
        .select(SessionColumns::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Adds a session. The caller has locked the user.
pub(crate) fn insert(tx: &mut Tx<'_>, new: &NewSession<'_>, now: Timestamp) -> Result<Session, StoreError> {
    let row = diesel::insert_into(sessions::table)
        .values((
            sessions::user_id.eq(new.user.get()),
            sessions::handle.eq(new.handle.as_str()),
            sessions::started_at.eq(new.started_at.micros()),
            sessions::last_seen_at.eq(now.micros()),
            sessions::address.eq(new.client.address.map(|address| address.to_string())),
            sessions::user_agent.eq(new.client.user_agent),
            sessions::expires_at.eq(new.expires_at.micros()),
        ))
        .returning((
            sessions::id,
            sessions::handle,
            sessions::started_at,
            sessions::last_seen_at,
            sessions::address,
            sessions::user_agent,
            sessions::expires_at,
            sessions::ended_at,
        ))
        .get_result::<SessionColumns>(&mut **tx)?;
    Ok(row.into())
}

/// Locks the user of a token until the transaction ends, and answers the token's session if it is live. A
/// session of another issuer has no row yet: it is adopted, unless the user has revoked its token.
pub(crate) fn lock_or_adopt(
    tx: &mut Tx<'_>,
    current: &CurrentSession,
    client: SessionClient<'_>,
    now: Timestamp,
) -> Result<Option<(User, Option<Session>)>, StoreError> {
    dialect::lock_user(tx, current.user)?;
    let Some((user, session)) = load_with_user(tx, current.user, &current.handle)? else { return Ok(None) };
    let session = match session {
        Some(session) => Some(session).filter(|session| session.ended_at.is_none()),
        None if user.has_revoked(current.issued_at_earliest) => None,
        None => {
            let new = NewSession {
                user: user.id,
                handle: &current.handle,
                started_at: current.issued_at.map_or(now, Timestamp::from_seconds),
                expires_at: current.expires_at,
                client,
            };
            Some(insert(tx, &new, now)?)
        }
    };
    Ok(Some((user, session)))
}

/// Ends a session of the user; answers whether it was live.
pub(crate) fn end(tx: &mut Tx<'_>, user: UserId, id: SessionId, now: Timestamp) -> Result<bool, StoreError> {
    let one = sessions::table
        .find(id.get())
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null());
    let rows = diesel::update(one).set(sessions::ended_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(rows > 0)
}

/// Ends every session of the user but one, those in the admin included, and revokes the tokens without a
/// session. A login afterwards, also within the same second, begins a new session, which is not affected.
pub(crate) fn end_all(
    tx: &mut Tx<'_>,
    user: UserId,
    except: ExceptSession<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (api, admin) = match except {
        ExceptSession::None => (None, None),
        ExceptSession::Api(id) => (Some(id), None),
        ExceptSession::Admin(key) => (None, Some(key)),
        ExceptSession::Browser(session, key) => (session, key),
    };
    // The user's row first: a login locks it, and so comes either before this or after it.
    revoke_sessionless_tokens(tx, user, now)?;
    admin_sessions::remove_all_but(tx, user, admin)?;
    let live = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.ne(api.map_or(0, SessionId::get)));
    diesel::update(live).set(sessions::ended_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// Ends every session of the user but `current`, if that is still live.
pub fn end_others(tx: &mut Tx<'_>, current: &CurrentSession, now: Timestamp) -> Result<(), StoreError> {
    let session = lock_or_adopt(tx, current, SessionClient::default(), now)?.and_then(|(_, session)| session);
    let except = session.map_or(ExceptSession::None, |session| ExceptSession::Api(session.id));
    end_all(tx, current.user, except, now)
}

/// Records a new token of the session, which lives until `expires_at`.
pub(crate) fn extend(
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

/// Records when each session was last used. Skips a locked row: a transaction that has locked several rows
/// must not wait for one.
pub(crate) fn record_last_seen(
    tx: &mut Tx<'_>,
    last_seen: &[(SessionId, Timestamp)],
) -> Result<(), StoreError> {
    let skip_locked = dialect::skip_locked(tx);
    let update = format!(
        "UPDATE sessions SET last_seen_at = $1 \
         WHERE id IN (SELECT id FROM sessions WHERE id = $2 AND last_seen_at < $3 {skip_locked})"
    );
    for (id, at) in last_seen {
        diesel::sql_query(&update)
            .bind::<BigInt, _>(at.micros())
            .bind::<BigInt, _>(id.get())
            .bind::<BigInt, _>(at.micros())
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// How many sessions an account has, live or not, and how many of them began after a moment and until now.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub(crate) struct SessionCount {
    /// All that are stored.
    #[diesel(sql_type = BigInt)]
    pub total: i64,
    /// Those that began after the moment.
    #[diesel(sql_type = BigInt)]
    pub recent: i64,
}

/// Counts the sessions of a user.
pub(crate) fn count(
    conn: &mut Conn,
    user: UserId,
    since: Timestamp,
    now: Timestamp,
) -> Result<SessionCount, StoreError> {
    let query = "SELECT count(*) AS total, \
                 count(CASE WHEN started_at > $1 AND started_at <= $2 THEN 1 END) AS recent \
                 FROM sessions WHERE user_id = $3";
    let query = diesel::sql_query(query)
        .bind::<BigInt, _>(since.micros())
        .bind::<BigInt, _>(now.micros())
        .bind::<BigInt, _>(user.get());
    Ok(query.get_result(conn)?)
}

/// Deletes all but `most` sessions of the user: those that have ended first, then those that were not used for
/// longest, but never `newest`. The caller has locked the user.
///
/// A token of a deleted session has no session, like one of another issuer. So all of those are revoked, too.
pub(crate) fn trim(
    tx: &mut Tx<'_>,
    user: UserId,
    newest: SessionId,
    most: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    if count(tx, user, now, now)?.total <= i64::from(most) {
        return Ok(());
    }
    revoke_sessionless_tokens(tx, user, now)?;
    let delete = "DELETE FROM sessions WHERE id IN (\
                    SELECT id FROM sessions WHERE user_id = $1 AND id <> $2 \
                    ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, last_seen_at DESC, id DESC \
                    LIMIT 1000000 OFFSET $3)";
    diesel::sql_query(delete)
        .bind::<BigInt, _>(user.get())
        .bind::<BigInt, _>(newest.get())
        .bind::<BigInt, _>(i64::from(most) - 1)
        .execute(&mut **tx)?;
    Ok(())
}

/// Moves the last use of the sessions that were last used after `latest`, as a clock that was ahead recorded it, to
/// `now`, and with it the level of their rate limit.
pub(crate) fn correct_future_use(
    tx: &mut Tx<'_>,
    latest: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let future = sessions::table.filter(sessions::last_seen_at.gt(latest.micros()));
    let level = sessions::refreshes_empty_at - sessions::last_seen_at.nullable() + now.micros();
    let moved = (sessions::refreshes_empty_at.eq(level), sessions::last_seen_at.eq(now.micros()));
    Ok(diesel::update(future).set(moved).execute(&mut **tx)?)
}

/// Deletes at most `limit` sessions whose last token expired before `before`; answers how many.
pub(crate) fn sweep(tx: &mut Tx<'_>, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let skip_locked = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM sessions WHERE id IN \
         (SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 {skip_locked})"
    );
    let done = diesel::sql_query(sweep).bind::<BigInt, _>(before.micros()).bind::<BigInt, _>(limit);
    Ok(done.execute(&mut **tx)?)
}
