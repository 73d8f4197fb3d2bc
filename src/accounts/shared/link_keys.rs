//! The keys in mails: how long each is good, making one for a user, and finding out whom one means.
//! Used by the verbs behind the links; the pages ask [`opened_by`] what to show.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::throttle;
use crate::app::App;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::{ConsumedKey, NewKey, Purpose};
use crate::store::tables::users;
use crate::store::{Conn, StoreError, Tx};
use crate::types::{Email, MessageKind, OneTimeKey, Timestamp, User, UserId};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Why a link did nothing.
#[derive(Debug, Error)]
pub(crate) enum KeyError {
    /// The key is unknown, used, replaced or expired, or the account is not what it was.
    #[error("this link is not good any more")]
    Bad,
    /// Too many bad keys from there; how long until one more may be tried.
    #[error("too many bad keys")]
    Throttled(Duration),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a good link is about.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// Whose account it is.
    pub user: User,
    /// The address that the link was sent to.
    pub email: Email,
    /// When the link was made.
    pub(crate) made: Timestamp,
}

/// How long a link is good.
pub(crate) const fn lifetime(purpose: Purpose) -> Duration {
    Duration::from_secs(match purpose {
        Purpose::ResetPassword => HOUR,
        Purpose::Setup => DAY,
        Purpose::ConfirmEmail => 3 * DAY,
        Purpose::UndoEmail | Purpose::Invite => 7 * DAY,
    })
}

/// What the key in a mail of this kind opens, if it has one.
pub(crate) const fn purpose_of(mail: MessageKind) -> Option<Purpose> {
    match mail {
        MessageKind::ConfirmEmail => Some(Purpose::ConfirmEmail),
        MessageKind::EmailChanged => Some(Purpose::UndoEmail),
        MessageKind::ResetPassword => Some(Purpose::ResetPassword),
        MessageKind::Invite => Some(Purpose::Invite),
        MessageKind::PasswordChanged
        | MessageKind::AccountDeleted
        | MessageKind::AlreadyRegistered
        | MessageKind::Test => None,
    }
}

/// A fresh key for `user`, bound to the address that they have now. The caller holds the user.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    user: &User,
    now: Timestamp,
) -> Result<OneTimeKey, StoreError> {
    issue_to(tx, purpose, user.id, &user.email, now)
}

/// The same, bound to an address that they do not have yet, or will not have for long.
pub(crate) fn issue_to(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    user: UserId,
    email: &Email,
    now: Timestamp,
) -> Result<OneTimeKey, StoreError> {
    let expires = now.plus(lifetime(purpose));
    one_time_keys::issue(tx, &NewKey { purpose, user: Some(user), email: Some(email.clone()), expires }, now)
}

/// Drops the keys for another password: for when the password or who may come in has changed.
pub(crate) fn drop_resets(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    one_time_keys::remove_of(tx, user, Purpose::ResetPassword, Timestamp::from_micros(0))
}

/// What the link with this key would be about now; `None` if it does not work. Spends nothing, and is
/// what a page shows to whoever follows the link, be it a person or a mail scanner.
pub(crate) async fn opened_by(
    app: &App,
    key: &OneTimeKey,
    purpose: Purpose,
) -> Result<Option<Opened>, StoreError> {
    let (key, now) = (key.clone(), app.clock.now());
    app.store.read(move |conn| look(conn, &key, purpose, now)).await
}

fn look(
    conn: &mut Conn,
    key: &OneTimeKey,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Opened>, StoreError> {
    let Some(found) = one_time_keys::find(conn, key, purpose, now)? else { return Ok(None) };
    let Some(id) = found.user else { return Ok(None) };
    Ok(users::by_id(conn, id)?.and_then(|user| opened(user, found, purpose)))
}

/// The same for a verb that has to work before it can spend the key.
pub(crate) async fn look_first(
    app: &App,
    key: &OneTimeKey,
    purpose: Purpose,
    by: &Actor,
) -> Result<Opened, KeyError> {
    match opened_by(app, key, purpose).await? {
        Some(opened) => Ok(opened),
        None => Err(refuse(app, by).await?),
    }
}

/// Spends the key and does `work`, both or neither.
pub(crate) async fn open<T: Send + 'static>(
    app: &App,
    key: OneTimeKey,
    purpose: Purpose,
    by: &Actor,
    work: impl FnOnce(&mut Tx<'_>, Opened, &Actor, Timestamp) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, KeyError> {
    let (now, actor) = (app.clock.now(), by.clone());
    let done = app.store.write(move |tx| match spend(tx, &key, purpose, now)? {
        Some(opened) => work(tx, opened, &actor, now).map(Some),
        None => Ok::<_, StoreError>(None),
    });
    match done.await? {
        Some(done) => Ok(done),
        None => Err(refuse(app, by).await?),
    }
}

/// Counts a bad key against the address it came from. No number of them finds a good one; it is for
/// the work that they make.
pub(crate) async fn refuse(app: &App, by: &Actor) -> Result<KeyError, StoreError> {
    let (buckets, now) = (app.limits.token(by.address), app.clock.now());
    app.store
        .write(move |tx| {
            throttle::lock(tx, &buckets)?;
            if let Some(wait) = throttle::longest_wait(tx, &buckets, now)? {
                return Ok(KeyError::Throttled(wait));
            }
            throttle::count(tx, &buckets, now)?;
            Ok(KeyError::Bad)
        })
        .await
}

/// Holds the user before the key, as everybody does who issues one, so that no two wait for each other.
fn spend(
    tx: &mut Tx<'_>,
    key: &OneTimeKey,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Opened>, StoreError> {
    let Some(found) = one_time_keys::find(tx, key, purpose, now)? else { return Ok(None) };
    let Some(id) = found.user else { return Ok(None) };
    let Some(user) = users::hold(tx, id)? else { return Ok(None) };
    Ok(one_time_keys::take(tx, key, purpose, now)?.and_then(|taken| opened(user, taken, purpose)))
}

/// A key works for an account that may log in, and for exactly the address that the account has: two
/// addresses of one key may be two mailboxes. One that gives an address back works for one that the
/// account has no more.
fn opened(user: User, taken: ConsumedKey, purpose: Purpose) -> Option<Opened> {
    let email = taken.email?;
    let has_it = user.email == email;
    let is_due = if purpose == Purpose::UndoEmail { !has_it } else { has_it };
    (user.is_active && is_due).then_some(Opened { user, email, made: taken.created })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_good_for_as_long_as_their_mails_say() {
        for mail in MessageKind::ALL {
            assert_eq!(purpose_of(mail).map(lifetime), mail.key_lifetime(), "{mail:?}");
        }
    }
}
