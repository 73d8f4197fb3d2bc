//! The commands that change one user.

use std::io::{BufRead as _, IsTerminal as _};

use super::super::error::CliError;
use super::super::{output, password};
use super::{UserSelector, find};
use crate::accounts::{self, Actor, Rules};
use crate::app::App;
use crate::types::User;

/// `doorward user set-password`.
pub(crate) async fn set_password(
    app: &App,
    whom: &UserSelector,
    from_stdin: bool,
    force: bool,
) -> Result<(), CliError> {
    let user = find::find(app, whom).await?;
    let rules = if force { Rules::Waived } else { Rules::Enforced };
    let password = password::read(from_stdin, rules).await?;
    accounts::set_password(app, user.id, password, rules, &Actor::command_line()).await?;
    done(&user, "has another password; all their tokens ended")
}

/// `doorward user confirm`.
pub(crate) async fn confirm(app: &App, whom: &UserSelector) -> Result<(), CliError> {
    let user = find::find(app, whom).await?;
    accounts::confirm_email(app, user.id, &Actor::command_line()).await?;
    done(&user, "has a confirmed email")
}

/// `doorward user activate`.
pub(crate) async fn activate(app: &App, whom: &UserSelector) -> Result<(), CliError> {
    let user = find::find(app, whom).await?;
    accounts::activate(app, user.id, &Actor::command_line()).await?;
    done(&user, "may log in")
}

/// `doorward user deactivate`.
pub(crate) async fn deactivate(app: &App, whom: &UserSelector) -> Result<(), CliError> {
    let user = find::find(app, whom).await?;
    accounts::deactivate(app, user.id, None, &Actor::command_line()).await?;
    done(&user, "may not log in; all their tokens ended")
}

/// `doorward user make-admin`.
pub(crate) async fn make_admin(app: &App, whom: &UserSelector) -> Result<(), CliError> {
    let user = find::find(app, whom).await?;
    accounts::make_admin(app, user.id, &Actor::command_line()).await?;
    done(&user, "is an administrator")
}

/// `doorward user delete`: asks for the name, unless told not to.
pub(crate) async fn delete(app: &App, whom: &UserSelector, yes: bool) -> Result<(), CliError> {
    let user = find::find(app, whom).await?;
    if !yes {
        ask_for_name(&user)?;
    }
    accounts::delete_user(app, user.id, &Actor::command_line()).await?;
    done(&user, "is deleted")
}

fn done(user: &User, what: &str) -> Result<(), CliError> {
    output::told(&format!("{} (id {}) {what}", user.username, user.id))
}

fn ask_for_name(user: &User) -> Result<(), CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::usage("there is no terminal to ask whether you are sure", "say --yes"));
    }
    output::part(&format!(
        "This removes {} ({}) for good. Type the name to go on: ",
        user.username, user.email
    ))?;
    let mut typed = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut typed)
        .map_err(|error| CliError::failed(format!("cannot read the answer: {error}"), ""))?;
    if typed.trim() == user.username.as_str() {
        Ok(())
    } else {
        Err(CliError::failed("that is not the name; nothing was deleted", ""))
    }
}
