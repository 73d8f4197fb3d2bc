//! Deletes the accounts whose requested deletion is due, and what is remembered of deleted ones for long enough.
//! `housekeeping` runs it on each replica; two at once do the same work in turn.

use std::time::Duration;

use crate::accounts::deletion::delete_user::delete;
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::tables::{deleted_accounts, users};
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User};

/// How many accounts one transaction deletes, and the pause before the next, in which others can write.
const BATCH: usize = 50;
const PAUSE: Duration = Duration::from_millis(200);

/// Deletes the accounts; answers how many.
///
/// # Errors
/// If the store fails; the next call goes on.
pub async fn delete_due_accounts(app: &App) -> Result<usize, StoreError> {
    let mut deleted = 0;
    loop {
        let now = app.clock.now();
        let due = app.store.read(move |conn| users::due_for_deletion(conn, now, BATCH)).await?;
        let count = due.len();
        let delete_all = move |tx: &mut Tx<'_>| {
            let mut deleted = 0;
            for id in due {
                // The deletion may have been cancelled meanwhile.
                if let Some(user) = users::lock(tx, id)?.filter(|user| is_due_at(user, now)) {
                    delete(tx, &user, &Actor::server(), now)?;
                    deleted += 1;
                }
            }
            Ok::<usize, StoreError>(deleted)
        };
        if count > 0 {
            deleted += app.store.write(delete_all).await?;
        }
        if count < BATCH {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    let before = app.clock.now().minus(app.config.account.remember_deleted);
    while app.store.write(move |tx| deleted_accounts::sweep(tx, before, BATCH)).await? == BATCH {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(deleted)
}

fn is_due_at(user: &User, now: Timestamp) -> bool {
    user.deletion_due_at.is_some_and(|due| due <= now)
}
