//! The commands that change one user.

use std::io::{BufRead as _, IsTerminal as _};

use super::selector::UserSelector;
use crate::accounts::{self, Actor, Rules, UserNotice};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::{output, password};
use crate::types::{Identifier, User};

/// `doorward user set-password`.
pub(super) async fn set_password(
    app: &App,
    selector: &UserSelector,
    from_stdin: bool,
    force: bool,
    notice: UserNotice,
) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    let rules = if force { Rules::Waived } else { Rules::Enforced };
    let password = password::read(from_stdin, rules).await?;
    accounts::set_password_with(app, user.id, password, rules, notice, &Actor::command_line()).await?;
    done(&user, "has a new password; all sessions have ended")
}

/// `doorward user confirm`.
pub(super) async fn confirm(app: &App, selector: &UserSelector) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    accounts::confirm_email(app, user.id, &Actor::command_line()).await?;
    done(&user, "has a confirmed email address")
}

/// `doorward user activate`.
pub(super) async fn activate(app: &App, selector: &UserSelector) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    accounts::activate(app, user.id, &Actor::command_line()).await?;
    done(&user, "can log in")
}

/// `doorward user deactivate`.
pub(super) async fn deactivate(app: &App, selector: &UserSelector) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    accounts::deactivate(app, user.id, None, &Actor::command_line()).await?;
    done(&user, "can no longer log in; all sessions have ended")
}

/// `doorward user make-admin`.
pub(super) async fn make_admin(app: &App, selector: &UserSelector) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    accounts::make_admin(app, user.id, &Actor::command_line()).await?;
    done(&user, "is an administrator")
}

/// `doorward user delete`: asks for the username unless `yes` is set.
pub(super) async fn delete(app: &App, selector: &UserSelector, yes: bool) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    if !yes {
        confirm_deletion(&user)?;
    }
    accounts::delete_user(app, user.id, &Actor::command_line()).await?;
    done(&user, "is deleted")
}

fn done(user: &User, what: &str) -> Result<(), CliError> {
    output::escaped_line(&format!("{} (id {}) {what}", user.username, user.id))
}

fn confirm_deletion(user: &User) -> Result<(), CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::usage("there is no terminal to ask for confirmation", "confirm with --yes"));
    }
    output::part(&format!(
        "This permanently deletes {} ({}). Type the username to continue: ",
        user.username, user.email
    ))?;
    let mut typed = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut typed)
        .map_err(|error| CliError::failed(format!("cannot read the answer: {error}"), ""))?;
    if Identifier::new(&typed).matches_username(&user.username) {
        Ok(())
    } else {
        Err(CliError::failed("the username does not match; nothing was deleted", ""))
    }
}
