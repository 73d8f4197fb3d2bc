//! Notices attacks: how many IP addresses and names the limits stop now, for the overview and for the log.

use std::time::Duration;

use crate::app::App;
use crate::limits::Limits;
use crate::store::tables::throttles;
use crate::store::{Conn, StoreError};
use crate::types::Timestamp;

/// How far buckets are counted.
const MAX_COUNTED: i64 = 10_000;

/// From how many names on the log warns. One person who has forgotten a password closes one or two.
const MANY_NAMES: u64 = 10;

/// How often the log warns at most.
const WARNING_INTERVAL: Duration = Duration::from_secs(10 * 60);

/// How many IP addresses and names are stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoppedClients {
    /// IP addresses whose failed logins, bad tokens or registrations have reached their limit.
    pub addresses: u64,
    /// Usernames and email addresses, existing or not, whose failed logins have reached their limit.
    pub names: u64,
}

/// Counts what the limits stop now.
pub(crate) fn count_stopped(
    conn: &mut Conn,
    limits: &Limits,
    now: Timestamp,
) -> Result<StoppedClients, StoreError> {
    if !limits.enabled {
        return Ok(StoppedClients::default());
    }
    let mut count = |kinds: Vec<(&'static str, Timestamp)>| {
        kinds.into_iter().try_fold(0, |sum, (prefix, moment)| {
            Ok::<u64, StoreError>(sum + throttles::count_after(conn, prefix, moment, MAX_COUNTED)?)
        })
    };
    let [addresses, names] = limits.full_after(now);
    Ok(StoppedClients { addresses: count(addresses)?, names: count(names)? })
}

/// When the log warned last.
#[derive(Debug, Default)]
pub(crate) struct LimitWatch(Option<Timestamp>);

impl LimitWatch {
    /// Warns if the limits stop an IP address, or many names.
    pub(crate) async fn check(&mut self, app: &App) -> Result<(), StoreError> {
        let (limits, now) = (app.limits, app.clock.now());
        let stopped = app.store.read(move |conn| count_stopped(conn, &limits, now)).await?;
        if self.is_due(stopped, now) {
            tracing::warn!(
                addresses = stopped.addresses,
                names = stopped.names,
                "limits stop clients, as when passwords or tokens are guessed"
            );
        }
        Ok(())
    }

    fn is_due(&mut self, stopped: StoppedClients, now: Timestamp) -> bool {
        let is_attack = stopped.addresses > 0 || stopped.names >= MANY_NAMES;
        let was_recent = self.0.is_some_and(|last| last <= now && now.since(last) < WARNING_INTERVAL);
        if is_attack && !was_recent {
            self.0 = Some(now);
        }
        is_attack && !was_recent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_or_many_names_cause_one_warning_within_ten_minutes() {
        let mut watch = LimitWatch::default();
        let start = Timestamp::from_seconds(1_000_000);
        let stopped = |addresses, names| StoppedClients { addresses, names };
        assert!(!watch.is_due(stopped(0, 9), start));
        assert!(watch.is_due(stopped(0, 10), start));
        assert!(!watch.is_due(stopped(1, 0), start.plus(Duration::from_secs(599))));
        assert!(watch.is_due(stopped(1, 0), start.plus(WARNING_INTERVAL)));
        // The clock was set back.
        assert!(watch.is_due(stopped(1, 0), start));
    }
}
