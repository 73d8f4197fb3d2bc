//! Links that an operator hands on: `doorward user reset-link` and `doorward user invite`.

use super::super::error::CliError;
use super::super::output;
use super::{UserSelector, find};
use crate::accounts::{self, Actor, InviteError};
use crate::app::App;
use crate::types::{Email, Link, trimmed};

/// Prints a link for another password, alone on its line.
pub(crate) async fn reset(app: &App, whom: &UserSelector) -> Result<(), CliError> {
    let user = find::find(app, whom).await?;
    if !user.is_active {
        return Err(CliError::failed(
            format!("{} may not log in, and the link would not work", user.username),
            "let them in first: doorward user activate",
        ));
    }
    let key = accounts::make_reset_key(app, user.id, &Actor::command_line()).await?;
    output::line(&Link::ResetPassword.url(app.config.public_url.origin(), &key))
}

/// Invites, and prints the link, alone on its line.
pub(crate) async fn invite(app: &App, email: &str) -> Result<(), CliError> {
    let email =
        Email::parse(trimmed(email)).map_err(|error| CliError::failed(format!("bad email: {error}"), ""))?;
    let key = accounts::invite(app, email, &Actor::command_line()).await?;
    output::line(&Link::Invite.url(app.config.public_url.origin(), &key))
}

impl From<InviteError> for CliError {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::Taken => Self::failed(error.to_string(), "`doorward user show EMAIL` shows who"),
            InviteError::Store(error) => error.into(),
        }
    }
}
