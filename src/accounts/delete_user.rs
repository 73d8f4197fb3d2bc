//! Removing an account. Called by the command line.

use super::actor::Actor;
use super::verb::AccountError;
use crate::app::App;
use crate::store::audit::Action;
use crate::store::users;
use crate::types::{User, UserId};

/// Removes the user; their tokens open nothing from the next request on, and the id is never
/// used again. The audit rows stay.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn delete_user(app: &App, id: UserId, by: &Actor) -> Result<User, AccountError> {
    let now = app.clock.now();
    let by = by.clone();
    app.store
        .write(move |tx| {
            let user = users::hold(tx, id)?.ok_or(AccountError::NotFound)?;
            users::delete(tx, id)?;
            by.record(tx, Action::Deleted, Some((id, user.username.as_str())), now)?;
            Ok(user)
        })
        .await
}
