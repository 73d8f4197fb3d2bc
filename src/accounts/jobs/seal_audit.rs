//! Seals new audit entries: adds them to the hash chain, a moment after they were written. `cli::serve` runs it
//! beside the server, on each replica, and once more at shutdown; only one at a time seals.

use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit;

/// How long after a write new entries are sealed: more may follow.
const DELAY: Duration = Duration::from_secs(1);

/// How often entries of other processes, which may have ended, are sealed.
const POLL_INTERVAL: Duration = Duration::from_secs(30);

/// Entries sealed in one transaction.
const BATCH: usize = 500;

/// The pause between two transactions, in which others may write.
const PAUSE: Duration = Duration::from_millis(50);

/// Seals new entries for as long as the server runs.
pub(crate) async fn run_audit_sealing(app: App) {
    loop {
        match seal_audit(&app).await {
            Err(error) if !error.is_logged() => tracing::warn!(%error, "could not seal the audit log"),
            _ => {}
        }
        let _ = tokio::time::timeout(POLL_INTERVAL, app.store.written()).await;
        tokio::time::sleep(DELAY).await;
    }
}

/// Seals all unsealed entries; answers how many.
///
/// # Errors
/// If the store fails; the batches before that stay sealed.
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
