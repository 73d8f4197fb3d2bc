//! Whether the clock is trusted enough to delete for ever what is old by it. A machine may boot with a clock that
//! is days ahead until it is set right: then nothing must have been deleted.

use std::time::Duration;

use crate::types::Timestamp;

/// How long a process runs before it deletes anything: a clock that is wrong at the boot is usually set right
/// by then.
const GRACE: Duration = Duration::from_secs(10 * 60);

/// How long it waits if the clock is [`FAR`] ahead of what was stored last, or moved that far.
const LONG_GRACE: Duration = Duration::from_secs(24 * 3600);

/// A distance that a clock has from the last stored moment only if doorward did not run or was not used for that
/// long, or if the clock is wrong.
const FAR: Duration = Duration::from_secs(24 * 3600);

/// Between two looks at the clock, which are seconds apart: more means that the clock was set or that the
/// machine slept.
const JUMP: Duration = Duration::from_secs(15 * 60);

/// When the clock can be trusted, by how long the process has run.
#[derive(Debug)]
pub(super) struct ClockTrust {
    /// The clock when it was last looked at.
    last: Timestamp,
    /// How long it still has to run without a jump.
    left: Duration,
}

impl ClockTrust {
    /// At the start; `newest` is the last moment that was stored before it.
    pub(super) fn at_start(newest: Option<Timestamp>, now: Timestamp) -> Self {
        let mut trust = Self { last: now, left: GRACE };
        if let Some(newest) = newest {
            trust.distrust(now.since(newest), "the clock is far ahead of the last entry of the audit log");
        }
        trust
    }

    /// Looks at the clock again, `after` so much time.
    pub(super) fn look(&mut self, now: Timestamp, after: Duration) {
        self.left = self.left.saturating_sub(after);
        let moved = now.distance(self.last);
        if moved > after + JUMP {
            self.left = self.left.max(GRACE);
            if now > self.last {
                self.distrust(moved, "the clock was moved far ahead");
            }
        }
        self.last = now;
    }

    /// Whether what is old may be deleted.
    pub(super) fn is_trusted(&self) -> bool {
        self.left.is_zero()
    }

    fn distrust(&mut self, ahead: Duration, why: &str) {
        if ahead > FAR {
            self.left = LONG_GRACE;
            let days = ahead.as_secs() / FAR.as_secs();
            tracing::warn!(
                days,
                "{why}: nothing that is old by it is deleted for a day, in case it is wrong"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000_000);
    const STEP: Duration = Duration::from_secs(5);
    const DAY: Duration = Duration::from_secs(24 * 3600);

    /// After how long the clock is trusted that goes on evenly.
    fn trusted_after(mut trust: ClockTrust, from: Timestamp) -> Duration {
        let mut run = Duration::ZERO;
        while !trust.is_trusted() {
            run += STEP;
            trust.look(from.plus(run), STEP);
        }
        run
    }

    #[test]
    fn nothing_is_deleted_in_the_first_ten_minutes() {
        for newest in [None, Some(NOW), Some(NOW.minus(DAY)), Some(NOW.plus(DAY * 30))] {
            assert_eq!(trusted_after(ClockTrust::at_start(newest, NOW), NOW), GRACE, "{newest:?}");
        }
    }

    #[test]
    fn a_clock_far_ahead_of_what_was_stored_last_waits_for_a_day() {
        let trust = ClockTrust::at_start(Some(NOW.minus(DAY * 6)), NOW);
        assert_eq!(trusted_after(trust, NOW), LONG_GRACE);
    }

    #[test]
    fn a_clock_that_jumps_is_not_trusted_for_a_while() {
        for (to, wait) in [
            (NOW.plus(DAY * 6), LONG_GRACE),
            (NOW.plus(Duration::from_secs(3600)), GRACE),
            (NOW.minus(DAY), GRACE),
        ] {
            let mut trust = ClockTrust { last: NOW, left: Duration::ZERO };
            trust.look(to, STEP);
            assert_eq!(trusted_after(trust, to), wait);
        }
        let mut trust = ClockTrust { last: NOW, left: Duration::ZERO };
        trust.look(NOW.plus(Duration::from_secs(60)), STEP);
        assert!(trust.is_trusted(), "a slow round is no jump");
    }

    #[test]
    fn a_clock_that_is_set_right_again_waits_no_shorter() {
        let mut trust = ClockTrust::at_start(Some(NOW.minus(DAY * 6)), NOW);
        trust.look(NOW.minus(DAY * 6), STEP);
        assert!(trust.left > GRACE);
    }
}
