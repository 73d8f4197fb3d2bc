//! What nobody waits for: writing down which sessions were used, forgetting those that are over,
//! counting the logins of the hours that are over, and seeing to the mails that were asked for just
//! before a crash.
//! `cli::serve` runs it beside the server, on each replica.

use std::time::Duration;

use crate::accounts::email::request_mail::send_requested_mails;
use crate::accounts::jobs::login_tallies::tally_logins;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::sessions;

/// How often the sessions that were used are written down.
const NOTE_EVERY: Duration = Duration::from_secs(5);

/// After how many of those what is over is looked for.
const SWEEP_EVERY: u32 = 120;

/// How long a session is kept after its last token has expired: longer than clocks differ.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// How many are changed in one transaction, and how long others may write before more are forgotten.
const BATCH: usize = 200;
const PAUSE: Duration = Duration::from_millis(200);

/// Keeps house for as long as the server runs.
pub(crate) async fn run_housekeeping(app: App) {
    for round in 0_u32.. {
        tokio::time::sleep(NOTE_EVERY).await;
        log_failure("note which sessions were used", record_last_seen(&app).await);
        if round % SWEEP_EVERY == 0 {
            send_requested_mails(&app).await;
            log_failure("forget sessions that are over", sweep_sessions(&app).await.map(|_| ()));
            log_failure("count the logins", tally_logins(&app).await);
        }
    }
}

/// Writes down which sessions were used since the last time.
///
/// # Errors
/// If the store fails: then it is forgotten.
pub async fn record_last_seen(app: &App) -> Result<(), StoreError> {
    for some in app.last_seen.drain().chunks(BATCH) {
        let some = some.to_vec();
        app.store.write(move |tx| sessions::seen(tx, &some)).await?;
    }
    Ok(())
}

/// Forgets the sessions whose last token expired long enough ago; answers how many.
pub async fn sweep_sessions(app: &App) -> Result<usize, StoreError> {
    let before = app.clock.now().minus(KEPT);
    let mut swept = 0;
    loop {
        let batch = app.store.write(move |tx| sessions::sweep(tx, before, BATCH)).await?;
        swept += batch;
        if batch < BATCH {
            return Ok(swept);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn log_failure(what: &str, outcome: Result<(), StoreError>) {
    match outcome {
        Err(error) if !error.is_logged() => tracing::warn!(%error, "could not {what}"),
        _ => {}
    }
}
