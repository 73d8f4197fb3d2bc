//! `doorward mail …`: looking after the outbox, and trying the mail server.

mod change;
mod list;
mod test;

use clap::{Args, Subcommand};

use super::error::CliError;
use super::{GlobalArgs, wait_for};
use crate::store::tables::mails::DeliveryState;
use crate::types::MailId;

/// What can be done with mails.
#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// List the mails of the outbox, oldest first
    List {
        /// Only those that are waiting, sent, dead (given up) or dropped
        #[arg(long, value_parser = state)]
        state: Option<DeliveryState>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one mail as its reader gets it, but without the key in its link
    Show {
        #[command(flatten)]
        which: MailSelector,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Try a mail again at once that waits or was given up
    Retry(RetryArgs),
    /// Keep a mail from being sent
    Drop(MailSelector),
    /// Send a mail to ADDRESS now, past the outbox, and say what goes wrong
    Test {
        /// Where it goes
        address: String,
    },
}

/// Names a mail.
#[derive(Debug, Args)]
pub(crate) struct MailSelector {
    /// The mail's number, as in `doorward mail list`
    id: i64,
}

impl MailSelector {
    fn id(&self) -> MailId {
        MailId::new(self.id)
    }
}

/// What `doorward mail retry` takes.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct RetryArgs {
    /// The mail's number, as in `doorward mail list`
    id: Option<i64>,
    /// All that wait or were given up
    #[arg(long)]
    all: bool,
}

fn state(word: &str) -> Result<DeliveryState, String> {
    let found = DeliveryState::WORDS.into_iter().find(|(known, _)| *known == word);
    found.map(|(_, state)| state).ok_or_else(|| "one of waiting, sent, dead, dropped".to_owned())
}

/// Runs one of them.
pub(crate) fn run(settings: GlobalArgs, command: MailCommand) -> Result<(), CliError> {
    if let MailCommand::Test { address } = &command {
        return test::run(settings, address);
    }
    let app = settings.open_existing()?;
    wait_for(async {
        match command {
            MailCommand::List { state, json } => list::run(&app, state, json).await,
            MailCommand::Show { which, json } => list::show(&app, which.id(), json).await,
            MailCommand::Retry(RetryArgs { id: Some(id), .. }) => change::retry(&app, MailId::new(id)).await,
            MailCommand::Retry(_) => change::retry_all(&app).await,
            MailCommand::Drop(which) => change::drop(&app, which.id()).await,
            MailCommand::Test { .. } => Ok(()),
        }
    })
}
