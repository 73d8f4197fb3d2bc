//! Requesting the deletion of an account, and taking the request back. Until `account.delete_after` has passed,
//! the account is inactive, and its name and address stay taken.

use std::time::Duration;

use crate::accounts::deletion::delete_user::delete;
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::administrators::LoginAbility;
use crate::accounts::shared::change_user;
use crate::accounts::shared::change_user::lock_removable;
use crate::accounts::shared::notices;
use crate::accounts::shared::notices::UserNotice;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit::detail;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User};

/// A user whose deletion was requested.
#[derive(Clone, Debug)]
pub struct RequestedDeletion {
    /// The user, as of before the request.
    pub user: User,
    /// When the account is deleted; `None` if it is deleted already.
    pub due: Option<Timestamp>,
}

/// Requests the deletion of a user: at once if `account.delete_after` is 0, otherwise after that time. A mail tells
/// the user. A second request changes nothing.
///
/// # Errors
/// `AccountError::LastAdministrator`, as well as those of every change.
pub async fn request_deletion(
    app: &App,
    user: impl Into<UserRef>,
    by: &Actor,
) -> Result<RequestedDeletion, AccountError> {
    request_deletion_with(app, user, UserNotice::Send, by).await
}

/// [`request_deletion`], with or without a mail that tells the user.
pub(crate) async fn request_deletion_with(
    app: &App,
    user: impl Into<UserRef>,
    notice: UserNotice,
    by: &Actor,
) -> Result<RequestedDeletion, AccountError> {
    let (now, by, user, ability) = (app.clock.now(), by.clone(), user.into(), LoginAbility::of(app));
    let wait = app.config.account.delete_after;
    let requested = app.store.write(move |tx| {
        let user = lock_removable(tx, &user, &ability)?;
        let due = request(tx, &user, wait, notice, &by, now)?;
        Ok::<_, AccountError>(RequestedDeletion { user, due })
    });
    let requested = requested.await?;
    app.mailer.wake();
    Ok(requested)
}

/// [`request_deletion_with`] of a locked user whom the caller may remove; answers when the account is deleted.
pub(crate) fn request(
    tx: &mut Tx<'_>,
    user: &User,
    wait: Duration,
    notice: UserNotice,
    by: &Actor,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    if user.deletion_due_at.is_some() {
        return Ok(user.deletion_due_at);
    }
    let due = Some(now.plus(wait)).filter(|_| !wait.is_zero());
    match due {
        None => delete(tx, user, by, now)?,
        Some(due) => {
            let change = Change::DeletionDue(due);
            change_user::apply(tx, user.id, &change, now)?;
            let words = detail::of_deletion(due, notice == UserNotice::Send);
            by.record(tx, change_user::action(&change), user, Some(&words), now)?;
        }
    }
    if notice == UserNotice::Send {
        notices::account_deleted(tx, user, by.mail_cause(), due, now)?;
    }
    Ok(due)
}

/// Takes a requested deletion back: the account is as active as before. Sessions that ended stay ended. A mail tells
/// the user, if one told of the request. Does nothing if the account is not to be deleted.
pub async fn cancel_deletion(app: &App, user: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    change_user::change_user(app, user, Change::DeletionCancelled, None, by).await
}
