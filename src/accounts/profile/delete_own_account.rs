//! Deleting one's own account, with its password. Called by `api`.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::deletion::request_deletion::request;
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::administrators::{LoginAbility, require_another_administrator};
use crate::accounts::shared::notices::UserNotice;
use crate::accounts::shared::refusal;
use crate::accounts::shared::refusal::Refusal;
use crate::accounts::shared::verify_password::{PasswordError, verify_own_password};
use crate::app::App;
use crate::config::AccountPart;
use crate::passwords::EngineError;
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::types::{Password, Timestamp, User};

/// Why an account was not deleted.
#[derive(Debug, Error)]
pub(crate) enum DeleteOwnAccountError {
    /// `account.change` does not contain `delete`.
    #[error("users may not delete their account")]
    NotAllowed,
    /// The password is wrong.
    #[error("the password is wrong")]
    WrongPassword,
    /// No other administrator who can log in would remain.
    #[error("the last administrator cannot be deleted")]
    LastAdministrator,
    /// Too many passwords were wrong; how long until the next may be tried.
    #[error("too many wrong passwords")]
    Throttled(Duration),
    /// The password could not be checked now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PasswordError> for DeleteOwnAccountError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Wrong => Self::WrongPassword,
            PasswordError::Throttled(wait) => Self::Throttled(wait),
            PasswordError::Engine(error) => Self::Engine(error),
            PasswordError::Store(error) => Self::Store(error),
        }
    }
}

impl From<AccountError> for DeleteOwnAccountError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::LastAdministrator => Self::LastAdministrator,
            AccountError::NotFound | AccountError::Changed | AccountError::ToBeDeleted => Self::WrongPassword,
            AccountError::Store(error) => Self::Store(error),
        }
    }
}

/// Requests the deletion of the account of `user`, whose password this must be, as `request_deletion` does, and
/// sends a mail to its address. Answers when the account is deleted; `None` if it is deleted already.
pub(crate) async fn delete_own_account(
    app: &App,
    user: &User,
    password: Password,
    by: &Actor,
) -> Result<Option<Timestamp>, DeleteOwnAccountError> {
    if !app.config.account.allows(AccountPart::Delete) {
        return Err(DeleteOwnAccountError::NotAllowed);
    }
    let verified = verify_own_password(app, user, password, Action::OwnDeletionFailed, by).await?;
    let (now, by, ability) = (app.clock.now(), by.clone(), LoginAbility::of(app));
    let wait = app.config.account.delete_after;
    let due = refusal::write::<_, DeleteOwnAccountError>(app, move |tx| {
        // Before the user, as everywhere: otherwise two transactions could deadlock.
        users::lock_administrators(tx)?;
        let user = verified.recheck(tx, now)?;
        require_another_administrator(tx, &user, &ability)
            .map_err(|error| Refusal::RolledBack(error.into()))?;
        Ok(request(tx, &user, wait, UserNotice::Send, &by, now)?)
    })
    .await?;
    app.mailer.wake();
    Ok(due)
}
