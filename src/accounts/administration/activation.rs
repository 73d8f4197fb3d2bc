//! Activating and deactivating an account. Called by the command line and the admin.

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::change_user;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::users::Change;
use crate::types::User;

/// Permits the user to log in again. Tokens from before a deactivation stay revoked.
pub async fn activate(app: &App, user: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    change_user(app, user, Change::Active(true), None, by).await
}

/// Forbids the user to log in, and revokes every token. The audit log keeps the `reason`.
pub async fn deactivate(
    app: &App,
    user: impl Into<UserRef>,
    reason: Option<String>,
    by: &Actor,
) -> Result<User, AccountError> {
    change_user(app, user, Change::Active(false), reason, by).await
}
