//! When the mail server cannot be used: how long to wait before asking it again, and the one line
//! in the log at the beginning and at the end. Used by `worker`.

use std::time::Duration;

use crate::mail::SendError;
use crate::texts::Lang;

/// The first pause. Each is twice the one before it.
const FIRST: Duration = Duration::from_secs(1);

/// No pause is longer.
const LONGEST: Duration = Duration::from_secs(60);

/// The pauses of a mail that a server did not want for now, by how often it was tried. The last one
/// is for all further tries.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
];

/// Whether mails get through at the moment, as far as this process knows.
#[derive(Debug, Default)]
pub(crate) struct MailOutage {
    pause: Option<Duration>,
}

impl MailOutage {
    /// No mail got through. Answers how long to leave the server alone.
    pub(crate) fn goes_on(&mut self, error: &SendError, waiting: i64) -> Duration {
        let pause = match self.pause {
            None => {
                let hint = error.hint(Lang::English);
                tracing::warn!(waiting, hint, "mails cannot be sent, and wait: {error}");
                FIRST
            }
            Some(last) => LONGEST.min(last * 2),
        };
        self.pause = Some(pause);
        jittered(pause)
    }

    /// The server took a mail, or at least looked at one.
    pub(crate) fn is_over(&mut self) {
        if self.pause.take().is_some() {
            tracing::info!("mails can be sent again");
        }
    }
}

/// How long a mail waits that was tried so often.
pub(crate) fn backoff(attempts: u32) -> Duration {
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    jittered(PAUSES.get(step).copied().unwrap_or(LONGEST))
}

/// Up to a tenth more or less, so that what failed together does not come back together.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(rand::random_range(0.9..1.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_six_hours_and_no_further() {
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
