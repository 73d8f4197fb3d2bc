//! Deletes accounts that registered, did not confirm their email address within
//! `registration.unconfirmed_retention`, and never logged in. `housekeeping` runs it on each replica.

use std::time::Duration;

use crate::accounts::deletion::delete_user::delete_unremembered;
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::unconfirmed_users;
use crate::store::tables::{reserved_names, users};
use crate::types::{Timestamp, User, UserId};

/// How many accounts one transaction deletes, and the pause before the next, in which others can write.
const BATCH: usize = 50;
const PAUSE: Duration = Duration::from_millis(200);

/// Deletes the accounts; answers how many. Those that an administrator or operator created, invited persons,
/// administrators and inactive accounts stay.
pub async fn sweep_unconfirmed(app: &App) -> Result<usize, StoreError> {
    let Some(retention) = app.config.registration.unconfirmed_retention else { return Ok(0) };
    let before = app.clock.now().minus(retention);
    release_names(app, before).await?;
    let (mut swept, mut after) = (0, UserId::new(0));
    loop {
        let find = move |conn: &mut _| unconfirmed_users::registered_before(conn, before, after, BATCH);
        let users = app.store.read_aside(find).await?;
        let (count, Some(last)) = (users.len(), users.last().copied()) else { return Ok(swept) };
        after = last;
        let now = app.clock.now();
        let delete_all = move |tx: &mut crate::store::Tx<'_>| {
            let mut deleted = 0;
            for id in users {
                // The owner may have confirmed or logged in meanwhile.
                if let Some(user) = users::lock(tx, id)?.filter(is_unused) {
                    delete_unremembered(tx, &user, &Actor::server(), now)?;
                    deleted += 1;
                }
            }
            Ok::<usize, StoreError>(deleted)
        };
        swept += app.store.write(delete_all).await?;
        if count < BATCH {
            return Ok(swept);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Releases the names that only seem to be registered, as those of accounts: otherwise the names would tell which
/// is which.
async fn release_names(app: &App, before: Timestamp) -> Result<(), StoreError> {
    while app.store.write(move |tx| reserved_names::sweep(tx, before, BATCH)).await? == BATCH {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

fn is_unused(user: &User) -> bool {
    !user.is_email_confirmed && user.is_active && !user.is_admin && user.last_login_at.is_none()
}
