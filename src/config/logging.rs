//! What is logged and in which form.

use super::parse::{self, Parsed};

/// The least severe level that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// What went wrong and needs a look.
    Error,
    /// And what may need one.
    Warn,
    /// And what happened.
    Info,
    /// And how.
    Debug,
    /// And every step of it.
    Trace,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// `Human` on a terminal, `Json` elsewhere.
    Auto,
    /// For eyes.
    Human,
    /// One JSON object a line.
    Json,
}

impl LogLevel {
    /// Every level by its word, from the quietest.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];

    pub(super) fn parse(text: &str) -> Parsed<Self> {
        parse::choice(text, &Self::WORDS)
    }
}

impl LogFormat {
    /// Every form by its word.
    pub const WORDS: [(&'static str, Self); 3] =
        [("auto", Self::Auto), ("human", Self::Human), ("json", Self::Json)];

    pub(super) fn parse(text: &str) -> Parsed<Self> {
        parse::choice(text, &Self::WORDS)
    }
}
