//! The queue of jobs that wait for a thread: admission, order, and the memory budget. Nothing is hashed here, and
//! nothing but an idle thread waits under the lock.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::job::ForeignJob;
use super::speed::Speed;
use crate::passwords::error::EngineError;
use crate::passwords::fairness::Waiting;
use crate::passwords::formats::ForeignParameters;
use crate::passwords::queue::Bounds;
use crate::passwords::task::Requester;

/// The jobs of all threads.
pub(super) struct ForeignQueue {
    pub(super) bounds: Bounds,
    pub(super) speed: Speed,
    /// The bytes that all running hashes may have together.
    pub(super) budget: u64,
    threads: usize,
    state: Mutex<ForeignState>,
    changed: Condvar,
    /// The number of waiting jobs, readable without the lock.
    waiting: AtomicUsize,
}

struct ForeignState {
    jobs: Waiting<ForeignJob>,
    closed: bool,
    /// The threads that wait for a job.
    idle: usize,
    /// The running jobs, their bytes, and their work.
    running: usize,
    memory: u64,
    work: u64,
}

/// A running job: while it exists, it counts.
pub(super) struct ForeignTicket {
    queue: Arc<ForeignQueue>,
    memory: u64,
    work: u64,
}

impl ForeignQueue {
    /// A queue for so many threads, with this budget of memory in bytes.
    pub(super) fn new(bounds: Bounds, threads: usize, budget: u64) -> Self {
        let state =
            ForeignState { jobs: Waiting::new(), closed: false, idle: 0, running: 0, memory: 0, work: 0 };
        let (changed, waiting, speed) = (Condvar::new(), AtomicUsize::new(0), Speed::estimated());
        Self { bounds, speed, budget, threads, state: Mutex::new(state), changed, waiting }
    }

    /// Admits a job, or returns why not: by the rules of `Queue::push`.
    pub(super) fn push(&self, job: ForeignJob) -> Result<(), EngineError> {
        let mut state = self.lock();
        if state.closed {
            return Err(EngineError::Lost);
        }
        self.sweep(&mut state, job.since);
        let (requester, work) = (job.task.requester, self.work(&job.task.parameters));
        let place = state.jobs.place(requester);
        // As many jobs as there are free threads begin at once, so they do not count as waiting.
        if let Some(behind) = state.jobs.len().checked_sub(self.threads.saturating_sub(state.running)) {
            let wait = Duration::from_nanos(state.work.saturating_add(place.ahead));
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

    /// The next job for an idle thread, which waits for one. `None` if the queue is closed and empty.
    pub(super) fn take(self: &Arc<Self>, now: impl Fn() -> Instant) -> Option<(ForeignJob, ForeignTicket)> {
        let mut state = self.lock();
        loop {
            self.sweep(&mut state, now());
            if let Some(taken) = self.next(&mut state, |_| true) {
                return Some(taken);
            }
            if state.closed && state.jobs.len() == 0 {
                return None;
            }
            state.idle += 1;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    /// The next job, if it is PBKDF2 with SHA-256, for a thread that computes another one of these. Idle threads go
    /// first, and a job that is due before it.
    pub(super) fn take_beside(self: &Arc<Self>) -> Option<(ForeignJob, ForeignTicket)> {
        if self.waiting() == 0 {
            return None;
        }
        let mut state = self.lock();
        if state.idle > 0 {
            return None;
        }
        self.next(&mut state, |job| matches!(job.task.parameters, ForeignParameters::Pbkdf2Sha256(_)))
    }

    /// The number of jobs that wait for a thread.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Relaxed)
    }

    /// How long a new job of an unknown requester would wait.
    pub(super) fn wait(&self) -> Duration {
        let state = self.lock();
        if state.jobs.len() < self.threads.saturating_sub(state.running) {
            return Duration::ZERO;
        }
        Duration::from_nanos(state.work.saturating_add(state.jobs.place(Requester::default()).ahead))
    }

    /// Refuses new jobs.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// The job that is due first of those that may run now, if it `suits`.
    ///
    /// A job whose memory is not free yet keeps later ones that need memory from overtaking it, so that it gets its
    /// turn. Jobs without memory pass.
    fn next(
        self: &Arc<Self>,
        state: &mut ForeignState,
        suits: impl Fn(&ForeignJob) -> bool,
    ) -> Option<(ForeignJob, ForeignTicket)> {
        let memory = |job: &ForeignJob| job.task.parameters.memory();
        let free = self.budget.saturating_sub(state.memory);
        let fits = state.jobs.first_of(|job| memory(job) > 0).is_some_and(|job| memory(job) <= free);
        let may_run = |job: &ForeignJob| fits || memory(job) == 0;
        state.jobs.first_of(may_run).filter(|job| suits(job))?;
        let job = state.jobs.pop_first_of(may_run)?;
        self.publish(state);
        let (memory, work) = (memory(&job), self.work(&job.task.parameters));
        state.running += 1;
        state.memory += memory;
        state.work = state.work.saturating_add(work);
        Some((job, ForeignTicket { queue: Arc::clone(self), memory, work }))
    }

    /// Nanoseconds by which a job delays the ones behind it: its time over the share of the engine that it leaves to
    /// others, of threads or of memory.
    fn work(&self, parameters: &ForeignParameters) -> u64 {
        let of_threads = 1.0 / self.threads.max(1) as f64;
        let of_memory = parameters.memory() as f64 / self.budget.max(1) as f64;
        let nanos = self.speed.time(parameters).as_nanos() as f64 * of_threads.max(of_memory.min(1.0));
        nanos as u64
    }

    /// Drops jobs whose client hung up, and refuses those that have waited too long.
    fn sweep(&self, state: &mut ForeignState, now: Instant) {
        state.jobs.retain(|job| !job.reply.is_closed());
        let limit = self.bounds.max_wait.saturating_mul(3) / 2;
        let expired = |job: &ForeignJob| now.saturating_duration_since(job.since) > limit;
        while let Some(job) = state.jobs.pop_oldest_if(expired) {
            refuse(job, Duration::from_nanos(state.work));
        }
        self.publish(state);
    }

    fn publish(&self, state: &ForeignState) {
        self.waiting.store(state.jobs.len(), Relaxed);
    }

    /// A poisoned lock is used on: no code under the lock leaves the state half changed.
    fn lock(&self) -> MutexGuard<'_, ForeignState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ForeignTicket {
    /// Also after a panic: memory that is not given back would be lost for good.
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.running -= 1;
        state.memory -= self.memory;
        state.work -= self.work.min(state.work);
        drop(state);
        self.queue.changed.notify_all();
    }
}

fn refuse(job: ForeignJob, wait: Duration) {
    // An error means that the client hung up.
    let _ = job.reply.send(Err(EngineError::busy(wait)));
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use tokio::sync::oneshot;

    use super::super::job::ForeignDigest;
    use super::super::speed::example;
    use super::*;
    use crate::passwords::formats::Argon2Variety;
    use crate::passwords::pace::now;

    type Answer = oneshot::Receiver<Result<ForeignDigest, EngineError>>;

    const MILLI: Duration = Duration::from_millis(1);
    const SLOW: ForeignParameters = rounds(1_000_000);
    const SECOND_EACH: Duration = Duration::from_secs(1);

    const fn rounds(number: u32) -> ForeignParameters {
        ForeignParameters::Pbkdf2Sha256(NonZeroU32::new(number).unwrap())
    }

    const fn argon2(mebibytes: u32) -> ForeignParameters {
        let variety = Argon2Variety::Id;
        ForeignParameters::Argon2 { variety, is_v13: true, memory: mebibytes * 1024, passes: 1, lanes: 1 }
    }

    /// Two threads, 256 MiB, and a second for each of `SLOW`.
    fn queue(places: usize, max_wait: Duration) -> Arc<ForeignQueue> {
        let queue = ForeignQueue::new(Bounds { places, max_wait }, 2, 256 << 20);
        queue.speed.record(SLOW, SECOND_EACH);
        Arc::new(queue)
    }

    fn push(
        queue: &ForeignQueue,
        parameters: ForeignParameters,
        account: u64,
    ) -> Result<Answer, EngineError> {
        let (reply, answer) = oneshot::channel();
        let mut task = example(parameters);
        task.requester = Requester { account: Some(account), address: None };
        queue.push(ForeignJob { task, reply, since: now() }).map(|()| answer)
    }

    /// What an idle thread would get, without waiting for it.
    fn take(queue: &Arc<ForeignQueue>) -> Option<(ForeignParameters, ForeignTicket)> {
        let taken = queue.next(&mut queue.lock(), |_| true)?;
        Some((taken.0.task.parameters, taken.1))
    }

    #[test]
    fn running_hashes_never_have_more_memory_than_the_budget() {
        let queue = queue(100, Duration::MAX);
        let _answers: Vec<_> = (0..5).map(|account| push(&queue, argon2(100), account).unwrap()).collect();
        let first = take(&queue).unwrap();
        let _second = take(&queue).unwrap();
        assert!(take(&queue).is_none(), "a third would take 300 MiB");
        drop(first);
        assert!(take(&queue).is_some());
    }

    #[test]
    fn a_large_hash_is_not_overtaken_for_ever_and_hashes_without_memory_pass() {
        let queue = queue(100, Duration::MAX);
        let _answers: Vec<_> = [argon2(100), argon2(200), argon2(50), rounds(10)]
            .into_iter()
            .zip(1..)
            .map(|(parameters, account)| push(&queue, parameters, account).unwrap())
            .collect();
        let small = take(&queue).unwrap();
        assert_eq!(small.0, argon2(100));
        assert_eq!(take(&queue).map(|taken| taken.0), Some(rounds(10)));
        assert!(take(&queue).is_none(), "the one of 50 MiB came after the one of 200 MiB");
        drop(small);
        assert_eq!(take(&queue).map(|taken| taken.0), Some(argon2(200)));
    }

    #[test]
    fn a_second_lane_goes_to_pbkdf2_only_when_no_thread_is_idle_and_nothing_else_is_due() {
        let queue = queue(100, Duration::MAX);
        let _answers = [push(&queue, rounds(10), 1).unwrap(), push(&queue, argon2(1), 2).unwrap()];
        queue.lock().idle = 1;
        assert!(queue.take_beside().is_none());
        queue.lock().idle = 0;
        assert!(queue.take_beside().is_some());
        assert!(queue.take_beside().is_none(), "argon2 is due");
    }

    #[test]
    fn a_job_is_refused_at_once_if_the_work_before_it_takes_too_long() {
        let queue = queue(100, 1900 * MILLI);
        let _answers: Vec<_> = (0..2).map(|account| push(&queue, SLOW, account).unwrap()).collect();
        let _running = [take(&queue).unwrap(), take(&queue).unwrap()];
        // Half a second of each running one, and half a second of each before: there are two threads.
        let _waiting: Vec<_> = (0..2).map(|account| push(&queue, SLOW, account).unwrap()).collect();
        assert_eq!(queue.wait(), 2000 * MILLI);
        let refused = push(&queue, SLOW, 9).unwrap_err();
        assert_eq!(refused, EngineError::Busy { retry_after: 2000 * MILLI });
    }

    #[test]
    fn a_full_queue_refuses_the_last_job_of_a_flood_for_another_account() {
        let queue = queue(1, Duration::MAX);
        let mut floods: Vec<_> = (0..3).map(|_| push(&queue, SLOW, 1).unwrap()).collect();
        assert!(push(&queue, SLOW, 1).is_err());
        let mut newcomer = push(&queue, SLOW, 2).unwrap();
        assert!(matches!(floods.pop().unwrap().try_recv(), Ok(Err(EngineError::Busy { .. }))));
        assert!(newcomer.try_recv().is_err());
    }

    #[test]
    fn a_job_that_has_waited_too_long_is_refused_and_one_whose_client_hung_up_is_dropped() {
        let queue = queue(10, 20 * MILLI);
        let mut late = push(&queue, SLOW, 1).unwrap();
        drop(push(&queue, SLOW, 2).unwrap());
        queue.sweep(&mut queue.lock(), now() + 31 * MILLI);
        assert!(matches!(late.try_recv(), Ok(Err(EngineError::Busy { .. }))));
        assert_eq!(queue.waiting(), 0);
    }

    #[test]
    fn a_closed_queue_admits_no_job_and_hands_out_the_rest() {
        let queue = queue(10, Duration::MAX);
        let _answer = push(&queue, SLOW, 1).unwrap();
        queue.close();
        assert_eq!(push(&queue, SLOW, 1).unwrap_err(), EngineError::Lost);
        assert!(queue.take(now).is_some() && queue.take(now).is_none());
    }
}
