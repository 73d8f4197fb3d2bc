//! What can be wrong with a configuration, in words for the person who wrote it.
//!
//! Built by every file here, printed by `cli`. A secret's value never enters these types.

use std::{fmt, path::PathBuf};

use super::source::SettingSource;

/// Everything that is wrong with a configuration; never empty.
#[derive(Debug)]
pub struct ConfigError {
    problems: Vec<ConfigProblem>,
}

/// One thing that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ConfigProblem {
    /// A file was named, or lies in the working directory, and cannot be read.
    #[error("cannot read {}, {named_by}: {reason}", path.display())]
    Unreadable {
        /// The file as it was named.
        path: PathBuf,
        /// Why this file was read at all: "named by --config".
        named_by: &'static str,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The file is no TOML. Lines and columns count from 1, columns in characters.
    #[error("{} is not valid TOML at line {line}, column {column}: {message}", path.display())]
    Syntax {
        /// The file as it was named.
        path: PathBuf,
        /// The line of the offending text.
        line: usize,
        /// Its column.
        column: usize,
        /// What the parser says; it quotes no values.
        message: String,
    },
    /// A table stands where a value belongs.
    #[error("`{name}` in {origin} is a table; expected a single value or a list of values")]
    NotAValue {
        /// The dotted name.
        name: String,
        /// Where it stands.
        origin: SettingSource,
    },
    /// An environment variable holds bytes that are no text.
    #[error("{variable} in the environment is not valid UTF-8")]
    NotText {
        /// The variable's name.
        variable: String,
    },
    /// No setting has this name.
    #[error("unknown setting `{name}` in {place}{}", did_you_mean(nearest.as_deref()))]
    Unknown {
        /// The name as it was written.
        name: String,
        /// The file and line, "the environment", or the flag.
        place: String,
        /// The most similar name there is, spelled as its source would spell it.
        nearest: Option<String>,
    },
    /// A value is not among those that are allowed.
    #[error("invalid `{name}` in {origin}{}; {allowed}", quoted(shown.as_deref()))]
    Invalid {
        /// The setting's dotted name.
        name: &'static str,
        /// Where the value came from.
        origin: SettingSource,
        /// The value, fit to be shown; `None` for a secret.
        shown: Option<String>,
        /// What would be right.
        allowed: String,
    },
    /// A setting that the server needs has neither a value nor a default.
    #[error("`{name}` must be set; {reason}")]
    Unset {
        /// The setting's dotted name.
        name: &'static str,
        /// Why.
        reason: &'static str,
    },
}

impl ConfigError {
    pub(super) fn new(problems: Vec<ConfigProblem>) -> Self {
        Self { problems }
    }

    /// The problems in the order file, environment, flags, values.
    pub fn problems(&self) -> &[ConfigProblem] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => f.write_str("the configuration has a problem:")?,
            many => write!(f, "the configuration has {many} problems:")?,
        }
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ConfigError {}

fn did_you_mean(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

fn quoted(value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| format!(": `{value}`"))
}
