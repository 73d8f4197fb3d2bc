//! The progress of an import: how much, how fast, and how long it takes still.

use std::time::{Duration, Instant};

use super::super::progress_bar::ProgressBar;

/// The bar with the rate since the beginning of a step.
pub(super) struct ImportProgress {
    bar: ProgressBar,
    step: &'static str,
    started: Instant,
}

impl ImportProgress {
    /// Draws on a terminal, and only there.
    #[expect(clippy::disallowed_methods, reason = "measures how fast the import is")]
    pub(super) fn new(is_quiet: bool) -> Self {
        Self { bar: ProgressBar::on_terminal(is_quiet), step: "", started: Instant::now() }
    }

    /// Draws `done` of `total`.
    #[expect(clippy::disallowed_methods, reason = "measures how fast the import is")]
    pub(super) fn update(&mut self, step: &'static str, done: u64, total: u64) {
        if self.step != step {
            (self.step, self.started) = (step, Instant::now());
        }
        let label = label(step, done, total, self.started.elapsed());
        self.bar.update(&label, done, total.max(done));
    }
}

fn label(step: &str, done: u64, total: u64, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    if seconds < 1.0 {
        return format!("{done} {step}");
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = done as f64 / seconds;
    #[expect(clippy::cast_precision_loss, reason = "a duration for people")]
    let left = total.saturating_sub(done) as f64 / rate.max(1.0);
    format!("{done} {step}, {rate:.0} a second, {left:.0} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_has_the_rate_and_the_time_left() {
        assert_eq!(label("users", 10, 40, Duration::from_millis(10)), "10 users");
        assert_eq!(label("users", 20, 80, Duration::from_secs(2)), "20 users, 10 a second, 6 s left");
        assert_eq!(label("tokens", 20, 20, Duration::from_secs(4)), "20 tokens, 5 a second, 0 s left");
    }
}
