//! How many hashes a thread computes at once. Which number is the fastest depends on the processor, and on
//! whether two threads share a core and its first-level cache. So it is measured the first time that all threads
//! are full, on the hashes that run anyway.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::lanes::MAX_LANES;

/// The widths that are compared. Fewer lanes leave every core waiting.
pub(super) const CANDIDATES: [usize; 5] = [4, 5, 6, 7, 8];
/// The turns of a full thread that all threads spend with one candidate before the next.
const SLOT_TURNS: u32 = 16;
/// Bounds for a turn that was disturbed when it was measured.
const SHORTEST_SLOT: Duration = Duration::from_micros(10);
const LONGEST_SLOT: Duration = Duration::from_millis(50);
/// How many turns each thread measures of each candidate: in six slots or more, spread over some tens of
/// milliseconds, so that a disturbance meets all of them.
const ENOUGH: usize = 96;
/// By how much more lanes must be faster: with fewer, a login at a full queue takes less time.
const MARGIN: f64 = 1.01;

/// The width of all threads of an engine.
pub(super) struct Width {
    threads: usize,
    slot: Duration,
    /// 0 while it is measured.
    chosen: AtomicUsize,
    /// The number of threads whose lanes are all running.
    full: AtomicUsize,
    /// When all threads were full for the first time.
    begun: OnceLock<Instant>,
    times: Mutex<Times>,
}

/// How long a turn of all lanes took, for each candidate.
type Times = [Vec<Duration>; CANDIDATES.len()];

impl Width {
    /// A width that is measured on `threads` threads, for one of which a turn of a lane takes about `turn`.
    pub(super) fn measured(threads: usize, turn: Duration) -> Self {
        Self {
            threads,
            slot: (turn * MAX_LANES as u32 * SLOT_TURNS).clamp(SHORTEST_SLOT, LONGEST_SLOT),
            chosen: AtomicUsize::new(0),
            full: AtomicUsize::new(0),
            begun: OnceLock::new(),
            times: Mutex::default(),
        }
    }

    /// A given width, for tests.
    #[cfg(test)]
    pub(super) fn fixed(width: usize) -> Self {
        Self { chosen: AtomicUsize::new(width), ..Self::measured(1, Duration::ZERO) }
    }

    /// How many hashes a thread begins at most.
    pub(super) fn limit(&self) -> usize {
        self.chosen().unwrap_or(MAX_LANES)
    }

    /// The width that was measured.
    pub(super) fn chosen(&self) -> Option<usize> {
        Some(self.chosen.load(Relaxed)).filter(|width| *width > 0)
    }

    /// A thread's part in the measurement.
    pub(super) fn trial(&self) -> WidthTrial<'_> {
        WidthTrial { width: self, is_full: false, settled: None }
    }

    /// The number of the slot at this moment, by which all threads agree on a candidate without waiting for each
    /// other; `None` unless all threads are full.
    fn slot(&self, now: Instant) -> Option<u128> {
        if self.chosen().is_some() || self.full.load(Relaxed) < self.threads {
            return None;
        }
        let begun = self.begun.get_or_init(|| now);
        Some(now.saturating_duration_since(*begun).as_nanos() / self.slot.as_nanos())
    }

    fn record(&self, candidate: usize, time: Duration) {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = times.get_mut(candidate) {
            times.push(time);
        }
        if self.chosen().is_none() && times.iter().all(|times| times.len() >= ENOUGH * self.threads) {
            let width = fastest(std::mem::take(&mut *times));
            self.chosen.store(width, Relaxed);
            tracing::debug!(
                width,
                threads = self.threads,
                "measured how many passwords a thread hashes at once"
            );
        }
    }
}

fn candidate(slot: u128) -> usize {
    usize::try_from(slot % CANDIDATES.len() as u128).unwrap_or(0)
}

/// The candidate with the shortest time for each lane. Medians: some turns were interrupted, and in some the
/// thread had the core to itself.
fn fastest(times: Times) -> usize {
    let mut best = (CANDIDATES[0], f64::INFINITY);
    for (width, mut times) in CANDIDATES.into_iter().zip(times) {
        times.sort_unstable();
        let each = times.get(times.len() / 2).map_or(f64::INFINITY, Duration::as_secs_f64) / width as f64;
        if each * MARGIN < best.1 {
            best = (width, each);
        }
    }
    best.0
}

/// A thread's part in the measurement. Once the width is chosen, it does nothing.
pub(super) struct WidthTrial<'a> {
    width: &'a Width,
    is_full: bool,
    /// The slot in which this thread has made a turn, so that its lanes are in the cache.
    settled: Option<u128>,
}

impl WidthTrial<'_> {
    /// Notes how many lanes of this thread are running.
    pub(super) fn running(&mut self, lanes: usize) {
        let is_full = lanes >= MAX_LANES;
        if is_full == self.is_full {
            return;
        }
        self.is_full = is_full;
        if is_full {
            self.width.full.fetch_add(1, Relaxed);
        } else {
            self.width.full.fetch_sub(1, Relaxed);
        }
    }

    /// How many of `live` lanes make the next turn. The others pause for some milliseconds.
    pub(super) fn lanes(&self, live: usize, now: Instant) -> usize {
        self.width
            .slot(now)
            .and_then(|slot| CANDIDATES.get(candidate(slot)))
            .map_or(live, |lanes| live.min(*lanes))
    }

    /// Records a turn, if it lies within one slot and is not the first in it.
    pub(super) fn turned(&mut self, from: Instant, to: Instant) {
        let Some(slot) = self.width.slot(from) else { return };
        if self.width.slot(to) != Some(slot) {
            return;
        }
        if self.settled == Some(slot) {
            self.width.record(candidate(slot), to.saturating_duration_since(from));
        }
        self.settled = Some(slot);
    }
}

impl Drop for WidthTrial<'_> {
    /// Also after a panic: a thread that is not counted out would be taken for full.
    fn drop(&mut self) {
        self.running(0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::pace::now;
    use super::*;

    const MICRO: Duration = Duration::from_micros(1);

    /// Times of one turn, for each candidate the same in all its turns.
    fn times(micros: [u32; CANDIDATES.len()]) -> Times {
        micros.map(|micros| vec![micros * MICRO; 5])
    }

    /// Lets the threads turn in step until a width is chosen. `time` is a turn's, by the lanes that make it.
    fn measure(threads: usize, time: impl Fn(usize) -> Duration) -> (usize, Duration) {
        let width = Width::measured(threads, 10 * MICRO);
        let mut trials: Vec<_> = (0..threads).map(|_| width.trial()).collect();
        let begun = now();
        let mut at = begun;
        trials.iter_mut().for_each(|trial| trial.running(MAX_LANES));
        while width.chosen().is_none() {
            let end = at + time(trials[0].lanes(MAX_LANES, at));
            trials.iter_mut().for_each(|trial| trial.turned(at, end));
            at = end;
        }
        (width.limit(), at - begun)
    }

    #[test]
    fn the_shortest_time_for_each_lane_wins() {
        assert_eq!(fastest(times([40, 45, 50, 56, 72])), 7);
        assert_eq!(fastest(times([40, 45, 60, 80, 99])), 5);
        assert_eq!(fastest(times([40, 50, 60, 70, 70])), 8);
    }

    #[test]
    fn of_equal_widths_the_narrowest_wins() {
        assert_eq!(fastest(times([400, 500, 600, 700, 800])), 4);
        assert_eq!(fastest(times([400, 500, 600, 695, 800])), 4, "less than a hundredth faster");
    }

    #[test]
    fn some_disturbed_turns_do_not_count() {
        let mut times = times([40, 45, 50, 56, 72]);
        times[3][0] = 9000 * MICRO;
        times[0][0] = MICRO;
        times[4][1] = MICRO;
        assert_eq!(fastest(times), 7);
    }

    #[test]
    fn threads_that_share_a_cache_get_fewer_lanes_than_a_thread_alone() {
        let alone = |lanes: usize| MICRO * [40, 45, 50, 56, 72][lanes - 4];
        let shared = |lanes: usize| MICRO * [60, 68, 90, 120, 150][lanes - 4];
        assert_eq!(measure(1, alone).0, 7);
        assert_eq!(measure(2, shared).0, 5);
    }

    #[test]
    fn a_measurement_takes_some_tens_of_milliseconds() {
        let (_, took) = measure(2, |lanes| 10 * MICRO * lanes as u32);
        assert!(took < Duration::from_millis(100), "{took:?}");
    }

    #[test]
    fn nothing_is_measured_and_no_lane_pauses_unless_all_threads_are_full() {
        let width = Width::measured(2, 10 * MICRO);
        let (mut one, mut other) = (width.trial(), width.trial());
        one.running(MAX_LANES);
        let at = now();
        assert_eq!(one.lanes(MAX_LANES, at), MAX_LANES);
        one.turned(at, at + MICRO);
        other.running(MAX_LANES);
        assert_eq!(one.lanes(MAX_LANES, at), CANDIDATES[0]);
        other.running(MAX_LANES - 1);
        assert_eq!(one.lanes(MAX_LANES, at), MAX_LANES);
        other.running(MAX_LANES);
        drop(other);
        assert_eq!(one.lanes(MAX_LANES, at), MAX_LANES, "a thread that has ended");
        assert!(width.times.lock().unwrap().iter().all(Vec::is_empty));
    }

    #[test]
    fn all_threads_try_the_same_candidate_at_the_same_time() {
        let width = Width::measured(2, 10 * MICRO);
        let (mut one, mut other) = (width.trial(), width.trial());
        one.running(MAX_LANES);
        other.running(MAX_LANES);
        let begun = now();
        let tried: Vec<_> = (0..7u32).map(|slot| one.lanes(MAX_LANES, begun + width.slot * slot)).collect();
        assert_eq!(tried, [4, 5, 6, 7, 8, 4, 5]);
        assert_eq!(other.lanes(MAX_LANES, begun + width.slot * 3), 7);
    }

    #[test]
    fn a_chosen_width_is_the_limit_and_no_lane_pauses() {
        let width = Width::fixed(5);
        let mut trial = width.trial();
        trial.running(MAX_LANES);
        assert_eq!((width.limit(), trial.lanes(MAX_LANES, now())), (5, MAX_LANES));
        assert_eq!(Width::measured(1, MICRO).limit(), MAX_LANES, "before the measurement");
    }
}
