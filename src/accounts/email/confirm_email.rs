//! Marking an email as its owner's: on the operator's word (command line, admin), or with the key that
//! was sent to it (API and page).

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::{AccountError, change, nothing_else};
use crate::accounts::shared::link_keys;
use crate::accounts::shared::link_keys::KeyError;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{OneTimeKey, Timestamp, User, UserId};

/// Marks the user's email as confirmed, on the operator's word.
///
/// # Errors
/// If there is no such user (as they were seen), or the store fails.
pub async fn confirm_email(app: &App, target: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    let target = target.into();
    let id = target.id;
    let drop_keys = move |tx: &mut Tx<'_>, _| drop_keys(tx, id);
    change(app, target, Change::EmailConfirmed(true), Action::EmailConfirmed, by, drop_keys).await
}

/// Marks the email as confirmed that the key was sent to.
///
/// # Errors
/// If the key is not good, or the store fails.
pub(crate) async fn confirm_email_with_key(app: &App, key: OneTimeKey, by: &Actor) -> Result<(), KeyError> {
    link_keys::open(app, key, Purpose::ConfirmEmail, by, |tx, opened, by, now| {
        mark(tx, &opened.user, by, now)
    })
    .await
}

/// Notes that the user's address is theirs, if that is news.
pub(crate) fn mark(tx: &mut Tx<'_>, user: &User, by: &Actor, now: Timestamp) -> Result<(), StoreError> {
    drop_keys(tx, user.id)?;
    if user.is_email_confirmed {
        return Ok(());
    }
    users::change(tx, user.id, &Change::EmailConfirmed(true), now)?;
    by.record(tx, Action::EmailConfirmed, Some((user.id, user.username.as_str())), now)
}

/// Drops the keys that would confirm an address.
pub(crate) fn drop_keys(tx: &mut Tx<'_>, id: UserId) -> Result<(), StoreError> {
    one_time_keys::remove_all_of_user(tx, id, Purpose::ConfirmEmail, Timestamp::from_micros(0))
}

/// Takes the confirmation back, on an administrator's word.
///
/// # Errors
/// If there is no such user (as they were seen), or the store fails.
pub(crate) async fn unconfirm_email(
    app: &App,
    target: impl Into<UserRef>,
    by: &Actor,
) -> Result<User, AccountError> {
    change(app, target, Change::EmailConfirmed(false), Action::EmailUnconfirmed, by, nothing_else).await
}
