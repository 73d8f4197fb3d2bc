//! Who can enter the admin, so that somebody always can: the rule that keeps the last of them. Asked by
//! the verbs that take an administrator away; the overview warns of a lonely one.

use super::verb::AccountError;
use crate::app::App;
use crate::passwords::format::Encoding;
use crate::store::{StoreError, Tx, users};
use crate::types::{PasswordHash, User, UserId};

/// How many administrators can log in: they are active, and a password can be right for them.
///
/// # Errors
/// If the store fails.
pub async fn count_administrators(app: &App) -> Result<usize, StoreError> {
    let hashes = app.store.read(|conn| users::administrators_but(conn, None)).await?;
    Ok(hashes.iter().filter(|hash| can_log_in(hash)).count())
}

/// Keeps others from taking administrators away until the transaction ends. Whoever will hold users
/// after it does this first.
pub(super) fn hold_administrators(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    users::lock_administrators(tx)
}

/// Refuses what takes the last administrator away. Of two who want to take each other away at once,
/// one is refused.
pub(super) fn keep_an_administrator(tx: &mut Tx<'_>, id: UserId) -> Result<(), AccountError> {
    hold_administrators(tx)?;
    let user = users::hold(tx, id)?.ok_or(AccountError::NotFound)?;
    if user.is_admin && user.is_active && is_last(tx, &user)? {
        return Err(AccountError::LastAdministrator);
    }
    Ok(())
}

/// Whether no other active administrator could do what this one can. Nobody who can log in is replaced by
/// somebody who cannot: a Django's account without a usable password, or with another algorithm's.
pub(super) fn is_last(tx: &mut Tx<'_>, user: &User) -> Result<bool, StoreError> {
    hold_administrators(tx)?;
    let others = users::administrators_but(tx, Some(user.id))?;
    let is_able = can_log_in(&user.password_hash);
    Ok(!others.iter().any(|other| !is_able || can_log_in(other)))
}

/// Whether there is a password that is right.
fn can_log_in(hash: &PasswordHash) -> bool {
    Encoding::parse(hash).is_ok()
}
