//! Takes over the bulk actions that no process works on any more, as after a restart, and forgets old ones.
//! `housekeeping` runs it on each replica; the lease lets one of them work.

use std::time::Duration;

use crate::accounts::bulk::run;
use crate::accounts::bulk::run::LEASE;
use crate::accounts::bulk::start::new_lease;
use crate::app::App;
use crate::store::tables::bulk_actions;
use crate::store::tables::bulk_actions::BulkState;
use crate::store::{StoreError, Tx};
use crate::types::BulkId;

/// How long the users of an ended action are stored: long enough to look at those that were skipped.
const USERS_RETENTION: Duration = Duration::from_secs(24 * 3600);

/// How long an ended action is listed.
const RETENTION: Duration = Duration::from_secs(30 * 24 * 3600);

/// How many rows one transaction deletes, and the pause before the next, in which others can write.
const BATCH: usize = 1000;
const PAUSE: Duration = Duration::from_millis(100);

/// Goes on with the actions whose lease is over, in tasks of their own.
///
/// # Errors
/// If the store fails.
pub(crate) async fn resume_bulk_actions(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    for id in app.store.read(move |conn| bulk_actions::abandoned(conn, now)).await? {
        let lease = new_lease();
        if take_over(app, id, lease.clone()).await? {
            tracing::info!(bulk = %id, "going on with a bulk action that was interrupted");
            let running = app.clone();
            // Its failure is logged, and the next round takes it over again.
            tokio::spawn(async move { run::run(&running, id, lease).await });
        }
    }
    Ok(())
}

/// Leases the action; answers whether there is something to do. One whose users were not all stored changed none,
/// and ends.
async fn take_over(app: &App, id: BulkId, lease: String) -> Result<bool, StoreError> {
    let now = app.clock.now();
    let take_over = move |tx: &mut Tx<'_>| {
        let Some(record) = bulk_actions::lock(tx, id)? else { return Ok(false) };
        // Another replica may have been faster.
        if record.lease_ends_at.is_none_or(|ends_at| ends_at > now) {
            return Ok(false);
        }
        match record.state {
            BulkState::Running => {
                bulk_actions::lease(tx, id, BulkState::Running, &lease, now.plus(LEASE)).map(|()| true)
            }
            BulkState::Preparing => bulk_actions::end(tx, id, BulkState::Stopped, 0, now).map(|()| false),
            BulkState::Done | BulkState::Stopped => Ok(false),
        }
    };
    app.store.write(take_over).await
}

/// Forgets the users of actions that ended a day ago, and actions that ended a month ago.
///
/// # Errors
/// If the store fails.
pub(crate) async fn sweep_bulk_actions(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let (users_before, before) = (now.minus(USERS_RETENTION), now.minus(RETENTION));
    while app.store.write(move |tx| bulk_actions::sweep_users(tx, users_before, BATCH)).await? >= BATCH {
        tokio::time::sleep(PAUSE).await;
    }
    app.store.write(move |tx| bulk_actions::sweep(tx, before)).await?;
    Ok(())
}
