//! Putting bcrypt around stored digests of one round of MD5 or SHA-1, without waiting for their users to log in. Called
//! by the import of another server's users.

use futures_util::future::join_all;

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::passwords::EngineError;
use crate::passwords::formats::Encoding;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::{StoreError, Tx};
use crate::types::{PasswordHash, Timestamp, UserId};

/// Users that are looked at in one read, and written in one write.
const BATCH: i64 = 64;

/// Why digests could not be wrapped. What was wrapped before stays so.
#[derive(Debug, thiserror::Error)]
pub enum WrapError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine is busy with logins or has shut down.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Wraps every weak digest. Tells `progress` how many have been, and answers how many were. A user who logs in
/// meanwhile, or whose password changes, keeps what that stored.
pub async fn wrap_weak_hashes(
    app: &App,
    by: &Actor,
    mut progress: impl FnMut(u64),
) -> Result<u64, WrapError> {
    let (mut wrapped, mut after) = (0, UserId::new(i64::MIN));
    loop {
        let page = app.store.read(move |conn| users::hashes_after(conn, after, BATCH)).await?;
        let Some((last, _)) = page.last() else { return Ok(wrapped) };
        after = *last;
        let is_weak = |hash: &PasswordHash| matches!(Encoding::parse(hash), Ok(Encoding::Weak(_)));
        let weak: Vec<_> = page.into_iter().filter(|(_, hash)| is_weak(hash)).collect();
        if weak.is_empty() {
            continue;
        }
        let hashes = join_all(weak.iter().map(|(_, stored)| app.passwords.wrap(stored))).await;
        let mut changes = Vec::with_capacity(weak.len());
        for ((id, stored), hash) in weak.into_iter().zip(hashes) {
            changes.extend(hash?.map(|hash| (id, stored, hash)));
        }
        let (now, by) = (app.clock.now(), by.clone());
        wrapped += app.store.write(move |tx| replace_all(tx, &changes, &by, now)).await?;
        progress(wrapped);
    }
}

/// Stores each new hash whose old one is still stored. Answers how many there were.
fn replace_all(
    tx: &mut Tx<'_>,
    changes: &[(UserId, PasswordHash, PasswordHash)],
    by: &Actor,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut replaced = 0;
    for (id, stored, hash) in changes {
        let current = users::lock_with_hash(tx, *id)?;
        let Some(current) = current.filter(|user| user.password_hash.as_stored() == stored.as_stored())
        else {
            continue;
        };
        users::replace_hash(tx, *id, hash)?;
        by.record(tx, Action::PasswordWrapped, AuditSubject::from(&current.user), None, now)?;
        replaced += 1;
    }
    Ok(replaced)
}
