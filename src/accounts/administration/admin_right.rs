//! Granting and revoking the right to enter the admin. Called by the command line and the admin.

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::change_user;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::users::Change;
use crate::types::User;

/// Makes the user an administrator.
pub async fn make_admin(app: &App, user: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    change_user(app, user, Change::Admin(true), None, by).await
}

/// Makes the administrator an ordinary user, and ends their sessions in the admin.
pub async fn revoke_admin(app: &App, user: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    change_user(app, user, Change::Admin(false), None, by).await
}
