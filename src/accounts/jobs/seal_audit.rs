//! Chains the rows of the audit a moment after they were written. `cli::serve` runs it beside the
//! server, on each replica, and once more before it ends; one of them does it at a time.

use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit;

/// How long after a write one looks whether there is something to chain: others may come along.
const SOON: Duration = Duration::from_secs(1);

/// How often one looks though nothing was written here: another process may have written, and ended.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// How many rows are chained in one transaction, and how long others may write before the next.
const BATCH: usize = 500;
const PAUSE: Duration = Duration::from_millis(50);

/// Chains what is written, for as long as the server runs.
pub(crate) async fn run_audit_sealing(app: App) {
    loop {
        match seal_audit(&app).await {
            Err(error) if !error.is_logged() => tracing::warn!(%error, "could not chain the audit log"),
            _ => {}
        }
        let _ = tokio::time::timeout(LOOK_EVERY, app.store.written()).await;
        tokio::time::sleep(SOON).await;
    }
}

/// Chains all that is not chained yet; answers how many rows that were.
///
/// # Errors
/// If the store fails; what was chained before that stays so.
pub async fn seal_audit(app: &App) -> Result<usize, StoreError> {
    let mut sealed = 0;
    while app.store.read(audit::has_unsealed).await? {
        let batch = app.store.write(|tx| audit::seal_next(tx, BATCH)).await?;
        sealed += batch;
        // What is left, somebody else is about to change.
        if batch < BATCH {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(sealed)
}
