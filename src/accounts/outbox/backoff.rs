//! The pauses between attempts: of one delivery that was rejected, and of all during an outage.

use std::time::Duration;

/// The first pause of an outage. Each later one is twice as long.
const FIRST_OUTAGE_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause of an outage.
const MAX_OUTAGE_PAUSE: Duration = Duration::from_secs(60);

/// The pauses after the first, second and so on attempt of one delivery; the last one is for all further
/// attempts.
const RETRY_PAUSES: [Duration; 5] = [
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
];

/// How much longer than usual a pause may be.
const MAX_JITTER: f64 = 1.1;

/// Whether there is an outage, as far as this process knows.
#[derive(Debug, Default)]
pub(super) struct OutageBackoff {
    pause: Option<Duration>,
}

impl OutageBackoff {
    /// Records an attempt that met the outage. Answers the pause before the next attempt, and whether the
    /// outage is new.
    pub(super) fn record_failure(&mut self) -> (Duration, bool) {
        let is_new = self.pause.is_none();
        let pause = self.pause.map_or(FIRST_OUTAGE_PAUSE, |last| MAX_OUTAGE_PAUSE.min(last * 2));
        self.pause = Some(pause);
        (jittered(pause), is_new)
    }

    /// The last pause, during an outage.
    pub(super) fn pause(&self) -> Option<Duration> {
        self.pause
    }

    /// Records that the receiver answered. Answers whether that ends an outage.
    pub(super) fn record_contact(&mut self) -> bool {
        self.pause.take().is_some()
    }
}

/// The pause of one delivery after so many attempts.
pub(super) fn retry_pause(attempts: u32) -> Duration {
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(RETRY_PAUSES.len() - 1);
    jittered(RETRY_PAUSES.get(step).copied().unwrap_or(MAX_OUTAGE_PAUSE))
}

/// The longest that a delivery may wait after so many attempts: one that waits longer was postponed by a clock
/// that was ahead.
pub(super) fn longest_wait(attempts: i64) -> Duration {
    let attempts = usize::try_from(attempts).unwrap_or(0);
    let pause = RETRY_PAUSES.get(attempts.saturating_sub(1).min(RETRY_PAUSES.len() - 1)).copied();
    let longest =
        if attempts == 0 { MAX_OUTAGE_PAUSE } else { pause.unwrap_or_default().max(MAX_OUTAGE_PAUSE) };
    longest.mul_f64(MAX_JITTER)
}

/// Up to a tenth longer or shorter, so that deliveries that failed together are not retried together.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(rand::random_range(0.9..MAX_JITTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_about(pause: Duration, seconds: f64) {
        assert!((0.9..1.1).contains(&(pause.as_secs_f64() / seconds)), "{pause:?} is not about {seconds} s");
    }

    #[test]
    fn retry_pauses_grow_to_six_hours() {
        let pauses = [(1, 30.0), (2, 120.0), (3, 600.0), (4, 3600.0), (5, 21600.0), (1000, 21600.0)];
        for (attempts, seconds) in pauses {
            assert_about(retry_pause(attempts), seconds);
        }
    }

    #[test]
    fn no_pause_is_longer_than_the_longest_wait() {
        for attempts in [1_u32, 2, 3, 4, 5, 6, 100] {
            for _ in 0..100 {
                assert!(retry_pause(attempts) <= longest_wait(i64::from(attempts)), "{attempts}");
            }
        }
        let mut backoff = OutageBackoff::default();
        assert!((0..100).all(|_| backoff.record_failure().0 <= longest_wait(0)));
    }

    #[test]
    fn outage_pauses_double_up_to_a_minute_and_begin_anew_after_contact() {
        let mut backoff = OutageBackoff::default();
        for (seconds, is_first) in [(1.0, true), (2.0, false), (4.0, false)] {
            let (pause, is_new) = backoff.record_failure();
            assert_about(pause, seconds);
            assert_eq!(is_new, is_first);
        }
        for _ in 0..9 {
            backoff.record_failure();
        }
        assert_about(backoff.record_failure().0, 60.0);
        assert!(backoff.record_contact() && !backoff.record_contact());
        assert_about(backoff.record_failure().0, 1.0);
    }
}
