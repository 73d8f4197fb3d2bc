//! `doorward user add`.

use clap::Args;

use crate::accounts::create_user;
use crate::accounts::{Actor, NewAccount, Rules};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::{output, password};
use crate::store::tables::users;
use crate::types::{Email, Username, trimmed};

/// The arguments of `doorward user add`.
#[derive(Debug, Args)]
pub(in crate::cli) struct AddArgs {
    /// The username
    #[arg(long, value_name = "NAME")]
    username: String,
    /// The email address
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    /// Mark the email address as confirmed
    #[arg(long)]
    confirmed: bool,
    /// Deactivate the user: no login until activated
    #[arg(long)]
    inactive: bool,
    /// Make the user an administrator
    #[arg(long)]
    admin: bool,
    /// Skip the password rules, and the check that the username is not the email address of another user
    #[arg(long)]
    force: bool,
}

/// Adds the user, and prints the id.
pub(super) async fn run(app: &App, args: AddArgs) -> Result<(), CliError> {
    let username = Username::parse(trimmed(&args.username))
        .map_err(|error| CliError::failed(format!("invalid username: {error}"), ""))?;
    let email = Email::parse(trimmed(&args.email))
        .map_err(|error| CliError::failed(format!("invalid email address: {error}"), ""))?;
    let rules = if args.force { Rules::Waived } else { Rules::Enforced };
    let account = NewAccount {
        username: username.clone(),
        email,
        password: password::read(args.password_stdin, rules).await?,
        is_email_confirmed: args.confirmed,
        is_active: !args.inactive,
        is_admin: args.admin,
    };
    let id = create_user(app, account, rules, &Actor::command_line()).await?;
    let id = app.store.read(move |conn| users::public_id(conn, id)).await?;
    output::line(&format!("added {username} with the id {id}"))
}
