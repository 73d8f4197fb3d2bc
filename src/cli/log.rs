//! Logging to standard error: readable lines on a terminal, JSON elsewhere.

use std::io::IsTerminal as _;
use std::panic::{self, PanicHookInfo};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

use crate::config::{LogConfig, LogFormat, LogLevel};

/// Starts logging, once for the process.
pub(super) fn start(config: &LogConfig) {
    let terminal = std::io::stderr().is_terminal();
    let human = match config.format {
        LogFormat::Auto => terminal,
        LogFormat::Human => true,
        LogFormat::Json => false,
    };
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = if human {
        lines.with_ansi(terminal).boxed()
    } else {
        lines.json().flatten_event(true).with_span_list(false).boxed()
    };
    // Libraries log warnings and errors only. actix_http would log an error for every client that sends
    // something other than HTTP.
    let filter = Targets::new()
        .with_target("doorward", level(config.level))
        .with_target("actix_http", LevelFilter::OFF)
        .with_default(LevelFilter::WARN);
    // After a second start, as in tests that share a process, the first one stays.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
    panic::set_hook(Box::new(log_panic));
}

/// One log line, where Rust would print text. A message that was put together is not logged: it may quote a
/// request, and so a secret.
fn log_panic(info: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    tracing::error!(
        place = info.location().map(tracing::field::display),
        thread = thread.name(),
        reason = info.payload().downcast_ref::<&'static str>(),
        "a bug: the program panicked"
    );
}

const fn level(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The log of a thread that panics.
    fn log_of(panicking: impl FnOnce() + Send + 'static) -> String {
        const NAME: &str = "panics for a test of the log";
        let earlier = panic::take_hook();
        // Other tests panic at the same time.
        panic::set_hook(Box::new(move |info| match std::thread::current().name() {
            Some(NAME) => log_panic(info),
            _ => earlier(info),
        }));
        let lines = Lines::default();
        let writer = lines.clone();
        let thread = std::thread::Builder::new().name(NAME.to_owned()).spawn(move || {
            let layer = fmt::layer().json().flatten_event(true).with_writer(move || writer.clone());
            tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), panicking);
        });
        assert!(thread.unwrap().join().is_err());
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_panic_is_one_line_of_json_without_what_a_request_may_have_written() {
        let line = log_of(|| panic!("no text of a client"));
        assert_eq!(line.trim_end().lines().count(), 1, "{line}");
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (line["level"].as_str(), line["reason"].as_str()),
            (Some("ERROR"), Some("no text of a client"))
        );
        assert!(line["place"].as_str().unwrap().starts_with("src/cli/log.rs:"), "{line}");
        let secret = "hunter2".to_owned();
        let line = log_of(move || panic!("cannot read {secret}"));
        assert!(line.contains("a bug") && !line.contains("hunter2"), "{line}");
    }
}
