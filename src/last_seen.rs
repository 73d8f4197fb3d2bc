//! Sessions and API keys that were used since the last write to the store. They are in memory, so that no request
//! with a token or a key has to write: `accounts::sessions::authenticate` and `accounts::api_keys::authenticate` note
//! them, `accounts::jobs::housekeeping` writes them. A crash loses a few seconds of them.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::types::Timestamp;

/// How old the stored time must be before it is written again.
const PRECISION: Duration = Duration::from_secs(60);

/// The most ids that are noted. Any further one is noted when it is used the next time.
const CAPACITY: usize = 50_000;

/// When each session, or each API key, was last used.
#[derive(Debug)]
pub(crate) struct LastSeen<Id>(Mutex<HashMap<Id, Timestamp>>);

impl<Id> Default for LastSeen<Id> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Id: Copy + Eq + Hash> LastSeen<Id> {
    /// Notes that one was used `now`. `stored` is the last use that the store knows.
    pub(crate) fn note(&self, id: Id, stored: Timestamp, now: Timestamp) {
        if now.since(stored) < PRECISION {
            return;
        }
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() < CAPACITY || noted.contains_key(&id) {
            noted.insert(id, now);
        }
    }

    /// Returns everything that was noted, and forgets it.
    #[must_use]
    pub(crate) fn drain(&self) -> Vec<(Id, Timestamp)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::SessionId;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    #[test]
    fn a_recent_stored_time_is_not_noted_again_and_an_old_one_once() {
        let (seen, one) = (LastSeen::default(), SessionId::new(1));
        seen.note(one, NOW, NOW.plus(Duration::from_secs(59)));
        assert!(seen.drain().is_empty());
        let later = NOW.plus(Duration::from_secs(61));
        seen.note(one, NOW, NOW.plus(Duration::from_secs(60)));
        seen.note(one, NOW, later);
        assert_eq!(seen.drain(), [(one, later)]);
        assert!(seen.drain().is_empty());
    }
}
