//! Outages of the mail server and back-off: how long to pause, with one log line at the beginning and one at
//! the end of an outage.

use std::time::Duration;

use crate::mail::SendError;
use crate::texts::Lang;

/// The first pause of an outage. Each pause is twice the one before it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The upper limit of a pause.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// The back-off of a mail that the server rejected temporarily, by the number of attempts. The last value
/// holds for all further attempts.
const BACKOFF: [Duration; 5] = [
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
];

/// Whether mails can be sent at the moment, as far as this process knows.
#[derive(Debug, Default)]
pub(crate) struct MailOutage {
    pause: Option<Duration>,
}

impl MailOutage {
    /// Records a failed attempt; answers how long to pause. `waiting` is the number of waiting mails.
    pub(crate) fn record_failure(&mut self, error: &SendError, waiting: i64) -> Duration {
        let pause = match self.pause {
            None => {
                let hint = error.hint(Lang::English);
                tracing::warn!(waiting, hint, "mails cannot be sent, and wait: {error}");
                FIRST_PAUSE
            }
            Some(last) => MAX_PAUSE.min(last * 2),
        };
        self.pause = Some(pause);
        jittered(pause)
    }

    /// Ends the outage: the server accepted or rejected a mail.
    pub(crate) fn end(&mut self) {
        if self.pause.take().is_some() {
            tracing::info!("mails can be sent again");
        }
    }
}

/// How long a mail waits after this number of attempts.
pub(crate) fn backoff(attempts: u32) -> Duration {
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(BACKOFF.len() - 1);
    jittered(BACKOFF.get(step).copied().unwrap_or(MAX_PAUSE))
}

/// Up to a tenth more or less, so that mails that failed together are not retried together.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(rand::random_range(0.9..1.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_backoff_grows_to_six_hours() {
        let about = |attempts, seconds: f64| {
            let pause = backoff(attempts).as_secs_f64();
            assert!((0.9..1.1).contains(&(pause / seconds)), "{attempts}: {pause}");
        };
        for (attempts, seconds) in [(1, 30.0), (2, 120.0), (3, 600.0), (4, 3600.0), (5, 21600.0)] {
            about(attempts, seconds);
        }
        about(1000, 21600.0);
    }
}
