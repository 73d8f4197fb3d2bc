//! The lanes against the `bcrypt` crate, with any mix of jobs that a fuzzer or a property test describes in
//! bytes: keys, salts, costs and times of arrival.

use std::collections::VecDeque;

use doorward::testing::passwords::{Batch, Digest, Key, Requester, Task};

/// The maximum number of jobs that are read from the bytes.
const MAX_JOBS: usize = 24;

/// A job, and the number of turns after the one before when it arrives.
pub(crate) struct Arrival {
    pub(crate) task: Task,
    gap: u8,
    is_abandoned: bool,
}

/// Runs the mix that the bytes describe. Returns the number of the first job whose digest differs from that
/// of the `bcrypt` crate, or is missing.
///
/// A job is: a byte for its cost (`lowest` to 4 more) and whether its client hangs up, one for its level, one
/// for its arrival, 16 for its salt, one for the length of its password (0 to 100), and the password.
/// Missing bytes are 0.
///
/// No stored hash has a cost below 4, but a fuzzer learns more from many short mixes.
pub(crate) fn first_difference(bytes: &[u8], lowest: u32) -> Option<usize> {
    let mut bytes = bytes.iter().copied();
    let mut jobs = VecDeque::new();
    while let (Some(first), true) = (bytes.next(), jobs.len() < MAX_JOBS) {
        jobs.push_back(arrival(first, lowest, &mut bytes));
    }
    let expected: Vec<_> = jobs.iter().map(expected).collect();
    let digests = run(jobs);
    expected.iter().zip(&digests).position(|(expected, digest)| expected != digest)
}

pub(crate) fn arrival(first: u8, lowest: u32, bytes: &mut impl Iterator<Item = u8>) -> Arrival {
    let mut next = || bytes.next().unwrap_or(0);
    let (level, gap) = (lowest + u32::from(next() % 6), next() % 32);
    let salt: [u8; 16] = std::array::from_fn(|_| next());
    let password: Vec<u8> = (0..next() % 101).map(|_| next()).collect();
    let (key, cost) = (Key::new(&password), lowest + u32::from(first % 5));
    let task = Task { key, salt, cost, level, requester: Requester::default() };
    Arrival { task, gap, is_abandoned: first >= 224 }
}

/// The digest of the `bcrypt` crate; `None` for a job whose client hangs up.
pub(crate) fn expected(job: &Arrival) -> Option<Digest> {
    let full = bcrypt::bcrypt(job.task.cost, job.task.salt, job.task.key.bytes());
    full.first_chunk().copied().filter(|_| !job.is_abandoned)
}

/// Gives each job a lane as soon as it has arrived and one is free.
pub(crate) fn run(mut jobs: VecDeque<Arrival>) -> Vec<Option<Digest>> {
    let mut digests = vec![None; jobs.len()];
    let (mut batch, mut number, mut waited) = (Batch::new(), 0, 0);
    let mut abandoned = Vec::new();
    while !jobs.is_empty() || batch.live() > 0 {
        while let Some(job) = jobs.front().filter(|job| batch.live() == 0 || waited >= job.gap) {
            if batch.begin(&job.task, number).is_err() {
                break;
            }
            abandoned.push(job.is_abandoned);
            (number, waited) = (number + 1, 0);
            jobs.pop_front();
        }
        batch.turn();
        batch.take_ended(|number, digest| {
            let is_kept = !abandoned.get(number).copied().unwrap_or(false);
            digests.iter_mut().skip(number).take(1).for_each(|slot| *slot = Some(digest).filter(|_| is_kept));
        });
        waited = waited.saturating_add(1);
        if waited == 7 {
            batch.abandon(|number| abandoned.get(*number).copied().unwrap_or(false));
        }
    }
    digests
}
