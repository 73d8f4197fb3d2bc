//! Audit entries of what a user can do again and again: logging in and out, and the first refreshes of sessions.
//! So that no account fills the disk, of many within an hour one a minute is recorded.

use std::time::Duration;

use crate::accounts::shared::actor::Actor;
use crate::limits::Limits;
use crate::store::queries::user_activity;
use crate::store::tables::audit::Action;
use crate::store::tables::audit::detail::ONE_OF_MANY;
use crate::store::tables::sessions;
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User};

/// The span in which the logins of an account are counted.
const HOUR: Duration = Duration::from_secs(3600);

/// How often one of many is recorded.
const INTERVAL: Duration = Duration::from_secs(60);

/// Records the action, unless the account has logged in often within the last hour and such an action was
/// recorded just before. The caller has locked the user, and a login has its session.
pub(crate) fn record_sparingly(
    tx: &mut Tx<'_>,
    limits: &Limits,
    by: &Actor,
    action: Action,
    user: &User,
    now: Timestamp,
) -> Result<(), StoreError> {
    let most = i64::from(limits.recorded_logins_per_account);
    if !limits.enabled || sessions::count(tx, user.id, now.minus(HOUR), now)?.recent <= most {
        return by.record(tx, action, user, None, now);
    }
    let last = match action {
        Action::LoggedIn => user_activity::last_login(tx, user.id)?,
        Action::Refreshed => user_activity::last_refresh(tx, user.id)?,
        _ => user_activity::last(tx, user.id, action)?.map(|row| row.at()),
    };
    // A moment ahead of now is of a clock that was wrong.
    if last.is_some_and(|last| last <= now && now.since(last) < INTERVAL) {
        return Ok(());
    }
    by.record(tx, action, user, Some(ONE_OF_MANY), now)
}
