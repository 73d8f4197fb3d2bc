//! What an operator does with mails of the outbox: retry and drop.

use thiserror::Error;

use crate::accounts::outbox::links;
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::mails;
use crate::store::tables::mails::{DeliveryState, Mail};
use crate::store::{StoreError, Tx};
use crate::types::{MailId, Timestamp};

/// How many mails are read at once.
const PAGE: i64 = 500;

/// Why a mail cannot be retried or dropped.
#[derive(Debug, Error)]
pub enum MailError {
    /// There is no mail with this id, or it was swept.
    #[error("there is no such mail")]
    NotFound,
    /// A worker has a lease of it.
    #[error("mail {0} is being sent at this moment")]
    BeingSent(MailId),
    /// It was sent or dropped.
    #[error("mail {0} is {state} already", state = .1.as_str())]
    Ended(MailId, DeliveryState),
    /// Its link no longer works, and the mail is useless without.
    #[error("the link of mail {0} has expired or was replaced, so it cannot be sent any more")]
    LinkGone(MailId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The result of [`retry_all_mails`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// How many are due at once.
    pub retried: usize,
    /// How many can no longer be sent, because their link no longer works.
    pub lost: usize,
}

/// Makes a mail that waits or was given up due at once, with all its attempts before it.
pub async fn retry_mail(app: &App, id: MailId, by: &Actor) -> Result<(), MailError> {
    let now = app.clock.now();
    change(app, id, Action::MailRetried, by, move |tx, mail| match mail.state {
        DeliveryState::Waiting => Ok(()),
        DeliveryState::Dead => {
            let works = links::works(tx, mail.content.key.as_ref(), mail.content.kind.link(), now)?;
            works.then_some(()).ok_or(MailError::LinkGone(mail.id))
        }
        DeliveryState::Sent | DeliveryState::Dropped => Err(MailError::Ended(mail.id, mail.state)),
    })
    .await?;
    app.mailer.wake();
    Ok(())
}

/// Retries all mails that wait or were given up.
pub async fn retry_all_mails(app: &App, by: &Actor) -> Result<Retried, StoreError> {
    let mut result = Retried::default();
    for state in [DeliveryState::Waiting, DeliveryState::Dead] {
        let mut after = MailId::new(0);
        loop {
            let page = app.store.read(move |conn| mails::page(conn, Some(state), after, PAGE)).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for mail in &page {
                match retry_mail(app, mail.id, by).await {
                    Ok(()) => result.retried += 1,
                    Err(MailError::LinkGone(_)) => result.lost += 1,
                    // It changed since it was read: it is sent, or another action was faster.
                    Err(MailError::NotFound | MailError::BeingSent(_) | MailError::Ended(..)) => {}
                    Err(MailError::Store(error)) => return Err(error),
                }
            }
        }
    }
    Ok(result)
}

/// Ends a mail that waits or was given up without another attempt.
pub async fn drop_mail(app: &App, id: MailId, by: &Actor) -> Result<(), MailError> {
    change(app, id, Action::MailDropped, by, |_, mail| match mail.state {
        DeliveryState::Waiting | DeliveryState::Dead => Ok(()),
        DeliveryState::Sent | DeliveryState::Dropped => Err(MailError::Ended(mail.id, mail.state)),
    })
    .await
}

/// Changes a mail and records the action, unless `check` refuses.
async fn change(
    app: &App,
    id: MailId,
    action: Action,
    by: &Actor,
    check: impl FnOnce(&mut Tx<'_>, &Mail) -> Result<(), MailError> + Send + 'static,
) -> Result<(), MailError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let mail = mails::lock(tx, id)?.ok_or(MailError::NotFound)?;
            if mail.is_being_sent(now) {
                return Err(MailError::BeingSent(id));
            }
            check(tx, &mail)?;
            match action {
                Action::MailDropped => mails::QUEUE.drop(tx, id.get(), None, now)?,
                _ => mails::QUEUE.retry(tx, id.get(), now)?,
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
    let name = mail.content.params.get("username").map(String::as_str);
    let subject = mail.user.zip(name).map(|(id, username)| AuditSubject::new(id, username));
    by.record(tx, action, subject, None, now)
}
