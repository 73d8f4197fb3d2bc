//! What the small verbs of an administrator or operator have in common: find the user, change
//! one thing, write it down, all or nothing. Used by its siblings only.

use thiserror::Error;

use super::actor::Actor;
use crate::app::App;
use crate::store::audit::Action;
use crate::store::users::{self, Change};
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User, UserId};

/// Why a small verb did not happen.
#[derive(Debug, Error)]
pub enum AccountError {
    /// Nobody has that id (any more).
    #[error("there is no such user")]
    NotFound,
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes `change` to `id`. `also` runs in the same transaction, before the audit row.
pub(super) async fn change(
    app: &App,
    id: UserId,
    change: Change,
    action: Action,
    by: &Actor,
    also: impl FnOnce(&mut Tx<'_>, Timestamp) -> Result<(), StoreError> + Send + 'static,
) -> Result<User, AccountError> {
    let now = app.clock.now();
    let by = by.clone();
    app.store
        .write(move |tx| {
            if !users::change(tx, id, &change, now)? {
                return Err(AccountError::NotFound);
            }
            also(tx, now)?;
            let user = users::by_id(tx, id)?.ok_or(AccountError::NotFound)?;
            by.record(tx, action, Some((id, user.username.as_str())), now)?;
            Ok(user)
        })
        .await
}

/// For `change`: nothing more.
pub(super) fn nothing_else(_: &mut Tx<'_>, _: Timestamp) -> Result<(), StoreError> {
    Ok(())
}
