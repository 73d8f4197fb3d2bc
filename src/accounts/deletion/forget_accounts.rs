//! Deleting again, after a backup was restored, the accounts that were deleted since it was made; and asking, before
//! an import, whether the account of an address was deleted.

use crate::accounts::deletion::delete_user::delete;
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::administrators::{LoginAbility, require_another_administrator};
use crate::app::App;
use crate::store::tables::deleted_accounts;
use crate::store::tables::deleted_accounts::DeletedAccount;
use crate::store::tables::users;
use crate::store::{StoreError, Tx};
use crate::types::{Email, PublicId, Timestamp};

/// How many accounts one transaction deletes.
const BATCH: usize = 50;

/// What became of a list of deleted accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForgottenAccounts {
    /// The users that existed again and are deleted now.
    pub deleted: Vec<PublicId>,
    /// The users that stay because no other administrator who can log in would remain.
    pub last_administrators: Vec<PublicId>,
    /// How many accounts do not exist here.
    pub absent: usize,
}

/// Deletes the accounts of the list that exist, and remembers all of them. An account is meant only if its id and
/// the moment of its creation are those of the list: an id that a restored database gave to another person is not.
///
/// # Errors
/// If the store fails; what was deleted stays deleted, and another run goes on.
pub async fn forget_accounts(
    app: &App,
    accounts: Vec<DeletedAccount>,
    by: &Actor,
) -> Result<ForgottenAccounts, StoreError> {
    let (now, ability) = (app.clock.now(), LoginAbility::of(app));
    let mut outcome = ForgottenAccounts::default();
    for batch in accounts.chunks(BATCH) {
        let (batch, by, ability) = (batch.to_vec(), by.clone(), ability.clone());
        let part = app.store.write(move |tx| forget(tx, &batch, &ability, &by, now)).await?;
        outcome.deleted.extend(part.deleted);
        outcome.last_administrators.extend(part.last_administrators);
        outcome.absent += part.absent;
    }
    Ok(outcome)
}

fn forget(
    tx: &mut Tx<'_>,
    accounts: &[DeletedAccount],
    ability: &LoginAbility,
    by: &Actor,
    now: Timestamp,
) -> Result<ForgottenAccounts, StoreError> {
    // Before any user, as everywhere: otherwise two transactions could deadlock.
    users::lock_administrators(tx)?;
    let mut outcome = ForgottenAccounts::default();
    for account in accounts {
        let Some(user) = users::lock(tx, account.user)?.filter(|user| account.is_of(user)) else {
            deleted_accounts::remember(tx, account)?;
            outcome.absent += 1;
            continue;
        };
        match require_another_administrator(tx, &user, ability) {
            Ok(()) => {
                delete(tx, &user, by, now)?;
                outcome.deleted.push(user.public_id());
            }
            Err(AccountError::Store(error)) => return Err(error),
            Err(_) => outcome.last_administrators.push(user.public_id()),
        }
    }
    Ok(outcome)
}

/// When the last account with this address was deleted; `None` if that is not remembered. An import asks this
/// before it creates an account.
///
/// # Errors
/// If the store fails.
pub async fn when_deleted(app: &App, email: Email) -> Result<Option<Timestamp>, StoreError> {
    let now = app.clock.now();
    app.store.write(move |tx| deleted_accounts::last_with_email(tx, &email, now)).await
}
