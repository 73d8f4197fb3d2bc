//! What can happen to a mail in the outbox: an operator sends it again or drops it, and the worker
//! (`worker`) takes it and notes what became of it; or an administrator tries the server (`test`). Verbs that write mails are elsewhere, beside what
//! the mails speak of.

mod outage;
mod test;
mod worker;

pub(crate) use test::{TestMailError, send_test_mail};
pub use worker::run_mail_worker;

use std::time::Duration;

use thiserror::Error;

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::link_keys;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::mails;
use crate::store::tables::mails::{LeasedMail, Mail, MailLease, MailState, Outcome};
use crate::store::tables::one_time_keys;
use crate::store::{StoreError, Tx};
use crate::types::{MailId, Timestamp};

/// How many mails are looked at in one go.
const PAGE: i64 = 500;

/// Why a mail stays as it is.
#[derive(Debug, Error)]
pub enum MailError {
    /// It was never there, or is forgotten.
    #[error("there is no such mail")]
    NotFound,
    /// A worker is at it.
    #[error("mail {0} is being sent at this moment")]
    BeingSent(MailId),
    /// It is sent or dropped already.
    #[error("mail {0} is {state} already", state = .1.as_str())]
    Ended(MailId, MailState),
    /// Its link is gone, and it is of no use without.
    #[error("the link of mail {0} was removed when it was given up, so it cannot be sent any more")]
    KeyGone(MailId),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What came of sending all again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// How many are tried at once.
    pub retried: usize,
    /// How many cannot be sent any more, because their link is gone.
    pub lost: usize,
}

/// Has a mail that waits or was given up tried at once, with all its tries before it.
///
/// # Errors
/// If it is not there, is being sent, has ended otherwise, or lost its link.
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

/// The same for all that wait or were given up.
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
                    // Something happened to it meanwhile, and so it needs no push.
                    Err(MailError::NotFound | MailError::BeingSent(_) | MailError::Ended(..)) => {}
                    Err(MailError::Store(error)) => return Err(error),
                }
            }
        }
    }
    Ok(done)
}

/// Keeps a mail from being sent.
///
/// # Errors
/// If it is not there, is being sent, or has ended.
pub async fn drop_mail(app: &App, id: MailId, by: &Actor) -> Result<(), MailError> {
    change(app, id, Action::MailDropped, by, |mail| match mail.state {
        MailState::Waiting | MailState::Dead => Ok(()),
        MailState::Sent | MailState::Dropped => Err(MailError::Ended(mail.id, mail.state)),
    })
    .await
}

/// Makes an operator's change, if `may` does not object, and writes it down.
async fn change(
    app: &App,
    id: MailId,
    action: Action,
    by: &Actor,
    may: impl FnOnce(&Mail) -> Result<(), MailError> + Send + 'static,
) -> Result<(), MailError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let mail = mails::hold(tx, id)?.ok_or(MailError::NotFound)?;
            if mail.is_being_sent(now) {
                return Err(MailError::BeingSent(id));
            }
            may(&mail)?;
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
    by.record(tx, action, mail.user.zip(name), now)
}

/// Takes the mail that has been due for longest, for as long as `span`.
async fn take(app: &App, span: Duration) -> Result<LeasedMail, StoreError> {
    let now = app.clock.now();
    app.store.write(move |tx| mails::take(tx, now, now.plus(span), &MailLease::random())).await
}

/// Whether the mail has a link, and that opens nothing any more: it waited for longer than the link is
/// good, or there is a newer one.
async fn is_link_dead(app: &App, mail: &Mail) -> Result<bool, StoreError> {
    let (Some(key), Some(purpose)) = (mail.letter.key.clone(), link_keys::purpose_of(mail.letter.kind))
    else {
        return Ok(false);
    };
    let now = app.clock.now();
    let found = app.store.read(move |conn| one_time_keys::find(conn, &key, purpose, now)).await?;
    Ok(found.is_none())
}

/// Notes what became of it; answers whether it was still ours.
async fn settle(app: &App, id: MailId, lease: MailLease, outcome: Outcome) -> Result<bool, StoreError> {
    let now = app.clock.now();
    app.store.write(move |tx| mails::settle(tx, id, &lease, &outcome, now)).await
}

/// Forgets what ended longer ago than the settings want.
async fn sweep(app: &App) -> Result<usize, StoreError> {
    let before = app.clock.now().minus(app.config.mail.retention);
    app.store.write(move |tx| mails::sweep(tx, before)).await
}
