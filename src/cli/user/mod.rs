//! `doorward user …`: managing users from the machine itself.

mod add;
mod change;
mod find;
mod link;
mod list;
mod print;

use clap::{Args, Subcommand};

use super::error::CliError;
use super::{GlobalArgs, wait_for};

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a user; prints the new id as its last word
    Add(add::AddArgs),
    /// List all users
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one user and what happened to them lately
    Show {
        #[command(flatten)]
        whom: UserSelector,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give a user another password; all their tokens end
    SetPassword {
        #[command(flatten)]
        whom: UserSelector,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Pass over the password rules
        #[arg(long)]
        force: bool,
    },
    /// Print a link with which a user can set another password; works once, for an hour
    ResetLink(UserSelector),
    /// Invite somebody to make an account: queue a mail, and print the link that is in it
    Invite {
        /// The email of the account to be
        email: String,
    },
    /// Mark a user's email as confirmed
    Confirm(UserSelector),
    /// Let a user log in again
    Activate(UserSelector),
    /// Shut a user out; all their tokens end
    Deactivate(UserSelector),
    /// Let a user into the admin
    MakeAdmin(UserSelector),
    /// Remove a user for good
    Delete {
        #[command(flatten)]
        whom: UserSelector,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// Names a user.
#[derive(Debug, Args)]
pub(crate) struct UserSelector {
    /// The user's name, email or id
    user: String,
}

/// Runs one of them.
pub(crate) fn run(settings: GlobalArgs, command: UserCommand) -> Result<(), CliError> {
    let app = match command {
        UserCommand::Add(_) | UserCommand::Invite { .. } => settings.open()?,
        _ => settings.open_existing()?,
    };
    wait_for(async {
        match command {
            UserCommand::Add(args) => add::run(&app, args).await,
            UserCommand::List { json } => list::run(&app, json).await,
            UserCommand::Show { whom, json } => list::show(&app, &whom, json).await,
            UserCommand::SetPassword { whom, password_stdin, force } => {
                change::set_password(&app, &whom, password_stdin, force).await
            }
            UserCommand::ResetLink(whom) => link::reset(&app, &whom).await,
            UserCommand::Invite { email } => link::invite(&app, &email).await,
            UserCommand::Confirm(whom) => change::confirm(&app, &whom).await,
            UserCommand::Activate(whom) => change::activate(&app, &whom).await,
            UserCommand::Deactivate(whom) => change::deactivate(&app, &whom).await,
            UserCommand::MakeAdmin(whom) => change::make_admin(&app, &whom).await,
            UserCommand::Delete { whom, yes } => change::delete(&app, &whom, yes).await,
        }
    })
}
