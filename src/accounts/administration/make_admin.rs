//! Letting an account into the admin. Called by the command line and the admin.

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::{AccountError, change, nothing_else};
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::users::Change;
use crate::types::User;

/// Makes the user an administrator.
///
/// # Errors
/// If there is no such user (as they were seen), or the store fails.
pub async fn make_admin(app: &App, target: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    change(app, target, Change::Admin(true), Action::MadeAdmin, by, nothing_else).await
}

/// Makes the user an ordinary one.
///
/// # Errors
/// If there is no such user (as they were seen), it is the last administrator, or the store fails.
pub async fn revoke_admin(app: &App, target: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    change(app, target, Change::Admin(false), Action::AdminRevoked, by, nothing_else).await
}
