//! `doorward user …`: manages users from the machine of the server.

mod add;
mod change;
mod deleted;
mod link;
mod list;
mod print;
mod selector;

use std::path::PathBuf;

use clap::Subcommand;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::runtime::block_on;
use crate::accounts::UserNotice;
use crate::types::Lang;
pub(super) use selector::UserSelector;

/// The commands for users.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add a user; prints the new id as its last word
    Add(add::AddArgs),
    /// List all users
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one user, with recent activity
    Show {
        #[command(flatten)]
        user: UserSelector,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print everything that is stored about a user, as JSON; the audit log records it
    Export(UserSelector),
    /// Set a new password; all sessions of the user end
    SetPassword {
        #[command(flatten)]
        user: UserSelector,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Skip the password rules
        #[arg(long)]
        force: bool,
        /// Do not send an email to the user
        #[arg(long)]
        no_mail: bool,
    },
    /// Print a link to set a new password; it works once, for an hour
    ResetLink(UserSelector),
    /// Invite a new user: queue an email, and print the link that is in it
    Invite {
        /// The email address of the new user
        email: String,
        /// The language of the email, en or de; by default that of the setting mail.language
        #[arg(long, value_parser = language)]
        language: Option<Lang>,
    },
    /// Mark the email address of a user as confirmed
    Confirm(UserSelector),
    /// Let a deactivated user log in again
    Activate(UserSelector),
    /// Prevent a user from logging in; all sessions end
    Deactivate(UserSelector),
    /// Make a user an administrator
    MakeAdmin(UserSelector),
    /// Delete a user: at once, or after `account.delete_after`
    Delete {
        #[command(flatten)]
        user: UserSelector,
        /// Delete without asking for confirmation
        #[arg(long)]
        yes: bool,
        /// Delete at once, also if `account.delete_after` is set
        #[arg(long)]
        now: bool,
        /// Do not send an email to the user
        #[arg(long)]
        no_mail: bool,
    },
    /// Take back the deletion of a user that is still waiting
    Restore(UserSelector),
    /// Print which accounts were deleted, as digests, for `forget` on a restored backup
    Deleted,
    /// Delete the accounts again that a restored backup has brought back
    Forget {
        /// The output of `doorward user deleted`; `-` is standard input
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
    },
}

const fn notice(no_mail: bool) -> UserNotice {
    if no_mail { UserNotice::Omit } else { UserNotice::Send }
}

fn language(tag: &str) -> Result<Lang, String> {
    Lang::ALL.into_iter().find(|lang| lang.tag() == tag).ok_or_else(|| "one of en, de".to_owned())
}

/// Runs a command.
pub(super) fn run(global: GlobalArgs, command: UserCommand) -> Result<(), CliError> {
    let app = match command {
        UserCommand::Add(_) | UserCommand::Invite { .. } => global.open_or_create()?,
        _ => global.open_existing()?,
    };
    block_on(async {
        match command {
            UserCommand::Add(args) => add::run(&app, args).await,
            UserCommand::List { json } => list::run(&app, json).await,
            UserCommand::Show { user, json } => list::show(&app, &user, json).await,
            UserCommand::Export(user) => list::export(&app, &user).await,
            UserCommand::SetPassword { user, password_stdin, force, no_mail } => {
                change::set_password(&app, &user, password_stdin, force, notice(no_mail)).await
            }
            UserCommand::ResetLink(user) => link::reset(&app, &user).await,
            UserCommand::Invite { email, language } => link::invite(&app, &email, language).await,
            UserCommand::Confirm(user) => change::confirm(&app, &user).await,
            UserCommand::Activate(user) => change::activate(&app, &user).await,
            UserCommand::Deactivate(user) => change::deactivate(&app, &user).await,
            UserCommand::MakeAdmin(user) => change::make_admin(&app, &user).await,
            UserCommand::Delete { user, yes, now, no_mail } => {
                change::delete(&app, &user, yes, now, notice(no_mail)).await
            }
            UserCommand::Restore(user) => change::restore(&app, &user).await,
            UserCommand::Deleted => deleted::list(&app).await,
            UserCommand::Forget { from } => deleted::forget(&app, &from).await,
        }
    })
}
