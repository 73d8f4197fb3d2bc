//! A thread that computes hashes of other servers' formats.
//!
//! PBKDF2 with SHA-256 runs in two lanes where the processor has the instructions: between two turns, of about 100
//! microseconds, hashes whose client hung up are dropped and a free lane is filled. All other hashes run from their
//! beginning to their end.

use std::sync::Arc;
use std::time::Instant;

use super::compute::compute;
use super::job::{ForeignDigest, ForeignJob, ForeignReply};
use super::pbkdf2_batch::Pbkdf2Batch;
use super::queue::{ForeignQueue, ForeignTicket};
use crate::passwords::error::EngineError;
use crate::passwords::formats::ForeignParameters;
use crate::passwords::pace::now;
use crate::passwords::worker::{lower_priority, until_done};

/// The rounds of a turn.
pub(in crate::passwords) const TURN_ROUNDS: u32 = 512;

/// A running hash.
struct RunningHash {
    reply: ForeignReply,
    parameters: ForeignParameters,
    begun: Instant,
    _ticket: ForeignTicket,
}

impl RunningHash {
    fn finish(self, queue: &ForeignQueue, digest: Option<ForeignDigest>) {
        if digest.is_some() {
            queue.speed.record(self.parameters, self.begun.elapsed());
        }
        // An error means that the client hung up.
        let _ = self.reply.send(digest.ok_or(EngineError::Lost));
    }
}

/// Works until the queue is closed and empty, with PBKDF2 in so many lanes; with none, the library computes it. A panic
/// loses the running hashes, but not the thread.
pub(super) fn work(queue: &Arc<ForeignQueue>, width: usize) {
    lower_priority();
    until_done(|| serve(queue, width));
}

fn serve(queue: &Arc<ForeignQueue>, width: usize) {
    let mut batch = Pbkdf2Batch::new();
    while let Some((job, ticket)) = queue.take(now) {
        begin(queue, &mut batch, width, job, ticket);
        while batch.live() > 0 {
            while batch.live() < width
                && let Some((job, ticket)) = queue.take_beside()
            {
                begin(queue, &mut batch, width, job, ticket);
            }
            batch.turn(TURN_ROUNDS);
            batch.take_ended(|running, digest| running.finish(queue, Some(digest)));
            batch.abandon(|running| running.reply.is_closed());
        }
    }
}

/// Puts a hash into a lane, or computes it at once.
fn begin(
    queue: &ForeignQueue,
    batch: &mut Pbkdf2Batch<RunningHash>,
    width: usize,
    job: ForeignJob,
    ticket: ForeignTicket,
) {
    let ForeignJob { task, reply, .. } = job;
    let running = RunningHash { reply, parameters: task.parameters, begun: now(), _ticket: ticket };
    match task.parameters {
        ForeignParameters::Pbkdf2Sha256(rounds) if width > 0 => {
            // There is a free lane. If there were none, dropping the reply would report `Lost`.
            let _ = batch.begin(task.password.as_bytes(), &task.salt, rounds, running);
        }
        _ => {
            let digest = compute(&task);
            running.finish(queue, digest);
        }
    }
}
