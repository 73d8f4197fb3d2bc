//! Sending a user a mail with a link: to confirm their address, or to set a new password. Called by the
//! admin. A mail that any client may request is in `request_mail`.

use thiserror::Error;

use crate::accounts::email::request_mail;
use crate::accounts::email::request_mail::MailRequest;
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user;
use crate::accounts::shared::eligibility::SkipReason;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User};

/// Why no mail was sent.
#[derive(Debug, Error)]
pub(crate) enum SendMailError {
    /// The mail would have no effect on a user in this state.
    #[error("the email is confirmed already, or the account is inactive")]
    Skipped(SkipReason),
    /// The user is gone, does not match the precondition, or the store failed.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<StoreError> for SendMailError {
    fn from(error: StoreError) -> Self {
        Self::Account(error.into())
    }
}

/// Queues the mail. Its link replaces earlier ones. No rate limit applies to administrators.
pub(crate) async fn send_mail(
    app: &App,
    user: impl Into<UserRef>,
    mail: MailRequest,
    by: &Actor,
) -> Result<User, SendMailError> {
    let (now, by, user) = (app.clock.now(), by.clone(), user.into());
    let user = app
        .store
        .write(move |tx| {
            let user = change_user::lock(tx, &user)?;
            if let Some(reason) = mail.required_state().skip_reason(&user) {
                return Err(SendMailError::Skipped(reason));
            }
            send(tx, &user, mail, &by, now)?;
            Ok(user)
        })
        .await?;
    app.mailer.wake();
    Ok(user)
}

/// Issues the key, queues the mail and writes the audit entry. The caller has locked the user, and wakes the
/// mailer.
pub(crate) fn send(
    tx: &mut Tx<'_>,
    user: &User,
    mail: MailRequest,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    by.record(tx, mail.action(), user, None, now)?;
    request_mail::queue(tx, user, mail, by, now)
}
