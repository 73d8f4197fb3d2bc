//! The rule that the last administrator who can log in cannot be removed.

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::app::App;
use crate::passwords::Passwords;
use crate::store::tables::users;
use crate::store::tables::users::UserWithHash;
use crate::store::{Conn, StoreError, Tx};
use crate::types::{User, UserId};

/// What decides whether an account with the right password can log in.
#[derive(Clone)]
pub(crate) struct LoginAbility {
    policy: ExistencePolicy,
    passwords: Passwords,
}

impl LoginAbility {
    /// By the settings of this process.
    pub(crate) fn of(app: &App) -> Self {
        Self { policy: ExistencePolicy::of(app), passwords: app.passwords.clone() }
    }

    /// Whether a login with the right password would work now. An account that was imported may have no usable
    /// password, or one that this server cannot compute, such as for `password.foreign_memory`.
    pub(crate) fn has(&self, account: &UserWithHash) -> bool {
        self.policy.admits_login(&account.user) && self.passwords.read(&account.password_hash).is_ok()
    }
}

/// The number of administrators who can log in: they are active and have a usable password.
pub(crate) async fn count_administrators(app: &App) -> Result<usize, StoreError> {
    let ability = LoginAbility::of(app);
    let administrators = app.store.read(|conn| users::active_administrators(conn, None)).await?;
    Ok(administrators.iter().filter(|administrator| ability.has(administrator)).count())
}

/// Whether this is the last administrator: for a form that says so in advance. The use cases decide.
pub(crate) async fn is_last_administrator(app: &App, user: &User) -> Result<bool, StoreError> {
    if !(user.is_admin && user.is_active) {
        return Ok(false);
    }
    let (id, ability) = (user.id, LoginAbility::of(app));
    app.store.read(move |conn| has_no_substitute(conn, id, &ability)).await
}

/// Refuses to take the last administrator away. The caller has called `users::lock_administrators` and then
/// locked the user: of two administrators who remove each other at the same time, one is refused.
pub(crate) fn require_another_administrator(
    tx: &mut Tx<'_>,
    user: &User,
    ability: &LoginAbility,
) -> Result<(), AccountError> {
    if user.is_admin && user.is_active && has_no_substitute(tx, user.id, ability)? {
        return Err(AccountError::LastAdministrator);
    }
    Ok(())
}

/// Whether no other active administrator could take this one's place. One who cannot log in is no
/// substitute for one who can.
fn has_no_substitute(conn: &mut Conn, id: UserId, ability: &LoginAbility) -> Result<bool, StoreError> {
    let others = users::active_administrators(conn, Some(id))?;
    let this = users::with_hash_by_id(conn, id)?;
    let is_able = this.is_some_and(|this| ability.has(&this));
    Ok(!others.iter().any(|other| !is_able || ability.has(other)))
}
