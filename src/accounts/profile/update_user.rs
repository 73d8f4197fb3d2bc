//! Changing one's own name and email. Called by `api`.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::{enumeration, notices, throttle};
use crate::app::App;
use crate::limits::Bucket;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::tables::users;
use crate::store::tables::users::Edit;
use crate::store::{StoreError, Tx, Unique};
use crate::types::{Email, Timestamp, User, UserId, Username};

/// What somebody wants to change; what is not there stays.
#[derive(Clone, Debug, Default)]
pub struct UserUpdate {
    /// The name.
    pub username: Option<Username>,
    /// The address.
    pub email: Option<Email>,
}

/// Why nothing was changed.
#[derive(Debug, Error)]
pub enum UpdateUserError {
    /// Somebody else has this name or address, be it as name or as address.
    #[error("somebody else has this name or address")]
    Taken(Vec<Unique>),
    /// Too many addresses were tried; how long until one more may.
    #[error("too many changes of the email")]
    Throttled(Duration),
    /// The user is gone.
    #[error("there is no such user")]
    NotFound,
    /// The store could not do it.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for UpdateUserError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(unique) => Self::Taken(vec![unique]),
            other => Self::Store(other),
        }
    }
}

/// Changes what `wanted` says and differs, and writes nothing else: what somebody else changes about
/// the account at the same time stays.
///
/// Another address is not confirmed. One that differs in the case of ASCII letters only is the same,
/// spelt anew.
pub async fn update_user(
    app: &App,
    user: &User,
    wanted: UserUpdate,
    by: &Actor,
) -> Result<(), UpdateUserError> {
    let moves = wanted.email.as_ref().is_some_and(|email| !email.is_same_mailbox(&user.email));
    let buckets = if moves { app.limits.email_change(user.id, by.address) } else { Vec::new() };
    let hides_existing = app.config.registration.hide_existing;
    let old_email = user.email.clone();
    let update = Update { id: user.id, old_email, hides_existing, wanted, buckets, by: by.clone() };
    let now = app.clock.now();
    app.store.write(move |tx| update.settle(tx, now)).await??;
    if moves {
        app.mailer.wake();
    }
    Ok(())
}

/// All that one write needs to know.
struct Update {
    id: UserId,
    old_email: Email,
    hides_existing: bool,
    wanted: UserUpdate,
    buckets: Vec<Bucket>,
    by: Actor,
}

impl Update {
    /// The inner answer is the verb's, and leaves the attempt counted; an outer error rolls back.
    fn settle(self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Result<(), UpdateUserError>, UpdateUserError> {
        if let Some(wait) = throttle::admit(tx, &self.buckets, now)? {
            return Ok(Err(UpdateUserError::Throttled(wait)));
        }
        let (username, email) = (self.wanted.username.as_ref(), self.wanted.email.as_ref());
        users::lock_meanings(tx, username, email)?;
        let mut taken = users::taken(tx, username, email, Some(self.id))?;
        if self.hides_existing
            && !taken.contains(&Unique::Username)
            && username
                .is_some_and(|name| enumeration::is_anothers_address(name, email.or(Some(&self.old_email))))
        {
            // Whether or not somebody has that address, which the answer would tell.
            taken.insert(0, Unique::Username);
        }
        if let Some(email) = email {
            // Before the user: who takes an address back holds the address first, too.
            one_time_keys::lock_addresses(tx, &[email, &self.old_email])?;
            if taken.is_empty() && one_time_keys::is_reserved(tx, email, Some(self.id), now)? {
                taken.push(Unique::Email);
            }
        }
        if !taken.is_empty() {
            return Ok(Err(UpdateUserError::Taken(taken)));
        }
        let user = users::hold(tx, self.id)?.ok_or(UpdateUserError::NotFound)?;
        self.write(tx, &user, now)?;
        Ok(Ok(()))
    }

    fn write(self, tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
        let username = self.wanted.username.filter(|name| *name != user.username);
        let email = self.wanted.email.filter(|email| *email != user.email);
        let moves = email.as_ref().is_some_and(|email| !email.is_same_mailbox(&user.email));
        let edit = Edit { username, email, is_email_confirmed: moves.then_some(false) };
        if edit.is_empty() {
            return Ok(());
        }
        users::edit(tx, user.id, &edit, now)?;
        let name = edit.username.as_ref().unwrap_or(&user.username);
        let subject = Some((user.id, name.as_str()));
        if edit.username.is_some() {
            self.by.record(tx, Action::Renamed, subject, now)?;
        }
        if edit.email.is_some() {
            self.by.record(tx, Action::EmailChanged, subject, now)?;
        }
        match &edit.email {
            Some(email) if moves => send_mails(tx, user, name, email, now),
            _ => Ok(()),
        }
    }
}

/// Keys that went to the old address and open the account are dropped. The new one is asked for
/// confirmation. The old one can take it back if it was confirmed; otherwise it may be a stranger's, and
/// mistyped.
pub(crate) fn send_mails(
    tx: &mut Tx<'_>,
    old: &User,
    name: &Username,
    email: &Email,
    now: Timestamp,
) -> Result<(), StoreError> {
    for purpose in [Purpose::ConfirmEmail, Purpose::ResetPassword] {
        one_time_keys::remove_all_of_user(tx, old.id, purpose, Timestamp::from_micros(0))?;
    }
    notices::confirm_email(tx, old.id, name, email, now)?;
    if old.is_email_confirmed {
        notices::email_changed(tx, old, email, now)?;
    }
    Ok(())
}
