//! Seals the rows of the audit log a moment after they were inserted. `cli::serve` runs it on each replica, and
//! once more at the end; one process seals at a time.

use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit;
use crate::store::tables::audit::{ChainAnchor, ChainHead};
use crate::types::Timestamp;

/// The pause between a write and sealing, so that one transaction seals several rows.
const DELAY: Duration = Duration::from_secs(1);

/// How often rows are sealed without a write of this process: another process may have ended after a write.
const POLL: Duration = Duration::from_secs(30);

/// How often the end of the chain is logged.
const LOG_INTERVAL: Duration = Duration::from_secs(3600);

/// How many rows one transaction seals, and the pause before the next, in which others can write.
const BATCH: usize = 500;
const PAUSE: Duration = Duration::from_millis(50);

/// Seals rows until the server stops.
pub(crate) async fn run_audit_sealing(app: App) {
    let mut logged = None;
    loop {
        match seal_audit(&app).await {
            Err(error) if !error.is_logged() => tracing::warn!(%error, "could not seal the audit log"),
            _ => {}
        }
        log_head(&app, &mut logged).await;
        let _ = tokio::time::timeout(POLL, app.store.written()).await;
        tokio::time::sleep(DELAY).await;
    }
}

/// Writes the end of the chain to the log, which is usually stored in another place than the database: what is
/// changed before it cannot be computed anew unseen. Once an hour, if it has moved.
async fn log_head(app: &App, logged: &mut Option<(Timestamp, ChainAnchor)>) {
    let now = app.clock.now();
    if logged.as_ref().is_some_and(|(at, _)| *at <= now && now.since(*at) < LOG_INTERVAL) {
        return;
    }
    let Ok(Some(ChainHead { anchor, .. })) = app.store.read(audit::head).await else { return };
    if logged.as_ref().is_none_or(|(_, last)| *last != anchor) {
        tracing::info!(head = %anchor, "the end of the audit chain, for doorward audit verify --expect");
        *logged = Some((now, anchor));
    }
}

/// Seals all rows without a seal; answers how many.
pub async fn seal_audit(app: &App) -> Result<usize, StoreError> {
    let mut sealed = 0;
    while app.store.read(audit::has_unsealed).await? {
        let batch = app.store.write(|tx| audit::seal_next(tx, BATCH)).await?;
        sealed += batch;
        // Other transactions have locked the rest.
        if batch < BATCH {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(sealed)
}
