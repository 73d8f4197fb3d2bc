//! The links in mails of the outbox: whether one works, and the removal of the keys of those that do not.

use std::time::Duration;

use crate::app::App;
use crate::mail::DeliveryError;
use crate::store::tables::mails::{DeliveryState, Mail};
use crate::store::tables::{mails, one_time_keys};
use crate::store::{Conn, StoreError, Tx};
use crate::types::{Link, MailId, OneTimeKey, Timestamp};

/// How many mails one transaction looks at.
const BATCH: i64 = 200;

/// How long a mail waits at least where there is no mail server: as long as any link works.
const MIN_WAIT: Duration = Duration::from_secs(7 * 24 * 3600);

/// Whether the link of a mail works: its key is stored, and has not expired or been replaced. A kind of mail
/// without a link always works.
pub(super) fn works(
    conn: &mut Conn,
    key: Option<&OneTimeKey>,
    link: Option<Link>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match (key, link) {
        (Some(key), Some(link)) => Ok(one_time_keys::find(conn, key, link, now)?.is_some()),
        (None, Some(_)) => Ok(false),
        (_, None) => Ok(true),
    }
}

/// Whether a mail can be sent, now or by a retry: its reader could use it.
pub(crate) async fn can_be_sent(app: &App, mail: &Mail) -> Result<bool, StoreError> {
    let (key, link, now) = (mail.content.key.clone(), mail.content.kind.link(), app.clock.now());
    app.store.read(move |conn| works(conn, key.as_ref(), link, now)).await
}

/// Tidies the outbox, whether or not there is a mail server: deletes mails that ended before
/// `mail.retention`, drops waiting mails whose link no longer works, and removes such keys from mails that
/// were given up. Without a mail server, mails that waited for `mail.retention`, and for seven days at least, are
/// deleted, too.
///
/// # Errors
/// If the store fails.
pub async fn tidy_outbox(app: &App) -> Result<(), StoreError> {
    let (now, has_server) = (app.clock.now(), app.current().mail.is_sent());
    let retention = app.current().mail.retention;
    let (before, waiting_since) = (now.minus(retention), now.minus(retention.max(MIN_WAIT)));
    app.store
        .write(move |tx| {
            mails::QUEUE.sweep(tx, before)?;
            if !has_server {
                mails::delete_waiting_since(tx, waiting_since)?;
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    let mut after = MailId::new(0);
    loop {
        let last = app.store.write(move |tx| remove_dead_keys(tx, after, now)).await?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// Looks at the next mails with a key; answers the last of them.
fn remove_dead_keys(tx: &mut Tx<'_>, after: MailId, now: Timestamp) -> Result<Option<MailId>, StoreError> {
    let page = mails::with_key(tx, after, BATCH)?;
    let last = page.last().map(|mail| mail.id);
    for mail in page {
        if mail.is_being_sent(now) || works(tx, mail.content.key.as_ref(), mail.content.kind.link(), now)? {
            continue;
        }
        // A worker may have leased it since it was read.
        let Some(mail) = mails::lock(tx, mail.id)?.filter(|mail| !mail.is_being_sent(now)) else { continue };
        match mail.state {
            DeliveryState::Waiting => {
                let reason = DeliveryError::LinkExpired.to_stored(None);
                mails::QUEUE.drop(tx, mail.id.get(), Some(&reason), now)?;
            }
            _ => mails::QUEUE.wipe_secrets(tx, mail.id.get())?,
        }
    }
    Ok(last)
}
