//! Letting an account into the admin. Called by the command line.

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
    change(app, id, Change::MakeAdmin, Action::MadeAdmin, by, nothing_else).await
}
