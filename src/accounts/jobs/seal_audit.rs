//! Seals the rows of the audit log a moment after they were inserted. `cli::serve` runs it on each replica, and
//! once more at the end; one process seals at a time.

use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit;

/// The pause between a write and sealing, so that one transaction seals several rows.
const DELAY: Duration = Duration::from_secs(1);

/// How often rows are sealed without a write of this process: another process may have ended after a write.
const POLL: Duration = Duration::from_secs(30);

/// How many rows one transaction seals, and the pause before the next, in which others can write.
const BATCH: usize = 500;
const PAUSE: Duration = Duration::from_millis(50);

/// Seals rows until the server stops.
pub(crate) async fn run_audit_sealing(app: App) {
    loop {
        match seal_audit(&app).await {
            Err(error) if !error.is_logged() => tracing::warn!(%error, "could not seal the audit log"),
            _ => {}
        }
        let _ = tokio::time::timeout(POLL, app.store.written()).await;
        tokio::time::sleep(DELAY).await;
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
