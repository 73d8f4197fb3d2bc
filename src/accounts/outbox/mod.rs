//! The outbox: the worker leases mails, sends them and records the outcome; an operator retries or drops
//! them; an administrator sends a test mail. Mails are queued elsewhere, by the use cases that cause them.

mod outage;
mod test;
mod worker;

pub(crate) use test::{TestMailError, send_test_mail};
pub use worker::MailWorker;

use std::time::Duration;

use thiserror::Error;

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::mails;
use crate::store::tables::mails::{LeasedMail, Mail, MailLease, MailState, Outcome};
use crate::store::tables::one_time_keys;
use crate::store::{StoreError, Tx};
use crate::types::{MailId, Timestamp};

/// Mails read in one query.
const PAGE: i64 = 500;

/// Why a mail was not changed.
#[derive(Debug, Error)]
pub enum MailError {
    /// It does not exist, or was deleted after its retention time.
    #[error("there is no such mail")]
    NotFound,
    /// A worker has leased it.
    #[error("mail {0} is being sent at this moment")]
    BeingSent(MailId),
    /// It was sent or dropped already.
    #[error("mail {0} is {state} already", state = .1.as_str())]
    Ended(MailId, MailState),
    /// The key of its link was removed when it was given up, and it is useless without.
    #[error("the link of mail {0} was removed when it was given up, so it cannot be sent any more")]
    KeyGone(MailId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many mails a retry of all affected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// Mails that are due now.
    pub retried: usize,
    /// Mails that cannot be sent any more, because their link was removed.
    pub lost: usize,
}

/// Makes a mail that waits or was given up due now, with all its attempts before it.
pub async fn retry_mail(app: &App, id: MailId, by: &Actor) -> Result<(), MailError> {
    change(app, id, Action::MailRetried, by, |mail| match mail.state {
        MailState::Waiting => Ok(()),
        MailState::Dead if mail.letter.kind.needs_key() => Err(MailError::KeyGone(mail.id)),
        MailState::Dead => Ok(()),
        MailState::Sent | MailState::Dropped => Err(MailError::Ended(mail.id, mail.state)),
    })
    .await?;
    app.mailer.wake();
    Ok(())
}

/// [`retry_mail`] for all mails that wait or were given up.
pub async fn retry_all_mails(app: &App, by: &Actor) -> Result<Retried, StoreError> {
    let mut done = Retried::default();
    for state in [MailState::Waiting, MailState::Dead] {
        let mut after = MailId::new(0);
        loop {
            let page = app.store.read(move |conn| mails::page(conn, Some(state), after, PAGE)).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for mail in &page {
                match retry_mail(app, mail.id, by).await {
                    Ok(()) => done.retried += 1,
                    Err(MailError::KeyGone(_)) => done.lost += 1,
                    // Changed in the meantime: it needs no retry.
                    Err(MailError::NotFound | MailError::BeingSent(_) | MailError::Ended(..)) => {}
                    Err(MailError::Store(error)) => return Err(error),
                }
            }
        }
    }
    Ok(done)
}

/// Drops a mail that was not sent yet.
pub async fn drop_mail(app: &App, id: MailId, by: &Actor) -> Result<(), MailError> {
    change(app, id, Action::MailDropped, by, |mail| match mail.state {
        MailState::Waiting | MailState::Dead => Ok(()),
        MailState::Sent | MailState::Dropped => Err(MailError::Ended(mail.id, mail.state)),
    })
    .await
}

/// Makes an operator's change with its audit entry, if `check` permits it.
async fn change(
    app: &App,
    id: MailId,
    action: Action,
    by: &Actor,
    check: impl FnOnce(&Mail) -> Result<(), MailError> + Send + 'static,
) -> Result<(), MailError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let mail = mails::hold(tx, id)?.ok_or(MailError::NotFound)?;
            if mail.is_being_sent(now) {
                return Err(MailError::BeingSent(id));
            }
            check(&mail)?;
            match action {
                Action::MailDropped => mails::drop(tx, id, now)?,
                _ => mails::retry(tx, id, now)?,
            }
            Ok(record(tx, &mail, action, &by, now)?)
        })
        .await
}

fn record(
    tx: &mut Tx<'_>,
    mail: &Mail,
    action: Action,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    let name = mail.letter.params.get("username").map(String::as_str);
    let subject = mail.user.zip(name).map(|(id, username)| AuditSubject::new(id, username));
    by.record(tx, action, subject, None, now)
}

/// Leases the mail that has been due for longest, for `span`.
async fn lease_next(app: &App, span: Duration) -> Result<LeasedMail, StoreError> {
    let now = app.clock.now();
    app.store.write(move |tx| mails::take(tx, now, now.plus(span), &MailLease::random())).await
}

/// Whether the mail has a link that is not valid any more: it waited for longer than the lifetime of the link,
/// or a newer link replaced it.
async fn is_link_dead(app: &App, mail: &Mail) -> Result<bool, StoreError> {
    let (Some(key), Some(purpose)) = (mail.letter.key.clone(), mail.letter.kind.link()) else {
        return Ok(false);
    };
    let now = app.clock.now();
    let key = app.store.read(move |conn| one_time_keys::find(conn, &key, purpose, now)).await?;
    Ok(key.is_none())
}

/// Records the outcome of an attempt; answers whether the lease was still valid.
async fn record_outcome(
    app: &App,
    id: MailId,
    lease: MailLease,
    outcome: Outcome,
) -> Result<bool, StoreError> {
    let now = app.clock.now();
    app.store.write(move |tx| mails::settle(tx, id, &lease, &outcome, now)).await
}

/// Deletes mails that ended longer ago than `mail.keep`.
async fn sweep(app: &App) -> Result<usize, StoreError> {
    let before = app.clock.now().minus(app.config.mail.keep);
    app.store.write(move |tx| mails::sweep(tx, before)).await
}
