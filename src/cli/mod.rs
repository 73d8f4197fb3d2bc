//! The command line: one file a command. Reads arguments, the environment and the settings,
//! calls `accounts`, prints for people or as JSON. Exit codes: 0 done, 1 refused or failed,
//! 2 wrong usage or settings.

mod audit;
mod backup;
mod config;
mod copy;
mod demo;
mod error;
mod explain_login;
mod log;
mod mail;
mod migrate;
mod output;
mod password;
mod progress_bar;
pub(crate) mod serve;
mod tune;
mod user;
mod version;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};

use crate::app::App;
use crate::cli::error::CliError;
use crate::clock::SystemClock;
use crate::config::{Config, Flag, Sources};
use crate::types::DatabaseUrl;

/// A login server in one file: users, passwords and tokens, as Django REST Framework with
/// Simple JWT serves them.
#[derive(Debug, Parser)]
#[command(name = "doorward", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    settings: GlobalArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The flags that every command takes.
#[derive(Debug, Args)]
pub(crate) struct GlobalArgs {
    /// The settings file [default: doorward.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database, such as sqlite:doorward.db
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Any setting, such as password.cost=11 (not for secrets: others can see arguments)
    #[arg(long, global = true, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (what `doorward` alone does)
    Serve(serve::ServeArgs),
    /// Manage users
    #[command(subcommand)]
    User(user::UserCommand),
    /// Look after the outbox of mails, and try the mail server
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// Read the audit log, and check that nobody changed it
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Say why somebody cannot log in
    ExplainLogin(explain_login::ExplainArgs),
    /// Print the settings in force and where each comes from
    Config(config::ConfigArgs),
    /// Bring the database up to date without serving
    Migrate,
    /// Make a backup while doorward runs
    Backup(backup::BackupArgs),
    /// Copy everything into another, empty database, such as from SQLite to PostgreSQL
    Copy(copy::CopyArgs),
    /// Measure what this machine can hash, and which cost suits it
    Tune(tune::TuneArgs),
    /// Print the version
    Version,
}

/// Runs the command that the process's arguments name.
#[must_use]
pub fn main() -> ExitCode {
    // clap itself prints help and usage errors, the latter with exit code 2.
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}

fn run(cli: Cli) -> Result<(), CliError> {
    let settings = cli.settings;
    match cli.command.unwrap_or_else(|| Command::Serve(serve::ServeArgs::default())) {
        Command::Serve(args) => serve::run(settings, args),
        Command::User(command) => user::run(settings, command),
        Command::Mail(command) => mail::run(settings, command),
        Command::Audit(command) => audit::run(settings, command),
        Command::ExplainLogin(args) => explain_login::run(settings, &args),
        Command::Config(args) => config::run(settings, &args),
        Command::Migrate => migrate::run(settings),
        Command::Backup(args) => backup::run(settings, &args),
        Command::Copy(args) => copy::run(settings, &args),
        Command::Tune(args) => tune::run(settings, &args),
        Command::Version => version::run(),
    }
}

impl GlobalArgs {
    /// The settings in force. `flags` are those of the command itself.
    fn load(self, flags: Vec<Flag>) -> Result<Config, CliError> {
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

    /// Whether a flag gives this setting.
    fn names(&self, setting: &str) -> bool {
        let in_set = |pair: &String| pair.split_once('=').is_some_and(|(name, _)| name.trim() == setting);
        (setting == "database_url" && self.database_url.is_some()) || self.set.iter().any(in_set)
    }

    /// The whole application, for a command about what is there: a database that is not is a
    /// mistyped name, and is not made.
    fn open_existing(self) -> Result<App, CliError> {
        let config = self.load(Vec::new())?;
        if let DatabaseUrl::Sqlite(path) = &config.database_url
            && !path.exists()
        {
            return Err(CliError::failed(
                format!("there is no database {}", path.display()),
                "run this in the folder of the database, or name it with --database-url",
            ));
        }
        Self::open_as(config)
    }

    /// The whole application, for a command that may be the first.
    fn open(self) -> Result<App, CliError> {
        Self::open_as(self.load(Vec::new())?)
    }

    fn open_as(config: Config) -> Result<App, CliError> {
        log::start(&config.log);
        Ok(App::open(config, Arc::new(SystemClock))?)
    }
}

/// Runs a command's asynchronous part to its end, on this thread.
fn wait_for<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::failed(format!("cannot start: {error}"), ""))?
        .block_on(work)
}
