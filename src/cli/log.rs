//! Logging to standard error: readable lines on a terminal, JSON elsewhere.

use std::io::IsTerminal as _;

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
