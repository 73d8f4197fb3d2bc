//! The hashes of PBKDF2 with HMAC-SHA-256 that one thread computes at once, each at its own point of its own loop.
//! `worker` fills a batch and turns it; `sha_extensions` computes.

use std::hint::black_box;
use std::num::NonZeroU32;
use std::sync::OnceLock;
use std::time::Duration;

use aws_lc_rs::pbkdf2;
use zeroize::Zeroizing;

use super::loop_state::LoopState;
use super::sha_extensions::{advance, are_present};
use crate::passwords::pace::now;

/// The lanes of a batch.
pub(in crate::passwords) const LANES: usize = 2;

/// The number of lanes to use on this processor: all, or none where the library computes faster. Measured once a
/// process, within some milliseconds. A build that is not optimised has slow lanes.
pub(in crate::passwords) fn width() -> usize {
    static FASTER: OnceLock<usize> = OnceLock::new();
    *FASTER.get_or_init(|| if are_present() && are_lanes_faster() { LANES } else { 0 })
}

/// The rounds and the number of the trials of each kind.
const TRIAL_ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(255);
const TRIALS: usize = 5;

/// Whether the lanes take less time for each hash than the library. The shortest time of each counts: the others were
/// disturbed.
fn are_lanes_faster() -> bool {
    let time = |work: &dyn Fn()| {
        let begun = now();
        work();
        begun.elapsed()
    };
    let lanes = || {
        let mut states = [const { LoopState::empty() }; LANES];
        advance(&mut states, TRIAL_ROUNDS.get());
        black_box(states[0].digest());
    };
    let library = || {
        let mut digest = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, TRIAL_ROUNDS, b"salt", b"trial", &mut digest);
        black_box(digest);
    };
    let times = (0..TRIALS).map(|_| [time(&lanes), time(&library)]);
    let best = times.fold([Duration::MAX; 2], |[a, b], [c, d]| [a.min(c), b.min(d)]);
    best[0] < best[1] * LANES as u32
}

/// Running hashes. `R` identifies a hash for the caller.
pub(in crate::passwords) struct Pbkdf2Batch<R> {
    /// The states of `lanes`, in the same order, followed by unused ones.
    states: [LoopState; LANES],
    lanes: Vec<Pbkdf2Lane<R>>,
}

struct Pbkdf2Lane<R> {
    reply: R,
    /// The rounds that are left.
    left: u32,
}

impl<R> Pbkdf2Batch<R> {
    pub(in crate::passwords) fn new() -> Self {
        Self { states: [const { LoopState::empty() }; LANES], lanes: Vec::with_capacity(LANES) }
    }

    /// The number of running hashes.
    pub(in crate::passwords) fn live(&self) -> usize {
        self.lanes.len()
    }

    /// Begins a hash in a free lane. Returns the reply if there is none.
    pub(in crate::passwords) fn begin(
        &mut self,
        password: &[u8],
        salt: &[u8],
        rounds: NonZeroU32,
        reply: R,
    ) -> Result<(), R> {
        let Some(state) = self.states.get_mut(self.lanes.len()) else { return Err(reply) };
        *state = LoopState::begin(password, salt);
        self.lanes.push(Pbkdf2Lane { reply, left: rounds.get() - 1 });
        Ok(())
    }

    /// Makes `most` rounds in every lane, fewer if a hash ends before. To be followed by [`Pbkdf2Batch::take_ended`].
    pub(in crate::passwords) fn turn(&mut self, most: u32) {
        let rounds = self.lanes.iter().map(|lane| lane.left).fold(most, u32::min);
        if let Some(states) = self.states.get_mut(..self.lanes.len()) {
            advance(states, rounds);
        }
        self.lanes.iter_mut().for_each(|lane| lane.left -= rounds);
    }

    /// Frees the lane of each hash that has ended, and passes its digest to `done`.
    pub(in crate::passwords) fn take_ended(&mut self, mut done: impl FnMut(R, Zeroizing<Vec<u8>>)) {
        self.remove(|lane| lane.left == 0, |lane, state| done(lane.reply, state.digest()));
    }

    /// Drops each hash whose result is unwanted.
    pub(super) fn abandon(&mut self, unwanted: impl Fn(&R) -> bool) {
        self.remove(|lane| unwanted(&lane.reply), |_, _| ());
    }

    /// Removes lanes, wipes their states, and moves the last lane into the gap.
    fn remove(
        &mut self,
        which: impl Fn(&Pbkdf2Lane<R>) -> bool,
        mut then: impl FnMut(Pbkdf2Lane<R>, &LoopState),
    ) {
        while let Some(at) = self.lanes.iter().position(&which) {
            let last = self.lanes.len() - 1;
            self.states.swap(at, last);
            let lane = self.lanes.swap_remove(at);
            if let Some(state) = self.states.get_mut(last) {
                then(lane, state);
                state.wipe();
            }
        }
    }
}

impl<R> Drop for Pbkdf2Batch<R> {
    fn drop(&mut self) {
        self.states.iter_mut().for_each(LoopState::wipe);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reference(password: &[u8], salt: &[u8], rounds: u32) -> Vec<u8> {
        let (mut digest, rounds) = (vec![0; 32], NonZeroU32::new(rounds).unwrap());
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password, &mut digest);
        digest
    }

    fn begin<'a>(batch: &mut Pbkdf2Batch<&'a str>, name: &'a str, rounds: u32) {
        let rounds = NonZeroU32::new(rounds).unwrap();
        batch.begin(name.as_bytes(), b"salt", rounds, name).unwrap();
    }

    /// Turns until all have ended, and lists them in the order of their ends.
    fn ends(batch: &mut Pbkdf2Batch<&'static str>, most: u32) -> Vec<(&'static str, Vec<u8>)> {
        let mut ended = Vec::new();
        while batch.live() > 0 {
            batch.turn(most);
            batch.take_ended(|name, digest| ended.push((name, digest.to_vec())));
        }
        ended
    }

    #[test]
    fn each_hash_ends_after_its_own_rounds_with_its_own_digest() {
        let mut batch = Pbkdf2Batch::new();
        begin(&mut batch, "long", 1000);
        begin(&mut batch, "short", 10);
        batch.turn(512);
        let mut ended = Vec::new();
        batch.take_ended(|name, digest| ended.push((name, digest.to_vec())));
        begin(&mut batch, "late", 100);
        ended.extend(ends(&mut batch, 64));
        let expected = [("short", 10), ("late", 100), ("long", 1000)]
            .map(|(name, n)| (name, reference(name.as_bytes(), b"salt", n)));
        assert_eq!(ended, expected);
        assert!(batch.states.iter().all(LoopState::is_wiped));
    }

    #[test]
    fn a_full_batch_gives_the_reply_back_and_an_abandoned_hash_frees_its_lane() {
        let mut batch = Pbkdf2Batch::new();
        begin(&mut batch, "a", 50);
        begin(&mut batch, "b", 50);
        assert_eq!(batch.begin(b"", b"", NonZeroU32::MIN, "c"), Err("c"));
        batch.abandon(|name| *name == "a");
        assert_eq!(batch.live(), 1);
        assert_eq!(ends(&mut batch, 7), [("b", reference(b"b", b"salt", 50))]);
    }

    proptest! {
        #[test]
        fn the_lanes_compute_what_the_library_does(
            jobs in prop::collection::vec(
                (prop::collection::vec(any::<u8>(), 0..140), prop::collection::vec(any::<u8>(), 0..100), 1u32..400),
                1..=2,
            ),
            most in 1u32..200,
        ) {
            let mut batch = Pbkdf2Batch::new();
            for (number, (password, salt, rounds)) in jobs.iter().enumerate() {
                batch.begin(password, salt, NonZeroU32::new(*rounds).unwrap(), number).unwrap();
            }
            let mut ended = vec![Vec::new(); jobs.len()];
            while batch.live() > 0 {
                batch.turn(most);
                batch.take_ended(|number, digest| ended[number] = digest.to_vec());
            }
            let expected: Vec<_> = jobs.iter().map(|(password, salt, n)| reference(password, salt, *n)).collect();
            prop_assert_eq!(ended, expected);
        }

        #[test]
        fn a_processor_without_the_instructions_computes_the_same(
            password in prop::collection::vec(any::<u8>(), 0..140), rounds in 1u32..100,
        ) {
            let mut state = LoopState::begin(&password, b"salt");
            state.advance(rounds - 1);
            prop_assert_eq!(state.digest().to_vec(), reference(&password, b"salt", rounds));
        }
    }
}
