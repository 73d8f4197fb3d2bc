//! `doorward audit …`: reading the audit log, and checking that nobody changed it.

mod list;
mod verify;

use clap::{Args, Subcommand};

use super::error::CliError;
use super::{GlobalArgs, wait_for};
use crate::store::tables::audit::{Action, ChainAnchor};

/// What can be done with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Check that no row was altered, removed, moved or put in
    ///
    /// Each row is chained by a hash to the one before it, within half a minute of being written. This
    /// walks the whole chain, changes nothing, and works beside a running doorward. Exit code 0: all
    /// is as it was written; 1: something is wrong.
    ///
    /// What a chain alone cannot show: whoever can write the whole database can compute it anew, or put
    /// another end to it. So note down the last line that this prints somewhere else, now and then, and
    /// hand it in later with --expect. And a row that is put in before it is chained looks like any
    /// other.
    Verify(VerifyArgs),
    /// List what happened, newest first
    List(ListArgs),
}

/// What `doorward audit verify` takes.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A row and its seal, as an earlier run printed them at its end (may be given several times)
    #[arg(long, value_name = "NUMBER:SEAL")]
    expect: Vec<ChainAnchor>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What `doorward audit list` takes.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only what this user did or what happened to them: a username, an email, or a number as #7
    #[arg(long)]
    user: Option<String>,
    /// Only this, such as logged-in
    #[arg(long, value_parser = action)]
    action: Option<Action>,
    /// Only from this address, or, with a dot or colon at its end, from those that begin so, such as "10.0.0."
    #[arg(long)]
    address: Option<String>,
    /// How many rows at most
    #[arg(long, default_value_t = 100, value_name = "ROWS")]
    last: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn action(word: &str) -> Result<Action, String> {
    Action::named(word).ok_or_else(|| {
        let words: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
        format!("one of {}", words.join(", "))
    })
}

/// Runs one of them.
pub(crate) fn run(settings: GlobalArgs, command: AuditCommand) -> Result<(), CliError> {
    match command {
        AuditCommand::Verify(args) => verify::run(settings, &args),
        AuditCommand::List(args) => {
            let app = settings.open_existing()?;
            wait_for(list::run(&app, &args))
        }
    }
}
