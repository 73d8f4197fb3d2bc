//! The mails that come with a change of an account, queued in its transaction. Used by the verbs of
//! its owner and of administrators, who wake the mailer after the commit.

use crate::accounts::shared::link_keys;
use crate::mail::{Message, NewMail};
use crate::store::tables::mails;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::{StoreError, Tx};
use crate::types::{Email, Timestamp, User, UserId, Username};

/// Asks whether `email` is the user's.
pub(crate) fn confirm_email(
    tx: &mut Tx<'_>,
    user: UserId,
    username: &Username,
    email: &Email,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = link_keys::issue_to(tx, Purpose::ConfirmEmail, user, email, now)?;
    send(tx, Some(user), email, Message::ConfirmEmail { username: username.clone(), key }, now)
}

/// Tells the address that `user` had until now of the new one, with a link that takes it back.
pub(crate) fn email_changed(
    tx: &mut Tx<'_>,
    user: &User,
    new_email: &Email,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = link_keys::issue(tx, Purpose::UndoEmail, user, now)?;
    let (username, new_email) = (user.username.clone(), new_email.clone());
    send(tx, Some(user.id), &user.email, Message::EmailChanged { username, new_email, key }, now)
}

/// Tells that the password is another.
pub(crate) fn password_changed(tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
    let message = Message::PasswordChanged { username: user.username.clone() };
    send(tx, Some(user.id), &user.email, message, now)
}

/// Tells that somebody wanted to register with the address of this account.
pub(crate) fn already_registered(tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
    let message = Message::AlreadyRegistered { username: user.username.clone() };
    send(tx, Some(user.id), &user.email, message, now)
}

fn send(
    tx: &mut Tx<'_>,
    user: Option<UserId>,
    to: &Email,
    message: Message,
    now: Timestamp,
) -> Result<(), StoreError> {
    mails::insert(tx, &NewMail { user, to: to.clone(), message }, now)
}
