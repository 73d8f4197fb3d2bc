//! Setting a password without knowing the old one. Called by the command line and the admin.

use thiserror::Error;

use crate::accounts::password::hash_new::{Rules, hash_new};
use crate::accounts::password::policy::{About, WeakPassword};
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::change_user_with;
use crate::accounts::shared::notices::UserNotice;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::passwords::{EngineError, Requester};
use crate::store::StoreError;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::types::{Password, User};

/// Why a password was not set.
#[derive(Debug, Error)]
pub enum SetPasswordError {
    /// It violates the password rules.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// It could not be hashed now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The user is gone, does not match the precondition, or the store failed.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<StoreError> for SetPasswordError {
    fn from(error: StoreError) -> Self {
        Self::Account(error.into())
    }
}

/// Sets a new password. All sessions and tokens of the user end, and links that would set a password become
/// invalid. A mail tells the user.
pub async fn set_password(
    app: &App,
    user: impl Into<UserRef>,
    password: Password,
    rules: Rules,
    by: &Actor,
) -> Result<User, SetPasswordError> {
    set_password_with(app, user, password, rules, UserNotice::Send, by).await
}

/// [`set_password`], with or without the mail that tells the user.
pub(crate) async fn set_password_with(
    app: &App,
    user: impl Into<UserRef>,
    password: Password,
    rules: Rules,
    notice: UserNotice,
    by: &Actor,
) -> Result<User, SetPasswordError> {
    let user = user.into();
    let id = user.id;
    let current = app.store.read(move |conn| users::by_id(conn, id)).await?;
    let current = current.ok_or(AccountError::NotFound)?;
    let about = About::user(&current.username, &current.email);
    let hash = hash_new::<SetPasswordError>(app, &password, &about, rules, Requester::default()).await?;
    Ok(change_user_with(app, user, Change::Password(hash), None, notice, by).await?)
}
