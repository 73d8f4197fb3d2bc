//! Ending one session, chosen from the list of them. Called by `api`.

use super::actor::Actor;
use super::verb::AccountError;
use crate::app::App;
use crate::store::audit::Action;
use crate::store::{sessions, users};
use crate::types::{SessionId, UserId};

/// Ends a session of the user.
///
/// # Errors
/// If the user has no such session that goes on, or the store fails.
pub async fn end_session(app: &App, user: UserId, id: SessionId, by: &Actor) -> Result<(), AccountError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let user = users::hold(tx, user)?.ok_or(AccountError::NotFound)?;
            if !sessions::end(tx, user.id, id, now)? {
                return Err(AccountError::NotFound);
            }
            Ok(by.record(tx, Action::SessionEnded, Some((user.id, user.username.as_str())), now)?)
        })
        .await
}
