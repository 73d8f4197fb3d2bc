//! Corrects what a clock that was ahead has stored, such as after a boot with a wrong hardware clock. A stored
//! moment that lies in the future would ask for more than its own time: a rate limit would block for hours, a
//! session would outlive its end.
//!
//! What looks like the future may be the present, and this clock behind. So nothing here can take a revocation
//! back or end a link early for good: keys of links are corrected only after the process has run for a while,
//! in which a clock that was wrong at the boot is set right.

use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::audit_list;
use crate::store::tables::{
    admin_sessions, browser_sessions, bulk_actions, deleted_accounts, known_addresses, login_tallies, mails,
    one_time_keys, reserved_names, sessions, throttles,
};
use crate::types::Timestamp;

/// How far the clocks of replicas may differ: a moment this far in the future is left as it is.
const TOLERANCE: Duration = Duration::from_secs(60);

/// Whether the keys of links are corrected, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKeys {
    /// They are.
    Corrected,
    /// The clock may be about to be set right.
    Unchanged,
}

/// Corrects stored moments that lie in the future; answers how many rows. `docs/decisions/0057-clock-ahead.md` has
/// the list of all stored moments and what is done about each.
///
/// # Errors
/// If the store fails.
pub async fn correct_moments(app: &App, keys: LinkKeys) -> Result<usize, StoreError> {
    let now = app.clock.now();
    let latest = now.plus(TOLERANCE);
    app.store
        .write(move |tx| {
            let mut corrected = throttles::correct_future(tx, latest, now)?;
            corrected += bulk_actions::correct_future(tx, latest, now)?;
            corrected += deleted_accounts::correct_future(tx, latest, now)?;
            corrected += reserved_names::correct_future(tx, latest, now)?;
            corrected += known_addresses::correct_future(tx, latest, now)?;
            corrected += admin_sessions::remove_future(tx, latest)?;
            corrected += browser_sessions::remove_future(tx, latest)?;
            corrected += login_tallies::remove_future(tx, now)?;
            corrected += sessions::correct_future_use(tx, latest, now)?;
            corrected += mails::correct_future_end(tx, latest, now)?;
            if keys == LinkKeys::Corrected {
                corrected += one_time_keys::correct_future(tx, latest, now)?;
            }
            Ok(corrected)
        })
        .await
}

/// How far the newest entry of the audit log lies in the future; `None` if it does not. The entries themselves are
/// never changed, so this shows that the clock was ahead until that time has passed.
///
/// # Errors
/// If the store fails.
pub(crate) async fn clock_was_ahead(app: &App) -> Result<Option<Duration>, StoreError> {
    let newest = app.store.read(audit_list::newest).await?;
    Ok(newest.and_then(|newest| ahead(newest, app.clock.now())))
}

/// How far a moment lies in the future, if that is more than clocks of replicas may differ.
pub(in crate::accounts) fn ahead(moment: Timestamp, now: Timestamp) -> Option<Duration> {
    Some(moment.since(now)).filter(|ahead| *ahead > TOLERANCE)
}
