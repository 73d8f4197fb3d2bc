//! The level and the format of the log.

/// The least severe level that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Failures that need attention.
    Error,
    /// Also problems that may need attention.
    Warn,
    /// Also events.
    Info,
    /// Also details of events.
    Debug,
    /// Also every step.
    Trace,
}

/// The format of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// `Human` on a terminal, `Json` elsewhere.
    Auto,
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

impl LogLevel {
    /// Every level by its word, from the least output to the most.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];
}

impl LogFormat {
    /// Every format by its word.
    pub const WORDS: [(&'static str, Self); 3] =
        [("auto", Self::Auto), ("human", Self::Human), ("json", Self::Json)];
}
