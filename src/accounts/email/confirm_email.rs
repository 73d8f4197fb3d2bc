//! Confirming an email: by an administrator or operator, or with the key that was sent to it (API and page).

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user;
use crate::accounts::shared::change_user::change_user;
use crate::accounts::shared::link_keys;
use crate::accounts::shared::link_keys::KeyError;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::sessions;
use crate::store::tables::sessions::ExceptSession;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{Link, OneTimeKey, Timestamp, User};

/// Marks the user's email as confirmed.
pub async fn confirm_email(app: &App, user: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    change_user(app, user, Change::EmailConfirmed(true), None, by).await
}

/// Marks the user's email as not confirmed.
pub(crate) async fn unconfirm_email(
    app: &App,
    user: impl Into<UserRef>,
    by: &Actor,
) -> Result<User, AccountError> {
    change_user(app, user, Change::EmailConfirmed(false), None, by).await
}

/// Marks the email that the key was sent to as confirmed.
pub(crate) async fn confirm_email_with_key(app: &App, key: OneTimeKey, by: &Actor) -> Result<(), KeyError> {
    link_keys::redeem(app, key, Link::ConfirmEmail, by, |tx, link, by, now| {
        record_confirmation(tx, &link.user, by, now)
    })
    .await
}

/// Marks the email that the key was sent to as confirmed, for its owner who did not register the account: all
/// sessions end, and the answer is a key for setting a new password.
pub(crate) async fn claim_account(app: &App, key: OneTimeKey, by: &Actor) -> Result<OneTimeKey, KeyError> {
    link_keys::redeem(app, key, Link::ConfirmEmail, by, |tx, link, by, now| {
        let user = link.user;
        record_confirmation(tx, &user, by, now)?;
        sessions::end_all(tx, user.id, ExceptSession::None, now)?;
        by.record(tx, Action::SessionsEnded, &user, None, now)?;
        link_keys::issue(tx, Link::ResetPassword, user.id, &link.email, now)
    })
    .await
}

/// Marks the email of the locked user as confirmed, because a key that was sent to it came back.
pub(crate) fn record_confirmation(
    tx: &mut Tx<'_>,
    user: &User,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    if user.is_email_confirmed {
        return link_keys::remove_all(tx, user.id, Link::ConfirmEmail);
    }
    change_user::apply(tx, user.id, &Change::EmailConfirmed(true), now)?;
    by.record(tx, Action::EmailConfirmed, user, None, now)
}
