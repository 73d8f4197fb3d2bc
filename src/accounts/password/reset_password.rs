//! Setting a new password with the key that was sent to the account's address. Called by the API and the
//! page. An operator can have such a key made, too.

use thiserror::Error;

use crate::accounts::email::confirm_email;
use crate::accounts::password::hash_new::{Rules, hash_new};
use crate::accounts::password::policy::{About, WeakPassword};
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::link_keys::{KeyError, ValidLink};
use crate::accounts::shared::user_ref::UserRef;
use crate::accounts::shared::{change_user, known_address, link_keys, notices};
use crate::app::App;
use crate::limits;
use crate::passwords::{EngineError, Requester};
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{AccountChange, Link, OneTimeKey, Password, PasswordHash, Timestamp, User};

/// Why a password was not reset.
#[derive(Debug, Error)]
pub(crate) enum ResetPasswordError {
    /// The link did nothing.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The password violates the password rules. The key stays valid.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The password could not be hashed now. The key stays valid.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Sets the password of the user that the key was issued for. The address counts as confirmed: the key was
/// sent there. All sessions end, and a mail tells the user.
///
/// The key is checked before the password, so that a client without a key cannot make the engine hash.
pub(crate) async fn reset_password(
    app: &App,
    key: OneTimeKey,
    password: Password,
    by: &Actor,
) -> Result<(), ResetPasswordError> {
    let ValidLink { user, .. } = link_keys::require_valid_link(app, &key, Link::ResetPassword, by).await?;
    let about = About::user(&user.username, &user.email);
    let requester = Requester { account: None, address: by.address.map(limits::subscriber) };
    let hash = hash_new::<ResetPasswordError>(app, &password, &about, Rules::Enforced, requester).await?;
    let set = move |tx: &mut Tx<'_>, link: ValidLink, by: &Actor, now| set(tx, &link.user, hash, by, now);
    link_keys::redeem(app, key, Link::ResetPassword, by, set).await.map_err(|error| match error {
        // An import gave the recovery address to another account.
        KeyError::Store(StoreError::Taken(_)) => KeyError::Bad,
        other => other,
    })?;
    app.mailer.wake();
    Ok(())
}

/// Keys that restore an earlier address stay valid: otherwise an attacker who took over the account and its
/// address could get rid of them.
///
/// A key that was sent to the recovery address makes it the address again. Otherwise a newer address, which an
/// attacker may have entered, could be confirmed afterwards and set the password once more.
fn set(
    tx: &mut Tx<'_>,
    user: &User,
    hash: PasswordHash,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    change_user::apply(tx, user.id, &Change::Password(hash), now)?;
    known_address::record(tx, user.id, by.address, now)?;
    by.record(tx, Action::PasswordReset, user, None, now)?;
    match &user.recovery_email {
        Some(email) => {
            change_user::apply(tx, user.id, &Change::ConfirmedEmail(email.clone()), now)?;
            link_keys::remove_all(tx, user.id, Link::ConfirmEmail)?;
            by.record(tx, Action::EmailRestored, user, None, now)?;
        }
        None => confirm_email::record_confirmation(tx, user, by, now)?,
    }
    notices::password_changed(tx, user, now)
}

/// A key for setting a new password, for an operator to hand over. A mail without the key tells the user. The account
/// counts as changed, so that of two forms that create a link, sent twice or by two administrators, the second is
/// refused. An earlier address cannot take the account back any more.
pub(crate) async fn make_reset_key(
    app: &App,
    user: impl Into<UserRef>,
    by: &Actor,
) -> Result<OneTimeKey, AccountError> {
    let (user, now, by) = (user.into(), app.clock.now(), by.clone());
    let key = app
        .store
        .write(move |tx| {
            let user = change_user::lock(tx, &user)?;
            users::touch(tx, user.id, now)?;
            for purpose in [Link::UndoEmail, Link::ResetPassword] {
                link_keys::remove_all(tx, user.id, purpose)?;
            }
            by.record(tx, Action::ResetLinkMade, &user, None, now)?;
            notices::changed_by_administrator(tx, &user, AccountChange::ResetLinkMade, now)?;
            let address = user.recovery_address();
            Ok::<_, AccountError>(link_keys::issue(tx, Link::ResetPassword, user.id, address, now)?)
        })
        .await?;
    app.mailer.wake();
    Ok(key)
}
