//! Regular work in the background: storing when sessions were last used, noticing attacks, deleting ended
//! sessions, accounts that are due or unconfirmed, and old audit entries, counting the logins of past hours, tidying the outbox,
//! and sending the mails that were requested just before a crash. `cli::serve` runs
//! it on each replica.

use std::time::Duration;

use crate::accounts::bulk::resume::{resume_bulk_actions, sweep_bulk_actions};
use crate::accounts::deletion::delete_due::delete_due_accounts;
use crate::accounts::email::request_mail::send_requested_mails;
use crate::accounts::jobs::clock_trust::ClockTrust;
use crate::accounts::jobs::correct_moments::{LinkKeys, correct_moments};
use crate::accounts::jobs::login_tallies::tally_logins;
use crate::accounts::jobs::sweep_unconfirmed::sweep_unconfirmed;
use crate::accounts::jobs::trim_audit::trim_audit;
use crate::accounts::jobs::watch_limits::LimitWatch;
use crate::accounts::keys::advance::advance_keys;
use crate::accounts::outbox::tidy_outbox;
use crate::app::App;
use crate::store::queries::audit_list;
use crate::store::tables::{api_keys, refresh_tokens, sessions};
use crate::store::{StoreError, Tx};

/// How often the last use of sessions is stored.
const LAST_SEEN_INTERVAL: Duration = Duration::from_secs(5);

/// After how many of those intervals the other work is done.
const SWEEP_ROUNDS: u32 = 120;

/// After how many of the intervals the limits are looked at.
const WATCH_ROUNDS: u32 = 2;

/// How long a session is stored after its last token has expired: longer than clocks differ.
const RETENTION: Duration = Duration::from_secs(24 * 3600);

/// How many rows one transaction changes, and the pause before the next, in which others can write.
const BATCH: usize = 200;
const PAUSE: Duration = Duration::from_millis(200);

/// Runs the work until the server stops.
pub(crate) async fn run_housekeeping(app: App) {
    let mut watch = LimitWatch::default();
    let mut last = app.clock.now();
    let newest = app.store.read(audit_list::newest).await.unwrap_or_default();
    let mut trust = ClockTrust::at_start(newest, last);
    for round in 0_u32.. {
        tokio::time::sleep(LAST_SEEN_INTERVAL).await;
        let now = app.clock.now();
        if now < last || round % SWEEP_ROUNDS == 0 {
            let keys = if round < SWEEP_ROUNDS { LinkKeys::Unchanged } else { LinkKeys::Corrected };
            let corrected = correct_moments(&app, keys).await.map(|_| ());
            log_failure("correct what a clock that was ahead has stored", corrected);
        }
        last = now;
        trust.look(now, LAST_SEEN_INTERVAL);
        log_failure("store when sessions were last used", record_last_seen(&app).await);
        log_failure("read the settings that administrators changed", app.refresh_settings().await);
        log_failure("go on with bulk actions", resume_bulk_actions(&app).await);
        if round % WATCH_ROUNDS == 0 {
            log_failure("count what the limits stop", watch.check(&app).await);
        }
        if round % SWEEP_ROUNDS == 0 {
            send_requested_mails(&app).await;
            log_failure("count the logins", tally_logins(&app).await);
            if trust.is_trusted() {
                delete_old(&app).await;
            }
        }
        // A clock that jumped must not have a key sign before services know it.
        if trust.is_trusted()
            && let Err(error) = advance_keys(&app).await
        {
            tracing::warn!(%error, "could not move the signing keys to the states that are due");
        }
    }
}

/// Deletes for ever what is old by the clock.
async fn delete_old(app: &App) {
    log_failure("delete ended sessions", sweep_sessions(app).await.map(|_| ()));
    log_failure("delete unconfirmed accounts", sweep_unconfirmed(app).await.map(|_| ()));
    log_failure("delete accounts whose deletion is due", delete_due_accounts(app).await.map(|_| ()));
    log_failure("forget old bulk actions", sweep_bulk_actions(app).await);
    log_failure("tidy the outbox", tidy_outbox(app).await);
    // After the logins were counted: what is let go cannot be counted.
    log_failure("let go of old audit entries", trim_audit(app).await.map(|_| ()));
}

/// Stores which sessions and API keys were used since the last call.
///
/// # Errors
/// If the store fails; then these uses are lost.
pub async fn record_last_seen(app: &App) -> Result<(), StoreError> {
    for batch in app.last_seen.drain().chunks(BATCH) {
        let batch = batch.to_vec();
        app.store.write(move |tx| sessions::record_last_seen(tx, &batch)).await?;
    }
    let keys = app.api_keys_used.drain();
    if !keys.is_empty() {
        app.store.write(move |tx| api_keys::record_last_used(tx, &keys)).await?;
    }
    Ok(())
}

/// Deletes the sessions whose last token expired more than a day ago, and such refresh tokens of others; answers
/// how many sessions.
pub async fn sweep_sessions(app: &App) -> Result<usize, StoreError> {
    let before = app.clock.now().minus(RETENTION);
    let swept = in_batches(app, move |tx| sessions::sweep(tx, before, BATCH)).await?;
    in_batches(app, move |tx| refresh_tokens::sweep(tx, before, BATCH)).await?;
    Ok(swept)
}

/// Repeats `sweep`, which deletes at most [`BATCH`] rows, until there are no more; answers how many there were.
async fn in_batches(
    app: &App,
    sweep: impl Fn(&mut Tx<'_>) -> Result<usize, StoreError> + Copy + Send + 'static,
) -> Result<usize, StoreError> {
    let mut swept = 0;
    loop {
        let batch = app.store.write(sweep).await?;
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
