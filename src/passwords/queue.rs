//! The queue of jobs that wait for a lane: admission, order, and which thread takes a job. `engine` pushes,
//! the workers take. Nothing is hashed here, and nothing waits under the lock.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::error::EngineError;
use super::fairness::Waiting;
use super::pace::Pace;
use super::task::{Digest, Requester, Task};
use super::width::Width;

/// How long a job is reserved for a thread with fewer running hashes, which may be waking up or may have
/// lost its core to the rest of the server.
const IDLE_THREAD_GRACE: Duration = Duration::from_millis(1);

/// The channel for the result.
pub(super) type Reply = oneshot::Sender<Result<Digest, EngineError>>;

/// A task with the channel for its result.
pub(super) struct Job {
    pub(super) task: Task,
    pub(super) reply: Reply,
    /// When it was requested.
    pub(super) since: Instant,
}

/// The limits of the queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// How many jobs may wait while no lane is free.
    pub(super) places: usize,
    /// How long a job may wait for its lane, as predicted from the current pace, to be admitted. An admitted
    /// job is refused after 1.5 x `max_wait`: the machine became slower.
    pub(super) max_wait: Duration,
}

pub(super) struct Queue {
    pub(super) bounds: Bounds,
    pub(super) pace: Pace,
    pub(super) width: Width,
    state: Mutex<QueueState>,
    changed: Condvar,
    /// The number of waiting jobs, readable without the lock.
    waiting: AtomicUsize,
}

struct QueueState {
    jobs: Waiting<Job>,
    closed: bool,
    /// The load of each thread.
    threads: Vec<Load>,
}

/// The running hashes of a thread, and their remaining turns.
#[derive(Clone, Copy, Default)]
pub(super) struct Load {
    pub(super) lanes: usize,
    pub(super) turns: u64,
}

impl Queue {
    pub(super) fn new(bounds: Bounds, threads: usize, pace: Pace, width: Width) -> Self {
        let state =
            QueueState { jobs: Waiting::new(), closed: false, threads: vec![Load::default(); threads] };
        let (changed, waiting) = (Condvar::new(), AtomicUsize::new(0));
        Self { bounds, pace, width, state: Mutex::new(state), changed, waiting }
    }

    /// Admits a job, or returns why not.
    ///
    /// If the queue is full and the job is due before the last one in it, the last one is refused instead.
    pub(super) fn push(&self, job: Job) -> Result<(), EngineError> {
        let mut state = self.lock();
        if state.closed {
            return Err(EngineError::Lost);
        }
        self.sweep(&mut state, job.since);
        let (requester, work) = (job.task.requester, job.task.turns());
        let place = state.jobs.place(requester);
        // As many jobs as there are free lanes begin at once, so they do not count as waiting.
        if let Some(behind) = state.jobs.len().checked_sub(state.lanes_free(self.width.limit())) {
            let wait = self.time_for(&state, place.ahead);
            if wait > self.bounds.max_wait {
                return Err(EngineError::busy(wait));
            }
            if behind >= self.bounds.places {
                refuse(state.jobs.displace(place).ok_or(EngineError::busy(wait))?, wait);
            }
        }
        state.jobs.push(job, requester, work, place);
        self.publish(&state);
        self.changed.notify_one();
        Ok(())
    }

    /// The next job for the thread of this number, whose load is `load`. An idle thread waits for one. `None`
    /// if there is none for it now or, for an idle thread, if the queue is closed.
    pub(super) fn take(&self, thread: usize, load: Load, now: impl Fn() -> Instant) -> Option<Job> {
        let mut state = self.lock();
        state.set_load(thread, load);
        loop {
            let now = now();
            self.sweep(&mut state, now);
            let job = state.next(thread, self.width.limit(), now);
            self.publish(&state);
            if job.is_some() || load.lanes > 0 || state.closed && state.jobs.len() == 0 {
                return job;
            }
            // An idle thread may take any job, so none is waiting here.
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The number of jobs that wait for a lane.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Relaxed)
    }

    /// How long a new job of an unknown requester would wait for its lane.
    pub(super) fn wait(&self) -> Duration {
        let state = self.lock();
        if state.jobs.len() < state.lanes_free(self.width.limit()) {
            return Duration::ZERO;
        }
        self.time_for(&state, state.jobs.place(Requester::default()).ahead)
    }

    /// Whether a job could begin at once and none waits.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.lock();
        state.jobs.len() == 0 && state.lanes_free(self.width.limit()) > 0
    }

    #[cfg(test)]
    pub(super) fn lanes_free(&self) -> usize {
        self.lock().lanes_free(self.width.limit())
    }

    /// Refuses new jobs.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Drops jobs whose client hung up, and refuses those that have waited too long. It runs before each
    /// admission, so that new jobs do not wait behind them.
    fn sweep(&self, state: &mut QueueState, now: Instant) {
        state.jobs.retain(|job| !job.reply.is_closed());
        let limit = self.bounds.max_wait.saturating_mul(3) / 2;
        let expired = |job: &Job| now.saturating_duration_since(job.since) > limit;
        while let Some(job) = state.jobs.pop_oldest_if(expired) {
            let wait = self.time_for(state, 0);
            refuse(job, wait);
        }
    }

    /// How long the running hashes and `more` turns take together.
    fn time_for(&self, state: &QueueState, more: u64) -> Duration {
        let under_way: u64 = state.threads.iter().map(|load| load.turns).sum();
        self.pace.time_for(under_way.saturating_add(more), state.threads.len())
    }

    fn publish(&self, state: &QueueState) {
        self.waiting.store(state.jobs.len(), Relaxed);
    }

    /// A poisoned lock is used on: no code under the lock leaves the state half changed.
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl QueueState {
    fn lanes_free(&self, width: usize) -> usize {
        self.threads.iter().map(|load| width.saturating_sub(load.lanes)).sum()
    }

    fn set_load(&mut self, thread: usize, load: Load) {
        self.threads.get_mut(thread).into_iter().for_each(|own| *own = load);
    }

    /// A job for the thread, added to its load; `None` if there is none, or if it is reserved for a thread
    /// with fewer hashes.
    fn next(&mut self, thread: usize, width: usize, now: Instant) -> Option<Job> {
        let lanes = self.threads.get(thread)?.lanes;
        let is_least_loaded = self.threads.iter().all(|other| lanes <= other.lanes);
        let waited = now.saturating_duration_since(self.jobs.oldest()?.since);
        if lanes >= width || !is_least_loaded && waited < IDLE_THREAD_GRACE {
            return None;
        }
        let job = self.jobs.pop()?;
        let turns = self.threads.get(thread)?.turns.saturating_add(job.task.turns());
        self.set_load(thread, Load { lanes: lanes + 1, turns });
        Some(job)
    }
}

fn refuse(job: Job, wait: Duration) {
    // An error means that the client hung up.
    let _ = job.reply.send(Err(EngineError::busy(wait)));
}

#[cfg(test)]
mod tests {
    use super::super::error::MIN_RETRY;
    use super::super::pace::now;
    use super::super::task::example;
    use super::*;

    /// The receiving end of a job.
    type Answer = oneshot::Receiver<Result<Digest, EngineError>>;

    const MILLI: Duration = Duration::from_millis(1);
    const WIDTH: usize = 7;

    /// Two threads, for which a turn takes a millisecond, and few places.
    fn queue(places: usize, max_wait: Duration) -> Queue {
        Queue::new(Bounds { places, max_wait }, 2, Pace::new(MILLI), Width::fixed(WIDTH))
    }

    fn job(cost: u32, account: u64, since: Instant) -> (Job, Answer) {
        let (reply, answer) = oneshot::channel();
        let requester = Requester { account: Some(account), address: None };
        let task = Task { requester, ..example(cost) };
        (Job { task, reply, since }, answer)
    }

    fn push(queue: &Queue, cost: u32, account: u64) -> Result<Answer, EngineError> {
        let (job, answer) = job(cost, account, now());
        queue.push(job).map(|()| answer)
    }

    /// The cost of the job that a thread with `lanes` running hashes of cost 4 gets.
    fn take(queue: &Queue, thread: usize, lanes: usize) -> Option<u32> {
        let load = Load { lanes, turns: 16 * lanes as u64 };
        queue.take(thread, load, now).map(|job| job.task.cost)
    }

    /// Fills all lanes with hashes of cost 4.
    fn fill(queue: &Queue) {
        let turns = 16 * WIDTH as u64;
        (0..2).for_each(|thread| queue.lock().set_load(thread, Load { lanes: WIDTH, turns }));
    }

    fn retry_after(result: Result<Answer, EngineError>) -> Duration {
        match result {
            Err(EngineError::Busy { retry_after }) => retry_after,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn two_waiting_jobs_go_to_two_threads() {
        let queue = queue(8, 10_000 * MILLI);
        let _answers = [push(&queue, 5, 1).unwrap(), push(&queue, 6, 2).unwrap()];
        assert_eq!(take(&queue, 0, 0), Some(5));
        assert_eq!(take(&queue, 0, 1), None);
        assert_eq!(take(&queue, 1, 0), Some(6));
    }

    #[test]
    fn a_job_that_no_idle_thread_takes_goes_to_a_busy_one() {
        let queue = queue(8, 10_000 * MILLI);
        let (job, _answer) = job(5, 1, now() - 2 * IDLE_THREAD_GRACE);
        queue.push(job).unwrap();
        assert_eq!(take(&queue, 0, 3), Some(5));
    }

    #[test]
    fn threads_fill_evenly_and_never_above_their_width() {
        let queue = queue(100, 100_000 * MILLI);
        let _answers: Vec<_> = (0..40).map(|account| push(&queue, 4, account).unwrap()).collect();
        for lanes in 0..WIDTH {
            for thread in 0..2 {
                assert_eq!(take(&queue, thread, lanes), Some(4));
            }
        }
        assert_eq!(take(&queue, 0, WIDTH), None);
        assert_eq!(queue.waiting(), 40 - 2 * WIDTH);
    }

    #[test]
    fn a_job_is_admitted_to_a_free_lane_whatever_max_wait_is() {
        let queue = queue(8, 1000 * MILLI);
        queue.lock().set_load(0, Load { lanes: WIDTH, turns: 1 << 31 });
        queue.lock().set_load(1, Load { lanes: WIDTH - 1, turns: 1 << 31 });
        let _begins = push(&queue, 12, 1).unwrap();
        retry_after(push(&queue, 12, 2));
    }

    #[test]
    fn a_job_is_refused_at_once_if_the_work_before_it_takes_too_long() {
        // Under way: 2 threads with 112 turns each, so 112 ms; a job adds 8 ms.
        let queue = queue(100, 136 * MILLI);
        fill(&queue);
        let _answers: Vec<_> = (0..4).map(|account| push(&queue, 4, account).unwrap()).collect();
        assert_eq!(retry_after(push(&queue, 4, 9)), MIN_RETRY);
        assert_eq!(queue.waiting(), 4);
    }

    #[test]
    fn the_time_to_retry_is_that_of_the_work_before() {
        let queue = queue(100, 3000 * MILLI);
        fill(&queue);
        let _answer = push(&queue, 13, 1).unwrap();
        assert_eq!(retry_after(push(&queue, 4, 2)), (112 + 4096) * MILLI);
    }

    #[test]
    fn a_new_job_waits_for_the_work_before_it_unless_a_lane_is_free() {
        let queue = queue(100, 3000 * MILLI);
        let _begins = push(&queue, 13, 1).unwrap();
        assert_eq!(queue.wait(), Duration::ZERO, "a lane is free");
        fill(&queue);
        assert_eq!(queue.wait(), (112 + 4096) * MILLI);
    }

    #[test]
    fn a_flood_of_one_account_does_not_delay_another_account() {
        let queue = queue(100, 136 * MILLI);
        fill(&queue);
        let floods: Vec<_> = (0..4).map(|_| push(&queue, 4, 1).unwrap()).collect();
        assert!(push(&queue, 4, 1).is_err());
        let _newcomer = push(&queue, 5, 2).unwrap();
        // The flood's first was due already, its second is not before the newcomer's.
        let costs: Vec<_> = (0..3).filter_map(|_| take(&queue, 0, 0)).collect();
        assert_eq!((floods.len(), costs), (4, vec![4, 5, 4]));
    }

    #[test]
    fn a_full_queue_refuses_the_last_job_of_a_flood_for_another_account() {
        let queue = queue(3, 100_000 * MILLI);
        fill(&queue);
        let mut floods: Vec<_> = (0..3).map(|_| push(&queue, 4, 1).unwrap()).collect();
        retry_after(push(&queue, 4, 1));
        let mut newcomer = push(&queue, 4, 2).unwrap();
        let refused = floods.pop().unwrap().try_recv().unwrap();
        assert_eq!(refused, Err(EngineError::Busy { retry_after: MIN_RETRY }));
        assert!(newcomer.try_recv().is_err());
        assert!(floods.iter_mut().all(|answer| answer.try_recv().is_err()));
    }

    #[test]
    fn a_client_that_hung_up_frees_its_place() {
        let queue = queue(1, 100_000 * MILLI);
        fill(&queue);
        drop(push(&queue, 4, 1).unwrap());
        let _stays = push(&queue, 5, 2).unwrap();
        assert_eq!(take(&queue, 0, 0), Some(5));
    }

    #[test]
    fn a_job_that_has_waited_too_long_is_refused() {
        let queue = queue(8, 50 * MILLI);
        let (late, mut patient) = job(6, 3, now() - 60 * MILLI);
        queue.push(late).unwrap(); // Lanes are free: only their threads are late.
        let (late, mut answer) = job(4, 1, now() - 76 * MILLI);
        queue.push(late).unwrap();
        let mut fresh = push(&queue, 5, 2).unwrap();
        let taken = [take(&queue, 0, 0), take(&queue, 1, 0)];
        assert!(
            taken.contains(&Some(5)) && taken.contains(&Some(6)),
            "a little longer than foreseen is no reason"
        );
        let refused = EngineError::Busy { retry_after: MIN_RETRY };
        assert_eq!(answer.try_recv().unwrap(), Err(refused));
        assert!(fresh.try_recv().is_err() && patient.try_recv().is_err());
    }

    #[test]
    fn a_closed_queue_admits_no_job_and_hands_out_the_rest() {
        let queue = queue(8, 100_000 * MILLI);
        let _answer = push(&queue, 5, 1).unwrap();
        queue.close();
        assert_eq!(push(&queue, 4, 1).unwrap_err(), EngineError::Lost);
        assert_eq!((take(&queue, 0, 0), take(&queue, 1, 0)), (Some(5), None));
    }

    #[test]
    fn a_poisoned_lock_is_used_on() {
        let queue = queue(1, MILLI);
        let poison = || {
            let _held = queue.lock();
            panic!("while holding the lock");
        };
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(poison)).is_err());
        assert!(queue.state.is_poisoned());
        queue.close();
        assert_eq!(take(&queue, 0, 0), None);
    }
}
