//! Inviting somebody to make an account, and making it. The command line invites; the page behind the
//! mail's link accepts.

use thiserror::Error;

use super::actor::Actor;
use super::create_user::{CreateUserError, NewAccount, Rules, insert, prepare};
use super::keys::{self, KeyError};
use crate::app::App;
use crate::mail::{Message, Outgoing};
use crate::store::audit::Action;
use crate::store::one_time_keys::{self, NewKey, Purpose};
use crate::store::{StoreError, mails, users};
use crate::types::{Email, OneTimeKey, Password, UserId, Username};

/// Why nobody was invited.
#[derive(Debug, Error)]
pub enum InviteError {
    /// Who has the address has an account.
    #[error("a user with this email already exists")]
    Taken,
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an invitation was not accepted.
#[derive(Debug, Error)]
pub enum AcceptInviteError {
    /// The link did nothing.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The account itself was refused. The key stays good.
    #[error(transparent)]
    Create(#[from] CreateUserError),
}

impl From<StoreError> for AcceptInviteError {
    fn from(error: StoreError) -> Self {
        Self::Create(error.into())
    }
}

/// Sends an invitation to `email`, in place of an earlier one. Answers the key that is in it, which an
/// operator may hand on by other means.
///
/// # Errors
/// If somebody has an account with this address, or the store fails.
pub async fn invite(app: &App, email: Email, by: &Actor) -> Result<OneTimeKey, InviteError> {
    let (now, by) = (app.clock.now(), by.clone());
    let key = app
        .store
        .write(move |tx| {
            one_time_keys::lock(tx, Purpose::Invite)?;
            if users::by_email(tx, &email)?.is_some() {
                return Err(InviteError::Taken);
            }
            let (purpose, expires) = (Purpose::Invite, now.plus(keys::lifetime(Purpose::Invite)));
            let new = NewKey { purpose, user: None, email: Some(email.clone()), expires };
            let key = one_time_keys::issue(tx, &new, now)?;
            let message = Message::Invite { key: key.clone() };
            mails::queue(tx, &Outgoing { user: None, to: email, message }, now)?;
            by.record(tx, Action::Invited, None, now)?;
            Ok(key)
        })
        .await?;
    app.mailer.wake();
    Ok(key)
}

/// The address that was invited with this key; `None` if it does not work. Spends nothing.
///
/// # Errors
/// If the store fails.
pub async fn invited(app: &App, key: &OneTimeKey) -> Result<Option<Email>, StoreError> {
    let (key, now) = (key.clone(), app.clock.now());
    app.store
        .read(move |conn| {
            Ok(one_time_keys::find(conn, &key, Purpose::Invite, now)?.and_then(|found| found.email))
        })
        .await
}

/// Makes the account and spends the key, both or neither. The address is the invited one, and counts as
/// confirmed: the key was sent there.
///
/// # Errors
/// If the key is not good, or the account is refused.
pub async fn accept_invite(
    app: &App,
    key: OneTimeKey,
    username: Username,
    password: Password,
    by: &Actor,
) -> Result<UserId, AcceptInviteError> {
    let Some(email) = invited(app, &key).await? else { return Err(keys::refuse(app, by).await?.into()) };
    let account =
        NewAccount { username, email, password, is_email_confirmed: true, is_active: true, is_admin: false };
    let new = prepare(app, account, Rules::Enforced).await?;
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            if one_time_keys::take(tx, &key, Purpose::Invite, now)?.is_none() {
                return Err(AcceptInviteError::Key(KeyError::Bad));
            }
            Ok(insert(tx, &new, Rules::Enforced, &by, now)?)
        })
        .await
}
