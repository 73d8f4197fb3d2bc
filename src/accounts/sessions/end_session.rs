//! Ending sessions of a user: one, selected from their list, or all. Called by `api`, `account`
//! and `admin`.

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::link_keys;
use crate::accounts::shared::own_session::OwnSession;
use crate::accounts::shared::record_sparingly::record_sparingly;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::sessions::ExceptSession;
use crate::store::tables::{admin_sessions, sessions, users};
use crate::store::{StoreError, Tx};
use crate::types::{BrowserKey, Link, SessionId, Timestamp, User, UserId};

/// One session of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OneSession {
    /// A session of the API.
    Api(SessionId),
    /// A session in the admin. It has no id; the time at which it began identifies it.
    Admin(Timestamp),
}

/// Ends a session of the user.
///
/// # Errors
/// [`AccountError::NotFound`] if the user has no such live session.
pub(crate) async fn end_session(
    app: &App,
    user: UserId,
    session: OneSession,
    by: &Actor,
) -> Result<(), AccountError> {
    let (now, limits, by) = (app.clock.now(), app.limits, by.clone());
    app.store
        .write(move |tx| {
            let user = users::lock(tx, user)?.ok_or(AccountError::NotFound)?;
            let was_live = match session {
                OneSession::Api(id) => sessions::end(tx, user.id, id, now)?,
                OneSession::Admin(began) => admin_sessions::remove_created_at(tx, user.id, began)?,
            };
            if !was_live {
                return Err(AccountError::NotFound);
            }
            Ok(record_sparingly(tx, &limits, &by, Action::SessionEnded, &user, now)?)
        })
        .await
}

/// Ends every session and every token of a user, except the session in the admin with this key, if one is given: an
/// administrator who ends their own sessions stays signed in.
pub(crate) async fn end_all_sessions(
    app: &App,
    id: UserId,
    key: Option<&BrowserKey>,
    by: &Actor,
) -> Result<User, AccountError> {
    let (now, own, by) = (app.clock.now(), key.map(BrowserKey::hash), by.clone());
    app.store
        .write(move |tx| {
            let user = users::lock(tx, id)?.ok_or(AccountError::NotFound)?;
            let except = own.as_ref().map_or(ExceptSession::None, |hash| ExceptSession::Admin(hash));
            end_sessions_of(tx, &user, except, &by, now)?;
            Ok(user)
        })
        .await
}

/// Ends every session and every token of a user but those of the browser or token that asks for it.
pub(crate) async fn end_other_sessions(
    app: &App,
    id: UserId,
    own: OwnSession,
    by: &Actor,
) -> Result<(), AccountError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let user = users::lock(tx, id)?.ok_or(AccountError::NotFound)?;
            own.end_others(tx, user.id, now)?;
            link_keys::remove_all(tx, user.id, Link::UndoEmail)?;
            Ok(by.record(tx, Action::OtherSessionsEnded, &user, None, now)?)
        })
        .await
}

/// Ends the sessions of a locked user, and the links that would take the account back to an earlier address.
pub(crate) fn end_sessions_of(
    tx: &mut Tx<'_>,
    user: &User,
    except: ExceptSession<'_>,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    sessions::end_all(tx, user.id, except, now)?;
    link_keys::remove_all(tx, user.id, Link::UndoEmail)?;
    by.record(tx, Action::SessionsEnded, user, None, now)
}
