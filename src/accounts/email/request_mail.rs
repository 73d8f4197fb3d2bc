//! Asking for a mail to an address: to confirm it, or to set another password. Called by `api`.
//!
//! Nobody may learn from it who has an account. So the request does the same for every address: it
//! counts, notes what was asked for, and is answered. Whose address it is, is looked up afterwards by
//! [`send_requested_mails`], of which nobody sees the answer. What was noted outlives a crash.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::{link_keys, throttle};
use crate::app::App;
use crate::mail::{Message, NewMail};
use crate::store::tables::audit::Action;
use crate::store::tables::mail_requests;
use crate::store::tables::mail_requests::StoredMailRequest;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::tables::{mails, users};
use crate::store::{StoreError, Tx};
use crate::types::{Email, Timestamp, User};

/// A mail that anybody may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailRequest {
    /// To confirm the address, if it is not confirmed.
    ConfirmEmail,
    /// To set another password.
    ResetPassword,
}

/// Why a mail cannot be asked for now.
#[derive(Debug, Error)]
pub(crate) enum RequestMailError {
    /// Too many were; how long until one more may be.
    #[error("too many mails were asked for")]
    Throttled(Duration),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MailRequest {
    pub(crate) const fn purpose(self) -> Purpose {
        match self {
            Self::ConfirmEmail => Purpose::ConfirmEmail,
            Self::ResetPassword => Purpose::ResetPassword,
        }
    }

    /// What its bucket is called.
    const fn word(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm-email",
            Self::ResetPassword => "reset-password",
        }
    }
}

/// Notes that somebody asks for a mail to `email`, and begins to see to it.
///
/// # Errors
/// If too many were asked for, or the store fails.
pub(crate) async fn request_mail(
    app: &App,
    letter: MailRequest,
    email: Email,
    by: &Actor,
) -> Result<(), RequestMailError> {
    let now = app.clock.now();
    let buckets = app.limits.requested_mail(letter.word(), &email, by.address);
    let asked = StoredMailRequest {
        purpose: letter.purpose(),
        email,
        address: by.address.map(|address| address.to_string()),
        user_agent: by.user_agent.clone(),
    };
    app.store
        .write(move |tx| {
            throttle::lock(tx, &buckets)?;
            if let Some(wait) = throttle::longest_wait(tx, &buckets, now)? {
                return Err(RequestMailError::Throttled(wait));
            }
            throttle::count(tx, &buckets, now)?;
            Ok(mail_requests::add(tx, &asked, now)?)
        })
        .await?;
    let app = app.clone();
    tokio::spawn(async move { send_requested_mails(&app).await });
    Ok(())
}

/// Looks up whose the addresses are to which mails were asked for, and queues the mails. What fails is
/// logged, and stays for the next time: after the next request for a mail, or when `housekeeping` comes by.
pub async fn send_requested_mails(app: &App) {
    loop {
        let now = app.clock.now();
        match app.store.write(move |tx| next(tx, now)).await {
            Ok(true) => app.mailer.wake(),
            Ok(false) => return,
            Err(error) => {
                if !error.is_logged() {
                    tracing::error!(%error, "mails that were asked for have to wait");
                }
                return;
            }
        }
    }
}

/// Sees to the oldest; answers whether there was one.
fn next(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let Some(asked) = mail_requests::take(tx)? else { return Ok(false) };
    let by = Actor {
        who: ActorKind::Anonymous,
        address: asked.address.as_deref().and_then(|address| address.parse().ok()),
        user_agent: asked.user_agent.clone(),
    };
    let user = match users::by_email(tx, &asked.email)? {
        Some(user) => users::hold(tx, user.id)?.filter(|user| user.email.key() == asked.email.key()),
        None => None,
    };
    let action =
        if asked.purpose == Purpose::ResetPassword { Action::ResetAsked } else { Action::ConfirmationAsked };
    let subject = user.as_ref().map(|user| (user.id, user.username.as_str()));
    by.record(tx, action, subject, now)?;
    if let Some(user) = user.filter(|user| is_due(user, asked.purpose)) {
        queue(tx, &user, asked.purpose, now)?;
    }
    Ok(true)
}

fn is_due(user: &User, purpose: Purpose) -> bool {
    user.is_active && !(purpose == Purpose::ConfirmEmail && user.is_email_confirmed)
}

/// Issues the key and queues the mail that it is in. An earlier one that still waits has a link that does
/// not work any more, and is not sent.
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    user: &User,
    purpose: Purpose,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (key, username) = (link_keys::issue(tx, purpose, user, now)?, user.username.clone());
    let message = match purpose {
        Purpose::ResetPassword => Message::ResetPassword { username, key },
        _ => Message::ConfirmEmail { username, key },
    };
    mails::drop_waiting(tx, message.kind(), &user.email, now)?;
    mails::queue(tx, &NewMail { user: Some(user.id), to: user.email.clone(), message }, now)
}
