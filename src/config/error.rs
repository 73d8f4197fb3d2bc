//! The problems of a configuration, as messages for the operator. They never hold the value of a secret.

use std::{fmt, path::PathBuf};

use super::sources::source::SettingSource;

/// All problems of a configuration, at least one.
#[derive(Debug)]
pub struct ConfigError {
    problems: Vec<ConfigProblem>,
}

/// One problem of a configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigProblem {
    /// A file that is named, or is in the working directory, cannot be read.
    #[error("cannot read {}, {named_by}: {reason}", path.display())]
    Unreadable {
        /// The file as the operator wrote it.
        path: PathBuf,
        /// The reason for reading this file: "named by --config".
        named_by: &'static str,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The file is not TOML. Lines and columns count from 1, columns in characters.
    #[error("{} is not valid TOML at line {line}, column {column}: {message}", path.display())]
    Syntax {
        /// The file as the operator wrote it.
        path: PathBuf,
        /// The line of the offending text.
        line: usize,
        /// Its column.
        column: usize,
        /// The message of the parser, which quotes no values.
        message: String,
    },
    /// A table where a value belongs.
    #[error("`{name}` in {origin} is a table; expected a single value or a list of values")]
    NotAValue {
        /// The dotted name.
        name: String,
        /// Where the table is.
        origin: SettingSource,
    },
    /// An environment variable holds bytes that are not text.
    #[error("{variable} in the environment is not valid UTF-8")]
    NotText {
        /// The variable's name.
        variable: String,
    },
    /// The file of a variable such as `DOORWARD_SIGNING_KEY_FILE` has no value.
    #[error("cannot read {}, named by {variable}: {reason}", path.display())]
    UnreadableValue {
        /// The file as the operator wrote it.
        path: PathBuf,
        /// The variable that names it.
        variable: String,
        /// Why, such as the system's reason.
        reason: std::io::Error,
    },
    /// A value is in the environment, and a file with one as well.
    #[error("both {variable} and {variable}_FILE are in the environment; leave one of them out")]
    TwoVariables {
        /// The variable with the value.
        variable: String,
    },
    /// No setting has this name.
    #[error("unknown setting `{name}` in {place}{}", did_you_mean(nearest.as_deref()))]
    Unknown {
        /// The name as the operator wrote it.
        name: String,
        /// The file and line, "the environment", or the flag.
        place: String,
        /// The most similar name, in the spelling of the source.
        nearest: Option<String>,
    },
    /// A value that is not allowed.
    #[error("invalid `{name}` in {origin}{}; {allowed}", quoted(printable.as_deref()))]
    Invalid {
        /// The setting's dotted name.
        name: &'static str,
        /// Where the value came from.
        origin: SettingSource,
        /// The value without any password in it; `None` for a secret.
        printable: Option<String>,
        /// What is allowed.
        allowed: String,
    },
    /// A setting that the server needs has neither a value nor a default.
    #[error("`{name}` must be set; {reason}")]
    Unset {
        /// The setting's dotted name.
        name: &'static str,
        /// Why it must be set.
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
