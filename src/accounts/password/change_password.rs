//! Changing one's own password, with the old one. Called by `api` and `account`.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::password::hash_new::{Rules, hash_new};
use crate::accounts::password::policy::{About, WeakPassword};
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::own_session::OwnSession;
use crate::accounts::shared::refusal::Refusal;
use crate::accounts::shared::verify_password::{PasswordError, requester, verify_own_password};
use crate::accounts::shared::{known_address, link_keys, notices, refusal, throttle};
use crate::app::App;
use crate::config::AccountPart;
use crate::passwords::EngineError;
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::types::{Identifier, Link, Password, User};

/// Why a password was not changed.
#[derive(Debug, Error)]
pub(crate) enum ChangePasswordError {
    /// `account.change` does not contain it.
    #[error("users may not change their password")]
    NotAllowed,
    /// The old password is wrong.
    #[error("the old password is wrong")]
    WrongOld,
    /// The new password violates the password rules.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// Too many old passwords were wrong, or too many changes were made; how long until the next may be tried.
    #[error("too many wrong passwords or changes")]
    Throttled(Duration),
    /// A password could not be hashed now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PasswordError> for ChangePasswordError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Wrong => Self::WrongOld,
            PasswordError::Throttled(wait) => Self::Throttled(wait),
            PasswordError::Engine(error) => Self::Engine(error),
            PasswordError::Store(error) => Self::Store(error),
        }
    }
}

/// Sets a new password. All sessions of the user end but `session`, which the request belongs to: its tokens
/// stay valid.
///
/// # Errors
/// The first of: not allowed, too many wrong passwords, a wrong old one, a weak new one.
pub(crate) async fn change_password(
    app: &App,
    user: &User,
    session: impl Into<OwnSession>,
    old: Password,
    new: Password,
    by: &Actor,
) -> Result<(), ChangePasswordError> {
    if !app.config.account.allows(AccountPart::Password) {
        return Err(ChangePasswordError::NotAllowed);
    }
    let verified = verify_own_password(app, user, old, Action::OldPasswordWrong, by).await?;
    let about = About::user(&user.username, &user.email);
    let requester = requester(Identifier::new(user.username.as_str()).fingerprint(), by);
    let hash = hash_new::<ChangePasswordError>(app, &new, &about, Rules::Enforced, requester).await?;
    let (session, by, now): (OwnSession, _, _) = (session.into(), by.clone(), app.clock.now());
    let buckets = app.limits.password_change(user.id);
    refusal::write::<_, ChangePasswordError>(app, move |tx| {
        let user = verified.recheck(tx, now)?;
        if let Some(wait) = throttle::check(tx, &buckets, now)? {
            return Err(Refusal::RolledBack(ChangePasswordError::Throttled(wait)));
        }
        users::change(tx, user.id, &Change::Password(hash), now)?;
        known_address::record(tx, user.id, by.address, now)?;
        session.end_others(tx, user.id, now)?;
        by.record(tx, Action::PasswordChanged, &user, None, now)?;
        link_keys::remove_all(tx, user.id, Link::ResetPassword)?;
        Ok(notices::password_changed(tx, &user, now)?)
    })
    .await?;
    app.mailer.wake();
    Ok(())
}
