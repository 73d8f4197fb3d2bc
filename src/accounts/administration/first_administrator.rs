//! The one-time link of the first start. `cli::serve` prints it while there is no administrator; the set-up page
//! redeems its key.

use thiserror::Error;

use crate::accounts::administration::create_user::{CreateUserError, NewAccount, insert, prepare};
use crate::accounts::login::admin_session;
use crate::accounts::password::hash_new::Rules;
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::NewKey;
use crate::store::tables::users;
use crate::types::{BrowserKey, Link, OneTimeKey};

/// Why the first administrator was not created.
#[derive(Debug, Error)]
pub(crate) enum SetupError {
    /// The key is unknown, used, replaced or expired, or there is an administrator already.
    #[error("this set-up link is not valid (any more)")]
    BadKey,
    /// The account was refused. The key stays valid.
    #[error(transparent)]
    Create(#[from] CreateUserError),
}

impl From<StoreError> for SetupError {
    fn from(error: StoreError) -> Self {
        Self::Create(error.into())
    }
}

/// A new key for the set-up link, which replaces an earlier one; `None` if there is an
/// administrator.
pub async fn issue_setup_key(app: &App) -> Result<Option<OneTimeKey>, StoreError> {
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            one_time_keys::lock(tx, Link::Setup)?;
            if users::any_administrator(tx)? {
                one_time_keys::remove_all(tx, Link::Setup)?;
                return Ok(None);
            }
            let expires = now.plus(Link::Setup.lifetime());
            let new = NewKey { purpose: Link::Setup, user: None, email: None, expires };
            one_time_keys::issue(tx, &new, now).map(Some)
        })
        .await
}

/// Whether the set-up link with this key is valid now.
pub(crate) async fn is_setup_key_valid(app: &App, key: OneTimeKey) -> Result<bool, StoreError> {
    let now = app.clock.now();
    app.store
        .read(move |conn| {
            Ok(!users::any_administrator(conn)?
                && one_time_keys::find(conn, &key, Link::Setup, now)?.is_some())
        })
        .await
}

/// Creates the first administrator, redeems the key and begins a session in the admin, all or nothing. A session
/// that the browser had before (`earlier`) ends. The answer is the key of the new one.
pub(crate) async fn create_first_administrator(
    app: &App,
    key: OneTimeKey,
    account: NewAccount,
    earlier: Option<BrowserKey>,
    by: &Actor,
) -> Result<BrowserKey, SetupError> {
    let account = NewAccount { is_email_confirmed: true, is_active: true, is_admin: true, ..account };
    let new = prepare(app, account, Rules::Enforced).await?;
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            one_time_keys::lock(tx, Link::Setup)?;
            if users::any_administrator(tx)? || one_time_keys::consume(tx, &key, Link::Setup, now)?.is_none()
            {
                return Err(SetupError::BadKey);
            }
            let id = insert(tx, &new, Rules::Enforced, &by, now)?;
            let Some(user) = users::by_id(tx, id)? else { return Err(SetupError::BadKey) };
            Ok(admin_session::begin(tx, &user, earlier, &by.with_kind(ActorKind::User(id)), now)?)
        })
        .await
}
