//! The mails that a change of an account causes, queued in the transaction of the change. The caller wakes
//! the mailer after the commit.

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::link_keys;
use crate::mail::{Message, NewMail};
use crate::store::tables::audit;
use crate::store::tables::audit::{Action, detail};
use crate::store::tables::mails;
use crate::store::tables::users::NewUser;
use crate::store::{StoreError, Tx};
use crate::types::{AccountChange, Email, Link, MailCause, Timestamp, User, UserId};

/// Whether the user is told about a change that an administrator makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserNotice {
    /// By a mail.
    Send,
    /// The administrator leaves the mail out.
    Omit,
}

/// Asks the address of a new account to confirm. The client speaks the language of its owner.
pub(crate) fn confirm_new_account(
    tx: &mut Tx<'_>,
    id: UserId,
    new: &NewUser,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    let NewUser { username, email, .. } = new;
    let key = link_keys::issue(tx, Link::ConfirmEmail, id, email, now)?;
    let message = Message::ConfirmEmail { username: username.clone(), key, cause: by.mail_cause() };
    let (user, to, is_confirmed, language) = (Some(id), email.clone(), false, by.language);
    mails::insert(tx, &NewMail { user, to, message, is_confirmed, language }, now)
}

/// Asks the new address of `user` to confirm.
pub(crate) fn confirm_email(
    tx: &mut Tx<'_>,
    user: &User,
    cause: MailCause,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = link_keys::issue(tx, Link::ConfirmEmail, user.id, &user.email, now)?;
    let message = Message::ConfirmEmail { username: user.username.clone(), key, cause };
    let (to, language) = (user.email.clone(), user.language());
    let mail = NewMail { user: Some(user.id), to, message, is_confirmed: false, language };
    mails::insert(tx, &mail, now)
}

/// Tells the old address of `user` about the new one, with a link that restores the old one.
pub(crate) fn email_changed(
    tx: &mut Tx<'_>,
    user: &User,
    new_email: &Email,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = link_keys::issue(tx, Link::UndoEmail, user.id, &user.email, now)?;
    let (username, new_email) = (user.username.clone(), new_email.clone());
    queue(tx, user, Message::EmailChanged { username, new_email, key }, now)
}

/// Tells the old address of `user` that an administrator entered a new one. The old one cannot restore itself:
/// its mailbox may be the reason of the change.
pub(crate) fn email_changed_by_administrator(
    tx: &mut Tx<'_>,
    user: &User,
    new_email: &Email,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (username, new_email) = (user.username.clone(), new_email.clone());
    queue(tx, user, Message::EmailChangedByAdministrator { username, new_email }, now)
}

/// Tells the user that the password was changed.
pub(crate) fn password_changed(tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
    let message = Message::PasswordChanged { username: user.username.clone() };
    queue(tx, user, message, now)
}

/// Tells the user that a registration used their address.
pub(crate) fn already_registered(tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
    let message = Message::AlreadyRegistered { username: user.username.clone() };
    queue(tx, user, message, now)
}

/// Tells the user about a change that an administrator or operator made.
pub(crate) fn changed_by_administrator(
    tx: &mut Tx<'_>,
    user: &User,
    change: AccountChange,
    now: Timestamp,
) -> Result<(), StoreError> {
    queue(tx, user, Message::ChangedByAdministrator { username: user.username.clone(), change }, now)
}

/// Tells the user that the account is not deleted after all; unless no mail told that it would be. The mails
/// themselves cannot say: `mail.retention` may be shorter than `account.delete_after`.
pub(crate) fn deletion_cancelled(tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
    let requested = audit::last_detail(tx, Action::DeletionRequested, user.id)?;
    match requested.as_deref().and_then(detail::deletion_without_mail) {
        Some(_) => Ok(()),
        None => changed_by_administrator(tx, user, AccountChange::DeletionCancelled, now),
    }
}

/// Tells the address of an account that it is deleted, or when it will be (`due`). The mail about a deleted one
/// belongs to no user.
pub(crate) fn account_deleted(
    tx: &mut Tx<'_>,
    user: &User,
    cause: MailCause,
    due: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let message = Message::AccountDeleted { username: user.username.clone(), cause, due };
    let (to, is_confirmed) = address_of(user);
    let language = user.language();
    mails::insert(tx, &NewMail { user: due.map(|_| user.id), to, message, is_confirmed, language }, now)
}

fn queue(tx: &mut Tx<'_>, user: &User, message: Message, now: Timestamp) -> Result<(), StoreError> {
    let (to, is_confirmed) = address_of(user);
    let mail = NewMail { user: Some(user.id), to, message, is_confirmed, language: user.language() };
    mails::insert(tx, &mail, now)
}

/// The address that notices go to, and whether it is confirmed.
fn address_of(user: &User) -> (Email, bool) {
    (user.recovery_address().clone(), user.is_email_confirmed || user.recovery_email.is_some())
}
