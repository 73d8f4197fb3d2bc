//! Removing an account, on the operator's word. Called by the command line; [`remove`] is what every
//! way of removing one comes to.

use crate::accounts::administration::administrators::require_another_administrator;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::AccountError;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit;
use crate::store::tables::audit::Action;
use crate::store::tables::{mails, users};
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User};

/// Removes the user; their tokens open nothing from the next request on, and the id is never
/// used again. The audit rows stay, without what tells of a person.
///
/// # Errors
/// If there is no such user (as they were seen), it is the last administrator, or the store fails.
pub async fn delete_user(app: &App, target: impl Into<UserRef>, by: &Actor) -> Result<User, AccountError> {
    let (now, by, target) = (app.clock.now(), by.clone(), target.into());
    let hides = app.config.registration.hide_existing;
    app.store
        .write(move |tx| {
            require_another_administrator(tx, target.id, hides)?;
            let user = users::hold(tx, target.id)?.ok_or(AccountError::NotFound)?;
            target.check(&user)?;
            remove(tx, &user, &by, now)?;
            Ok(user)
        })
        .await
}

/// Removes the user, with their keys, and their mails that still wait; takes the person out of the
/// audit rows, this one included.
pub(crate) fn remove(tx: &mut Tx<'_>, user: &User, by: &Actor, now: Timestamp) -> Result<(), StoreError> {
    users::delete(tx, user.id)?;
    mails::delete_about(tx, user.id)?;
    by.record(tx, Action::Deleted, Some((user.id, user.username.as_str())), now)?;
    audit::forget_invited(tx, &user.email.key())?;
    audit::anonymise(tx, user.id)
}
