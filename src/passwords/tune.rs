//! Finds the cost for this machine: measures the time of one login, the rate of the engine, and its rate
//! without lanes. For `doorward tune` and the benches; the server does not need it.

use std::hint::black_box;
use std::num::NonZeroU32;
use std::thread;
use std::time::Duration;

use super::batch::Batch;
use super::foreign::{self, Pbkdf2Batch};
use super::formats::ForeignParameters;
pub use super::lanes::MAX_LANES;
use super::pace::now;
use super::task::{Key, Requester, SALT_LEN, Task};
use super::width::CANDIDATES;

/// The costs that are reported.
pub(crate) const COSTS: std::ops::RangeInclusive<u32> = 10..=14;
/// The maximum time of one login with the recommended cost.
pub(crate) const TARGET: Duration = Duration::from_millis(250);

/// The cost that is measured. The others are computed, each taking twice the time of the one before.
pub(crate) const TRIAL_COST: u32 = 10;
/// The number of trials of each kind. The fastest counts: the others were disturbed by other work.
const TRIALS: usize = 7;

/// The measurements.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TuneReport {
    /// The number of threads that hashed.
    pub threads: usize,
    /// The number of hashes at once on each thread with which all threads together were the fastest.
    pub width: usize,
    /// A row for each of [`COSTS`], in order.
    pub rows: Vec<TuneRow>,
    /// The highest cost at which a single login takes [`TARGET`] at most; the lowest of [`COSTS`] if there is
    /// none.
    pub recommended: u32,
}

/// The measurements of one cost.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TuneRow {
    /// The cost.
    pub cost: u32,
    /// The time of a single login.
    pub alone: Duration,
    /// The time of a login at a full queue, from the start of its hash.
    pub in_a_crowd: Duration,
    /// Logins per second at a full queue, all threads together.
    pub per_second: f64,
    /// Logins per second with the `bcrypt` crate, one hash per thread at a time.
    pub per_second_without_lanes: f64,
}

/// Measures for some seconds, on this many threads, at least one.
#[must_use]
pub(crate) fn measure(threads: usize) -> TuneReport {
    let threads = threads.max(1);
    hash_at_once(1, 4); // Warms up: the tables are computed, the core is awake.
    let alone = fastest(|| time_on(1, &|| hash_at_once(1, TRIAL_COST)));
    let widths =
        CANDIDATES.map(|width| (width, fastest(|| time_on(threads, &|| hash_at_once(width, TRIAL_COST)))));
    let full = quickest(&widths);
    let plain = fastest(|| time_on(threads, &|| hash_plainly(TRIAL_COST)));
    report(threads, alone, full, plain)
}

/// Hashes `lanes` passwords of this cost at once on this thread, at most [`MAX_LANES`]: the work of the engine
/// without its queue.
pub fn hash_at_once(lanes: usize, cost: u32) {
    let mut batch = Batch::with_width(lanes);
    for number in 0..lanes.min(MAX_LANES) {
        let key = Key::new(format!("password {number}").as_bytes());
        let task = Task { key, salt: [7; SALT_LEN], cost, level: cost, requester: Requester::default() };
        let _ = batch.begin(&task, ());
    }
    while batch.live() > 0 {
        batch.turn();
        batch.take_ended(|(), digest| {
            black_box(digest);
        });
    }
}

/// Hashes one password of this cost with the `bcrypt` crate.
pub fn hash_plainly(cost: u32) {
    black_box(bcrypt::bcrypt(cost, [7; SALT_LEN], b"password 0\0"));
}

/// How many passwords a second this many threads check at a full queue, if each takes a hash with these parameters, and
/// all together have `budget` bytes of memory.
#[must_use]
pub(crate) fn foreign_rate(threads: usize, parameters: ForeignParameters, budget: u64) -> f64 {
    let (trial, share) = shortened(parameters);
    let most =
        budget.checked_div(trial.memory()).map_or(threads, |most| usize::try_from(most).unwrap_or(threads));
    let threads = most.min(threads).max(1);
    let took = (0..FOREIGN_TRIALS).map(|_| time_on(threads, &|| check_two(trial))).min().unwrap_or_default();
    2.0 * threads as f64 * share / took.as_secs_f64()
}

/// The trials of [`foreign_rate`], and the rounds of PBKDF2 that are measured of it.
const FOREIGN_TRIALS: usize = 3;
const TRIAL_ROUNDS: u32 = 50_000;

/// Parameters of less work for a trial, and the part that they are of the whole.
fn shortened(parameters: ForeignParameters) -> (ForeignParameters, f64) {
    let part = |rounds: NonZeroU32| {
        let few = NonZeroU32::new(TRIAL_ROUNDS).unwrap_or(rounds).min(rounds);
        (few, f64::from(few.get()) / f64::from(rounds.get()))
    };
    match parameters {
        ForeignParameters::Pbkdf2Sha256(rounds) => {
            let (few, share) = part(rounds);
            (ForeignParameters::Pbkdf2Sha256(few), share)
        }
        ForeignParameters::Pbkdf2Sha1(rounds) => {
            let (few, share) = part(rounds);
            (ForeignParameters::Pbkdf2Sha1(few), share)
        }
        whole => (whole, 1.0),
    }
}

/// The work of two checks on one thread of the engine without its queue.
fn check_two(parameters: ForeignParameters) {
    match parameters {
        ForeignParameters::Pbkdf2Sha256(rounds) if foreign::width() > 0 => pbkdf2_at_once(2, rounds),
        parameters => (0..2).for_each(|_| foreign::compute_example(parameters)),
    }
}

/// Hashes one or two passwords at once with PBKDF2 and SHA-256 in the lanes: the work of the engine without its queue.
/// Slow where [`has_pbkdf2_lanes`] is false.
pub fn pbkdf2_at_once(lanes: usize, rounds: NonZeroU32) {
    let mut batch = Pbkdf2Batch::new();
    for _ in 0..lanes.min(foreign::LANES) {
        let _ = batch.begin(b"password", b"salt of the trial", rounds, ());
    }
    while batch.live() > 0 {
        batch.turn(foreign::TURN_ROUNDS);
        batch.take_ended(|(), digest| {
            black_box(digest);
        });
    }
}

/// Whether this processor computes PBKDF2 with SHA-256 in lanes.
#[must_use]
pub fn has_pbkdf2_lanes() -> bool {
    foreign::width() > 0
}

/// Hashes one password with PBKDF2 and SHA-256 by the library.
pub fn pbkdf2_plainly(rounds: NonZeroU32) {
    foreign::compute_example(ForeignParameters::Pbkdf2Sha256(rounds));
}

/// The time of the slowest of `threads` threads that do the same work.
fn time_on(threads: usize, work: &(impl Fn() + Sync)) -> Duration {
    let timed = || {
        let begun = now();
        work();
        begun.elapsed()
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(timed)).collect();
        let own = timed();
        others.into_iter().filter_map(|other| other.join().ok()).fold(own, Duration::max)
    })
}

fn fastest(mut trial: impl FnMut() -> Duration) -> Duration {
    (1..TRIALS).fold(trial(), |best, _| best.min(trial()))
}

/// Of widths and the times of their hashes, the one with the shortest time for each hash.
fn quickest(widths: &[(usize, Duration)]) -> (usize, Duration) {
    let each = |&(width, time): &(usize, Duration)| time.as_secs_f64() / width.max(1) as f64;
    let shortest = widths.iter().min_by(|one, other| each(one).total_cmp(&each(other)));
    shortest.copied().unwrap_or((1, Duration::MAX))
}

/// The report from the times at the trial cost: of a single hash, of a width and so many hashes at once on each
/// thread, and of one hash of the `bcrypt` crate on each.
fn report(threads: usize, alone: Duration, (width, full): (usize, Duration), plain: Duration) -> TuneReport {
    let row = |cost: u32| {
        let times = 1u32 << (cost - TRIAL_COST);
        let rate = |hashes: usize, time: Duration| hashes as f64 / (time * times).as_secs_f64();
        TuneRow {
            cost,
            alone: alone * times,
            in_a_crowd: full * times,
            per_second: rate(threads * width, full),
            per_second_without_lanes: rate(threads, plain),
        }
    };
    let rows: Vec<TuneRow> = COSTS.map(row).collect();
    let fast_enough = rows.iter().filter(|row| row.alone <= TARGET).map(|row| row.cost);
    let recommended = fast_enough.max().unwrap_or(*COSTS.start());
    TuneReport { threads, width, rows, recommended }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    #[test]
    fn each_step_of_the_cost_doubles_the_time_and_halves_the_rate() {
        let report = report(2, 10 * MILLI, (7, 15 * MILLI), 12 * MILLI);
        let costs: Vec<_> = report.rows.iter().map(|row| row.cost).collect();
        assert_eq!(costs, [10, 11, 12, 13, 14]);
        let first = &report.rows[0];
        assert_eq!((first.alone, first.in_a_crowd), (10 * MILLI, 15 * MILLI));
        assert!((first.per_second - 2.0 * 7.0 / 0.015).abs() < 1e-6);
        assert!((first.per_second_without_lanes - 2.0 / 0.012).abs() < 1e-6);
        assert_eq!(report.rows[4].alone, 160 * MILLI);
        assert!((report.rows[4].per_second * 16.0 - first.per_second).abs() < 1e-6);
    }

    #[test]
    fn the_width_with_the_shortest_time_for_each_hash_is_reported() {
        let widths = [(4, 8 * MILLI), (6, 9 * MILLI), (8, 13 * MILLI)];
        assert_eq!(quickest(&widths), (6, 9 * MILLI));
    }

    #[test]
    fn the_recommended_cost_keeps_a_login_within_the_target() {
        for (alone, cost) in [(4, 14), (40, 12), (62, 12), (63, 11), (250, 10), (900, 10)] {
            let report = report(1, alone * MILLI, (7, MILLI), MILLI);
            assert_eq!(report.recommended, cost, "{alone} ms at cost 10");
        }
    }

    #[test]
    fn the_rate_of_a_foreign_format_falls_with_its_work_and_its_memory() {
        let rate = |rounds: u32| {
            foreign_rate(1, ForeignParameters::Pbkdf2Sha256(NonZeroU32::new(rounds).unwrap()), 0)
        };
        assert!(rate(100_000) > 5.0 * rate(1_000_000));
        let scrypt = ForeignParameters::Scrypt { log_n: 8, r: 8, p: 1 };
        assert!(foreign_rate(1, scrypt, 1 << 20) > 0.0);
    }

    #[test]
    fn a_measurement_has_plausible_numbers() {
        let report = measure(1);
        assert_eq!((report.threads, report.rows.len()), (1, 5));
        assert!(CANDIDATES.contains(&report.width));
        for row in &report.rows {
            assert!(row.alone > Duration::ZERO && row.in_a_crowd > Duration::ZERO);
            assert!(row.per_second > 0.0 && row.per_second_without_lanes > 0.0);
        }
    }
}
