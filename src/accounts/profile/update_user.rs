//! Changing one's own name and email. Called by `api` and `account`.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::accounts::shared::refusal::Refusal;
use crate::accounts::shared::update_profile::{UpdatePolicy, UpdateProfileError, update_profile};
use crate::accounts::shared::verify_password::{PasswordError, verify_own_password};
use crate::accounts::shared::{refusal, throttle};
use crate::app::App;
use crate::config::AccountPart;
use crate::passwords::EngineError;
use crate::store::tables::audit::Action;
use crate::store::tables::users::UserUpdate;
use crate::store::{StoreError, Unique};
use crate::types::{Password, User, Username};

/// Why nothing was updated.
#[derive(Debug, Error)]
pub enum UpdateUserError {
    /// `account.change` does not contain the name or the address.
    #[error("users may not change this part of their account")]
    NotAllowed,
    /// Another user has this name or address, as name or as address.
    #[error("another user has this name or address")]
    Taken(Vec<Unique>),
    /// A new address needs the current password (`password.required_for_email_change`).
    #[error("the password is missing")]
    PasswordMissing,
    /// The current password is wrong.
    #[error("the password is wrong")]
    WrongPassword,
    /// Too many names, addresses or wrong passwords were tried; how long until the next may be.
    #[error("too many changes of the name or the email")]
    Throttled(Duration),
    /// The password could not be checked now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The user is gone.
    #[error("there is no such user")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<UpdateProfileError> for UpdateUserError {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Taken(taken) => Self::Taken(taken),
            UpdateProfileError::Account(AccountError::Store(error)) => Self::Store(error),
            UpdateProfileError::Account(_) => Self::NotFound,
        }
    }
}

impl From<PasswordError> for UpdateUserError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Wrong => Self::WrongPassword,
            PasswordError::Throttled(wait) => Self::Throttled(wait),
            PasswordError::Engine(error) => Self::Engine(error),
            PasswordError::Store(error) => Self::Store(error),
        }
    }
}

/// Changes the name, the email or both. A new name and a new mailbox count against a rate limit each, whether or
/// not they are accepted. `password` is the current one, which is checked for a new mailbox.
pub async fn update_user(
    app: &App,
    user: &User,
    update: UserUpdate,
    password: Option<Password>,
    by: &Actor,
) -> Result<(), UpdateUserError> {
    let account = &app.config.account;
    let changes_email = update.email.as_ref().is_some_and(|email| *email != user.email);
    let is_new_name = update.username.as_ref().is_some_and(|name| *name != user.username);
    if changes_email && !account.allows(AccountPart::Email)
        || is_new_name && !account.allows(AccountPart::Name)
    {
        return Err(UpdateUserError::NotAllowed);
    }
    let is_new_mailbox = update.new_mailbox(&user.email).is_some();
    if is_new_mailbox {
        match password {
            Some(password) => check_password(app, user, password, by).await?,
            None if app.config.password.required_for_email_change => {
                return Err(UpdateUserError::PasswordMissing);
            }
            None => {}
        }
    }
    let mut buckets = if is_new_mailbox { app.limits.email_change(user.id, by.address) } else { Vec::new() };
    if is_new_name {
        buckets.extend(app.limits.name_change(user.id, by.address));
    }
    let existence = ExistencePolicy::of(app);
    let policy = UpdatePolicy { existence, records_values: false, may_undo: true };
    let (id, by, now) = (user.id, by.clone(), app.clock.now());
    refusal::write(app, move |tx| {
        if let Some(wait) = throttle::check(tx, &buckets, now)? {
            return Err(Refusal::RolledBack(UpdateUserError::Throttled(wait)));
        }
        update_profile(tx, &id.into(), update, policy, &by, now)
            .map_err(|refusal| refusal.map(UpdateUserError::from))
    })
    .await?;
    if is_new_mailbox {
        app.mailer.wake();
    }
    Ok(())
}

/// Changes the name, with the current password.
pub(crate) async fn rename_user(
    app: &App,
    user: &User,
    username: Username,
    password: Password,
    by: &Actor,
) -> Result<(), UpdateUserError> {
    if !app.config.account.allows(AccountPart::Name) {
        return Err(UpdateUserError::NotAllowed);
    }
    check_password(app, user, password, by).await?;
    update_user(app, user, UserUpdate { username: Some(username), email: None }, None, by).await
}

/// In a transaction of its own: the update locks the names and addresses before the user.
async fn check_password(
    app: &App,
    user: &User,
    password: Password,
    by: &Actor,
) -> Result<(), UpdateUserError> {
    let verified = verify_own_password(app, user, password, Action::OldPasswordWrong, by).await?;
    let now = app.clock.now();
    refusal::write(app, move |tx| verified.recheck(tx, now).map(drop)).await
}
