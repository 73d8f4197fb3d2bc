//! The commands that change one user.

use std::io::{BufRead as _, IsTerminal as _};

use super::selector::UserSelector;
use crate::accounts::{self, Actor, Rules, UserNotice};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::{output, password};
use crate::types::{Email, Identifier, PublicId, User, Username};

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

/// `doorward user delete`: asks for the username unless `yes` is set. `now` deletes an account at once that would
/// wait for `account.delete_after`, or waits already.
pub(super) async fn delete(
    app: &App,
    selector: &UserSelector,
    yes: bool,
    now: bool,
    notice: UserNotice,
) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    if !yes {
        confirm_deletion(app, &user, now)?;
    }
    if now {
        accounts::delete_user_with(app, user.id, notice, &Actor::command_line()).await?;
        return done(&user, "is deleted");
    }
    match accounts::request_deletion_with(app, user.id, notice, &Actor::command_line()).await?.due {
        None => done(&user, "is deleted"),
        Some(due) => done(
            &user,
            &format!(
                "can no longer log in and will be deleted at {}; `doorward user restore {}` takes that back",
                due.to_rfc3339(),
                user.id
            ),
        ),
    }
}

/// `doorward user restore`.
pub(super) async fn restore(app: &App, selector: &UserSelector) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    if !user.is_to_be_deleted() {
        return done(&user, "is not to be deleted; nothing was changed");
    }
    let user = accounts::cancel_deletion(app, user.id, &Actor::command_line()).await?;
    done(
        &user,
        if user.is_active {
            "will not be deleted and can log in"
        } else {
            "will not be deleted; it is inactive"
        },
    )
}

fn done(user: &User, what: &str) -> Result<(), CliError> {
    output::escaped_line(&format!("{} (id {}) {what}", user.username, user.public_id()))
}

fn confirm_deletion(app: &App, user: &User, now: bool) -> Result<(), CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::usage("there is no terminal to ask for confirmation", "confirm with --yes"));
    }
    let what = match now || app.config.account.delete_after.is_zero() {
        true => "permanently deletes",
        false => "locks out, and later deletes,",
    };
    let named = named(&user.username, &user.email, &user.public_id());
    output::escaped_part(&format!("This {what} {named}. Type the username to continue: "))?;
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

/// A user with the address, or without one, as an imported user may be, with the id.
fn named(username: &Username, email: &Email, id: &PublicId) -> String {
    match email.is_blank() {
        true => format!("{username} (id {id})"),
        false => format!("{username} ({email})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::UserId;

    #[test]
    fn a_user_without_an_address_is_named_with_the_id() {
        let named = |email: &str| {
            let (username, email) = (Username::from_stored("ann".into()), Email::from_stored(email.into()));
            named(&username, &email, &PublicId::Integer(UserId::new(7)))
        };
        assert_eq!(named("ann@example.com"), "ann (ann@example.com)");
        assert_eq!(named(""), "ann (id 7)");
    }
}
