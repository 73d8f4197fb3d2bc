//! The way of every new password to its hash.

use crate::accounts::password::policy;
use crate::accounts::password::policy::{About, WeakPassword};
use crate::app::App;
use crate::passwords::{EngineError, Requester};
use crate::types::{Password, PasswordHash};

/// Whether the password rules and the check for ambiguous identifiers apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// They apply.
    Enforced,
    /// They do not, for test data and imports. Names and addresses are unique nevertheless.
    Waived,
}

/// Checks a new password of the user in `about`, and hashes it. Holds no connection.
///
/// # Errors
/// If the password violates the rules, or cannot be hashed now.
pub(crate) async fn hash_new<E>(
    app: &App,
    password: &Password,
    about: &About<'_>,
    rules: Rules,
    requester: Requester,
) -> Result<PasswordHash, E>
where
    E: From<WeakPassword> + From<EngineError>,
{
    let password = match rules {
        Rules::Enforced => policy::accept(app, password, about).await?,
        Rules::Waived => password.canonical(),
    };
    Ok(app.passwords.hash(requester, &password.into()).await?)
}
