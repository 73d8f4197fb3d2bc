//! Removing one's own account, with its password. Called by `api`.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::administration::administrators::{is_last, lock_administrators};
use crate::accounts::administration::delete_user::remove;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::throttle;
use crate::app::App;
use crate::limits::{self, Bucket};
use crate::mail::{Message, NewMail};
use crate::passwords::{EngineError, PasswordCheck, Requester};
use crate::store::tables::audit::Action;
use crate::store::tables::{mails, users};
use crate::store::{StoreError, Tx};
use crate::types::{Password, Timestamp, User};

/// Why an account was not removed.
#[derive(Debug, Error)]
pub(crate) enum LeaveError {
    /// It is not the account's password.
    #[error("the password is wrong")]
    WrongPassword,
    /// Nobody else could manage the users.
    #[error("the last administrator cannot leave")]
    LastAdministrator,
    /// Too many wrong passwords; how long until one more may be tried.
    #[error("too many wrong passwords")]
    Throttled(Duration),
    /// The password could not be checked now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Removes the account of `user`, whose `password` this has to be, and tells its address.
pub(crate) async fn leave(app: &App, user: User, password: Password, by: &Actor) -> Result<(), LeaveError> {
    let (buckets, now) = (app.limits.old_password(user.id, by.address), app.clock.now());
    let asked = buckets.clone();
    if let Some(wait) = app.store.read(move |conn| throttle::longest_wait(conn, &asked, now)).await? {
        return Err(LeaveError::Throttled(wait));
    }
    let origin = Requester { account: None, address: by.address.map(limits::subscriber) };
    let verdict =
        app.passwords.verify_from(origin, &password.into(), Some(user.password_hash.clone())).await?;
    let is_right = matches!(verdict, PasswordCheck::Right { .. });
    let (now, by) = (app.clock.now(), by.clone());
    let hides = app.config.registration.hide_existing;
    app.store.write(move |tx| settle(tx, &user, is_right, hides, &buckets, &by, now)).await??;
    app.mailer.wake();
    Ok(())
}

/// Decides and writes. The inner answer is the verb's; an outer error rolls back. Buckets and user are
/// asked again, as at a login: many guesses at once, and a password that changed meanwhile.
fn settle(
    tx: &mut Tx<'_>,
    then: &User,
    is_right: bool,
    hides: bool,
    buckets: &[Bucket],
    by: &Actor,
    now: Timestamp,
) -> Result<Result<(), LeaveError>, StoreError> {
    throttle::lock(tx, buckets)?;
    if then.is_admin {
        // Before the user, as everybody does who takes an administrator away.
        lock_administrators(tx)?;
    }
    if let Some(wait) = throttle::longest_wait(tx, buckets, now)? {
        return Ok(Err(LeaveError::Throttled(wait)));
    }
    let user = users::hold(tx, then.id)?.filter(|user| {
        is_right && user.is_active && user.password_hash.as_stored() == then.password_hash.as_stored()
    });
    let Some(user) = user else {
        throttle::count(tx, buckets, now)?;
        by.record(tx, Action::OwnDeletionFailed, Some((then.id, then.username.as_str())), now)?;
        return Ok(Err(LeaveError::WrongPassword));
    };
    if user.is_admin && is_last(tx, &user, hides)? {
        return Ok(Err(LeaveError::LastAdministrator));
    }
    remove(tx, &user, by, now)?;
    let message = Message::AccountDeleted { username: user.username };
    mails::insert(tx, &NewMail { user: None, to: user.email, message }, now)?;
    Ok(Ok(()))
}
