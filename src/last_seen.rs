//! Which sessions were used since that was last written down. In memory, so that no request with a
//! token has to write: `accounts::authenticate` notes, `accounts::housekeeping` writes. What a crash
//! takes away is some seconds of it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::types::{SessionId, Timestamp};

/// How old what the store says must be before it is worth a write.
const WORTH: Duration = Duration::from_secs(60);

/// How many sessions are noted at most. Those beyond are noted when they are used the next time.
const MOST: usize = 50_000;

/// When each session was last used.
#[derive(Debug, Default)]
pub struct LastSeen(Mutex<HashMap<SessionId, Timestamp>>);

impl LastSeen {
    /// Notes that a session was used, of which the store says that it was used at `known`.
    pub fn note(&self, session: SessionId, known: Timestamp, now: Timestamp) {
        if now.since(known) < WORTH {
            return;
        }
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() < MOST || seen.contains_key(&session) {
            seen.insert(session, now);
        }
    }

    /// All that was noted, and forgets it.
    #[must_use]
    pub fn take(&self) -> Vec<(SessionId, Timestamp)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    #[test]
    fn what_the_store_knows_well_enough_is_not_noted_and_the_rest_once() {
        let (seen, one) = (LastSeen::default(), SessionId::new(1));
        seen.note(one, NOW, NOW.plus(Duration::from_secs(59)));
        assert!(seen.take().is_empty());
        let later = NOW.plus(Duration::from_secs(61));
        seen.note(one, NOW, NOW.plus(Duration::from_secs(60)));
        seen.note(one, NOW, later);
        assert_eq!(seen.take(), [(one, later)]);
        assert!(seen.take().is_empty());
    }
}
