//! Deleting an account at once. [`delete`] is shared by all ways to delete one.

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::administrators::LoginAbility;
use crate::accounts::shared::change_user::lock_removable;
use crate::accounts::shared::notices;
use crate::accounts::shared::notices::UserNotice;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit;
use crate::store::tables::audit::Action;
use crate::store::tables::{deleted_accounts, mails, users};
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User};

/// Deletes the user, whatever `account.delete_after` says. Their tokens are rejected from the next request on, and
/// the id is never used again. The audit entries stay, without personal data.
pub async fn delete_user(app: &App, user: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    delete_user_with(app, user, UserNotice::Omit, by).await
}

/// [`delete_user`], with or without a mail that tells the user.
pub(crate) async fn delete_user_with(
    app: &App,
    user: impl Into<UserRef>,
    notice: UserNotice,
    by: &Actor,
) -> Result<User, AccountError> {
    let (now, by, user, ability) = (app.clock.now(), by.clone(), user.into(), LoginAbility::of(app));
    let deleted = app.store.write(move |tx| {
        let user = lock_removable(tx, &user, &ability)?;
        delete(tx, &user, &by, now)?;
        if notice == UserNotice::Send {
            notices::account_deleted(tx, &user, by.mail_cause(), None, now)?;
        }
        Ok::<_, AccountError>(user)
    });
    let user = deleted.await?;
    app.mailer.wake();
    Ok(user)
}

/// Deletes the locked user with their keys and waiting mails, removes personal data from the audit entries, that
/// of the deletion included, and remembers the deletion.
pub(crate) fn delete(tx: &mut Tx<'_>, user: &User, by: &Actor, now: Timestamp) -> Result<(), StoreError> {
    delete_unremembered(tx, user, by, now)?;
    deleted_accounts::insert(tx, user, now)
}

/// [`delete`] of an account that nobody used: its address may be a stranger's, whom an import must not leave out.
pub(crate) fn delete_unremembered(
    tx: &mut Tx<'_>,
    user: &User,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    users::delete(tx, user.id)?;
    mails::delete_about(tx, user.id)?;
    by.record(tx, Action::Deleted, user, None, now)?;
    audit::forget_invited(tx, &user.email)?;
    audit::anonymise(tx, user.id)
}
