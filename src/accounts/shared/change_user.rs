//! One change to one user by an administrator or operator: preconditions, the change, what follows from it,
//! and its audit entry, in one transaction. The bulk action applies the same change to many.

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::administrators::{LoginAbility, require_another_administrator};
use crate::accounts::shared::link_keys;
use crate::accounts::shared::notices;
use crate::accounts::shared::notices::UserNotice;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::sessions;
use crate::store::tables::sessions::ExceptSession;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{AccountChange, Link, Timestamp, User, UserId};

/// Makes `change`, with `detail` in the audit entry. Does nothing if the user is like that already.
///
/// A password that an administrator sets is the end of what went before: an earlier address cannot take the
/// account back any more.
pub(crate) async fn change_user(
    app: &App,
    user: impl Into<UserRef>,
    change: Change,
    detail: Option<String>,
    by: &Actor,
) -> Result<User, AccountError> {
    change_user_with(app, user, change, detail, UserNotice::Send, by).await
}

/// [`change_user`], with or without the mail that tells the user.
pub(crate) async fn change_user_with(
    app: &App,
    user: impl Into<UserRef>,
    change: Change,
    detail: Option<String>,
    notice: UserNotice,
    by: &Actor,
) -> Result<User, AccountError> {
    let (now, by, user, ability) = (app.clock.now(), by.clone(), user.into(), LoginAbility::of(app));
    let change = UserChange { change, detail, notice };
    let user = app.store.write(move |tx| make(tx, &user, &change, &by, &ability, now)).await?;
    app.mailer.wake();
    Ok(user)
}

/// A change, with what goes into the audit entry and whether a mail tells the user.
pub(crate) struct UserChange {
    pub(crate) change: Change,
    pub(crate) detail: Option<String>,
    pub(crate) notice: UserNotice,
}

/// [`change_user_with`] within a transaction. The caller wakes the mailer.
pub(crate) fn make(
    tx: &mut Tx<'_>,
    user: &UserRef,
    UserChange { change, detail, notice }: &UserChange,
    by: &Actor,
    ability: &LoginAbility,
    now: Timestamp,
) -> Result<User, AccountError> {
    let user = match change.removes_administrator() {
        true => lock_removable(tx, user, ability)?,
        false => lock(tx, user)?,
    };
    if change.is_in_effect(&user) {
        return Ok(user);
    }
    if matches!(change, Change::Active(true)) && user.deletion_due_at.is_some() {
        return Err(AccountError::ToBeDeleted);
    }
    apply(tx, user.id, change, now)?;
    if matches!(change, Change::Password(_)) {
        link_keys::remove_all(tx, user.id, Link::UndoEmail)?;
    }
    let user = users::by_id(tx, user.id)?.ok_or(AccountError::NotFound)?;
    let is_own = by.kind == ActorKind::Administrator(user.id);
    let action = match change {
        Change::Password(_) if is_own => Action::PasswordChanged,
        change => action(change),
    };
    by.record(tx, action, &user, detail.as_deref(), now)?;
    match noticed(change).filter(|_| *notice == UserNotice::Send) {
        Some(AccountChange::PasswordSet) if is_own => notices::password_changed(tx, &user, now)?,
        Some(AccountChange::DeletionCancelled) => notices::deletion_cancelled(tx, &user, now)?,
        Some(change) => notices::changed_by_administrator(tx, &user, change, now)?,
        None => {}
    }
    Ok(user)
}

/// The change as the user's mail tells it: what decides who can use the account (OWASP ASVS 2.2.3).
const fn noticed(change: &Change) -> Option<AccountChange> {
    match change {
        Change::Password(_) => Some(AccountChange::PasswordSet),
        Change::Admin(true) => Some(AccountChange::AdminGranted),
        Change::Admin(false) => Some(AccountChange::AdminRevoked),
        Change::DeletionCancelled => Some(AccountChange::DeletionCancelled),
        Change::EmailConfirmed(_)
        | Change::Active(_)
        | Change::ConfirmedEmail(_)
        | Change::DeletionDue(_) => None,
    }
}

/// Locks the user and checks the precondition.
pub(crate) fn lock(tx: &mut Tx<'_>, user: &UserRef) -> Result<User, AccountError> {
    let locked = users::lock(tx, user.id)?.ok_or(AccountError::NotFound)?;
    user.check(&locked)?;
    Ok(locked)
}

/// [`lock`], for a change that may take an administrator away: refuses the last one.
pub(crate) fn lock_removable(
    tx: &mut Tx<'_>,
    user: &UserRef,
    ability: &LoginAbility,
) -> Result<User, AccountError> {
    users::lock_administrators(tx)?;
    let locked = users::lock(tx, user.id)?.ok_or(AccountError::NotFound)?;
    require_another_administrator(tx, &locked, ability)?;
    user.check(&locked)?;
    Ok(locked)
}

/// Makes the change to a locked user, and ends what it makes invalid.
pub(crate) fn apply(tx: &mut Tx<'_>, id: UserId, change: &Change, now: Timestamp) -> Result<(), StoreError> {
    users::change(tx, id, change, now)?;
    match change {
        Change::Password(_) => {
            link_keys::remove_all(tx, id, Link::ResetPassword)?;
            sessions::end_all(tx, id, ExceptSession::None, now)
        }
        Change::Active(false) | Change::DeletionDue(_) => {
            link_keys::remove_all(tx, id, Link::ResetPassword)?;
            link_keys::remove_all(tx, id, Link::UndoEmail)?;
            sessions::end_all(tx, id, ExceptSession::None, now)
        }
        Change::EmailConfirmed(true) => link_keys::remove_all(tx, id, Link::ConfirmEmail),
        Change::ConfirmedEmail(_)
        | Change::EmailConfirmed(false)
        | Change::Active(true)
        | Change::DeletionCancelled
        | Change::Admin(_) => Ok(()),
    }
}

/// The action of the audit entry.
pub(crate) const fn action(change: &Change) -> Action {
    match change {
        Change::Password(_) => Action::PasswordSet,
        Change::EmailConfirmed(true) => Action::EmailConfirmed,
        Change::EmailConfirmed(false) => Action::EmailUnconfirmed,
        Change::Active(true) => Action::Activated,
        Change::Active(false) => Action::Deactivated,
        Change::Admin(true) => Action::MadeAdmin,
        Change::Admin(false) => Action::AdminRevoked,
        Change::ConfirmedEmail(_) => Action::EmailRestored,
        Change::DeletionDue(_) => Action::DeletionRequested,
        Change::DeletionCancelled => Action::DeletionCancelled,
    }
}
