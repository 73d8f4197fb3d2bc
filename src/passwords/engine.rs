//! The hashing engine: a bounded queue in front of a few threads of its own.
//! `passwords` is the only caller. It knows bcrypt and nothing of formats,
//! stored texts or verdicts, and never hashes on a thread of the async runtime.

use std::collections::VecDeque;
use std::hint::black_box;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};
use zeroize::Zeroizing;

/// Bytes of a bcrypt salt.
pub(super) const SALT_LEN: usize = 16;
/// Bytes of a bcrypt digest as encodings keep it: the 24th is dropped by all.
pub(super) const DIGEST_LEN: usize = 23;
/// The most bytes that bcrypt takes of a key, the closing NUL included.
const KEY_MAX: usize = 72;
/// One hash needs about 10 KiB; the rest is for a panic's backtrace.
const STACK_BYTES: usize = 256 * 1024;
const SHORTEST_RETRY: Duration = Duration::from_secs(1);

/// The raw function below the engine: cost, salt, key to 24 bytes.
pub(super) type Bcrypt = dyn Fn(u32, [u8; SALT_LEN], &[u8]) -> [u8; 24] + Send + Sync;

/// Why a hash was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The queue is full. `retry_after` is how long it will take to work off
    /// what waits now, at least one second, not rounded to whole seconds.
    #[error("too many passwords are waiting to be hashed")]
    Busy {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// There will be no answer: the engine has shut down, the job failed, or
    /// the operating system gave no random salt.
    #[error("the password could not be hashed")]
    Lost,
}

/// What bcrypt is keyed with: the input cut at 72 bytes, and closed by a NUL
/// where there is room.
///
/// The cut and the NUL are those of `$2b$`, and pyca/bcrypt 4.0.1 does the
/// same for `$2a$` and `$2y$`. A NUL inside the input does not end it.
pub(super) struct Key(Zeroizing<Vec<u8>>);

impl Key {
    pub(super) fn new(input: &[u8]) -> Self {
        // All at once, so that no half-filled buffer is left behind unwiped.
        let mut key = Zeroizing::new(Vec::with_capacity(KEY_MAX));
        key.extend(input.iter().chain(&[0]).take(KEY_MAX));
        Self(key)
    }
}

/// One bcrypt to compute.
pub(super) struct Task {
    pub(super) key: Key,
    pub(super) salt: [u8; SALT_LEN],
    pub(super) cost: u32,
    /// The cost whose time the task takes at least, however small its own.
    pub(super) level: u32,
}

impl Task {
    /// Costs c, c, c+1, … C-1 add up to 2^C rounds: exactly one hash of the
    /// level C.
    fn run(&self, bcrypt: &Bcrypt) -> [u8; DIGEST_LEN] {
        let full = bcrypt(self.cost, self.salt, &self.key.0);
        for cost in self.cost..self.level {
            black_box(bcrypt(cost, self.salt, &self.key.0));
        }
        let mut digest = [0; DIGEST_LEN];
        digest.iter_mut().zip(full).for_each(|(to, from)| *to = from);
        digest
    }
}

struct Job {
    task: Task,
    reply: oneshot::Sender<[u8; DIGEST_LEN]>,
}

/// The threads and what waits for them. Dropping it lets the threads finish
/// the queue and end, without waiting for them.
pub(super) struct Engine {
    queue: Arc<Queue>,
    /// Each thread holds a receiver for as long as it lives.
    alive: watch::Sender<()>,
}

impl Engine {
    /// Starts `threads` threads behind a queue of `capacity` places, at least
    /// one of each.
    ///
    /// # Errors
    /// When the operating system refuses a thread; those begun end again.
    pub(super) fn start(threads: usize, capacity: usize, bcrypt: Arc<Bcrypt>) -> io::Result<Self> {
        let engine = Self { queue: Arc::new(Queue::new(capacity.max(1))), alive: watch::Sender::new(()) };
        for number in 0..threads.max(1) {
            let (queue, bcrypt) = (engine.queue.clone(), bcrypt.clone());
            let life = engine.alive.subscribe();
            let thread = thread::Builder::new().name(format!("hash-{number}")).stack_size(STACK_BYTES);
            thread.spawn(move || {
                work(&queue, &*bcrypt);
                drop(life);
            })?;
        }
        Ok(engine)
    }

    /// Queues the task and waits for its digest. A task whose future is
    /// dropped before a thread took it is never computed.
    pub(super) async fn run(&self, task: Task) -> Result<[u8; DIGEST_LEN], EngineError> {
        let (reply, digest) = oneshot::channel();
        self.queue.push(Job { task, reply }, self.threads())?;
        digest.await.map_err(|_| EngineError::Lost)
    }

    /// Takes nothing more, and waits until what is queued is done and the
    /// threads have ended.
    pub(super) async fn shutdown(&self) {
        self.queue.close();
        self.alive.closed().await;
    }

    /// How many tasks wait for a thread.
    pub(super) fn waiting(&self) -> usize {
        self.queue.lock().jobs.len()
    }

    /// How many threads live.
    pub(super) fn threads(&self) -> usize {
        self.alive.receiver_count()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// The life of a thread.
fn work(queue: &Queue, bcrypt: &Bcrypt) {
    while let Some(Job { task, reply }) = queue.pop() {
        if reply.is_closed() {
            continue; // The client went away: nobody wants the answer.
        }
        let begun = now();
        // A panic drops `reply`, which tells the waiting side `Lost`.
        let digest = catch_unwind(AssertUnwindSafe(|| task.run(bcrypt)));
        queue.took(begun.elapsed());
        if let Ok(digest) = digest {
            // An error only says that the client left meanwhile.
            let _ = reply.send(digest);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "measures how long a hash took")]
fn now() -> Instant {
    Instant::now()
}

struct Queue {
    capacity: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    closed: bool,
    /// Moving average of the time of one task; zero before the first.
    average: Duration,
}

impl Queue {
    fn new(capacity: usize) -> Self {
        Self { capacity, state: Mutex::default(), changed: Condvar::new() }
    }

    /// No code that runs under the lock leaves the state half changed, so a
    /// poisoned lock guards a state as good as any.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, job: Job, threads: usize) -> Result<(), EngineError> {
        let mut state = self.lock();
        if state.closed {
            return Err(EngineError::Lost);
        }
        if state.jobs.len() >= self.capacity {
            // Clients that left must not keep others out.
            state.jobs.retain(|job| !job.reply.is_closed());
        }
        if state.jobs.len() >= self.capacity {
            let retry_after = state.backlog(threads).max(SHORTEST_RETRY);
            return Err(EngineError::Busy { retry_after });
        }
        state.jobs.push_back(job);
        self.changed.notify_one();
        Ok(())
    }

    /// The next job, waiting for one; `None` when closed and empty.
    fn pop(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Takes the time of one task into the average, with a weight of 1/8.
    fn took(&self, time: Duration) {
        let mut state = self.lock();
        state.average = if state.average.is_zero() {
            time
        } else {
            state.average.saturating_mul(7).saturating_add(time) / 8
        };
    }
}

impl State {
    /// How long `threads` threads need for what waits.
    fn backlog(&self, threads: usize) -> Duration {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.average.saturating_mul(count(self.jobs.len())) / count(threads).max(1)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    fn task(cost: u32) -> Task {
        Task { key: Key::new(b"pw"), salt: [7; SALT_LEN], cost, level: cost }
    }

    /// One thread that takes a token from the sender for each hash, and a
    /// count of the hashes begun. Dropping the sender opens the gate for good.
    fn gated(capacity: usize) -> (Arc<Engine>, mpsc::Sender<()>, Arc<AtomicUsize>) {
        let (token, tokens) = mpsc::channel();
        let tokens = Mutex::new(tokens);
        let begun = Arc::new(AtomicUsize::new(0));
        let count = begun.clone();
        let bcrypt = move |cost, _, _: &[u8]| {
            count.fetch_add(1, Ordering::SeqCst);
            let _ = tokens.lock().unwrap().recv();
            [cost as u8; 24]
        };
        let engine = Engine::start(1, capacity, Arc::new(bcrypt)).unwrap();
        (Arc::new(engine), token, begun)
    }

    type Running = tokio::task::JoinHandle<Result<[u8; DIGEST_LEN], EngineError>>;

    fn spawn(engine: &Arc<Engine>, cost: u32) -> Running {
        let engine = engine.clone();
        tokio::spawn(async move { engine.run(task(cost)).await })
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

    /// A gated engine whose thread is busy with a hash of cost 4.
    async fn occupied(capacity: usize) -> (Arc<Engine>, mpsc::Sender<()>, Arc<AtomicUsize>, Running) {
        let (engine, token, begun) = gated(capacity);
        let first = spawn(&engine, 4);
        until(|| begun.load(Ordering::SeqCst) == 1).await;
        (engine, token, begun, first)
    }

    #[tokio::test]
    async fn a_full_queue_answers_busy_for_at_least_a_second() {
        let (engine, token, _, first) = occupied(2).await;
        let waiting = [spawn(&engine, 5), spawn(&engine, 6)];
        until(|| engine.waiting() == 2).await;

        let refused = engine.run(task(7)).await;
        assert_eq!(refused, Err(EngineError::Busy { retry_after: SHORTEST_RETRY }));

        drop(token);
        assert_eq!(first.await.unwrap(), Ok([4; DIGEST_LEN]));
        for (running, cost) in waiting.into_iter().zip(5..) {
            assert_eq!(running.await.unwrap(), Ok([cost; DIGEST_LEN]));
        }
    }

    #[tokio::test]
    async fn a_task_whose_caller_left_is_skipped() {
        let (engine, token, begun, first) = occupied(8).await;
        let left = spawn(&engine, 5);
        until(|| engine.waiting() == 1).await;
        let stayed = spawn(&engine, 6);
        until(|| engine.waiting() == 2).await;
        left.abort();
        assert!(left.await.unwrap_err().is_cancelled());

        drop(token);
        assert!(first.await.unwrap().is_ok());
        assert_eq!(stayed.await.unwrap(), Ok([6; DIGEST_LEN]));
        assert_eq!(begun.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_full_queue_gives_the_places_of_those_who_left_to_others() {
        let (engine, token, _, _first) = occupied(1).await;
        let left = spawn(&engine, 5);
        until(|| engine.waiting() == 1).await;
        left.abort();
        assert!(left.await.unwrap_err().is_cancelled());

        let next = spawn(&engine, 6);
        tokio::task::yield_now().await;
        drop(token);
        assert_eq!(next.await.unwrap(), Ok([6; DIGEST_LEN]));
    }

    #[tokio::test]
    async fn a_shutdown_finishes_what_is_queued_and_takes_nothing_more() {
        let (engine, token, _, first) = occupied(8).await;
        let queued = spawn(&engine, 5);
        until(|| engine.waiting() == 1).await;
        let stopping = tokio::spawn({
            let engine = engine.clone();
            async move { engine.shutdown().await }
        });
        until(|| engine.queue.lock().closed).await;
        assert_eq!(engine.run(task(6)).await, Err(EngineError::Lost));
        assert!(!stopping.is_finished());

        drop(token);
        stopping.await.unwrap();
        assert_eq!(engine.threads(), 0);
        assert_eq!(first.await.unwrap(), Ok([4; DIGEST_LEN]));
        assert_eq!(queued.await.unwrap(), Ok([5; DIGEST_LEN]));
    }

    #[tokio::test]
    async fn dropping_the_engine_ends_its_threads() {
        let engine = Engine::start(3, 1, Arc::new(|_, _, _: &[u8]| [0; 24])).unwrap();
        assert_eq!(engine.threads(), 3);
        let alive = engine.alive.clone();
        drop(engine);
        alive.closed().await;
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_the_thread_lives_on() {
        let bcrypt = |cost: u32, _, _: &[u8]| {
            assert!(cost != 13, "an unlucky job");
            [1; 24]
        };
        let engine = Engine::start(1, 4, Arc::new(bcrypt)).unwrap();
        for _ in 0..3 {
            assert_eq!(engine.run(task(13)).await, Err(EngineError::Lost));
            assert_eq!(engine.run(task(4)).await, Ok([1; DIGEST_LEN]));
        }
        assert_eq!(engine.threads(), 1);
    }

    #[tokio::test]
    async fn hashing_happens_on_threads_of_the_engine() {
        let (seen, name) = mpsc::channel();
        let bcrypt = move |_, _, _: &[u8]| {
            let _ = seen.send(thread::current().name().map(str::to_owned));
            [0; 24]
        };
        let engine = Engine::start(1, 1, Arc::new(bcrypt)).unwrap();
        engine.run(task(4)).await.unwrap();
        assert_eq!(name.recv().unwrap().as_deref(), Some("hash-0"));
    }

    #[test]
    fn the_backlog_is_the_average_time_of_all_that_waits_over_the_threads() {
        let queue = Queue::new(100);
        queue.took(Duration::from_millis(800));
        queue.took(Duration::from_millis(1600));
        let mut state = queue.lock();
        assert_eq!(state.average, Duration::from_millis(900));
        for _ in 0..6 {
            let (reply, _) = oneshot::channel();
            state.jobs.push_back(Job { task: task(4), reply });
        }
        assert_eq!(state.backlog(2), Duration::from_millis(2700));
        assert_eq!(state.backlog(0), Duration::from_millis(5400));
    }

    #[test]
    fn a_poisoned_lock_still_serves() {
        let queue = Queue::new(1);
        let poisoner = catch_unwind(AssertUnwindSafe(|| {
            let _held = queue.lock();
            panic!("while holding the lock");
        }));
        assert!(poisoner.is_err() && queue.state.is_poisoned());
        queue.close();
        assert!(queue.pop().is_none());
    }

    #[test]
    fn a_task_takes_as_many_rounds_as_one_hash_of_its_level() {
        for (cost, level, expected) in [(4, 4, 1 << 4), (4, 10, 1 << 10), (11, 10, 1 << 11)] {
            let rounds = Arc::new(AtomicUsize::new(0));
            let count = rounds.clone();
            let bcrypt = move |cost: u32, _, _: &[u8]| {
                count.fetch_add(1 << cost, Ordering::SeqCst);
                [0; 24]
            };
            Task { level, ..task(cost) }.run(&bcrypt);
            assert_eq!(rounds.load(Ordering::SeqCst), expected);
        }
    }

    #[test]
    fn a_key_ends_with_nul_and_is_cut_at_72_bytes() {
        assert_eq!(**Key::new(b"").0, *b"\0");
        assert_eq!(**Key::new(b"a\0b").0, *b"a\0b\0");
        assert_eq!(Key::new(&[b'x'; 71]).0.last(), Some(&0));
        assert_eq!(**Key::new(&[b'x'; 72]).0, [b'x'; 72]);
        assert_eq!(**Key::new(&[b'x'; 73]).0, [b'x'; 72]);
    }
}
