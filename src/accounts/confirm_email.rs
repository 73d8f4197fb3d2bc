//! Marking an email as its owner's. Called by the command line.

use super::actor::Actor;
use super::verb::{AccountError, change, nothing_else};
use crate::app::App;
use crate::store::audit::Action;
use crate::store::users::Change;
use crate::types::{User, UserId};

/// Marks the user's email as confirmed, on the operator's word.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn confirm_email(app: &App, id: UserId, by: &Actor) -> Result<User, AccountError> {
    change(app, id, Change::ConfirmEmail, Action::EmailConfirmed, by, nothing_else).await
}
