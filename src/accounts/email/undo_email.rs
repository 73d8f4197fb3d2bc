//! Restoring the previous email of an account, with the key that was sent there when it changed. Called by
//! the page.

use thiserror::Error;

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user;
use crate::accounts::shared::link_keys;
use crate::accounts::shared::link_keys::{KeyError, ValidLink};
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::sessions;
use crate::store::tables::sessions::ExceptSession;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{Link, OneTimeKey, Timestamp};

/// Why an email was not restored.
#[derive(Debug, Error)]
pub(crate) enum UndoEmailError {
    /// The link did nothing.
    #[error(transparent)]
    Key(KeyError),
    /// Another account has the address by now. The key stays valid.
    #[error("another account has this address by now")]
    Taken,
}

impl From<KeyError> for UndoEmailError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(StoreError::Taken(_)) => Self::Taken,
            other => Self::Key(other),
        }
    }
}

/// Restores the previous address. It counts as confirmed: the key was sent there. All sessions end. An undo
/// means that an attacker changed the address, who may know the password, so it answers a key for setting a
/// new one.
///
/// Later keys of the same kind are removed, since they went to the attacker; earlier ones stay, so that an
/// attacker who changes the address twice cannot undo the undo.
pub(crate) async fn undo_email(app: &App, key: OneTimeKey, by: &Actor) -> Result<OneTimeKey, UndoEmailError> {
    Ok(link_keys::redeem(app, key, Link::UndoEmail, by, restore).await?)
}

fn restore(tx: &mut Tx<'_>, link: ValidLink, by: &Actor, now: Timestamp) -> Result<OneTimeKey, StoreError> {
    let ValidLink { user, email, issued_at } = link;
    change_user::apply(tx, user.id, &Change::ConfirmedEmail(email.clone()), now)?;
    sessions::end_all(tx, user.id, ExceptSession::None, now)?;
    for purpose in [Link::ResetPassword, Link::ConfirmEmail] {
        link_keys::remove_all(tx, user.id, purpose)?;
    }
    one_time_keys::remove_all_of_user(tx, user.id, Link::UndoEmail, issued_at)?;
    by.record(tx, Action::EmailRestored, &user, None, now)?;
    link_keys::issue(tx, Link::ResetPassword, user.id, &email, now)
}
