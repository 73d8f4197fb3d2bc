//! Sending a user a mail with a link, on an administrator's word: to confirm their address, or to set
//! another password. Called by the admin. What anybody may ask for is `ask_letter`.

use thiserror::Error;

use super::actor::Actor;
use super::ask_letter::{self, MailRequest};
use super::target::UserRef;
use super::verb::AccountError;
use crate::app::App;
use crate::store::audit::Action;
use crate::store::one_time_keys::Purpose;
use crate::store::{StoreError, Tx, users};
use crate::types::{Timestamp, User};

/// Why no mail was sent.
#[derive(Debug, Error)]
pub enum SendMailError {
    /// There is nothing to confirm.
    #[error("the email is confirmed already")]
    Confirmed,
    /// The link would not work.
    #[error("the account is inactive")]
    Inactive,
    /// The user is gone or not as they were seen, or the store failed.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<StoreError> for SendMailError {
    fn from(error: StoreError) -> Self {
        Self::Account(error.into())
    }
}

/// Queues the mail, whose link replaces earlier ones. No limit counts it: who may do this may do more.
///
/// # Errors
/// See [`SendMailError`].
pub async fn send_letter(
    app: &App,
    target: impl Into<UserRef>,
    letter: MailRequest,
    by: &Actor,
) -> Result<User, SendMailError> {
    let (now, by, target, purpose) = (app.clock.now(), by.clone(), target.into(), letter.purpose());
    let user = app
        .store
        .write(move |tx| {
            let user = users::hold(tx, target.id)?.ok_or(AccountError::NotFound)?;
            target.check(&user)?;
            if !user.is_active {
                return Err(SendMailError::Inactive);
            }
            if letter == MailRequest::ConfirmEmail && user.is_email_confirmed {
                return Err(SendMailError::Confirmed);
            }
            send(tx, &user, purpose, &by, now)?;
            Ok(user)
        })
        .await?;
    app.mailer.wake();
    Ok(user)
}

/// The key, the mail and the audit row. The caller holds the user, and wakes the mailer.
pub(super) fn send(
    tx: &mut Tx<'_>,
    user: &User,
    purpose: Purpose,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_reset = purpose == Purpose::ResetPassword;
    let action = if is_reset { Action::ResetAsked } else { Action::ConfirmationAsked };
    by.record(tx, action, Some((user.id, user.username.as_str())), now)?;
    ask_letter::queue(tx, user, purpose, now)
}
