//! Inviting people to make an account, and making it. The command line and the admin invite; the page
//! behind the mail's link accepts.

use thiserror::Error;

use crate::accounts::administration::create_user::{CreateUserError, NewAccount, Rules, insert, prepare};
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::link_keys;
use crate::accounts::shared::link_keys::KeyError;
use crate::app::App;
use crate::mail::{Message, MessageKind, NewMail};
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::{NewKey, Purpose};
use crate::store::tables::{mails, users};
use crate::store::{StoreError, Tx};
use crate::types::{Email, OneTimeKey, Password, Timestamp, UserId, Username};

/// How many invitations are sent in one write.
const STEP: usize = 100;

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
pub(crate) enum AcceptInviteError {
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
            send(tx, &email, &by, now)?.ok_or(InviteError::Taken)
        })
        .await?;
    app.mailer.wake();
    Ok(key)
}

/// What became of many invitations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InvitedMany {
    /// So many were sent.
    pub sent: u64,
    /// So many were not: these have accounts.
    pub taken: u64,
}

/// Sends an invitation to each address that has no account. Goes on to the end even if whoever asked
/// does not wait for it; nobody else waits long for a write.
///
/// # Errors
/// If the store fails; what was sent before that stays sent.
pub(crate) async fn invite_many(
    app: &App,
    emails: Vec<Email>,
    by: &Actor,
) -> Result<InvitedMany, StoreError> {
    let (app, by) = (app.clone(), by.clone());
    let work = tokio::spawn(async move {
        let mut outcome = InvitedMany::default();
        for step in emails.chunks(STEP) {
            let (step, by, now) = (step.to_vec(), by.clone(), app.clock.now());
            let size = step.len() as u64;
            let sent = app.store.write(move |tx| send_all(tx, &step, &by, now)).await?;
            outcome.sent += sent;
            outcome.taken += size.saturating_sub(sent);
        }
        app.mailer.wake();
        Ok(outcome)
    });
    work.await.map_err(|_| StoreError::Interrupted)?
}

fn send_all(tx: &mut Tx<'_>, emails: &[Email], by: &Actor, now: Timestamp) -> Result<u64, StoreError> {
    one_time_keys::lock(tx, Purpose::Invite)?;
    let mut sent = 0;
    for email in emails {
        sent += u64::from(send(tx, email, by, now)?.is_some());
    }
    Ok(sent)
}

/// The key, the mail and the audit row; `None` if who has the address has an account. A mail of an
/// earlier invitation that still waits is not sent any more.
fn send(
    tx: &mut Tx<'_>,
    email: &Email,
    by: &Actor,
    now: Timestamp,
) -> Result<Option<OneTimeKey>, StoreError> {
    if users::by_email(tx, email)?.is_some() {
        return Ok(None);
    }
    let (purpose, expires) = (Purpose::Invite, now.plus(Purpose::Invite.lifetime()));
    if one_time_keys::withdraw(tx, email, now)? {
        mails::drop_waiting(tx, MessageKind::Invite, email, now)?;
    }
    let key =
        one_time_keys::issue(tx, &NewKey { purpose, user: None, email: Some(email.clone()), expires }, now)?;
    let message = Message::Invite { key: key.clone() };
    mails::insert(tx, &NewMail { user: None, to: email.clone(), message }, now)?;
    by.record_with(tx, Action::Invited, None, Some(email.key().as_str()), now)?;
    Ok(Some(key))
}

/// Takes an invitation back: its link stops working, and a mail with it that still waits is not sent.
/// Answers whether there was one that was open.
pub(crate) async fn withdraw_invite(app: &App, email: Email, by: &Actor) -> Result<bool, StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            one_time_keys::lock(tx, Purpose::Invite)?;
            if !one_time_keys::withdraw(tx, &email, now)? {
                return Ok(false);
            }
            mails::drop_waiting(tx, MessageKind::Invite, &email, now)?;
            by.record_with(tx, Action::InviteWithdrawn, None, Some(email.key().as_str()), now)?;
            Ok(true)
        })
        .await
}

/// The address that was invited with this key; `None` if it does not work, or who has the address has an
/// account by now. Spends nothing.
pub(crate) async fn invited(app: &App, key: &OneTimeKey) -> Result<Option<Email>, StoreError> {
    let (key, now) = (key.clone(), app.clock.now());
    app.store
        .read(move |conn| {
            let found = one_time_keys::find(conn, &key, Purpose::Invite, now)?;
            let Some(email) = found.and_then(|found| found.email) else { return Ok(None) };
            Ok(users::by_email(conn, &email)?.is_none().then_some(email))
        })
        .await
}

/// Makes the account and spends the key, both or neither. The address is the invited one, and counts as
/// confirmed: the key was sent there.
///
/// # Errors
/// If the key is not good, or the account is refused.
pub(crate) async fn accept_invite(
    app: &App,
    key: OneTimeKey,
    username: Username,
    password: Password,
    by: &Actor,
) -> Result<UserId, AcceptInviteError> {
    let Some(email) = invited(app, &key).await? else { return Err(link_keys::refuse(app, by).await?.into()) };
    let account =
        NewAccount { username, email, password, is_email_confirmed: true, is_active: true, is_admin: false };
    let new = prepare(app, account, Rules::Enforced).await?;
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            if one_time_keys::consume(tx, &key, Purpose::Invite, now)?.is_none() {
                return Err(AcceptInviteError::Key(KeyError::Bad));
            }
            Ok(insert(tx, &new, Rules::Enforced, &by, now)?)
        })
        .await
}
