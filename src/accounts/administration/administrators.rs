//! Who can enter the admin, so that somebody always can: the rule that keeps the last of them. Asked by
//! the verbs that take an administrator away; the overview warns of a lonely one.

use crate::accounts::shared::change_user::AccountError;
use crate::accounts::shared::enumeration;
use crate::app::App;
use crate::passwords::formats::Encoding;
use crate::store::tables::users;
use crate::store::{Conn, StoreError, Tx};
use crate::types::{User, UserId};

/// How many administrators can log in: they are active, and a password can be right for them.
pub(crate) async fn count_administrators(app: &App) -> Result<usize, StoreError> {
    let hides = app.config.registration.hide_existing;
    let users = app.store.read(|conn| users::administrators_but(conn, None)).await?;
    Ok(users.iter().filter(|user| can_log_in(user, hides)).count())
}

/// Whether nobody could enter the admin if this one could not: for saying so before it is asked for. The
/// verbs decide.
pub(crate) async fn is_last_administrator(app: &App, user: &User) -> Result<bool, StoreError> {
    if !(user.is_admin && user.is_active) {
        return Ok(false);
    }
    let (user, hides) = (user.clone(), app.config.registration.hide_existing);
    app.store.read(move |conn| has_no_substitute(conn, &user, hides)).await
}

/// Keeps others from taking administrators away until the transaction ends. Whoever will hold users
/// after it does this first.
pub(crate) fn lock_administrators(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    users::lock_administrators(tx)
}

/// Refuses what takes the last administrator away. Of two who want to take each other away at once,
/// one is refused. `hides` is `registration.hide_existing`, here and below.
pub(crate) fn require_another_administrator(
    tx: &mut Tx<'_>,
    id: UserId,
    hides: bool,
) -> Result<(), AccountError> {
    lock_administrators(tx)?;
    let user = users::hold(tx, id)?.ok_or(AccountError::NotFound)?;
    if user.is_admin && user.is_active && is_last(tx, &user, hides)? {
        return Err(AccountError::LastAdministrator);
    }
    Ok(())
}

/// Whether this is the last administrator, and stays it until the transaction ends.
pub(crate) fn is_last(tx: &mut Tx<'_>, user: &User, hides: bool) -> Result<bool, StoreError> {
    lock_administrators(tx)?;
    has_no_substitute(tx, user, hides)
}

/// Whether no other active administrator could do what this one can. Nobody who can log in is replaced by
/// somebody who cannot.
fn has_no_substitute(conn: &mut Conn, user: &User, hides: bool) -> Result<bool, StoreError> {
    let others = users::administrators_but(conn, Some(user.id))?;
    let is_able = can_log_in(user, hides);
    Ok(!others.iter().any(|other| !is_able || can_log_in(other, hides)))
}

/// Whether there is a password with which they can log in now: not into a Django's account without a usable
/// password, or with another algorithm's.
pub(crate) fn can_log_in(user: &User, hides: bool) -> bool {
    enumeration::opens(user, hides) && Encoding::parse(&user.password_hash).is_ok()
}
