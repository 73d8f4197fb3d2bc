//! The life of a hashing thread. `engine` starts it; it takes jobs from
//! `queue`, turns its `batch` and answers. It decides nothing about who is
//! next.
//!
//! Between two turns of the cost loop, every 50 to 110 microseconds, a thread
//! drops the hashes that nobody waits for any more and fills free lanes. So a
//! job begins at once when a lane is free, no hash waits for another to end,
//! and the width is that of the work: one login alone runs in one lane at the
//! full speed of the core, two waiting logins run on two cores, and only a
//! queue makes the lanes full.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::batch::Batch;
use super::lanes::WIDTH;
use super::pace::now;
use super::queue::{Job, Load, Queue, Reply};

/// How much less than the rest of the server these threads are worth to the
/// scheduler: at nice 10 a thread gets about a tenth of a contended core.
const NICENESS: i32 = 10;

/// Works until the queue is closed and empty. A panic costs the hashes under
/// way, whose callers hear of it by their dropped replies, and not the thread.
pub(super) fn work(queue: &Queue, thread: usize) {
    step_back();
    until_done(|| serve(queue, thread));
}

fn until_done(mut life: impl FnMut()) {
    while catch_unwind(AssertUnwindSafe(&mut life)).is_err() {}
}

fn serve(queue: &Queue, thread: usize) {
    let mut batch = Batch::new();
    // The queue needs to hear that lanes got free even when nothing waits.
    let mut changed = true;
    loop {
        while batch.live() < WIDTH && (changed || queue.waiting() > 0) {
            let load = Load { lanes: batch.live(), turns: batch.turns_left() };
            let Some(Job { task, reply, .. }) = queue.take(thread, load, now) else { break };
            // Cannot be full here; if it were, the dropped reply would tell.
            let _ = batch.begin(&task, reply);
        }
        if batch.live() == 0 {
            return;
        }
        changed = turn(queue, &mut batch);
    }
}

/// One turn of the batch; whether a lane got free.
fn turn(queue: &Queue, batch: &mut Batch<Reply>) -> bool {
    let (live, begun) = (batch.live(), now());
    batch.turn();
    queue.pace.turned(live, begun.elapsed());
    batch.take_ended(|reply, digest| {
        // An error only says that the client left meanwhile.
        let _ = reply.send(Ok(digest));
    });
    batch.abandon(Reply::is_closed);
    batch.live() < live
}

/// Lets the rest of the server go first. Linux knows a niceness for each
/// thread; elsewhere it is the whole process's, and so left alone.
fn step_back() {
    #[cfg(target_os = "linux")]
    {
        // Refused, the thread works all the same.
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
    fn only_the_own_thread_steps_back() {
        let niceness = || rustix::process::nice(0).unwrap();
        let before = niceness();
        let other = std::thread::spawn(move || {
            step_back();
            niceness()
        });
        assert_eq!(other.join().unwrap(), (before + NICENESS).min(19));
        assert_eq!(niceness(), before);
    }
}
