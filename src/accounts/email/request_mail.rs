//! Requesting a mail to an address: to confirm it, or to set a new password. Called by `api`.
//!
//! A request must not reveal which addresses have an account. So every request does the same: it is counted,
//! stored and answered. [`send_requested_mails`] looks the address up afterwards, when the client can no
//! longer measure anything. A stored request survives a crash.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::shared::actor::{Actor, ActorKind, AuditSubject};
use crate::accounts::shared::eligibility::RequiredState;
use crate::accounts::shared::{known_address, link_keys, new_place, throttle};
use crate::app::App;
use crate::limits::{Candidate, Limits};
use crate::mail::{Message, NewMail};
use crate::store::tables::audit::Action;
use crate::store::tables::mails::requests as mail_requests;
use crate::store::tables::mails::requests::StoredMailRequest;
use crate::store::tables::{mails, users};
use crate::store::{StoreError, Tx};
use crate::types::{Email, Link, MailCause, Timestamp, User};

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
        RequiredState { is_email_confirmed, is_active: Some(true), is_to_be_deleted: None, has_email: true }
    }

    /// The user who may request the mail with this address.
    fn find(self, tx: &mut Tx<'_>, email: &Email) -> Result<Option<User>, StoreError> {
        match self {
            Self::ConfirmEmail => users::by_email(tx, email),
            Self::ResetPassword => users::by_recovery_address(tx, email),
        }
    }

    fn concerns(self, user: &User, email: &Email) -> bool {
        let is = |own: &Email| own.key() == email.key();
        is(&user.email) || self == Self::ResetPassword && is(user.recovery_address())
    }

    const fn from_purpose(purpose: Link) -> Self {
        match purpose {
            Link::ResetPassword => Self::ResetPassword,
            Link::ConfirmEmail | Link::UndoEmail | Link::NotMe | Link::Invite | Link::Setup => {
                Self::ConfirmEmail
            }
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
        language: by.language,
    };
    app.store
        .write(move |tx| match throttle::check(tx, &buckets, now)? {
            Some(wait) => Err(RequestMailError::Throttled(wait)),
            None => Ok(mail_requests::insert(tx, &request, now)?),
        })
        .await?;
    start_sending(app);
    Ok(())
}

/// Starts to work on the stored requests, and does not wait for it.
pub(crate) fn start_sending(app: &App) {
    let app = app.clone();
    tokio::spawn(async move { send_requested_mails(&app).await });
}

/// Works on all stored requests: looks up the user of each address and queues the mail. A request that fails
/// is logged, and is tried again after the next request or by `housekeeping`.
pub async fn send_requested_mails(app: &App) {
    loop {
        let now = app.clock.now();
        let limits = app.limits;
        match app.store.write(move |tx| send_next(tx, &limits, now)).await {
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
fn send_next(tx: &mut Tx<'_>, limits: &Limits, now: Timestamp) -> Result<bool, StoreError> {
    let Some(request) = mail_requests::pop(tx)? else { return Ok(false) };
    let by = Actor {
        kind: ActorKind::Anonymous,
        address: request.address.as_deref().and_then(|address| address.parse().ok()),
        user_agent: request.user_agent.clone(),
        bulk: None,
        language: request.language,
    };
    if request.purpose == Link::NotMe {
        new_place::send(tx, &request, limits, now)?;
        return Ok(true);
    }
    let mail = MailRequest::from_purpose(request.purpose);
    let user = match mail.find(tx, &request.email)? {
        // The address may have changed before the lock.
        Some(user) => users::lock(tx, user.id)?.filter(|user| mail.concerns(user, &request.email)),
        None => None,
    };
    by.record(tx, mail.action(), user.as_ref().map(AuditSubject::from), None, now)?;
    if let Some(user) = user.filter(|user| mail.required_state().skip_reason(user).is_none())
        && has_room(tx, limits, &user, mail, &by, now)?
    {
        queue(tx, &user, mail, &by, now)?;
    }
    Ok(true)
}

/// Whether the user gets one more mail of this kind. The client was answered already and learns nothing. The
/// requests of strangers do not keep those from a known network from the user; and while they fill their
/// bucket, the mailbox has links that work.
fn has_room(
    tx: &mut Tx<'_>,
    limits: &Limits,
    user: &User,
    mail: MailRequest,
    by: &Actor,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let is_known = known_address::is_known(tx, user.id, by.address, now)?;
    let buckets = limits.mail_to(mail.purpose().as_str(), Candidate { user: user.id, is_known });
    Ok(throttle::check(tx, &buckets, now)?.is_none())
}

/// Issues the key and queues the mail. A new password is sent to the address that may set one. An earlier mail
/// that still waits is sent, too, as long as its link works.
///
/// The language of the request counts only while none of the account is known: any client may send one.
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    user: &User,
    mail: MailRequest,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    let to = match mail {
        MailRequest::ConfirmEmail => &user.email,
        MailRequest::ResetPassword => user.recovery_address(),
    };
    let key = link_keys::issue(tx, mail.purpose(), user.id, to, now)?;
    let (username, cause) = (user.username.clone(), by.mail_cause());
    let message = match mail {
        MailRequest::ConfirmEmail => Message::ConfirmEmail { username, key, cause },
        MailRequest::ResetPassword => Message::ResetPassword { username, key, cause },
    };
    let is_confirmed = user.is_email_confirmed || *to != user.email;
    let language = match cause {
        MailCause::Owner => user.language().or(by.language),
        MailCause::Administrator => user.language(),
    };
    let mail = NewMail { user: Some(user.id), to: to.clone(), message, is_confirmed, language };
    mails::insert(tx, &mail, now)
}
