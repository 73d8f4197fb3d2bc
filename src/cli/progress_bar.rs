//! How far a long command is, on standard error: a bar on a terminal, else a line for each step.

use std::io::{self, IsTerminal as _, Write as _};

/// How wide the bar is, in characters.
const WIDTH: u64 = 30;

/// A bar, or lines.
pub(crate) struct ProgressBar {
    is_terminal: bool,
    shown: Option<String>,
}

impl ProgressBar {
    /// For this process's standard error.
    pub(crate) fn new() -> Self {
        Self { is_terminal: io::stderr().is_terminal(), shown: None }
    }

    /// `done` of `total`, and at what: draws the bar again if that changes it.
    pub(crate) fn at(&mut self, what: &str, done: u64, total: u64) {
        if !self.is_terminal {
            return;
        }
        let bar = drawn(what, done, total);
        if self.shown.as_ref() != Some(&bar) {
            tell(&format!("\r{bar}\u{1b}[K"));
            self.shown = Some(bar);
        }
    }

    /// What to know before it begins.
    pub(crate) fn note(&self, what: &str) {
        tell(&format!("{what}\n"));
    }

    /// A step that is done; the bar has no need of it.
    pub(crate) fn step(&self, what: &str) {
        if !self.is_terminal {
            tell(&format!("{what}\n"));
        }
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        if self.shown.is_some() {
            tell("\r\u{1b}[K");
        }
    }
}

fn drawn(what: &str, done: u64, total: u64) -> String {
    let of = |whole: u64| whole.saturating_mul(done).checked_div(total).unwrap_or(whole).min(whole);
    let full = usize::try_from(of(WIDTH)).unwrap_or(0);
    let rest = usize::try_from(WIDTH).unwrap_or(0) - full;
    format!("[{}{}] {:>3} %  {what}", "#".repeat(full), "-".repeat(rest), of(100))
}

/// Nobody is served by an error about progress.
fn tell(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

#[cfg(test)]
mod tests {
    use super::drawn;

    #[test]
    fn the_bar_fills_and_never_overflows() {
        assert_eq!(drawn("users", 0, 8), format!("[{}]   0 %  users", "-".repeat(30)));
        assert_eq!(drawn("users", 4, 8), format!("[{}{}]  50 %  users", "#".repeat(15), "-".repeat(15)));
        assert_eq!(drawn("x", 9, 8), format!("[{}] 100 %  x", "#".repeat(30)));
        assert_eq!(drawn("x", 0, 0), format!("[{}] 100 %  x", "#".repeat(30)));
    }
}
