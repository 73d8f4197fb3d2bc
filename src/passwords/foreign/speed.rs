//! How long a hash of each kind takes on this machine: estimated at the start, then measured on the hashes that run.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::compute::compute;
use super::job::ForeignTask;
use crate::passwords::formats::{Argon2Variety, ForeignParameters};
use crate::passwords::pace::now;
use crate::passwords::task::Requester;
use crate::types::Password;

/// Small trials, of less than a millisecond each, one a kind.
const TRIALS: [ForeignParameters; KINDS] = [
    ForeignParameters::Pbkdf2Sha256(NonZeroU32::MIN.saturating_add(255)),
    ForeignParameters::Pbkdf2Sha1(NonZeroU32::MIN.saturating_add(255)),
    ForeignParameters::Argon2 { variety: Argon2Variety::Id, is_v13: true, memory: 64, passes: 1, lanes: 1 },
    ForeignParameters::Scrypt { log_n: 6, r: 8, p: 1 },
];
const KINDS: usize = 4;

/// The most parameters whose times are known by measurement.
const MOST_MEASURED: usize = 64;

/// The measured time of hashes.
pub(super) struct Speed {
    /// Picoseconds for a unit of work of each kind.
    picos: [AtomicU64; KINDS],
    /// The time of each hash that has run: a moving average.
    measured: Mutex<HashMap<ForeignParameters, Duration>>,
}

impl Speed {
    /// The speed by small trials, made once a process.
    pub(super) fn estimated() -> Self {
        static PICOS: OnceLock<[u64; KINDS]> = OnceLock::new();
        let picos = PICOS.get_or_init(|| TRIALS.map(trial));
        Self { picos: picos.map(AtomicU64::new), measured: Mutex::default() }
    }

    /// How long a hash takes that begins now.
    pub(super) fn time(&self, parameters: &ForeignParameters) -> Duration {
        let measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        measured.get(parameters).copied().unwrap_or_else(|| {
            let (kind, units) = work(parameters);
            let picos = self.picos.get(kind).map_or(0, |picos| picos.load(Relaxed));
            Duration::from_nanos(picos.saturating_mul(units) / 1000)
        })
    }

    /// Whether such a hash has run.
    pub(super) fn is_measured(&self, parameters: &ForeignParameters) -> bool {
        self.measured.lock().unwrap_or_else(PoisonError::into_inner).contains_key(parameters)
    }

    /// Records that a hash took this time from its begin to its end.
    pub(super) fn record(&self, parameters: ForeignParameters, time: Duration) {
        let (kind, units) = work(&parameters);
        if let Some(picos) = self.picos.get(kind) {
            picos.store(picos_each(time, units), Relaxed);
        }
        let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        if measured.len() >= MOST_MEASURED && !measured.contains_key(&parameters) {
            return;
        }
        // A weight of 1/4: the last dozen counts.
        let average = measured.entry(parameters).or_insert(time);
        *average = *average - *average / 4 + time / 4;
    }
}

/// The kind, as an index, and the units of work: rounds of PBKDF2, KiB and passes of argon2, blocks of scrypt.
fn work(parameters: &ForeignParameters) -> (usize, u64) {
    match *parameters {
        ForeignParameters::Pbkdf2Sha256(rounds) => (0, rounds.get().into()),
        ForeignParameters::Pbkdf2Sha1(rounds) => (1, rounds.get().into()),
        ForeignParameters::Argon2 { memory, passes, .. } => (2, u64::from(memory) * u64::from(passes)),
        ForeignParameters::Scrypt { log_n, r, p } => (3, (u64::from(r) * u64::from(p)) << log_n),
    }
}

/// A task with these parameters, of no account.
pub(super) fn example(parameters: ForeignParameters) -> ForeignTask {
    let (salt, password) = ((*b"salt of a trial").into(), Arc::new(Password::new("trial".to_owned())));
    ForeignTask { parameters, salt, digest_len: 20, password, requester: Requester::default() }
}

fn trial(parameters: ForeignParameters) -> u64 {
    let task = example(parameters);
    let begun = now();
    let _ = compute(&task);
    picos_each(begun.elapsed(), work(&parameters).1)
}

fn picos_each(time: Duration, units: u64) -> u64 {
    u64::try_from(time.as_nanos().saturating_mul(1000) / u128::from(units.max(1))).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    fn rounds(number: u32) -> ForeignParameters {
        ForeignParameters::Pbkdf2Sha256(NonZeroU32::new(number).unwrap())
    }

    #[test]
    fn what_has_not_run_is_estimated_by_its_work() {
        let speed = Speed::estimated();
        assert!(speed.time(&rounds(1)) < speed.time(&rounds(1_000_000)));
        speed.record(rounds(1000), 10 * MILLI);
        assert_eq!(speed.time(&rounds(2000)), 20 * MILLI);
        assert!(speed.is_measured(&rounds(1000)) && !speed.is_measured(&rounds(2000)));
    }

    #[test]
    fn what_has_run_takes_the_time_of_the_last_runs() {
        let speed = Speed::estimated();
        speed.record(rounds(1000), 10 * MILLI);
        speed.record(rounds(1000), 30 * MILLI);
        assert_eq!(speed.time(&rounds(1000)), 15 * MILLI);
        (0..40).for_each(|_| speed.record(rounds(1000), 30 * MILLI));
        assert!(speed.time(&rounds(1000)) > 29 * MILLI);
    }

    #[test]
    fn the_measurements_are_bounded() {
        let speed = Speed::estimated();
        (1..200).for_each(|number| speed.record(rounds(number), MILLI));
        assert_eq!(speed.measured.lock().unwrap().len(), MOST_MEASURED);
    }
}
