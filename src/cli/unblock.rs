//! `doorward unblock`: clears rate limits.

use clap::Args;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use crate::accounts::{Actor, unblock};

/// The arguments of `doorward unblock`.
#[derive(Debug, Args)]
pub(super) struct UnblockArgs {
    /// A username, an email address or an IP address
    blocked: String,
}

/// Clears the rate limits of a user or an address, and prints how many there were.
pub(super) fn run(global: GlobalArgs, args: &UnblockArgs) -> Result<(), CliError> {
    let app = global.open_existing()?;
    let cleared = block_on(async { Ok(unblock(&app, &args.blocked, &Actor::command_line()).await?) })?;
    let what = match cleared {
        0 => "no rate limit has counted anything".to_owned(),
        1 => "1 rate limit was cleared".to_owned(),
        many => format!("{many} rate limits were cleared"),
    };
    output::escaped_line(&format!("{}: {what}", args.blocked))
}
