//! The speed of the engine, measured while it works, from which `queue` predicts how long waiting jobs take.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// The current time, for measuring durations.
#[expect(clippy::disallowed_methods, reason = "measures how long work takes and waits")]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// The measured speed of a full thread, and the work done.
pub(super) struct Pace {
    /// Picoseconds of one thread for one turn of one lane at full width: a moving average. All threads write
    /// it, and a lost update is harmless.
    picos: AtomicU64,
    /// The turns since the start, of all lanes and threads.
    turns: AtomicU64,
    /// Nanoseconds from the request to the result: a moving average, 0 before the first.
    took: AtomicU64,
}

impl Pace {
    /// `turn`: the measured time of a full thread per lane and turn.
    pub(super) fn new(turn: Duration) -> Self {
        Self { picos: AtomicU64::new(picos(turn)), turns: AtomicU64::new(0), took: AtomicU64::new(0) }
    }

    /// Records that `lanes` lanes made a turn each in this time. Of `width` lanes the thread is full.
    pub(super) fn turned(&self, lanes: usize, width: usize, time: Duration) {
        self.turns.fetch_add(lanes as u64, Relaxed);
        if lanes >= width.max(1) {
            // A weight of 1/256: about the last tenth of a second counts.
            let (old, new) = (self.picos.load(Relaxed), picos(time) / lanes as u64);
            self.picos.store(old - old / 256 + new / 256, Relaxed);
        }
    }

    /// The turns since the start.
    pub(super) fn turns(&self) -> u64 {
        self.turns.load(Relaxed)
    }

    /// Records that a result took this time from its request.
    pub(super) fn answered(&self, time: Duration) {
        let new = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1);
        // A weight of 1/8: about the last dozen counts.
        self.took.store(
            match self.took.load(Relaxed) {
                0 => new,
                old => (old - old / 8).saturating_add(new / 8).max(1),
            },
            Relaxed,
        );
    }

    /// How long the last results took; `None` before the first.
    pub(super) fn took(&self) -> Option<Duration> {
        let nanos = self.took.load(Relaxed);
        (nanos > 0).then(|| Duration::from_nanos(nanos))
    }

    /// How long `threads` full threads need for this many turns.
    pub(super) fn time_for(&self, turns: u64, threads: usize) -> Duration {
        let picos = u128::from(self.picos.load(Relaxed)) * u128::from(turns);
        let nanos = picos / 1000 / threads.max(1) as u128;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

fn picos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().saturating_mul(1000)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MICRO: Duration = Duration::from_micros(1);

    #[test]
    fn the_time_is_that_of_all_turns_over_the_threads() {
        let pace = Pace::new(10 * MICRO);
        assert_eq!(pace.time_for(600, 2), 3000 * MICRO);
        assert_eq!(pace.time_for(600, 0), 6000 * MICRO);
        assert_eq!(pace.time_for(u64::MAX, 1).as_nanos(), u64::MAX.into());
    }

    #[test]
    fn the_average_follows_full_turns_only() {
        let pace = Pace::new(10 * MICRO);
        pace.turned(1, 7, 400 * MICRO);
        assert_eq!(pace.time_for(1000, 1), 10_000 * MICRO);
        for _ in 0..2000 {
            pace.turned(7, 7, 20 * MICRO * 7);
        }
        let time = pace.time_for(1000, 1);
        assert!((19_900 * MICRO..=20_000 * MICRO).contains(&time), "{time:?}");
        assert_eq!(pace.turns(), 1 + 2000 * 7);
    }

    #[test]
    fn the_time_of_a_result_follows_the_last_ones() {
        let pace = Pace::new(10 * MICRO);
        assert_eq!(pace.took(), None);
        pace.answered(800 * MICRO);
        assert_eq!(pace.took(), Some(800 * MICRO));
        pace.answered(1600 * MICRO);
        assert_eq!(pace.took(), Some(900 * MICRO));
        (0..200).for_each(|_| pace.answered(80 * MICRO));
        assert!((79 * MICRO..82 * MICRO).contains(&pace.took().unwrap()), "{:?}", pace.took());
    }
}
