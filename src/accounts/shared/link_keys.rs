//! The one-time keys of links in mails: issuing one for a user, and redeeming one.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::throttle;
use crate::app::App;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::{ConsumedKey, NewKey};
use crate::store::tables::users;
use crate::store::{Conn, StoreError, Tx};
use crate::types::{Email, Link, OneTimeKey, PublicId, Timestamp, User, UserId};

/// Why a link did nothing.
#[derive(Debug, Error)]
pub(crate) enum KeyError {
    /// The key is unknown, used, replaced or expired, or the account has changed.
    #[error("this link is not valid (any more)")]
    Bad,
    /// Too many bad keys came from this address; how long until the next may be tried.
    #[error("too many bad keys")]
    Throttled(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a link is not one of the user that a client names.
#[derive(Debug, Error)]
pub(crate) enum LinkOfUserError {
    /// No user has the id.
    #[error("no user has this id")]
    UnknownUser,
    /// The key is not valid for this user.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// A link with a valid key.
#[derive(Clone, Debug)]
pub(crate) struct ValidLink {
    /// The user that the key was issued for.
    pub user: User,
    /// The address that the link was sent to.
    pub email: Email,
    /// When the key was issued.
    pub(crate) issued_at: Timestamp,
}

/// A new key for a user, bound to `email`. The caller has locked the user.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    purpose: Link,
    user: UserId,
    email: &Email,
    now: Timestamp,
) -> Result<OneTimeKey, StoreError> {
    let expires = now.plus(purpose.lifetime());
    one_time_keys::issue(tx, &NewKey { purpose, user: Some(user), email: Some(email.clone()), expires }, now)
}

/// Removes all keys of a user for one purpose.
pub(crate) fn remove_all(tx: &mut Tx<'_>, user: UserId, purpose: Link) -> Result<(), StoreError> {
    one_time_keys::remove_all_of_user(tx, user, purpose, Timestamp::from_micros(0))
}

/// The link with this key, if it is valid now. Redeems nothing: mail scanners follow links, too.
pub(crate) async fn find_valid_link(
    app: &App,
    key: &OneTimeKey,
    purpose: Link,
) -> Result<Option<ValidLink>, StoreError> {
    let (key, now) = (key.clone(), app.clock.now());
    app.store.read(move |conn| find(conn, &key, purpose, now)).await
}

fn find(
    conn: &mut Conn,
    key: &OneTimeKey,
    purpose: Link,
    now: Timestamp,
) -> Result<Option<ValidLink>, StoreError> {
    let Some(key) = one_time_keys::find(conn, key, purpose, now)? else { return Ok(None) };
    let Some(id) = key.user else { return Ok(None) };
    Ok(users::by_id(conn, id)?.and_then(|user| validate(user, key, purpose)))
}

/// [`find_valid_link`] for a use case that has to work before it can redeem the key. Counts a bad key.
pub(crate) async fn require_valid_link(
    app: &App,
    key: &OneTimeKey,
    purpose: Link,
    by: &Actor,
) -> Result<ValidLink, KeyError> {
    match find_valid_link(app, key, purpose).await? {
        Some(link) => Ok(link),
        None => Err(count_bad_key(app, by).await?),
    }
}

/// The key of a link that names its user, too, as the links of front ends do (`LinkPattern`). Redeems nothing. Counts a
/// bad key and a bad id.
pub(crate) async fn find_key_of_user(
    app: &App,
    uid: &str,
    key: &str,
    purpose: Link,
    by: &Actor,
) -> Result<OneTimeKey, LinkOfUserError> {
    let (id, key, now) = (PublicId::from_uid(uid), OneTimeKey::parse(key), app.clock.now());
    let sought = key.clone();
    let found = app.store.read(move |conn| {
        let user = id.map(|id| users::id_of(conn, &id)).transpose()?.flatten();
        let link = sought.map(|key| find(conn, &key, purpose, now)).transpose()?.flatten();
        Ok::<_, StoreError>((user, link.map(|link| link.user.id)))
    });
    match (found.await.map_err(KeyError::from)?, key) {
        ((Some(user), Some(owner)), Some(key)) if user == owner => Ok(key),
        ((user, _), _) => match count_bad_key(app, by).await.map_err(KeyError::from)? {
            KeyError::Bad if user.is_none() => Err(LinkOfUserError::UnknownUser),
            error => Err(error.into()),
        },
    }
}

/// Redeems the key and does `work`, both or neither. Counts a bad key.
pub(crate) async fn redeem<T: Send + 'static>(
    app: &App,
    key: OneTimeKey,
    purpose: Link,
    by: &Actor,
    work: impl FnOnce(&mut Tx<'_>, ValidLink, &Actor, Timestamp) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, KeyError> {
    let (now, actor) = (app.clock.now(), by.clone());
    let done = app.store.write(move |tx| match consume(tx, &key, purpose, now)? {
        Some(link) => work(tx, link, &actor, now).map(Some),
        None => Ok::<_, StoreError>(None),
    });
    match done.await? {
        Some(done) => Ok(done),
        None => Err(count_bad_key(app, by).await?),
    }
}

/// Counts a bad key against the client's address. A key cannot be guessed; this limits the load.
pub(crate) async fn count_bad_key(app: &App, by: &Actor) -> Result<KeyError, StoreError> {
    let wait = throttle::check_bad(app, app.limits.bad_token(by.address), app.clock.now()).await?;
    Ok(wait.map_or(KeyError::Bad, KeyError::Throttled))
}

/// Locks the user before the key, as every issue of a key does: otherwise the two could deadlock.
fn consume(
    tx: &mut Tx<'_>,
    key: &OneTimeKey,
    purpose: Link,
    now: Timestamp,
) -> Result<Option<ValidLink>, StoreError> {
    let Some(id) = one_time_keys::find(tx, key, purpose, now)?.and_then(|key| key.user) else {
        return Ok(None);
    };
    let Some(user) = users::lock(tx, id)? else { return Ok(None) };
    Ok(one_time_keys::consume(tx, key, purpose, now)?.and_then(|key| validate(user, key, purpose)))
}

/// A key is valid for an active account with exactly the address that the key was sent to, since two
/// spellings of one address may be two mailboxes. A key for a new password is valid while that address may set
/// one. A key that restores an address is valid while the account has another one.
fn validate(user: User, key: ConsumedKey, purpose: Link) -> Option<ValidLink> {
    let email = key.email?;
    let is_due = match purpose {
        Link::UndoEmail => user.email != email,
        Link::ResetPassword | Link::NotMe => *user.recovery_address() == email,
        Link::Setup | Link::ConfirmEmail | Link::Invite => user.email == email,
    };
    (user.is_active && is_due).then_some(ValidLink { user, email, issued_at: key.created })
}
