//! The progress of a long command on standard error: a bar on a terminal, else a line for each step or nothing.

use std::io::{self, IsTerminal as _, Write as _};

/// How wide the bar is, in characters.
const WIDTH: u64 = 30;

/// A bar, lines, or nothing.
pub(super) struct ProgressBar {
    form: Form,
    drawn: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Bar,
    Lines,
    Nothing,
}

impl ProgressBar {
    /// For this process's standard error: a bar, or a line for each step.
    pub(super) fn new() -> Self {
        Self { form: if io::stderr().is_terminal() { Form::Bar } else { Form::Lines }, drawn: None }
    }

    /// A bar on a terminal, and nothing elsewhere or if `is_quiet`: for a command that runs every night.
    pub(super) fn on_terminal(is_quiet: bool) -> Self {
        let form = if !is_quiet && io::stderr().is_terminal() { Form::Bar } else { Form::Nothing };
        Self { form, drawn: None }
    }

    /// Draws `done` of `total` with a label, if that changes the bar.
    pub(super) fn update(&mut self, what: &str, done: u64, total: u64) {
        if self.form != Form::Bar {
            return;
        }
        let bar = bar(what, done, total);
        if self.drawn.as_ref() != Some(&bar) {
            print(&format!("\r{bar}\u{1b}[K"));
            self.drawn = Some(bar);
        }
    }

    /// Prints a note before the work begins.
    pub(super) fn note(&self, what: &str) {
        print(&format!("{what}\n"));
    }

    /// Prints a step that is done, if lines are printed.
    pub(super) fn step(&self, what: &str) {
        if self.form == Form::Lines {
            print(&format!("{what}\n"));
        }
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            print("\r\u{1b}[K");
        }
    }
}

fn bar(what: &str, done: u64, total: u64) -> String {
    let share_of = |whole: u64| whole.saturating_mul(done).checked_div(total).unwrap_or(whole).min(whole);
    let full = usize::try_from(share_of(WIDTH)).unwrap_or(0);
    let rest = usize::try_from(WIDTH).unwrap_or(0) - full;
    format!("[{}{}] {:>3} %  {what}", "#".repeat(full), "-".repeat(rest), share_of(100))
}

/// A failure is ignored: progress is not the result of the command.
fn print(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn the_bar_fills_and_never_overflows() {
        assert_eq!(bar("users", 0, 8), format!("[{}]   0 %  users", "-".repeat(30)));
        assert_eq!(bar("users", 4, 8), format!("[{}{}]  50 %  users", "#".repeat(15), "-".repeat(15)));
        assert_eq!(bar("x", 9, 8), format!("[{}] 100 %  x", "#".repeat(30)));
        assert_eq!(bar("x", 0, 0), format!("[{}] 100 %  x", "#".repeat(30)));
    }
}
