//! Sending a user a mail with a link, on an administrator's word: to confirm their address, or to set
//! another password. Called by the admin. What anybody may ask for is `request_mail`.

use thiserror::Error;

use crate::accounts::email::request_mail;
use crate::accounts::email::request_mail::MailRequest;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::AccountError;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::tables::users;
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User};

/// Why no mail was sent.
#[derive(Debug, Error)]
pub(crate) enum SendMailError {
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
pub(crate) async fn send_letter(
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
pub(crate) fn send(
    tx: &mut Tx<'_>,
    user: &User,
    purpose: Purpose,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_reset = purpose == Purpose::ResetPassword;
    let action = if is_reset { Action::ResetRequested } else { Action::ConfirmationRequested };
    by.record(tx, action, Some((user.id, user.username.as_str())), now)?;
    request_mail::queue(tx, user, purpose, now)
}
