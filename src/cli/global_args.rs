//! The flags that every command takes, and what they lead to: the settings, and the application.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::error::CliError;
use super::log;
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{Config, Flag, Sources};
use crate::types::DatabaseUrl;

/// The flags that every command takes.
#[derive(Debug, Args)]
pub(super) struct GlobalArgs {
    /// The settings file [default: doorward.toml, if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database, such as sqlite:doorward.db
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Any setting, such as password.cost=11 (not for secrets: other users can see arguments)
    #[arg(long, global = true, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

impl GlobalArgs {
    /// The settings in force. `flags` are those of the command itself.
    pub(super) fn load(self, flags: Vec<Flag>) -> Result<Config, CliError> {
        let mut all = flags;
        all.extend(self.database_url.map(|url| Flag::own("database_url", &url)));
        for pair in &self.set {
            let (name, value) = pair.split_once('=').ok_or_else(|| {
                CliError::usage(format!("`--set {pair}` has no `=`"), "write --set NAME=VALUE")
            })?;
            all.push(Flag::set(name.trim(), value.trim()));
        }
        let cwd = std::env::current_dir()
            .map_err(|error| CliError::failed(format!("cannot read the working directory: {error}"), ""))?;
        let sources = Sources { file: self.config, cwd: &cwd, env: std::env::vars_os(), flags: all };
        Ok(Config::load(sources)?)
    }

    /// Whether a flag sets this setting.
    pub(super) fn sets(&self, setting: &str) -> bool {
        let is_in_set = |pair: &String| pair.split_once('=').is_some_and(|(name, _)| name.trim() == setting);
        (setting == "database_url" && self.database_url.is_some()) || self.set.iter().any(is_in_set)
    }

    /// The application, for a command that needs an existing database. A SQLite file that does not exist
    /// is most likely a mistyped name, so it is not created.
    pub(super) fn open_existing(self) -> Result<App, CliError> {
        let config = self.load(Vec::new())?;
        if let DatabaseUrl::Sqlite(path) = &config.database_url
            && !path.exists()
        {
            return Err(CliError::failed(
                format!("there is no database {}", path.display()),
                "run this in the folder of the database, or name it with --database-url",
            ));
        }
        open(config)
    }

    /// The application, for a command that may create the database.
    pub(super) fn open_or_create(self) -> Result<App, CliError> {
        open(self.load(Vec::new())?)
    }
}

/// The application with these settings.
pub(super) fn open(config: Config) -> Result<App, CliError> {
    log::start(&config.log);
    Ok(App::open(config, Arc::new(SystemClock))?)
}
