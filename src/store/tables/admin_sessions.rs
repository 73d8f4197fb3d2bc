//! Table `admin_sessions`: sessions of the admin, by the hash of the cookie's key. `accounts` knows how long
//! a session is valid.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::admin_sessions;
use crate::store::engine::schema::admin_sessions::dsl;
use crate::types::{BrowserKey, Timestamp, UserId};

/// A session of the admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AdminSession {
    /// The administrator.
    pub user: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// The last request, to the minute.
    pub last_seen_at: Timestamp,
    /// When the password was last typed.
    pub authenticated_at: Timestamp,
    /// The network address at its beginning.
    pub address: Option<String>,
    /// The client at its beginning.
    pub user_agent: Option<String>,
    /// The account whose pages the administrator views.
    pub view: Option<AccountView>,
}

/// The account pages of a user, as an administrator views them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AccountView {
    /// The user.
    pub user: UserId,
    /// When the view began.
    pub began_at: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = admin_sessions)]
struct AdminSessionRow {
    user_id: i64,
    created_at: i64,
    last_seen_at: i64,
    authenticated_at: i64,
    address: Option<String>,
    user_agent: Option<String>,
    viewed_user_id: Option<i64>,
    view_began_at: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = admin_sessions)]
struct NewAdminSessionRow<'a> {
    key_hash: &'a [u8],
    user_id: i64,
    created_at: i64,
    last_seen_at: i64,
    authenticated_at: i64,
    address: Option<&'a str>,
    user_agent: Option<&'a str>,
}

impl From<AdminSessionRow> for AdminSession {
    fn from(row: AdminSessionRow) -> Self {
        Self {
            user: UserId::new(row.user_id),
            created_at: Timestamp::from_micros(row.created_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
            authenticated_at: Timestamp::from_micros(row.authenticated_at),
            address: row.address,
            user_agent: row.user_agent,
            view: row.viewed_user_id.zip(row.view_began_at).map(|(user, began_at)| AccountView {
                user: UserId::new(user),
                began_at: Timestamp::from_micros(began_at),
            }),
        }
    }
}

/// The session of a key.
pub(crate) fn by_key(conn: &mut Conn, key: &BrowserKey) -> Result<Option<AdminSession>, StoreError> {
    let session = dsl::admin_sessions.find(key.hash().to_vec()).select(AdminSessionRow::as_select());
    Ok(session.get_result(conn).optional()?.map(AdminSession::from))
}

/// The last `limit` sessions of a user, the newest first.
pub(crate) fn of_user(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<AdminSession>, StoreError> {
    let sessions = dsl::admin_sessions
        .filter(dsl::user_id.eq(user.get()))
        .order(dsl::created_at.desc())
        .select(AdminSessionRow::as_select())
        .limit(limit)
        .load(conn)?;
    Ok(sessions.into_iter().map(AdminSession::from).collect())
}

/// Inserts a session.
pub(crate) fn insert(tx: &mut Tx<'_>, key: &BrowserKey, session: &AdminSession) -> Result<(), StoreError> {
    let row = NewAdminSessionRow {
        key_hash: &key.hash(),
        user_id: session.user.get(),
        created_at: session.created_at.micros(),
        last_seen_at: session.last_seen_at.micros(),
        authenticated_at: session.authenticated_at.micros(),
        address: session.address.as_deref(),
        user_agent: session.user_agent.as_deref(),
    };
    diesel::insert_into(admin_sessions::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Records a request of the session.
pub(crate) fn touch(tx: &mut Tx<'_>, key: &BrowserKey, now: Timestamp) -> Result<(), StoreError> {
    let session = dsl::admin_sessions.find(key.hash().to_vec());
    diesel::update(session).set(dsl::last_seen_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// Records that the password was typed again.
pub(crate) fn record_authentication(
    tx: &mut Tx<'_>,
    key: &BrowserKey,
    now: Timestamp,
) -> Result<(), StoreError> {
    let session = dsl::admin_sessions.find(key.hash().to_vec());
    diesel::update(session)
        .set((dsl::authenticated_at.eq(now.micros()), dsl::last_seen_at.eq(now.micros())))
        .execute(&mut **tx)?;
    Ok(())
}

/// Records which account the session views; `None` ends the view.
pub(crate) fn set_view(
    tx: &mut Tx<'_>,
    key: &BrowserKey,
    view: Option<AccountView>,
) -> Result<(), StoreError> {
    let session = dsl::admin_sessions.find(key.hash().to_vec());
    let (user, began_at) = (view.map(|view| view.user.get()), view.map(|view| view.began_at.micros()));
    diesel::update(session)
        .set((dsl::viewed_user_id.eq(user), dsl::view_began_at.eq(began_at)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Deletes the session of a key; answers its user.
pub(crate) fn remove(tx: &mut Tx<'_>, key: &BrowserKey) -> Result<Option<UserId>, StoreError> {
    let session = by_key(tx, key)?;
    diesel::delete(dsl::admin_sessions.find(key.hash().to_vec())).execute(&mut **tx)?;
    Ok(session.map(|session| session.user))
}

/// Deletes the session of a user that was created at a moment; answers whether there was one.
pub(crate) fn remove_created_at(
    tx: &mut Tx<'_>,
    user: UserId,
    created_at: Timestamp,
) -> Result<bool, StoreError> {
    let session = dsl::admin_sessions
        .filter(dsl::user_id.eq(user.get()))
        .filter(dsl::created_at.eq(created_at.micros()));
    Ok(diesel::delete(session).execute(&mut **tx)? > 0)
}

/// Deletes every session of a user except the one whose key has the hash `except`.
pub(crate) fn remove_all_but(tx: &mut Tx<'_>, user: UserId, except: Option<&[u8]>) -> Result<(), StoreError> {
    // No key has an empty hash.
    let except = except.map(<[u8]>::to_vec).unwrap_or_default();
    let others = dsl::admin_sessions.filter(dsl::user_id.eq(user.get())).filter(dsl::key_hash.ne(except));
    diesel::delete(others).execute(&mut **tx)?;
    Ok(())
}

/// Deletes the sessions that were created or used after `latest`, and ends the views that began after it: a clock
/// that was ahead wrote them, and they would outlive their time.
pub(crate) fn remove_future(tx: &mut Tx<'_>, latest: Timestamp) -> Result<usize, StoreError> {
    let latest = latest.micros();
    let future =
        dsl::created_at.gt(latest).or(dsl::last_seen_at.gt(latest)).or(dsl::authenticated_at.gt(latest));
    let removed = diesel::delete(dsl::admin_sessions.filter(future)).execute(&mut **tx)?;
    let views = dsl::admin_sessions.filter(dsl::view_began_at.gt(latest));
    let none: (Option<i64>, Option<i64>) = (None, None);
    let ended = diesel::update(views)
        .set((dsl::viewed_user_id.eq(none.0), dsl::view_began_at.eq(none.1)))
        .execute(&mut **tx)?;
    Ok(removed + ended)
}

/// Deletes the sessions that were created before `earliest`; answers how many.
pub(crate) fn sweep(tx: &mut Tx<'_>, earliest: Timestamp) -> Result<usize, StoreError> {
    let skip_locked = dialect::skip_locked(tx);
    let sweep = format!(
        "DELETE FROM admin_sessions WHERE key_hash IN \
         (SELECT key_hash FROM admin_sessions WHERE created_at < $1 {skip_locked})"
    );
    Ok(diesel::sql_query(sweep).bind::<diesel::sql_types::BigInt, _>(earliest.micros()).execute(&mut **tx)?)
}
