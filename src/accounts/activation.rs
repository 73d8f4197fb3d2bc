//! Letting an account in, and shutting it out. Called by the command line.

use super::actor::Actor;
use super::keys;
use super::verb::{AccountError, change, nothing_else};
use crate::app::App;
use crate::store::audit::Action;
use crate::store::users::{self, Change};
use crate::types::{User, UserId};

/// Lets the user log in again. Tokens from before a deactivation stay dead.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn activate(app: &App, id: UserId, by: &Actor) -> Result<User, AccountError> {
    change(app, id, Change::Active(true), Action::Activated, by, nothing_else).await
}

/// Shuts the user out: no login works, and every token fails from the next request.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn deactivate(app: &App, id: UserId, by: &Actor) -> Result<User, AccountError> {
    let shut = move |tx: &mut crate::store::Tx<'_>, now| {
        keys::drop_resets(tx, id)?;
        users::end_tokens(tx, id, now)
    };
    change(app, id, Change::Active(false), Action::Deactivated, by, shut).await
}
