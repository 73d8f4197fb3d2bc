//! Letting an account in, and shutting it out. Called by the command line and the admin.

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::{AccountError, change, change_with, nothing_else};
use crate::accounts::shared::link_keys;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User, UserId};

/// Lets the user log in again. Tokens from before a deactivation stay dead.
///
/// # Errors
/// If there is no such user (as they were seen), or the store fails.
pub async fn activate(app: &App, target: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    change(app, target, Change::Active(true), Action::Activated, by, nothing_else).await
}

/// Shuts the user out: no login works, and every token fails from the next request.
///
/// # Errors
/// If there is no such user (as they were seen), it is the last administrator, or the store fails.
pub async fn deactivate(app: &App, target: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    deactivate_because(app, target, None, by).await
}

/// The same, with a reason that the audit keeps.
pub async fn deactivate_because(
    app: &App,
    target: impl Into<UserRef>,
    reason: Option<String>,
    by: &Actor,
) -> Result<User, AccountError> {
    let target = target.into();
    let id = target.id;
    let shut = move |tx: &mut Tx<'_>, now| shut_out(tx, id, now);
    change_with(app, target, Change::Active(false), Action::Deactivated, reason, by, shut).await
}

/// What ends with an account's activity: its sessions, and links that would set a password.
pub(crate) fn shut_out(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    link_keys::drop_resets(tx, id)?;
    users::end_tokens(tx, id, now)
}
