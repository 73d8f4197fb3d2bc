//! The mails that come with a change of an account, queued in its transaction. Used by the verbs of
//! its owner, who wake the mailer after the commit.

use super::keys;
use crate::mail::{Message, Outgoing};
use crate::store::one_time_keys::{self, NewKey, Purpose};
use crate::store::{StoreError, Tx, mails};
use crate::types::{Email, OneTimeKey, Timestamp, User, UserId, Username};

/// Asks whether `email` is the user's.
pub(super) fn confirm_email(
    tx: &mut Tx<'_>,
    user: UserId,
    username: &Username,
    email: &Email,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = issue(tx, Purpose::ConfirmEmail, user, email, now)?;
    send(tx, Some(user), email, Message::ConfirmEmail { username: username.clone(), key }, now)
}

/// Tells the address that `user` had until now of the new one, with a link that takes it back.
pub(super) fn email_changed(
    tx: &mut Tx<'_>,
    user: &User,
    new_email: &Email,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = issue(tx, Purpose::UndoEmail, user.id, &user.email, now)?;
    let (username, new_email) = (user.username.clone(), new_email.clone());
    send(tx, Some(user.id), &user.email, Message::EmailChanged { username, new_email, key }, now)
}

/// Tells that the password is another.
pub(super) fn password_changed(tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
    let message = Message::PasswordChanged { username: user.username.clone() };
    send(tx, Some(user.id), &user.email, message, now)
}

/// Tells that somebody wanted to register with the address of this account.
pub(super) fn already_registered(tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
    let message = Message::AlreadyRegistered { username: user.username.clone() };
    send(tx, Some(user.id), &user.email, message, now)
}

fn issue(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    user: UserId,
    email: &Email,
    now: Timestamp,
) -> Result<OneTimeKey, StoreError> {
    let expires = now.plus(keys::lifetime(purpose));
    let new = NewKey { purpose, user: Some(user), email: Some(email.clone()), expires };
    one_time_keys::issue(tx, &new, now)
}

fn send(
    tx: &mut Tx<'_>,
    user: Option<UserId>,
    to: &Email,
    message: Message,
    now: Timestamp,
) -> Result<(), StoreError> {
    mails::queue(tx, &Outgoing { user, to: to.clone(), message }, now)
}
