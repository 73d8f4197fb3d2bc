//! Links that an operator passes on: `doorward user reset-link` and `doorward user invite`.

use super::selector::UserSelector;
use crate::accounts::{self, Actor, InviteError, LinkOrigin};
use crate::app::App;
use crate::cli::error::{CliError, note};
use crate::cli::output;
use crate::types::{Email, Lang, Link, OneTimeKey, trimmed};

/// Prints a link to set a new password, alone on its line.
pub(super) async fn reset(app: &App, selector: &UserSelector) -> Result<(), CliError> {
    let user = selector.find(app).await?;
    if !user.is_active {
        return Err(CliError::failed(
            format!("{} cannot log in, so the link would not work", user.username),
            "activate the user first: doorward user activate",
        ));
    }
    let key = accounts::make_reset_key(app, user.id, &Actor::command_line()).await?;
    if let Some(earlier) = &user.recovery_email {
        note(
            &format!("with the new password, {earlier} is the email address of {} again", user.username),
            &format!("{} was never confirmed; to keep it, confirm it: doorward user confirm", user.email),
        );
    }
    print(app, Link::ResetPassword, &key).await
}

/// Invites, and prints the link, alone on its line.
pub(super) async fn invite(app: &App, email: &str, language: Option<Lang>) -> Result<(), CliError> {
    let email = Email::parse(trimmed(email))
        .map_err(|error| CliError::failed(format!("invalid email address: {error}"), ""))?;
    let key = accounts::invite(app, email, language, &Actor::command_line()).await?;
    print(app, Link::Invite, &key).await
}

/// Prints a link alone on its line; says on standard error if its address is a guess.
async fn print(app: &App, link: Link, key: &OneTimeKey) -> Result<(), CliError> {
    let origin = match accounts::link_origin(app).await? {
        LinkOrigin::Known(origin) => origin,
        LinkOrigin::Guessed(origin) => {
            note(
                &format!("the address {origin} is a guess: no server has started with this database yet"),
                "set public_url, such as --set public_url=https://accounts.example.com",
            );
            origin
        }
    };
    output::line(&link.url(&origin, key))
}

impl From<InviteError> for CliError {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::Taken => {
                Self::failed(error.to_string(), "`doorward user show EMAIL` shows the user")
            }
            InviteError::Store(error) => error.into(),
        }
    }
}
