//! Requesting a mail to an address: to confirm it, or to set a new password. Called by `api`.
//!
//! A request must not reveal which addresses have an account. So every request does the same: it is counted,
//! stored and answered. [`send_requested_mails`] looks the address up afterwards, when the client can no
//! longer measure anything. A stored request survives a crash.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::shared::actor::{Actor, ActorKind, AuditSubject};
use crate::accounts::shared::eligibility::RequiredState;
use crate::accounts::shared::{link_keys, throttle};
use crate::app::App;
use crate::mail::{Message, NewMail};
use crate::store::tables::audit::Action;
use crate::store::tables::mail_requests;
use crate::store::tables::mail_requests::StoredMailRequest;
use crate::store::tables::{mails, users};
use crate::store::{StoreError, Tx};
use crate::types::{Email, Link, Timestamp, User};

/// A mail that any client may request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailRequest {
    /// To confirm the address.
    ConfirmEmail,
    /// To set a new password.
    ResetPassword,
}

/// Why a mail cannot be requested now.
#[derive(Debug, Error)]
pub(crate) enum RequestMailError {
    /// Too many were requested; how long until the next may be.
    #[error("too many mails were requested")]
    Throttled(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MailRequest {
    /// The purpose of the key in the mail.
    pub(crate) const fn purpose(self) -> Link {
        match self {
            Self::ConfirmEmail => Link::ConfirmEmail,
            Self::ResetPassword => Link::ResetPassword,
        }
    }

    /// The action of the audit entry.
    pub(crate) const fn action(self) -> Action {
        match self {
            Self::ConfirmEmail => Action::ConfirmationRequested,
            Self::ResetPassword => Action::ResetRequested,
        }
    }

    /// The state of a user in which the link of the mail has an effect.
    pub(crate) const fn required_state(self) -> RequiredState {
        let is_email_confirmed = match self {
            Self::ConfirmEmail => Some(false),
            Self::ResetPassword => None,
        };
        RequiredState { is_email_confirmed, is_active: Some(true) }
    }

    const fn from_purpose(purpose: Link) -> Self {
        match purpose {
            Link::ResetPassword => Self::ResetPassword,
            Link::ConfirmEmail | Link::UndoEmail | Link::Invite | Link::Setup => Self::ConfirmEmail,
        }
    }
}

/// Stores the request for a mail to `email`, and starts to work on it.
pub(crate) async fn request_mail(
    app: &App,
    mail: MailRequest,
    email: Email,
    by: &Actor,
) -> Result<(), RequestMailError> {
    let now = app.clock.now();
    let buckets = app.limits.requested_mail(mail.purpose().as_str(), &email, by.address);
    let request = StoredMailRequest {
        purpose: mail.purpose(),
        email,
        address: by.address.map(|address| address.to_string()),
        user_agent: by.user_agent.clone(),
    };
    app.store
        .write(move |tx| match throttle::check(tx, &buckets, now)? {
            Some(wait) => Err(RequestMailError::Throttled(wait)),
            None => Ok(mail_requests::insert(tx, &request, now)?),
        })
        .await?;
    let app = app.clone();
    tokio::spawn(async move { send_requested_mails(&app).await });
    Ok(())
}

/// Works on all stored requests: looks up the user of each address and queues the mail. A request that fails
/// is logged, and is tried again after the next request or by `housekeeping`.
pub async fn send_requested_mails(app: &App) {
    loop {
        let now = app.clock.now();
        match app.store.write(move |tx| send_next(tx, now)).await {
            Ok(true) => app.mailer.wake(),
            Ok(false) => return,
            Err(error) => {
                if !error.is_logged() {
                    tracing::error!(%error, "requested mails have to wait");
                }
                return;
            }
        }
    }
}

/// Works on the oldest request; answers whether there was one.
fn send_next(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let Some(request) = mail_requests::pop(tx)? else { return Ok(false) };
    let by = Actor {
        kind: ActorKind::Anonymous,
        address: request.address.as_deref().and_then(|address| address.parse().ok()),
        user_agent: request.user_agent.clone(),
    };
    let user = match users::by_email(tx, &request.email)? {
        // The address may have changed before the lock.
        Some(user) => users::lock(tx, user.id)?.filter(|user| user.email.key() == request.email.key()),
        None => None,
    };
    let mail = MailRequest::from_purpose(request.purpose);
    by.record(tx, mail.action(), user.as_ref().map(AuditSubject::from), None, now)?;
    if let Some(user) = user.filter(|user| mail.required_state().skip_reason(user).is_none()) {
        queue(tx, &user, mail, now)?;
    }
    Ok(true)
}

/// Issues the key and queues the mail. An earlier mail that still waits is dropped, since its link is no
/// longer valid.
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    user: &User,
    mail: MailRequest,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = link_keys::issue(tx, mail.purpose(), user.id, &user.email, now)?;
    let username = user.username.clone();
    let message = match mail {
        MailRequest::ConfirmEmail => Message::ConfirmEmail { username, key },
        MailRequest::ResetPassword => Message::ResetPassword { username, key },
    };
    mails::drop_waiting(tx, message.kind(), &user.email, now)?;
    let (to, is_confirmed) = (user.email.clone(), user.is_email_confirmed);
    mails::insert(tx, &NewMail { user: Some(user.id), to, message, is_confirmed }, now)
}
