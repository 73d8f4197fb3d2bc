//! Which delivery is attempted next. While all goes well, the one that is due for the longest time. After a
//! failure the others take turns with it, and while all are refused a few are tried in each pause: those that
//! are refused may be bogus, and a good one behind them must not wait for all of them.

use crate::store::engine::delivery_turn::Turn;

/// So many different deliveries are tried before each pause.
const ROUND: usize = 8;

/// What was tried since the last delivery.
#[derive(Debug, Default)]
pub(super) struct Turns {
    failures: u32,
    round: Vec<i64>,
}

impl Turns {
    /// Whose turn it is.
    pub(super) fn next(&self) -> Turn {
        match self.failures % 3 {
            0 => Turn::Oldest,
            1 => Turn::Known,
            _ => Turn::Newest,
        }
    }

    /// Records a delivery.
    pub(super) fn record_success(&mut self) {
        *self = Self::default();
    }

    /// Records a failed attempt.
    pub(super) fn record_failure(&mut self) {
        self.failures = self.failures.wrapping_add(1);
    }

    /// Records that a delivery was refused as it seems all are. Answers whether it is time for a pause: the first
    /// time, after a round, and when a delivery is refused twice in it.
    pub(super) fn record_refusal(&mut self, id: i64, is_first: bool) -> bool {
        let is_over = is_first || self.round.len() >= ROUND || self.round.contains(&id);
        if is_over {
            self.round.clear();
        }
        self.round.push(id);
        is_over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_next_until_an_attempt_fails_and_then_in_every_third_turn() {
        let mut turns = Turns::default();
        assert_eq!(turns.next(), Turn::Oldest);
        for expected in [Turn::Known, Turn::Newest, Turn::Oldest, Turn::Known] {
            turns.record_failure();
            assert_eq!(turns.next(), expected);
        }
        turns.record_success();
        assert_eq!(turns.next(), Turn::Oldest);
    }

    #[test]
    fn a_round_ends_after_eight_refusals_or_when_one_is_refused_twice() {
        let mut turns = Turns::default();
        assert!(turns.record_refusal(1, true));
        assert!((2..9).all(|id| !turns.record_refusal(id, false)));
        assert!(turns.record_refusal(9, false));
        assert!(!turns.record_refusal(1, false));
        assert!(turns.record_refusal(9, false), "only two are due");
    }
}
