//! The hashes that one thread has under way, each at its own place in its own
//! cost loop. `worker` fills it and turns it, the self-test and `tune` too.
//! It computes nothing itself (`lanes` does) and knows no queue.

use std::sync::LazyLock;
use std::time::Duration;

use super::lanes::{LaneState, MOST, Way, turn};
use super::pace::now;
use super::task::{DIGEST_LEN, Digest, SALT_LEN, Task};

/// How many hashes a thread runs at once at most.
///
/// The numbers chose it. Hashes per second per core in those of the `bcrypt`
/// crate, at 1 to 8 lanes: 1.22, 2.4, 3.2, 3.6, 4.0, 4.3, 4.5 and 4.35 on AMD's
/// Zen 3; without `bextr` 1.16, 2.2, 2.95, 3.3, 3.75, 3.9, 4.1 and 3.95. Eight
/// lanes have as many bytes of S-boxes as the first-level cache.
pub const WIDTH: usize = 7;

/// The way that is faster here, measured once a process in some milliseconds.
pub(super) fn way() -> Way {
    static FASTER: LazyLock<Way> = LazyLock::new(|| {
        let mut states = vec![LaneState::empty(); WIDTH];
        states.iter_mut().for_each(|state| state.begin(b"trial", &[0; SALT_LEN]));
        let mut time = |way| {
            let begun = now();
            turn(&mut states, way);
            begun.elapsed()
        };
        // In turns, and the shortest time of each: the others were disturbed.
        let times = (0..TRIALS).map(|_| Way::ALL.map(&mut time));
        let best = times.fold([Duration::MAX; 2], |[a, b], [c, d]| [a.min(c), b.min(d)]);
        if best[0] < best[1] { Way::Plain } else { Way::Extract }
    });
    *FASTER
}

/// Turns of each way that [`way`] measures.
const TRIALS: usize = 12;

/// Hashes under way, up to a width; `R` is what the caller knows each by.
pub(super) struct Batch<R> {
    /// The states of the lanes, in their order, and unused ones behind.
    states: Box<[LaneState]>,
    way: Way,
    lanes: Vec<Lane<R>>,
}

struct Lane<R> {
    reply: R,
    made: u64,
    /// The turn after which the digest stands, and the one with which it goes.
    digest_at: u64,
    end_at: u64,
    digest: Digest,
}

impl<R> Batch<R> {
    pub(super) fn new() -> Self {
        Self::of(WIDTH)
    }

    /// Of another width than [`WIDTH`], at most [`MOST`]: to compare them.
    pub(super) fn of(width: usize) -> Self {
        let width = width.min(MOST);
        let states = vec![LaneState::empty(); width].into();
        Self { states, way: way(), lanes: Vec::with_capacity(width) }
    }

    /// How many hashes are under way.
    pub(super) fn live(&self) -> usize {
        self.lanes.len()
    }

    /// Turns that are still to be made, all lanes taken together.
    pub(super) fn turns_left(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.end_at - lane.made).sum()
    }

    /// Begins a hash in a lane of its own. Gives the reply back if none is free.
    pub(super) fn begin(&mut self, task: &Task, reply: R) -> Result<(), R> {
        let Some(state) = self.states.get_mut(self.lanes.len()) else {
            return Err(reply);
        };
        state.begin(task.key.bytes(), &task.salt);
        let (digest_at, end_at) = (task.turns_to_digest(), task.turns());
        self.lanes.push(Lane { reply, made: 0, digest_at, end_at, digest: [0; DIGEST_LEN] });
        Ok(())
    }

    /// One turn of the cost loop in every lane. To be followed by
    /// [`Batch::take_ended`].
    pub(super) fn turn(&mut self) {
        if let Some(states) = self.states.get_mut(..self.lanes.len()) {
            turn(states, self.way);
        }
        for (lane, state) in self.lanes.iter_mut().zip(&mut self.states) {
            lane.made += 1;
            // A hash cheaper than its level turns on with its digest in hand.
            if lane.made == lane.digest_at {
                lane.digest.iter_mut().zip(state.digest()).for_each(|(to, from)| *to = from);
            }
        }
    }

    /// Each hash that has ended leaves its lane and goes to `done`.
    pub(super) fn take_ended(&mut self, mut done: impl FnMut(R, Digest)) {
        self.remove(|lane| lane.made == lane.end_at, |lane| done(lane.reply, lane.digest));
    }

    /// Drops every hash whose answer nobody wants any more.
    pub(super) fn abandon(&mut self, unwanted: impl Fn(&R) -> bool) {
        self.remove(|lane| unwanted(&lane.reply), |_| ());
    }

    /// Takes lanes out, wipes their states, and lets the last one fill the gap.
    fn remove(&mut self, which: impl Fn(&Lane<R>) -> bool, mut then: impl FnMut(Lane<R>)) {
        while let Some(at) = self.lanes.iter().position(&which) {
            let last = self.lanes.len() - 1;
            self.states.swap(at, last);
            self.states.get_mut(last).into_iter().for_each(LaneState::wipe);
            then(self.lanes.swap_remove(at));
        }
    }
}

impl<R> Drop for Batch<R> {
    fn drop(&mut self) {
        self.states.iter_mut().for_each(LaneState::wipe);
    }
}

#[cfg(test)]
mod tests {
    use super::super::task::{Key, example};
    use super::*;

    fn reference(task: &Task) -> Digest {
        let full = bcrypt::bcrypt(task.cost, task.salt, task.key.bytes());
        *full.first_chunk().unwrap()
    }

    fn keyed(name: &str, cost: u32) -> Task {
        Task { key: Key::new(name.as_bytes()), ..example(cost) }
    }

    /// Turns until `until` says so, and lists who ended at which turn.
    fn ends(batch: &mut Batch<&'static str>, turns: u64) -> Vec<(u64, &'static str, Digest)> {
        let mut ended = Vec::new();
        for number in 1..=turns {
            batch.turn();
            batch.take_ended(|name, digest| ended.push((number, name, digest)));
        }
        ended
    }

    #[test]
    fn each_hash_ends_at_its_own_cost_with_its_own_digest() {
        let mut batch = Batch::new();
        for (name, cost) in [("a", 5), ("b", 4), ("c", 6)] {
            batch.begin(&keyed(name, cost), name).unwrap();
        }
        let expected = [(16, "b", 4), (32, "a", 5), (64, "c", 6)]
            .map(|(turn, name, cost)| (turn, name, reference(&keyed(name, cost))));
        assert_eq!(ends(&mut batch, 64), expected);
        assert_eq!((batch.live(), batch.turns_left()), (0, 0));
    }

    #[test]
    fn a_lane_that_ended_takes_the_next_while_the_others_run_on() {
        let mut batch = Batch::new();
        batch.begin(&keyed("long", 6), "long").unwrap();
        batch.begin(&keyed("short", 4), "short").unwrap();
        let mut ended = ends(&mut batch, 16);
        batch.begin(&keyed("late", 4), "late").unwrap();
        assert_eq!((batch.live(), batch.turns_left()), (2, 48 + 16));
        ended.extend(ends(&mut batch, 48));
        let expected = [(16, "short", 4), (16, "late", 4), (48, "long", 6)]
            .map(|(turn, name, cost)| (turn, name, reference(&keyed(name, cost))));
        assert_eq!(ended, expected);
    }

    #[test]
    fn a_low_cost_ends_with_its_level_and_keeps_its_digest() {
        let mut batch = Batch::new();
        batch.begin(&Task { level: 6, ..keyed("low", 4) }, "low").unwrap();
        batch.begin(&keyed("high", 6), "high").unwrap();
        let ended = ends(&mut batch, 64);
        let low = (64, "low", reference(&keyed("low", 4)));
        assert_eq!(ended, [low, (64, "high", reference(&keyed("high", 6)))]);
    }

    #[test]
    fn an_abandoned_hash_frees_its_lane_and_disturbs_no_other() {
        let mut batch = Batch::new();
        for name in ["a", "b", "c"] {
            batch.begin(&keyed(name, 4), name).unwrap();
        }
        assert_eq!(ends(&mut batch, 8), []);
        batch.abandon(|name| *name == "a");
        assert_eq!(batch.live(), 2);
        let ended = ends(&mut batch, 8);
        let expected = ["c", "b"].map(|name| (8, name, reference(&keyed(name, 4))));
        assert_eq!(ended, expected);
    }

    #[test]
    fn a_full_batch_gives_the_reply_back() {
        let mut batch = Batch::new();
        for _ in 0..WIDTH {
            batch.begin(&example(4), "in").unwrap();
        }
        assert_eq!(batch.begin(&example(4), "out"), Err("out"));
        assert_eq!(batch.live(), WIDTH);
    }

    #[test]
    fn a_state_is_wiped_when_its_lane_ends_or_is_abandoned() {
        let mut batch = Batch::new();
        batch.begin(&keyed("a", 4), "a").unwrap();
        batch.begin(&keyed("b", 5), "b").unwrap();
        ends(&mut batch, 16);
        batch.abandon(|_| true);
        assert!(batch.states.iter().all(LaneState::is_wiped));
    }
}
