//! The command line: one file for each command. It reads arguments, the environment and the settings,
//! calls `accounts`, and prints text or JSON. Exit codes: 0 done, 1 refused or failed, 2 wrong usage or
//! settings.

mod api_key;
mod audit;
mod backup;
mod config;
mod copy;
mod demo;
mod error;
mod explain_login;
mod export;
mod global_args;
mod group;
mod import;
mod key;
mod keys;
mod log;
mod mail;
mod migrate;
mod output;
mod password;
mod progress_bar;
mod runtime;
pub(crate) mod serve;
mod tune;
mod unblock;
mod user;
mod version;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::CliError;
use global_args::GlobalArgs;

/// A login server in one binary: users, passwords and tokens, compatible with Django REST Framework
/// and Simple JWT.
#[derive(Debug, Parser)]
#[command(name = "doorward", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (also the default without a command)
    Serve(serve::ServeArgs),
    /// Manage users
    #[command(subcommand)]
    User(user::UserCommand),
    /// Manage groups of users
    #[command(subcommand)]
    Group(group::GroupCommand),
    /// Manage the outbox, and test the mail server
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// Read the audit log, and check that it was not changed
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Hand out the key that signs tokens with HS256
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// List, rotate, revoke and import the keys that sign tokens with ES256, RS256 or EdDSA
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Make, list and revoke API keys, with which machines manage users, read the audit log and check tokens
    #[command(subcommand)]
    ApiKey(api_key::ApiKeyCommand),
    /// Explain why a user cannot log in
    ExplainLogin(explain_login::ExplainArgs),
    /// Clear the rate limits of a user or of an IP address, so that logins are possible at once
    Unblock(unblock::UnblockArgs),
    /// Print the settings in force and the source of each
    Config(config::ConfigArgs),
    /// Update the schema of the database without serving
    Migrate,
    /// Make a backup while doorward runs
    Backup(backup::BackupArgs),
    /// Copy everything into another, empty database, such as from SQLite to PostgreSQL
    Copy(copy::CopyArgs),
    /// Move users in from another login server: a Django
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Write everything about all users as JSON lines, or the users for a Django
    Export(export::DataExportArgs),
    /// Measure how fast this machine hashes passwords, and recommend a bcrypt cost
    Tune(tune::TuneArgs),
    /// Print the version
    Version,
}

/// Runs the command that the arguments of the process name.
#[must_use]
pub fn main() -> ExitCode {
    // clap itself prints help and usage errors, the latter with exit code 2.
    let cli = Cli::parse_from(with_json_last(std::env::args_os().collect()));
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}

/// Moves `--json` behind the command, which defines it: people write it before the command, too. A command that
/// prints no JSON still refuses it.
fn with_json_last(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let end = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
    if let Some(at) = arguments.iter().take(end).position(|argument| argument == "--json") {
        let json = arguments.remove(at);
        arguments.insert(end - 1, json);
    }
    arguments
}

fn run(cli: Cli) -> Result<(), CliError> {
    let global = cli.global;
    match cli.command.unwrap_or_else(|| Command::Serve(serve::ServeArgs::default())) {
        Command::Serve(args) => serve::run(global, args),
        Command::User(command) => user::run(global, command),
        Command::Group(command) => group::run(global, command),
        Command::Mail(command) => mail::run(global, command),
        Command::Audit(command) => audit::run(global, command),
        Command::Key(command) => key::run(global, &command),
        Command::Keys(command) => keys::run(global, command),
        Command::ApiKey(command) => api_key::run(global, command),
        Command::ExplainLogin(args) => explain_login::run(global, &args),
        Command::Unblock(args) => unblock::run(global, &args),
        Command::Config(args) => config::run(global, &args),
        Command::Migrate => migrate::run(global),
        Command::Backup(args) => backup::run(global, &args),
        Command::Copy(args) => copy::run(global, &args),
        Command::Import(command) => import::run(global, command),
        Command::Export(args) => export::run(global, args),
        Command::Tune(args) => tune::run(global, &args),
        Command::Version => version::run(),
    }
}

#[cfg(test)]
mod tests {
    use super::with_json_last;

    #[test]
    fn json_before_the_command_counts_as_behind_it() {
        let moved = |line: &str| {
            let words = with_json_last(line.split(' ').map(Into::into).collect());
            words.join(" ".as_ref()).into_string().unwrap()
        };
        assert_eq!(moved("doorward --json user list"), "doorward user list --json");
        assert_eq!(moved("doorward user --json list --search a"), "doorward user list --search a --json");
        assert_eq!(
            moved("doorward --json explain-login -- --json"),
            "doorward explain-login --json -- --json"
        );
        assert_eq!(moved("doorward user show -- --json"), "doorward user show -- --json");
        assert_eq!(moved("doorward user list"), "doorward user list");
    }
}
