//! Inviting people to create an account, and accepting an invitation. The command line and the admin invite;
//! the page behind the link of the mail accepts.

use thiserror::Error;

use crate::accounts::administration::create_user::{CreateUserError, NewAccount, insert, prepare};
use crate::accounts::password::hash_new::Rules;
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::accounts::shared::link_keys;
use crate::accounts::shared::link_keys::KeyError;
use crate::accounts::shared::taken;
use crate::app::App;
use crate::mail::{Message, MessageKind, NewMail};
use crate::store::queries::mail_list;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::NewKey;
use crate::store::tables::{mails, users};
use crate::store::{StoreError, Tx};
use crate::types::{Email, Lang, Link, OneTimeKey, Password, Timestamp, UserId, Username};

/// Invitations sent in one transaction.
const BATCH: usize = 100;

/// Why no invitation was sent.
#[derive(Debug, Error)]
pub enum InviteError {
    /// An account has the address, or could have it again.
    #[error("a user with this email already exists")]
    Taken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an invitation was not accepted.
#[derive(Debug, Error)]
pub(crate) enum AcceptInviteError {
    /// The link did nothing.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The account was refused. The key stays valid.
    #[error(transparent)]
    Create(#[from] CreateUserError),
}

impl From<StoreError> for AcceptInviteError {
    fn from(error: StoreError) -> Self {
        Self::Create(error.into())
    }
}

/// Sends an invitation to `email` in a language (`mail.language` if `None`), which replaces an earlier one. Answers its key, which an operator may hand
/// over by other means.
pub async fn invite(
    app: &App,
    email: Email,
    language: Option<Lang>,
    by: &Actor,
) -> Result<OneTimeKey, InviteError> {
    let (now, by) = (app.clock.now(), by.clone());
    let key = app
        .store
        .write(move |tx| {
            one_time_keys::lock(tx, Link::Invite)?;
            send(tx, &email, language, &by, now)?.ok_or(InviteError::Taken)
        })
        .await?;
    app.mailer.wake();
    Ok(key)
}

/// How many of many invitations were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InvitedMany {
    /// Invitations sent.
    pub sent: u64,
    /// Addresses that an account has, or could have again.
    pub taken: u64,
}

/// Sends an invitation to each address that has no account, in batches. Runs to the end even if the client
/// does not wait for it.
///
/// # Errors
/// If the store fails; the batches before that stay sent.
pub(crate) async fn invite_many(
    app: &App,
    emails: Vec<Email>,
    language: Option<Lang>,
    by: &Actor,
) -> Result<InvitedMany, StoreError> {
    let (app, by) = (app.clone(), by.clone());
    let work = tokio::spawn(async move {
        let mut outcome = InvitedMany::default();
        for batch in emails.chunks(BATCH) {
            let (batch, size, by, now) = (batch.to_vec(), batch.len() as u64, by.clone(), app.clock.now());
            let sent = app.store.write(move |tx| send_all(tx, &batch, language, &by, now)).await?;
            outcome.sent += sent;
            outcome.taken += size.saturating_sub(sent);
        }
        app.mailer.wake();
        Ok(outcome)
    });
    work.await.map_err(|_| StoreError::Interrupted)?
}

fn send_all(
    tx: &mut Tx<'_>,
    emails: &[Email],
    language: Option<Lang>,
    by: &Actor,
    now: Timestamp,
) -> Result<u64, StoreError> {
    one_time_keys::lock(tx, Link::Invite)?;
    let mut sent = 0;
    for email in emails {
        sent += u64::from(send(tx, email, language, by, now)?.is_some());
    }
    Ok(sent)
}

/// Issues the key, queues the mail and writes the audit entry; `None` if the address has an account. A mail
/// of an earlier invitation that still waits is dropped.
fn send(
    tx: &mut Tx<'_>,
    email: &Email,
    language: Option<Lang>,
    by: &Actor,
    now: Timestamp,
) -> Result<Option<OneTimeKey>, StoreError> {
    if taken::is_address_taken(tx, email, now)? {
        return Ok(None);
    }
    if one_time_keys::withdraw(tx, email, now)? {
        mails::drop_waiting(tx, MessageKind::Invite, email, now)?;
    }
    let (purpose, expires) = (Link::Invite, now.plus(Link::Invite.lifetime()));
    let key =
        one_time_keys::issue(tx, &NewKey { purpose, user: None, email: Some(email.clone()), expires }, now)?;
    let message = Message::Invite { key: key.clone() };
    let to = email.clone();
    mails::insert(tx, &NewMail { user: None, to, message, is_confirmed: false, language }, now)?;
    record(tx, Action::Invited, email, by, now)?;
    Ok(Some(key))
}

/// The key of an open invitation, for an operator to hand over; `None` if there is none. While the mail with the
/// invitation waits, that is the mail's key. Otherwise it is a new one: only its hash is stored.
pub(crate) async fn make_invite_key(
    app: &App,
    email: Email,
    by: &Actor,
) -> Result<Option<OneTimeKey>, StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            one_time_keys::lock(tx, Link::Invite)?;
            if one_time_keys::invitation(tx, &email, now)?.is_none() {
                return Ok(None);
            }
            let waiting =
                mail_list::last_to(tx, &email, MessageKind::Invite)?.and_then(|mail| mail.content.key);
            let valid = match waiting {
                Some(key) => one_time_keys::find(tx, &key, Link::Invite, now)?.map(|_| key),
                None => None,
            };
            let key = match valid {
                Some(key) => key,
                None => {
                    let (purpose, expires) = (Link::Invite, now.plus(Link::Invite.lifetime()));
                    let new = NewKey { purpose, user: None, email: Some(email.clone()), expires };
                    one_time_keys::issue(tx, &new, now)?
                }
            };
            record(tx, Action::InviteLinkMade, &email, &by, now)?;
            Ok(Some(key))
        })
        .await
}

/// The language of the last invitation to an address, for the next one.
pub(crate) async fn language_of_invite(app: &App, email: Email) -> Result<Option<Lang>, StoreError> {
    let last = app.store.read(move |conn| mail_list::last_to(conn, &email, MessageKind::Invite)).await?;
    Ok(last.and_then(|mail| mail.content.language()))
}

/// Withdraws an invitation: its link becomes invalid, and a mail with it that still waits is dropped. Answers
/// whether there was an open one.
pub(crate) async fn withdraw_invite(app: &App, email: Email, by: &Actor) -> Result<bool, StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            one_time_keys::lock(tx, Link::Invite)?;
            if !one_time_keys::withdraw(tx, &email, now)? {
                return Ok(false);
            }
            mails::drop_waiting(tx, MessageKind::Invite, &email, now)?;
            record(tx, Action::InviteWithdrawn, &email, &by, now)?;
            Ok(true)
        })
        .await
}

/// The audit entry names the invited address, since there is no user yet.
fn record(
    tx: &mut Tx<'_>,
    action: Action,
    email: &Email,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    by.record(tx, action, None::<AuditSubject<'_>>, Some(email.key().as_str()), now)
}

/// The address that was invited with this key; `None` if the key is not valid, or the address has an account
/// by now. Redeems nothing.
pub(crate) async fn invited_email(app: &App, key: &OneTimeKey) -> Result<Option<Email>, StoreError> {
    let (key, now) = (key.clone(), app.clock.now());
    app.store
        .read(move |conn| {
            let invitation = one_time_keys::find(conn, &key, Link::Invite, now)?;
            let Some(email) = invitation.and_then(|invitation| invitation.email) else { return Ok(None) };
            Ok(users::by_email(conn, &email)?.is_none().then_some(email))
        })
        .await
}

/// Creates the account and redeems the key, both or neither. The address is the invited one and counts as
/// confirmed: the key was sent there.
pub(crate) async fn accept_invite(
    app: &App,
    key: OneTimeKey,
    username: Username,
    password: Password,
    by: &Actor,
) -> Result<UserId, AcceptInviteError> {
    let Some(email) = invited_email(app, &key).await? else {
        return Err(link_keys::count_bad_key(app, by).await?.into());
    };
    let account =
        NewAccount { username, email, password, is_email_confirmed: true, is_active: true, is_admin: false };
    let new = prepare(app, account, Rules::Enforced).await?;
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            if one_time_keys::consume(tx, &key, Link::Invite, now)?.is_none() {
                return Err(AcceptInviteError::Key(KeyError::Bad));
            }
            Ok(insert(tx, &new, Rules::Enforced, &by, now)?)
        })
        .await
}
