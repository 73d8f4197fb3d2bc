//! `doorward audit …`: reads the audit log, and checks that it was not changed.

mod list;
mod verify;

use clap::Subcommand;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::runtime::block_on;

/// The commands for the audit log.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Check that no row was altered, removed, moved or inserted
    ///
    /// Each row is chained by a hash to the one before it, within half a minute of being written. This
    /// command walks the whole chain, changes nothing, and works while doorward runs. Exit code 0: the
    /// log is as it was written; 1: it is not, or nothing could be checked.
    ///
    /// Two limits: An attacker who can write the whole database can compute the chain again, or give it
    /// another end. To detect that, store the last line that this command prints in another place now and
    /// then, and pass it later with --expect. A row that is inserted before it is chained cannot be told
    /// from a real one.
    Verify(verify::VerifyArgs),
    /// List the rows, newest first
    List(list::ListArgs),
}

/// Runs a command.
pub(super) fn run(global: GlobalArgs, command: AuditCommand) -> Result<(), CliError> {
    match command {
        AuditCommand::Verify(args) => verify::run(global, &args),
        AuditCommand::List(args) => {
            let app = global.open_existing()?;
            block_on(list::run(&app, &args))
        }
    }
}
