//! Letting an account into the admin. Called by the command line and the admin.

use super::actor::Actor;
use super::verb::{AccountError, change, nothing_else};
use crate::app::App;
use crate::store::audit::Action;
use crate::store::users::Change;
use crate::types::{User, UserId};

/// Makes the user an administrator.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn make_admin(app: &App, id: UserId, by: &Actor) -> Result<User, AccountError> {
    change(app, id, Change::Admin(true), Action::MadeAdmin, by, nothing_else).await
}

/// Makes the user an ordinary one.
///
/// # Errors
/// If there is no such user, it is the last administrator, or the store fails.
pub async fn revoke_admin(app: &App, id: UserId, by: &Actor) -> Result<User, AccountError> {
    change(app, id, Change::Admin(false), Action::AdminRevoked, by, nothing_else).await
}
