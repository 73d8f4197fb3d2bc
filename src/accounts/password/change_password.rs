//! Changing one's own password, knowing the old one. Called by `api`.
//!
//! As at a login: hash without holding anything, then one write that looks again before it says
//! yes.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::password::policy;
use crate::accounts::password::policy::{About, PolicyViolation};
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::{notices, throttle};
use crate::app::App;
use crate::limits::{self, Bucket};
use crate::passwords::{EngineError, PasswordCheck, Requester};
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::tables::sessions;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{CurrentSession, Identifier, Password, PasswordHash, Timestamp, User};

/// Why the password is what it was.
#[derive(Debug, Error)]
pub(crate) enum ChangePasswordError {
    /// The old one is another.
    #[error("the old password is wrong")]
    WrongOld,
    /// The new one breaks the password rules.
    #[error("the new password breaks the password rules")]
    Weak(Vec<PolicyViolation>),
    /// Too many guessed wrong; how long until one more may.
    #[error("too many wrong passwords")]
    Throttled(Duration),
    /// A password could not be hashed now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives the user another password, if they know the one they have. All their sessions end but
/// `session`, in which they ask for it: its tokens stay good.
///
/// # Errors
/// The first of: too many guesses, a wrong old password, a weak new one. Or that it could not be
/// done.
pub(crate) async fn change_password(
    app: &App,
    user: &User,
    session: &CurrentSession,
    old: Password,
    new: Password,
    by: &Actor,
) -> Result<(), ChangePasswordError> {
    let buckets = app.limits.old_password(user.id, by.address);
    let (now, asked) = (app.clock.now(), buckets.clone());
    if let Some(wait) = app.store.read(move |conn| throttle::longest_wait(conn, &asked, now)).await? {
        return Err(ChangePasswordError::Throttled(wait));
    }
    let origin = Requester {
        account: Some(Identifier::new(user.username.as_str()).fingerprint() as u64),
        address: by.address.map(limits::subscriber),
    };
    let verdict = app.passwords.verify_from(origin, &old.into(), Some(user.password_hash.clone())).await?;
    let new = match verdict {
        PasswordCheck::Right { .. } => Some(accepted(app, origin, user, new).await?),
        PasswordCheck::Wrong => None,
    };
    let attempt =
        PasswordChange { then: user.clone(), session: session.clone(), new, buckets, by: by.clone() };
    let now = app.clock.now();
    app.store.write(move |tx| attempt.settle(tx, now)).await??;
    app.mailer.wake();
    Ok(())
}

/// The new password's hash, if it keeps the rules.
async fn accepted(
    app: &App,
    origin: Requester,
    user: &User,
    new: Password,
) -> Result<PasswordHash, ChangePasswordError> {
    let about = About::user(&user.username, &user.email);
    policy::check(new.expose(), &about).map_err(ChangePasswordError::Weak)?;
    Ok(app.passwords.hash_from(origin, &new.into()).await?)
}

/// All that one write needs to know.
struct PasswordChange {
    then: User,
    session: CurrentSession,
    /// `None` after a wrong old password.
    new: Option<PasswordHash>,
    buckets: Vec<Bucket>,
    by: Actor,
}

impl PasswordChange {
    /// Decides and writes. The inner answer is the verb's; an outer error rolls back.
    fn settle(self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Result<(), ChangePasswordError>, StoreError> {
        throttle::lock(tx, &self.buckets)?;
        if let Some(wait) = throttle::longest_wait(tx, &self.buckets, now)? {
            return Ok(Err(ChangePasswordError::Throttled(wait)));
        }
        // A password that was changed meanwhile decides.
        let user = users::hold(tx, self.then.id)?.filter(|user| {
            user.is_active && user.password_hash.as_stored() == self.then.password_hash.as_stored()
        });
        let subject = Some((self.then.id, self.then.username.as_str()));
        match (user, self.new) {
            (Some(user), Some(hash)) => {
                users::change(tx, user.id, &Change::Password(hash), now)?;
                sessions::end_others(tx, &self.session, now)?;
                self.by.record(tx, Action::PasswordChanged, subject, now)?;
                one_time_keys::remove_all_of_user(
                    tx,
                    user.id,
                    Purpose::ResetPassword,
                    Timestamp::from_micros(0),
                )?;
                notices::password_changed(tx, &user, now)?;
                Ok(Ok(()))
            }
            _ => {
                throttle::count(tx, &self.buckets, now)?;
                self.by.record(tx, Action::OldPasswordWrong, subject, now)?;
                Ok(Err(ChangePasswordError::WrongOld))
            }
        }
    }
}
