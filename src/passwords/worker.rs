//! A hashing thread: takes jobs from `queue`, turns its `batch` and sends the digests.
//!
//! Between two turns of the cost loop, every 50 to 110 microseconds, it drops hashes whose client hung up and
//! fills free lanes. So a job begins at once if a lane is free, and no hash waits for the end of another. One
//! login alone runs in one lane at the full speed of the core, two run on two cores, and only a queue fills
//! the lanes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::batch::Batch;
use super::pace::now;
use super::queue::{Job, Load, Queue, Reply};
use super::width::WidthTrial;

/// The niceness of these threads, so that the rest of the server goes first: at nice 10 a thread gets about
/// a tenth of a contended core.
const NICENESS: i32 = 10;

/// Works until the queue is closed and empty. A panic loses the running hashes, whose reply channels are
/// dropped, but not the thread.
pub(super) fn work(queue: &Queue, thread: usize) {
    lower_priority();
    until_done(|| serve(queue, thread));
}

/// Calls it again after each panic.
pub(super) fn until_done(mut life: impl FnMut()) {
    while catch_unwind(AssertUnwindSafe(&mut life)).is_err() {}
}

fn serve(queue: &Queue, thread: usize) {
    let (mut batch, mut trial) = (Batch::new(), queue.width.trial());
    // The queue must know the free lanes even if nothing waits.
    let mut changed = true;
    loop {
        trial.running(batch.live());
        while batch.live() < queue.width.limit() && (changed || queue.waiting() > 0) {
            let load = Load { lanes: batch.live(), turns: batch.turns_left() };
            let Some(Job { task, reply, .. }) = queue.take(thread, load, now) else { break };
            // There is a free lane. If there were none, dropping the reply would report `Lost`.
            let _ = batch.begin(&task, reply);
        }
        if batch.live() == 0 {
            return;
        }
        trial.running(batch.live());
        changed = turn(queue, &mut batch, &mut trial);
    }
}

/// One turn of the batch. Returns whether a lane became free.
fn turn(queue: &Queue, batch: &mut Batch<Reply>, trial: &mut WidthTrial<'_>) -> bool {
    let (live, begun) = (batch.live(), now());
    let lanes = trial.lanes(live, begun);
    batch.turn_first(lanes);
    let ended = now();
    trial.turned(begun, ended);
    queue.pace.turned(lanes, queue.width.limit(), ended.saturating_duration_since(begun));
    batch.take_ended(|reply, digest| {
        // An error means that the client hung up.
        let _ = reply.send(Ok(digest));
    });
    batch.abandon(Reply::is_closed);
    batch.live() < live
}

/// Lowers the priority of the thread. Only Linux has a niceness per thread.
pub(super) fn lower_priority() {
    #[cfg(target_os = "linux")]
    {
        // If it is refused, the thread works all the same.
        let _ = rustix::process::nice(NICENESS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_survived() {
        let mut lives = 0;
        until_done(|| {
            lives += 1;
            assert!(lives == 3, "an unlucky life");
        });
        assert_eq!(lives, 3);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_the_own_thread_gets_a_lower_priority() {
        let niceness = || rustix::process::nice(0).unwrap();
        let before = niceness();
        let other = std::thread::spawn(move || {
            lower_priority();
            niceness()
        });
        assert_eq!(other.join().unwrap(), (before + NICENESS).min(19));
        assert_eq!(niceness(), before);
    }
}
