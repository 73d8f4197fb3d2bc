//! Ending sessions of a user: one, chosen from the list of them, or all. Called by `api` and `admin`.

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::AccountError;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::{admin_sessions, sessions, users};
use crate::store::{StoreError, Tx};
use crate::types::{AdminKey, SessionId, Timestamp, User, UserId};

/// One session of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OneSession {
    /// Of the API.
    Api(SessionId),
    /// In the admin, which has no number: the one that began at this moment.
    Admin(Timestamp),
}

/// Ends a session of the user.
///
/// # Errors
/// If the user has no such session that goes on, or the store fails.
pub(crate) async fn end_session(
    app: &App,
    user: UserId,
    session: OneSession,
    by: &Actor,
) -> Result<(), AccountError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let user = users::hold(tx, user)?.ok_or(AccountError::NotFound)?;
            let was_there = match session {
                OneSession::Api(id) => sessions::end(tx, user.id, id, now)?,
                OneSession::Admin(began) => admin_sessions::remove_created_at(tx, user.id, began)?,
            };
            if !was_there {
                return Err(AccountError::NotFound);
            }
            Ok(by.record(tx, Action::SessionEnded, Some((user.id, user.username.as_str())), now)?)
        })
        .await
}

/// Ends every session and every token of a user, and their sessions in the admin but that of `kept`:
/// an administrator who ends their own sessions stays where they are.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn end_all_sessions(
    app: &App,
    id: UserId,
    kept: &AdminKey,
    by: &Actor,
) -> Result<User, AccountError> {
    let (now, kept, by) = (app.clock.now(), kept.clone(), by.clone());
    app.store
        .write(move |tx| {
            let user = users::hold(tx, id)?.ok_or(AccountError::NotFound)?;
            end_all(tx, &user, Some(&kept), &by, now)?;
            Ok(user)
        })
        .await
}

/// The same for a user who is held.
pub(crate) fn end_all(
    tx: &mut Tx<'_>,
    user: &User,
    kept: Option<&AdminKey>,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    users::end_tokens_but(tx, user.id, kept, now)?;
    by.record(tx, Action::SessionsEnded, Some((user.id, user.username.as_str())), now)
}
