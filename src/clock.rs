//! The time, as a parameter. This is the only file that reads the system's clock. Everything else takes a
//! [`Clock`], so that tests can move the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::types::Timestamp;

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the clock")]
    fn now(&self) -> Timestamp {
        let micros = time::OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000;
        Timestamp::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

/// The clock of the machine plus an offset, for tests of what expires.
#[derive(Clone, Debug, Default)]
pub struct ShiftedClock(Arc<AtomicI64>);

impl ShiftedClock {
    /// Moves this clock (and its clones) forward.
    pub fn advance(&self, span: Duration) {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let shift = self.0.load(Ordering::SeqCst);
        Timestamp::from_micros(SystemClock.now().micros().saturating_add(shift))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_clock_is_ahead_by_what_it_was_advanced() {
        let clock = ShiftedClock::default();
        clock.clone().advance(Duration::from_secs(3600));
        let ahead = clock.now().since(SystemClock.now());
        assert!(ahead > Duration::from_secs(3590) && ahead <= Duration::from_secs(3600));
    }
}
