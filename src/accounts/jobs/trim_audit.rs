//! Lets go of audit entries older than `audit.keep` (`store::tables::audit`, `trim`). `housekeeping` runs it on
//! each replica; two at once do the same work in turn.

use std::time::Duration;

use crate::accounts::jobs::seal_audit::seal_audit;
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::store::tables::audit;
use crate::store::tables::audit::Action;
use crate::store::{Conn, StoreError};
use crate::types::Timestamp;

/// How often entries are let go: each time adds an entry. More often only if `audit.keep` is shorter.
const INTERVAL: Duration = Duration::from_secs(24 * 3600);

/// How many rows one transaction deletes, and the pause before the next, in which others can write.
const BATCH: usize = 500;
const PAUSE: Duration = Duration::from_millis(50);

/// Records what is let go, and deletes it; answers how many rows.
///
/// # Errors
/// If the store fails. The next call deletes what is recorded.
pub async fn trim_audit(app: &App) -> Result<usize, StoreError> {
    // What was recorded before a crash.
    let mut deleted = delete(app).await?;
    let Some(keep) = app.config.audit.keep else { return Ok(deleted) };
    let now = app.clock.now();
    let last = app.store.read(audit::last_trimmed).await?;
    // A moment ahead of now is of a clock that was wrong.
    if last.is_some_and(|last| last <= now && now.since(last) < INTERVAL.min(keep)) {
        return Ok(deleted);
    }
    while record(app, now.minus(keep), now).await? {
        // Only what a sealed entry records is deleted.
        seal_audit(app).await?;
        match delete(app).await? {
            0 => break,
            rows => deleted += rows,
        }
    }
    Ok(deleted)
}

/// Records the next rows that are old enough; answers whether there were any.
async fn record(app: &App, before: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
    let find = move |conn: &mut Conn| {
        let after = audit::let_go(conn)?.map_or(0, |let_go| let_go.through.number);
        audit::old_prefix(conn, after, before, now)
    };
    let Some(old) = app.store.read_aside(find).await? else { return Ok(false) };
    let detail = old.detail(before);
    let write = app.store.write(move |tx| {
        Actor::server().record(tx, Action::Trimmed, None::<AuditSubject<'_>>, Some(&detail), now)
    });
    write.await?;
    tracing::info!(rows = old.rows, "old audit entries are let go, as audit.keep says");
    Ok(true)
}

async fn delete(app: &App) -> Result<usize, StoreError> {
    let mut deleted = 0;
    loop {
        let batch = app.store.write(|tx| audit::delete_let_go(tx, BATCH)).await?;
        deleted += batch;
        if batch < BATCH {
            return Ok(deleted);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
