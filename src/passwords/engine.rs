//! The hashing engine: a bounded, fair queue in front of a few threads that each hash several passwords at
//! once. No password is hashed on a thread of the async runtime.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::error::EngineError;
use super::pace::{Pace, now};
use super::queue::{Bounds, Job, Queue};
use super::self_test;
use super::task::{Digest, Task};
use super::width::Width;
use super::worker::work;

/// The states of the lanes are on the heap: most of the stack is for the backtrace of a panic.
const STACK_BYTES: usize = 256 * 1024;

/// The state of the engine of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The number of threads that hash.
    pub threads: usize,
    /// The number of passwords that wait for their hash to begin.
    pub waiting: usize,
    /// The maximum of `waiting`.
    pub places: usize,
    /// How long a new password would wait, as predicted.
    pub wait: Duration,
    /// The maximum of `wait`.
    pub max_wait: Duration,
    /// How long the last passwords took from the request to the result: a moving average; `None` before the
    /// first.
    pub took: Option<Duration>,
    /// The time per hash when all threads are full. Its inverse is the maximum rate of logins.
    pub each: Duration,
}

/// The threads and their queue. When it is dropped, the threads finish the queue and end; the drop does not
/// wait for them.
pub(super) struct Engine {
    queue: Arc<Queue>,
    /// Each thread holds a receiver for as long as it lives.
    alive: watch::Sender<()>,
}

impl Engine {
    /// Starts `threads` threads behind a queue, at least one thread and one place.
    ///
    /// # Errors
    /// If the self-test fails, or the operating system refuses a thread. Threads that were started end again.
    pub(super) fn start(threads: usize, bounds: Bounds) -> io::Result<Self> {
        Self::start_with(threads, bounds, Width::measured)
    }

    /// `width` makes the width from the number of threads and the time of a lane's turn.
    fn start_with(
        threads: usize,
        bounds: Bounds,
        width: impl FnOnce(usize, Duration) -> Width,
    ) -> io::Result<Self> {
        let (threads, places) = (threads.max(1), bounds.places.max(1));
        let turn = self_test::passed().map_err(io::Error::other)?;
        let bounds = Bounds { places, ..bounds };
        let queue = Arc::new(Queue::new(bounds, threads, Pace::new(turn), width(threads, turn)));
        let engine = Self { queue, alive: watch::Sender::new(()) };
        for number in 0..threads {
            let (queue, life) = (engine.queue.clone(), engine.alive.subscribe());
            let thread = thread::Builder::new().name(format!("hash-{number}")).stack_size(STACK_BYTES);
            thread.spawn(move || {
                work(&queue, number);
                drop(life);
            })?;
        }
        Ok(engine)
    }

    /// Queues the task and waits for its digest. Dropping the future frees the task's place or lane.
    pub(super) async fn run(&self, task: Task) -> Result<Digest, EngineError> {
        let (reply, digest) = oneshot::channel();
        let since = now();
        self.queue.push(Job { task, reply, since })?;
        let digest = digest.await.unwrap_or(Err(EngineError::Lost))?;
        self.queue.pace.answered(since.elapsed());
        Ok(digest)
    }

    /// Refuses new tasks, and waits until the queue is empty and the threads have ended.
    pub(super) async fn shutdown(&self) {
        self.queue.close();
        self.alive.closed().await;
    }

    /// The number of tasks that wait for a lane.
    pub(super) fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// The number of running threads.
    pub(super) fn threads(&self) -> usize {
        self.alive.receiver_count()
    }

    /// The number of hashes that a thread begins at most.
    pub(super) fn width(&self) -> usize {
        self.queue.width.limit()
    }

    /// Its state, for hashes of this cost.
    pub(super) fn status(&self, cost: u32) -> Status {
        let (threads, bounds) = (self.threads(), self.queue.bounds);
        Status {
            threads,
            waiting: self.waiting(),
            places: bounds.places,
            wait: self.queue.wait(),
            max_wait: bounds.max_wait,
            took: self.queue.pace.took(),
            each: self.queue.pace.time_for(1 << cost, threads),
        }
    }

    /// How long a new hash would wait for its lane.
    pub(super) fn wait(&self) -> Duration {
        self.queue.wait()
    }

    /// Whether a hash could begin at once and none waits.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_idle()
    }

    /// The time of a hash of this cost in a full batch, the slowest that it is once it has begun.
    pub(super) fn time_in_a_crowd(&self, cost: u32) -> Duration {
        self.queue.pace.time_for(self.queue.width.limit() as u64 * (1 << cost.min(31)), 1)
    }

    /// The turns of the cost loop since the start.
    pub(super) fn turns(&self) -> u64 {
        self.queue.pace.turns()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.queue.close();
    }
}

#[cfg(test)]
mod tests {
    use super::super::lanes::MAX_LANES;
    use super::super::task::{DIGEST_LEN, SALT_LEN, example};
    use super::super::width::CANDIDATES;
    use super::*;

    const WIDTH: usize = 7;
    const BOUNDS: Bounds = Bounds { places: 64, max_wait: Duration::from_secs(600) };
    const BOUNDS_WITHOUT_DEADLINE: Bounds = Bounds { places: 64, max_wait: Duration::MAX };
    /// A hash of this cost outlives every test.
    const ENDLESS: u32 = 31;

    type Running = tokio::task::JoinHandle<Result<Digest, EngineError>>;

    fn engine(threads: usize, bounds: Bounds) -> Arc<Engine> {
        Arc::new(Engine::start_with(threads, bounds, |_, _| Width::fixed(WIDTH)).unwrap())
    }

    fn spawn(engine: &Arc<Engine>, cost: u32) -> Running {
        let engine = engine.clone();
        tokio::spawn(async move { engine.run(example(cost)).await })
    }

    fn digest(cost: u32) -> Digest {
        let full = bcrypt::bcrypt(cost, [7; SALT_LEN], b"pw\0");
        *full.first_chunk::<DIGEST_LEN>().unwrap()
    }

    async fn until(condition: impl Fn() -> bool) {
        for _ in 0..10_000 {
            if condition() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("the condition never came true");
    }

    async fn disconnect(running: Running) {
        running.abort();
        assert!(running.await.unwrap_err().is_cancelled());
    }

    /// One thread, all of whose lanes are taken by endless hashes.
    async fn occupied(bounds: Bounds) -> (Arc<Engine>, Vec<Running>) {
        let engine = engine(1, bounds);
        let endless = (0..WIDTH).map(|_| spawn(&engine, ENDLESS)).collect();
        until(|| engine.queue.lanes_free() == 0).await;
        (engine, endless)
    }

    #[tokio::test]
    async fn a_full_queue_answers_busy_for_at_least_a_second() {
        let (engine, mut endless) = occupied(Bounds { places: 2, max_wait: Duration::MAX }).await;
        let waiting = [spawn(&engine, 5), spawn(&engine, 6)];
        until(|| engine.waiting() == 2).await;
        match engine.run(example(7)).await {
            Err(EngineError::Busy { retry_after }) => assert!(retry_after >= Duration::from_secs(1)),
            other => panic!("{other:?}"),
        }
        disconnect(endless.swap_remove(0)).await;
        for (running, cost) in waiting.into_iter().zip(5..) {
            assert_eq!(running.await.unwrap(), Ok(digest(cost)));
        }
    }

    #[tokio::test]
    async fn a_password_that_would_wait_too_long_is_refused_at_once() {
        let (engine, _endless) = occupied(Bounds { max_wait: Duration::from_secs(5), ..BOUNDS }).await;
        let refused = engine.run(example(4)).await;
        assert!(matches!(refused, Err(EngineError::Busy { .. })));
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_frees_its_lane() {
        let (engine, mut endless) = occupied(BOUNDS_WITHOUT_DEADLINE).await;
        let next = spawn(&engine, 4);
        until(|| engine.waiting() == 1).await;
        disconnect(endless.swap_remove(0)).await;
        assert_eq!(next.await.unwrap(), Ok(digest(4)));
        assert_eq!(engine.waiting(), 0);
    }

    #[tokio::test]
    async fn a_password_whose_client_hung_up_in_the_queue_is_not_hashed() {
        let (engine, mut endless) = occupied(BOUNDS_WITHOUT_DEADLINE).await;
        let left = spawn(&engine, 30);
        until(|| engine.waiting() == 1).await;
        let stayed = spawn(&engine, 5);
        until(|| engine.waiting() == 2).await;
        disconnect(left).await;
        disconnect(endless.swap_remove(0)).await;
        assert_eq!(stayed.await.unwrap(), Ok(digest(5)));
    }

    #[tokio::test]
    async fn hashes_of_all_costs_run_together_and_each_is_right() {
        let engine = engine(2, BOUNDS);
        let costs = (0..40u32).map(|number| 4 + number % 5);
        let running: Vec<_> = costs.clone().map(|cost| spawn(&engine, cost)).collect();
        for (running, cost) in running.into_iter().zip(costs) {
            assert_eq!(running.await.unwrap(), Ok(digest(cost)));
        }
    }

    #[tokio::test]
    async fn a_full_engine_measures_its_width_and_every_hash_is_right() {
        let engine = Arc::new(Engine::start(2, BOUNDS_WITHOUT_DEADLINE).unwrap());
        let endless: Vec<_> = (0..2 * MAX_LANES).map(|_| spawn(&engine, ENDLESS)).collect();
        until(|| engine.queue.width.chosen().is_some()).await;
        assert!(CANDIDATES.contains(&engine.queue.width.limit()));
        let next: Vec<_> = (4..8).map(|cost| spawn(&engine, cost)).collect();
        for running in endless {
            disconnect(running).await;
        }
        for (running, cost) in next.into_iter().zip(4..) {
            assert_eq!(running.await.unwrap(), Ok(digest(cost)));
        }
    }

    #[tokio::test]
    async fn a_shutdown_finishes_the_queue_and_refuses_new_tasks() {
        let (engine, endless) = occupied(BOUNDS_WITHOUT_DEADLINE).await;
        let queued = spawn(&engine, 5);
        until(|| engine.waiting() == 1).await;
        let stopping = tokio::spawn({
            let engine = engine.clone();
            async move { engine.shutdown().await }
        });
        tokio::task::yield_now().await;
        assert_eq!(engine.run(example(6)).await, Err(EngineError::Lost));
        assert!(!stopping.is_finished());

        for running in endless {
            disconnect(running).await;
        }
        stopping.await.unwrap();
        assert_eq!(engine.threads(), 0);
        assert_eq!(queued.await.unwrap(), Ok(digest(5)));
    }

    #[tokio::test]
    async fn dropping_the_engine_ends_its_threads() {
        let engine = Engine::start(3, BOUNDS).unwrap();
        assert_eq!(engine.threads(), 3);
        let alive = engine.alive.clone();
        drop(engine);
        alive.closed().await;
    }

    #[tokio::test]
    async fn a_hash_alone_takes_its_own_turns_and_no_more() {
        let engine = engine(2, BOUNDS);
        for cost in 4..8 {
            let before = engine.turns();
            engine.run(example(cost)).await.unwrap();
            assert_eq!(engine.turns() - before, 1 << cost);
        }
    }

    #[test]
    fn no_threads_and_no_places_are_one_of_each() {
        let engine = engine(0, Bounds { places: 0, ..BOUNDS });
        assert_eq!(engine.threads(), 1);
    }
}
