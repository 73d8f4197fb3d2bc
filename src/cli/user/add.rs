//! `doorward user add`.

use clap::Args;

use super::super::error::CliError;
use super::super::{output, password};
use crate::accounts::create_user;
use crate::accounts::{Actor, NewAccount, Rules};
use crate::app::App;
use crate::types::{Email, Username, trimmed};

/// What `doorward user add` takes.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The name
    #[arg(long, value_name = "NAME")]
    username: String,
    /// The email
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    /// Count the email as confirmed
    #[arg(long)]
    confirmed: bool,
    /// Do not let the user log in yet
    #[arg(long)]
    inactive: bool,
    /// Let the user into the admin
    #[arg(long)]
    admin: bool,
    /// Pass over the password rules and the check that a name is nobody's email
    #[arg(long)]
    force: bool,
}

/// Adds the user.
pub(crate) async fn run(app: &App, args: AddArgs) -> Result<(), CliError> {
    let username = Username::parse(trimmed(&args.username))
        .map_err(|error| CliError::failed(format!("bad name: {error}"), ""))?;
    let email = Email::parse(trimmed(&args.email))
        .map_err(|error| CliError::failed(format!("bad email: {error}"), ""))?;
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
    output::line(&format!("added {username} with the id {id}"))
}
