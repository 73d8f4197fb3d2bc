//! Setting a password without knowing the old one. Called by the command line.

use thiserror::Error;

use crate::accounts::administration::create_user::Rules;
use crate::accounts::password::policy;
use crate::accounts::password::policy::{About, PolicyViolation};
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::{AccountError, change};
use crate::accounts::shared::link_keys;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::passwords::{EngineError, Requester};
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::types::{Password, User};

/// Why a password was not set.
#[derive(Debug, Error)]
pub enum SetPasswordError {
    /// It breaks the password rules.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Weak(Vec<PolicyViolation>),
    /// It could not be hashed now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The user is gone, or the store failed.
    #[error(transparent)]
    Account(#[from] AccountError),
}

/// Gives the user another password. All their tokens end, and links for another one stop working.
///
/// # Errors
/// If the password breaks `rules`, there is no such user, or the store fails.
pub async fn set_password(
    app: &App,
    user: &User,
    password: Password,
    rules: Rules,
    by: &Actor,
) -> Result<User, SetPasswordError> {
    set_password_as_of(app, user, user.id, password, rules, by).await
}

/// The same, if `target`, who is this user, is as they were seen.
pub(crate) async fn set_password_as_of(
    app: &App,
    user: &User,
    target: impl Into<UserRef>,
    password: Password,
    rules: Rules,
    by: &Actor,
) -> Result<User, SetPasswordError> {
    if rules == Rules::Enforced {
        let about = About::user(&user.username, &user.email);
        policy::check(password.expose(), &about).map_err(SetPasswordError::Weak)?;
    }
    let hash = app.passwords.hash(Requester::default(), &password.into()).await?;
    let (target, id) = (target.into(), user.id);
    let shut = move |tx: &mut crate::store::Tx<'_>, now| {
        link_keys::drop_resets(tx, id)?;
        users::end_tokens(tx, id, now)
    };
    Ok(change(app, target, Change::Password(hash), Action::PasswordSet, by, shut).await?)
}
