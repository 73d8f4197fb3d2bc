//! The lanes against the `bcrypt` crate, on any mix of jobs that a fuzzer or a
//! property test can describe in bytes: other keys, salts, costs and arrivals.
//! Nothing here serves anybody.

use std::collections::VecDeque;

use super::batch::Batch;
use super::task::{DIGEST_LEN, Digest, Key, Requester, SALT_LEN, Task};

/// The most jobs that are read from the bytes.
const MOST_JOBS: usize = 24;

/// A job, and how many turns after the one before it arrives.
struct Arrival {
    task: Task,
    gap: u8,
    leaves: bool,
}

/// Runs the mix that the bytes describe and says which job, if any, got
/// another digest than the `bcrypt` crate gives, or none.
///
/// A job is: a byte for its cost (`lowest` to 4 more) and whether its client
/// leaves on the way, one for its level, one for its arrival, 16 for its salt,
/// one for the length of its password (0 to 100), and the password. What is
/// missing is 0.
///
/// No stored hash has a cost below 4, but the cost only says how often the loop
/// turns, to us and to the crate. A fuzzer learns more from many short mixes.
#[must_use]
pub fn first_difference(bytes: &[u8], lowest: u32) -> Option<usize> {
    let mut bytes = bytes.iter().copied();
    let mut jobs = VecDeque::new();
    while let (Some(first), true) = (bytes.next(), jobs.len() < MOST_JOBS) {
        jobs.push_back(arrival(first, lowest, &mut bytes));
    }
    let expected: Vec<_> = jobs.iter().map(expected).collect();
    let digests = run(jobs);
    expected.iter().zip(&digests).position(|(expected, digest)| expected != digest)
}

fn arrival(first: u8, lowest: u32, bytes: &mut impl Iterator<Item = u8>) -> Arrival {
    let mut next = || bytes.next().unwrap_or(0);
    let (level, gap) = (lowest + u32::from(next() % 6), next() % 32);
    let salt: [u8; SALT_LEN] = std::array::from_fn(|_| next());
    let password: Vec<u8> = (0..next() % 101).map(|_| next()).collect();
    let (key, cost) = (Key::new(&password), lowest + u32::from(first % 5));
    let task = Task { key, salt, cost, level, origin: Requester::default() };
    Arrival { task, gap, leaves: first >= 224 }
}

/// `None` for a job whose client leaves.
fn expected(job: &Arrival) -> Option<Digest> {
    let full = bcrypt::bcrypt(job.task.cost, job.task.salt, job.task.key.bytes());
    full.first_chunk::<DIGEST_LEN>().copied().filter(|_| !job.leaves)
}

/// Gives each job a lane as soon as it has arrived and one is free.
fn run(mut jobs: VecDeque<Arrival>) -> Vec<Option<Digest>> {
    let mut digests = vec![None; jobs.len()];
    let (mut batch, mut number, mut waited) = (Batch::new(), 0, 0);
    let mut leaving = Vec::new();
    while !jobs.is_empty() || batch.live() > 0 {
        while let Some(job) = jobs.front().filter(|job| batch.live() == 0 || waited >= job.gap) {
            if batch.begin(&job.task, number).is_err() {
                break;
            }
            leaving.push(job.leaves);
            (number, waited) = (number + 1, 0);
            jobs.pop_front();
        }
        batch.turn();
        batch.take_ended(|number, digest| {
            let stays = !leaving.get(number).copied().unwrap_or(false);
            digests.iter_mut().skip(number).take(1).for_each(|slot| *slot = Some(digest).filter(|_| stays));
        });
        waited = waited.saturating_add(1);
        if waited == 7 {
            batch.abandon(|number| leaving.get(*number).copied().unwrap_or(false));
        }
    }
    digests
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn no_mix_of_jobs_makes_a_difference(bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
            prop_assert_eq!(first_difference(&bytes, 4), None);
        }
    }

    #[test]
    fn a_wrong_digest_is_found() {
        let job = || arrival(0, 4, &mut [0u8; 40].into_iter());
        let mut wrong = job();
        wrong.task.salt[15] ^= 1;
        let digests = run(VecDeque::from([job(), wrong]));
        assert_eq!(digests.first(), Some(&expected(&job())));
        assert_ne!(digests.get(1), Some(&expected(&job())));
    }
}
