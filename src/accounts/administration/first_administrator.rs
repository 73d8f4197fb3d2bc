//! The one-time link of the first start. `cli::serve` asks for a key when there is no user
//! yet; the set-up page spends it.

use thiserror::Error;

use crate::accounts::administration::create_user::{CreateUserError, NewAccount, Rules, insert, prepare};
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::{NewKey, Purpose};
use crate::store::tables::users;
use crate::types::{OneTimeKey, UserId};

/// Why the first administrator was not made.
#[derive(Debug, Error)]
pub(crate) enum SetupError {
    /// The key is unknown, used, replaced or expired, or there are users already.
    #[error("this set-up link is not good any more")]
    BadKey,
    /// The account itself was refused.
    #[error(transparent)]
    Create(#[from] CreateUserError),
}

impl From<StoreError> for SetupError {
    fn from(error: StoreError) -> Self {
        Self::Create(error.into())
    }
}

/// A fresh key for the set-up link, in place of any earlier one; `None` if there are users.
pub async fn issue_setup_key(app: &App) -> Result<Option<OneTimeKey>, StoreError> {
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            one_time_keys::lock(tx, Purpose::Setup)?;
            if users::any(tx)? {
                one_time_keys::remove_all(tx, Purpose::Setup)?;
                return Ok(None);
            }
            let new = NewKey {
                purpose: Purpose::Setup,
                user: None,
                email: None,
                expires: now.plus(Purpose::Setup.lifetime()),
            };
            one_time_keys::issue(tx, &new, now).map(Some)
        })
        .await
}

/// Whether the link with this key would work now.
pub(crate) async fn setup_key_is_good(app: &App, key: OneTimeKey) -> Result<bool, StoreError> {
    let now = app.clock.now();
    app.store
        .read(move |conn| {
            Ok(!users::any(conn)? && one_time_keys::find(conn, &key, Purpose::Setup, now)?.is_some())
        })
        .await
}

/// Makes the first administrator and spends the key, both or neither.
///
/// # Errors
/// If the key is not good (any more), or the account is refused: then the key stays good.
pub(crate) async fn create_first_administrator(
    app: &App,
    key: OneTimeKey,
    account: NewAccount,
    by: &Actor,
) -> Result<UserId, SetupError> {
    let account = NewAccount { is_email_confirmed: true, is_active: true, is_admin: true, ..account };
    let new = prepare(app, account, Rules::Enforced).await?;
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            one_time_keys::lock(tx, Purpose::Setup)?;
            if users::any(tx)? || one_time_keys::consume(tx, &key, Purpose::Setup, now)?.is_none() {
                return Err(SetupError::BadKey);
            }
            Ok(insert(tx, &new, Rules::Enforced, &by, now)?)
        })
        .await
}
