//! `doorward mail …`: manages the outbox, and tests the mail server.

mod change;
mod list;
mod test;
mod text;

use clap::{Args, Subcommand};

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::runtime::block_on;
use crate::store::tables::mails::DeliveryState;
use crate::types::MailId;

/// The commands for mails.
#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// List the emails in the outbox, oldest first
    List {
        /// Only emails in this state: waiting, sent, dead (given up) or dropped
        #[arg(long, value_parser = state)]
        state: Option<DeliveryState>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one email as the recipient gets it, but without the key in its link
    Show {
        #[command(flatten)]
        mail: MailSelector,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Send an email again that waits or was given up
    Retry(RetryArgs),
    /// Drop an email: it will not be sent
    Drop(MailSelector),
    /// List, export and reset the texts of emails
    Text {
        #[command(subcommand)]
        command: text::MailTextCommand,
    },
    /// Send a test email now, without the outbox, and report any problem
    Test {
        /// The email address to send to
        address: String,
    },
}

/// The argument that names a mail.
#[derive(Debug, Args)]
pub(super) struct MailSelector {
    /// The number of the email, as in `doorward mail list`
    id: i64,
}

impl MailSelector {
    fn id(&self) -> MailId {
        MailId::new(self.id)
    }
}

/// The arguments of `doorward mail retry`.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct RetryArgs {
    /// The number of the email, as in `doorward mail list`
    id: Option<i64>,
    /// All emails that wait or were given up
    #[arg(long)]
    all: bool,
}

fn state(word: &str) -> Result<DeliveryState, String> {
    let known = DeliveryState::WORDS.into_iter().find(|(state, _)| *state == word);
    known.map(|(_, state)| state).ok_or_else(|| "one of waiting, sent, dead, dropped".to_owned())
}

/// Runs a command.
pub(super) fn run(global: GlobalArgs, command: MailCommand) -> Result<(), CliError> {
    if let MailCommand::Test { address } = &command {
        return test::run(global, address);
    }
    let app = global.open_existing()?;
    block_on(async {
        match command {
            MailCommand::List { state, json } => list::run(&app, state, json).await,
            MailCommand::Show { mail, json } => list::show(&app, mail.id(), json).await,
            MailCommand::Retry(RetryArgs { id: Some(id), .. }) => change::retry(&app, MailId::new(id)).await,
            MailCommand::Retry(_) => change::retry_all(&app).await,
            MailCommand::Drop(mail) => change::drop(&app, mail.id()).await,
            MailCommand::Text { command } => text::run(&app, command).await,
            MailCommand::Test { .. } => Ok(()),
        }
    })
}
