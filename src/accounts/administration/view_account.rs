//! An administrator's view on the account pages of a user, as that user sees them. It may only read, and ends
//! after a while and with the session in the admin.

use std::time::Duration;

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::admin_sessions;
use crate::store::tables::admin_sessions::{AccountView, AdminSession};
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::types::{BrowserKey, User, UserId};

/// How long a view lasts.
const VIEW_LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Begins a view of the account of `user` in the session with this key. One of another account ends.
pub(crate) async fn begin_view(
    app: &App,
    user: UserId,
    key: &BrowserKey,
    by: &Actor,
) -> Result<User, AccountError> {
    let (now, key, by) = (app.clock.now(), key.clone(), by.clone());
    app.store
        .write(move |tx| {
            let user = users::by_id(tx, user)?.ok_or(AccountError::NotFound)?;
            admin_sessions::set_view(tx, &key, Some(AccountView { user: user.id, began_at: now }))?;
            by.record(tx, Action::ViewBegun, &user, None, now)?;
            Ok(user)
        })
        .await
}

/// Ends the view of the session with this key; answers the user whose account it was.
pub(crate) async fn end_view(
    app: &App,
    session: &AdminSession,
    key: &BrowserKey,
    by: &Actor,
) -> Result<Option<User>, StoreError> {
    let Some(view) = session.view else { return Ok(None) };
    let (now, key, by) = (app.clock.now(), key.clone(), by.clone());
    app.store
        .write(move |tx| {
            admin_sessions::set_view(tx, &key, None)?;
            let user = users::by_id(tx, view.user)?;
            if let Some(user) = &user {
                by.record(tx, Action::ViewEnded, user, None, now)?;
            }
            Ok(user)
        })
        .await
}

/// The user whose account the session views now.
pub(crate) async fn viewed_user(app: &App, session: &AdminSession) -> Result<Option<User>, StoreError> {
    let now = app.clock.now();
    let Some(view) = session.view.filter(|view| now.since(view.began_at) < VIEW_LIFETIME) else {
        return Ok(None);
    };
    app.store.read(move |conn| users::by_id(conn, view.user)).await
}
