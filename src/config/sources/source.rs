//! Where a value came from.

use std::{fmt, path::PathBuf};

/// The source of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingSource {
    /// The default of the setting.
    Default,
    /// The database, where an administrator changed it.
    Database,
    /// A configuration file; lines count from 1.
    File {
        /// The file as it was named.
        path: PathBuf,
        /// The line of the setting's name.
        line: usize,
    },
    /// The name of an environment variable.
    Environment(String),
    /// A file that an environment variable names.
    ValueFile {
        /// The variable.
        variable: String,
        /// The file, from the working directory.
        path: PathBuf,
    },
    /// A command-line flag, as typed: `--listen`, `--set`.
    Flag(String),
}

impl fmt::Display for SettingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingSource::Default => f.write_str("default"),
            SettingSource::Database => f.write_str("database"),
            SettingSource::File { path, line } => write!(f, "{}, line {line}", path.display()),
            SettingSource::Environment(name)
            | SettingSource::ValueFile { variable: name, .. }
            | SettingSource::Flag(name) => f.write_str(name),
        }
    }
}
