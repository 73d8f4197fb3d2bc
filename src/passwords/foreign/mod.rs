//! The engine for hashes of other servers' formats: PBKDF2, argon2 and scrypt. It has threads, a queue and a memory
//! budget of its own. Nothing new is hashed like that: a login that succeeds replaces such a hash.
//!
//! From the outside in: [`ForeignEngine`], `queue` (admission, order, memory), `worker` (a thread), and what computes:
//! `compute` (the libraries), `pbkdf2_batch`, `loop_state` and `sha_extensions` (two hashes of PBKDF2 at once).

mod compute;
mod job;
mod loop_state;
mod pbkdf2_batch;
mod queue;
#[cfg_attr(not(target_arch = "x86_64"), path = "no_sha_extensions.rs")]
mod sha_extensions;
mod speed;
mod worker;

use std::io;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use tokio::sync::{oneshot, watch};

pub(super) use job::{ForeignDigest, ForeignTask};
pub(super) use pbkdf2_batch::{LANES, Pbkdf2Batch, width};
pub(super) use worker::TURN_ROUNDS;

use super::error::EngineError;
use super::formats::ForeignParameters;
use super::pace::now;
use super::queue::Bounds;
use job::ForeignJob;
use queue::ForeignQueue;

/// The memory of hashes is on the heap: most of the stack is for the backtrace of a panic.
const STACK_BYTES: usize = 256 * 1024;

/// The threads and their queue. When it is dropped, the threads finish the queue and end; the drop does not wait for
/// them.
pub(super) struct ForeignEngine {
    queue: Arc<ForeignQueue>,
    /// Each thread holds a receiver for as long as it lives.
    alive: watch::Sender<()>,
}

impl ForeignEngine {
    /// Starts `threads` threads behind a queue, at least one thread and one place. All running hashes together have at
    /// most `budget` bytes of memory.
    ///
    /// # Errors
    /// If the self-test fails, or the operating system refuses a thread. Threads that were started end again.
    pub(super) fn start(threads: usize, bounds: Bounds, budget: u64) -> io::Result<Self> {
        Self::start_with(threads, bounds, budget, width())
    }

    /// With so many lanes on each thread.
    fn start_with(threads: usize, bounds: Bounds, budget: u64, width: usize) -> io::Result<Self> {
        if !is_right() {
            return Err(io::Error::other("the password engine computes wrong PBKDF2 hashes on this machine"));
        }
        let threads = threads.max(1);
        let bounds = Bounds { places: bounds.places.max(1), ..bounds };
        let queue = Arc::new(ForeignQueue::new(bounds, threads, budget));
        let engine = Self { queue, alive: watch::Sender::new(()) };
        for number in 0..threads {
            let (queue, life) = (engine.queue.clone(), engine.alive.subscribe());
            let thread = thread::Builder::new().name(format!("foreign-{number}")).stack_size(STACK_BYTES);
            thread.spawn(move || {
                worker::work(&queue, width);
                drop(life);
            })?;
        }
        Ok(engine)
    }

    /// Queues the task and waits for its digest. Dropping the future frees the task's place or lane.
    pub(super) async fn run(&self, task: ForeignTask) -> Result<ForeignDigest, EngineError> {
        let (reply, digest) = oneshot::channel();
        self.queue.push(ForeignJob { task, reply, since: now() })?;
        digest.await.unwrap_or(Err(EngineError::Lost))
    }

    /// Runs a hash with these parameters if none has run yet, so that its time is known.
    pub(super) async fn measure(&self, parameters: ForeignParameters) -> Result<(), EngineError> {
        if self.fits(&parameters) && !self.queue.speed.is_measured(&parameters) {
            self.run(speed::example(parameters)).await?;
        }
        Ok(())
    }

    /// The time of a hash once it has begun.
    pub(super) fn time(&self, parameters: &ForeignParameters) -> Duration {
        self.queue.speed.time(parameters)
    }

    /// How long a new hash would wait for its begin.
    pub(super) fn wait(&self) -> Duration {
        self.queue.wait()
    }

    /// Whether a hash can be computed within the memory budget.
    pub(super) fn fits(&self, parameters: &ForeignParameters) -> bool {
        parameters.memory() <= self.queue.budget
    }

    /// The memory budget in bytes.
    pub(super) fn budget(&self) -> u64 {
        self.queue.budget
    }

    /// The number of tasks that wait for a thread.
    pub(super) fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// Refuses new tasks, and waits until the queue is empty and the threads have ended.
    pub(super) async fn shutdown(&self) {
        self.queue.close();
        self.alive.closed().await;
    }
}

impl Drop for ForeignEngine {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Computes a hash of no account with these parameters, by the libraries.
pub(super) fn compute_example(parameters: ForeignParameters) {
    std::hint::black_box(compute::compute(&speed::example(parameters)));
}

/// A self-test of the lanes, once a process: a miscompiled program or a defective machine checks no password.
fn is_right() -> bool {
    static RESULT: OnceLock<bool> = OnceLock::new();
    *RESULT.get_or_init(|| {
        let mut batch = Pbkdf2Batch::new();
        for salt in [b"sal1", b"sal2"] {
            let _ = batch.begin(b"doorward", salt, NonZeroU32::MIN.saturating_add(99), salt);
        }
        let (mut is_right, lanes) = (true, batch.live());
        while batch.live() > 0 {
            batch.turn(30);
            batch.take_ended(|salt, digest| {
                let mut expected = [0; loop_state::DIGEST_BYTES];
                let rounds = NonZeroU32::MIN.saturating_add(99);
                let algorithm = aws_lc_rs::pbkdf2::PBKDF2_HMAC_SHA256;
                aws_lc_rs::pbkdf2::derive(algorithm, rounds, salt, b"doorward", &mut expected);
                is_right &= digest[..] == expected;
            });
        }
        is_right && lanes == LANES
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { places: 64, max_wait: Duration::MAX };

    /// With lanes, also where the library is faster.
    fn engine(threads: usize) -> Arc<ForeignEngine> {
        Arc::new(ForeignEngine::start_with(threads, BOUNDS, 256 << 20, LANES).unwrap())
    }

    fn rounds(number: u32) -> ForeignParameters {
        ForeignParameters::Pbkdf2Sha256(NonZeroU32::new(number).unwrap())
    }

    #[tokio::test]
    async fn hashes_of_all_kinds_run_together_and_each_is_right() {
        let engine = engine(2);
        let kinds = [
            rounds(3000),
            ForeignParameters::Pbkdf2Sha1(NonZeroU32::new(500).unwrap()),
            ForeignParameters::Scrypt { log_n: 5, r: 8, p: 2 },
            rounds(100),
        ];
        let tasks: Vec<_> = kinds.into_iter().cycle().take(40).map(speed::example).collect();
        let running: Vec<_> = tasks
            .iter()
            .cloned()
            .map(|mut task| {
                task.digest_len = 32;
                let engine = Arc::clone(&engine);
                tokio::spawn(async move { engine.run(task).await })
            })
            .collect();
        for (running, mut task) in running.into_iter().zip(tasks) {
            task.digest_len = 32;
            assert_eq!(running.await.unwrap().ok(), compute::compute(&task));
        }
    }

    #[tokio::test]
    async fn a_hash_that_was_measured_is_not_measured_again() {
        let engine = engine(1);
        engine.measure(rounds(1000)).await.unwrap();
        engine.shutdown().await;
        assert_eq!(engine.measure(rounds(1000)).await, Ok(()));
        assert_eq!(engine.measure(rounds(1001)).await, Err(EngineError::Lost));
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_frees_its_lane() {
        let engine = engine(1);
        let endless = tokio::spawn({
            let engine = Arc::clone(&engine);
            async move { engine.run(speed::example(rounds(u32::MAX))).await }
        });
        tokio::task::yield_now().await;
        endless.abort();
        assert!(endless.await.unwrap_err().is_cancelled());
        assert!(engine.run(speed::example(rounds(2))).await.is_ok());
    }

    #[tokio::test]
    async fn a_shutdown_ends_the_threads() {
        let engine = engine(3);
        engine.shutdown().await;
        assert_eq!(engine.alive.receiver_count(), 0);
    }

    #[test]
    fn this_build_passes_the_self_test() {
        assert!(is_right());
    }
}
