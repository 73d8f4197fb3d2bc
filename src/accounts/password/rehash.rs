//! Hashing a password again after a login, when its stored hash is weaker than a new one: it was made by another
//! server, or with a lower cost.

use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::app::App;
use crate::passwords::formats::Encoding;
use crate::passwords::{HashInput, Requester};
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::{StoreError, Tx};
use crate::types::{PasswordHash, Timestamp, UserId};

/// A right password with the hash that is to be replaced.
pub(crate) struct OutdatedHash {
    pub(crate) user: UserId,
    pub(crate) stored: PasswordHash,
    pub(crate) password: HashInput,
    pub(crate) requester: Requester,
    pub(crate) by: Actor,
}

/// Starts to hash it, and does not wait for it. If the engine stays busy, the old hash stays until the next login.
pub(crate) fn start_rehash(app: &App, outdated: OutdatedHash) {
    let app = app.clone();
    tokio::spawn(async move {
        let OutdatedHash { requester, password, stored, .. } = &outdated;
        let Ok(hash) = app.passwords.rehash(*requester, password, stored).await else { return };
        let now = app.clock.now();
        let stored = app.store.write(move |tx| replace(tx, &outdated, &hash, now)).await;
        if let Err(error) = stored
            && !error.is_logged()
        {
            tracing::warn!(%error, "a password was hashed again, but not stored");
        }
    });
}

/// Stores the new hash, unless the stored one was changed meanwhile.
fn replace(
    tx: &mut Tx<'_>,
    outdated: &OutdatedHash,
    hash: &PasswordHash,
    now: Timestamp,
) -> Result<(), StoreError> {
    let current = users::lock_with_hash(tx, outdated.user)?;
    let unchanged =
        |current: &users::UserWithHash| current.password_hash.as_stored() == outdated.stored.as_stored();
    let Some(current) = current.filter(unchanged) else { return Ok(()) };
    users::replace_hash(tx, outdated.user, hash)?;
    let format = Encoding::parse(&outdated.stored).map_or("unknown", |encoding| encoding.name());
    let by = outdated.by.with_kind(ActorKind::Server);
    by.record(tx, Action::PasswordRehashed, &current.user, Some(format), now)
}
