//! The hashes that one thread computes at once, each at its own point of its own cost loop. `worker` and
//! `tune` fill a batch and turn it; `lanes` computes.

use std::sync::LazyLock;
use std::time::Duration;

use super::lanes::{LaneState, MAX_LANES, TYPICAL_WIDTH, Way, turn};
use super::pace::now;
use super::task::{DIGEST_LEN, Digest, SALT_LEN, Task};

/// The faster way on this machine, measured once a process within some milliseconds.
pub(super) fn way() -> Way {
    static FASTER: LazyLock<Way> = LazyLock::new(|| {
        let mut states = vec![LaneState::empty(); TYPICAL_WIDTH];
        states.iter_mut().for_each(|state| state.begin(b"trial", &[0; SALT_LEN]));
        let mut time = |way| {
            let begun = now();
            turn(&mut states, way);
            begun.elapsed()
        };
        // Alternating, and the shortest time of each: the others were disturbed.
        let times = (0..TRIALS).map(|_| Way::ALL.map(&mut time));
        let best = times.fold([Duration::MAX; 2], |[a, b], [c, d]| [a.min(c), b.min(d)]);
        if best[0] < best[1] { Way::Plain } else { Way::Extract }
    });
    *FASTER
}

/// The number of turns that [`way`] measures of each way.
const TRIALS: usize = 12;

/// Running hashes, up to a width. `R` identifies a hash for the caller.
pub struct Batch<R> {
    /// The states of `lanes`, in the same order, followed by unused ones.
    states: Box<[LaneState]>,
    way: Way,
    lanes: Vec<Lane<R>>,
}

struct Lane<R> {
    reply: R,
    made: u64,
    /// The turn after which the digest is known, and the turn after which it is returned.
    digest_at: u64,
    end_at: u64,
    digest: Digest,
}

impl<R> Batch<R> {
    /// An empty batch of [`MAX_LANES`] lanes.
    #[must_use]
    pub fn new() -> Self {
        Self::with_width(MAX_LANES)
    }

    /// An empty batch of another width, at most [`MAX_LANES`], to compare widths.
    pub(super) fn with_width(width: usize) -> Self {
        let width = width.min(MAX_LANES);
        let states = vec![LaneState::empty(); width].into();
        Self { states, way: way(), lanes: Vec::with_capacity(width) }
    }

    /// The number of running hashes.
    #[must_use]
    pub fn live(&self) -> usize {
        self.lanes.len()
    }

    /// The remaining turns of all lanes together.
    pub(super) fn turns_left(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.end_at - lane.made).sum()
    }

    /// Begins a hash in a free lane. Returns the reply if there is none.
    pub fn begin(&mut self, task: &Task, reply: R) -> Result<(), R> {
        let Some(state) = self.states.get_mut(self.lanes.len()) else {
            return Err(reply);
        };
        state.begin(task.key.bytes(), &task.salt);
        let (digest_at, end_at) = (task.turns_to_digest(), task.turns());
        self.lanes.push(Lane { reply, made: 0, digest_at, end_at, digest: [0; DIGEST_LEN] });
        Ok(())
    }

    /// One turn of the cost loop in every lane. To be followed by [`Batch::take_ended`].
    pub fn turn(&mut self) {
        self.turn_first(self.lanes.len());
    }

    /// One turn in the first `lanes` lanes, at most all that are running. To be followed by
    /// [`Batch::take_ended`].
    pub(super) fn turn_first(&mut self, lanes: usize) {
        let lanes = lanes.min(self.lanes.len());
        if let Some(states) = self.states.get_mut(..lanes) {
            turn(states, self.way);
        }
        for (lane, state) in self.lanes.iter_mut().zip(&mut self.states).take(lanes) {
            lane.made += 1;
            // A hash that is cheaper than its level turns on after its digest is known.
            if lane.made == lane.digest_at {
                lane.digest.iter_mut().zip(state.digest()).for_each(|(to, from)| *to = from);
            }
        }
    }

    /// Frees the lane of each hash that has ended, and passes its digest to `done`.
    pub fn take_ended(&mut self, mut done: impl FnMut(R, Digest)) {
        self.remove(|lane| lane.made == lane.end_at, |lane| done(lane.reply, lane.digest));
    }

    /// Drops each hash whose result is unwanted.
    pub fn abandon(&mut self, unwanted: impl Fn(&R) -> bool) {
        self.remove(|lane| unwanted(&lane.reply), |_| ());
    }

    /// Removes lanes, wipes their states, and moves the last lane into the gap.
    fn remove(&mut self, which: impl Fn(&Lane<R>) -> bool, mut then: impl FnMut(Lane<R>)) {
        while let Some(at) = self.lanes.iter().position(&which) {
            let last = self.lanes.len() - 1;
            self.states.swap(at, last);
            self.states.get_mut(last).into_iter().for_each(LaneState::wipe);
            then(self.lanes.swap_remove(at));
        }
    }
}

impl<R> Default for Batch<R> {
    fn default() -> Self {
        Self::new()
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

    /// Makes so many turns, and lists which hash ended at which turn.
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
    fn a_freed_lane_takes_the_next_hash_while_the_others_run_on() {
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
    fn an_abandoned_hash_frees_its_lane_and_disturbs_no_other_hash() {
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
    fn a_lane_that_pauses_ends_later_with_its_own_digest() {
        let mut batch = Batch::new();
        batch.begin(&keyed("first", 4), "first").unwrap();
        batch.begin(&keyed("second", 4), "second").unwrap();
        (0..8).for_each(|_| batch.turn_first(1));
        assert_eq!(batch.turns_left(), 8 + 16);
        let expected =
            [(8, "first"), (16, "second")].map(|(turn, name)| (turn, name, reference(&keyed(name, 4))));
        assert_eq!(ends(&mut batch, 16), expected);
    }

    #[test]
    fn a_full_batch_gives_the_reply_back() {
        let mut batch = Batch::new();
        for _ in 0..MAX_LANES {
            batch.begin(&example(4), "in").unwrap();
        }
        assert_eq!(batch.begin(&example(4), "out"), Err("out"));
        assert_eq!(batch.live(), MAX_LANES);
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
