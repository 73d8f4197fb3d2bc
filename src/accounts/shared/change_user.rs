//! What the small verbs of an administrator or operator have in common: find the user, change
//! one thing, write it down, all or nothing. Used by its siblings only.

use thiserror::Error;

use crate::accounts::administration::administrators::require_another_administrator;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User};

/// Why a small verb did not happen.
#[derive(Debug, Error)]
pub enum AccountError {
    /// Nobody has that id (any more).
    #[error("there is no such user")]
    NotFound,
    /// Somebody changed the account since it was seen. Nothing was done.
    #[error("the account was changed meanwhile")]
    Changed,
    /// Nobody would be left to enter the admin.
    #[error("this is the last administrator who can log in")]
    LastAdministrator,
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes `change` to the target. `also` runs in the same transaction, before the audit row. Of what is so
/// already, nothing is written down.
pub(crate) async fn change(
    app: &App,
    target: impl Into<UserRef>,
    change: Change,
    action: Action,
    by: &Actor,
    also: impl FnOnce(&mut Tx<'_>, Timestamp) -> Result<(), StoreError> + Send + 'static,
) -> Result<User, AccountError> {
    change_with(app, target, change, action, None, by, also).await
}

/// The same, with a word more for the audit.
pub(crate) async fn change_with(
    app: &App,
    target: impl Into<UserRef>,
    change: Change,
    action: Action,
    detail: Option<String>,
    by: &Actor,
    also: impl FnOnce(&mut Tx<'_>, Timestamp) -> Result<(), StoreError> + Send + 'static,
) -> Result<User, AccountError> {
    let (now, by, target) = (app.clock.now(), by.clone(), target.into());
    let hides = app.config.registration.hide_existing;
    app.store
        .write(move |tx| {
            let id = target.id;
            let held = apply(tx, &target, &change, hides, now)?;
            if change.is_made(&held) {
                return Ok(held);
            }
            also(tx, now)?;
            let user = users::by_id(tx, id)?.ok_or(AccountError::NotFound)?;
            by.record_with(tx, action, Some((id, user.username.as_str())), detail.as_deref(), now)?;
            Ok(user)
        })
        .await
}

/// Makes `change`, unless the user is not as they were seen, or nobody could enter the admin after it.
/// Answers the user as they were before. `hides` is `registration.hide_existing`.
pub(crate) fn apply(
    tx: &mut Tx<'_>,
    target: &UserRef,
    change: &Change,
    hides: bool,
    now: Timestamp,
) -> Result<User, AccountError> {
    if matches!(change, Change::Active(false) | Change::Admin(false)) {
        require_another_administrator(tx, target.id, hides)?;
    }
    let user = users::hold(tx, target.id)?.ok_or(AccountError::NotFound)?;
    target.check(&user)?;
    if !change.is_made(&user) {
        users::change(tx, target.id, change, now)?;
    }
    Ok(user)
}

/// For `change`: nothing more.
pub(crate) fn nothing_else(_: &mut Tx<'_>, _: Timestamp) -> Result<(), StoreError> {
    Ok(())
}
