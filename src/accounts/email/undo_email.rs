//! Giving an account back the address that it had, with the key that was sent there when it changed.
//! Called by the page.

use thiserror::Error;

use crate::accounts::email::confirm_email;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::link_keys;
use crate::accounts::shared::link_keys::{KeyError, Opened};
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{OneTimeKey, Timestamp};

/// Why an address was not given back.
#[derive(Debug, Error)]
pub(crate) enum UndoEmailError {
    /// The link did nothing.
    #[error(transparent)]
    Key(KeyError),
    /// Another account has the address by now. The key stays good.
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

/// Gives the old address back, confirmed as it was: the key was sent to a confirmed one, and whoever
/// has it, has the mailbox. All sessions end. An undo means that somebody else was in, who may know the
/// password; so it answers a key for setting another one.
///
/// Later keys of the same kind are dropped, since they belong to whoever came in; earlier ones stay,
/// so that whoever changes an address twice cannot undo the undoing.
///
/// # Errors
/// If the key is not good, another account has the address, or the store fails.
pub(crate) async fn undo_email(app: &App, key: OneTimeKey, by: &Actor) -> Result<OneTimeKey, UndoEmailError> {
    Ok(link_keys::open(app, key, Purpose::UndoEmail, by, give_back).await?)
}

fn give_back(tx: &mut Tx<'_>, opened: Opened, by: &Actor, now: Timestamp) -> Result<OneTimeKey, StoreError> {
    let Opened { mut user, email, made } = opened;
    users::change(tx, user.id, &Change::ConfirmedEmail(email.clone()), now)?;
    users::end_tokens(tx, user.id, now)?;
    link_keys::drop_resets(tx, user.id)?;
    confirm_email::drop_keys(tx, user.id)?;
    one_time_keys::remove_all_of_user(tx, user.id, Purpose::UndoEmail, made)?;
    by.record(tx, Action::EmailRestored, Some((user.id, user.username.as_str())), now)?;
    user.email = email;
    link_keys::issue(tx, Purpose::ResetPassword, &user, now)
}
