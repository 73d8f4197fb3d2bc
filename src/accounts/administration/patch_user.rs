//! Changing several things of a user at once, all or none. Called by the API for machines; the admin has a form for each.

use thiserror::Error;

use crate::accounts::administration::change_groups;
use crate::accounts::administration::change_groups::GroupChange;
use crate::accounts::administration::edit_user::POLICY;
use crate::accounts::password::hash_new::{Rules, hash_new};
use crate::accounts::password::policy::{About, WeakPassword};
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::administrators::LoginAbility;
use crate::accounts::shared::change_user;
use crate::accounts::shared::change_user::UserChange;
use crate::accounts::shared::notices::UserNotice;
use crate::accounts::shared::refusal;
use crate::accounts::shared::refusal::Refusal;
use crate::accounts::shared::update_profile::{UpdateProfileError, update_profile};
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::passwords::{EngineError, Requester};
use crate::store::tables::users;
use crate::store::tables::users::{Change, UserUpdate};
use crate::store::{StoreError, Tx, Unique};
use crate::types::{Password, PasswordHash, User};

/// What changes of a user. What is `None` stays.
#[derive(Debug, Default)]
pub(crate) struct UserPatch {
    /// The name and the address.
    pub profile: UserUpdate,
    /// The groups, by their exact names.
    pub groups: Option<Vec<String>>,
    /// Whether the address counts as confirmed.
    pub is_email_confirmed: Option<bool>,
    /// Whether the account may log in.
    pub is_active: Option<bool>,
    /// Whether the account may enter the admin.
    pub is_admin: Option<bool>,
    /// A new password.
    pub password: Option<Password>,
}

/// Why nothing was changed.
#[derive(Debug, Error)]
pub(crate) enum PatchUserError {
    /// Another user has this name or address, as name or as address.
    #[error("another user has this name or address")]
    Taken(Vec<Unique>),
    /// The password violates the password rules.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The password could not be hashed now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The user is gone, does not match the precondition, or cannot be changed so.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<StoreError> for PatchUserError {
    fn from(error: StoreError) -> Self {
        Self::Account(error.into())
    }
}

impl From<UpdateProfileError> for PatchUserError {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Taken(taken) => Self::Taken(taken),
            UpdateProfileError::Account(error) => Self::Account(error),
        }
    }
}

/// Changes a user by the rules of the use cases for each of the parts, in one transaction; answers the user as it is
/// now.
pub(crate) async fn patch_user(
    app: &App,
    user: UserRef,
    patch: UserPatch,
    by: &Actor,
) -> Result<User, PatchUserError> {
    let hash = hash_password(app, &user, &patch).await?;
    let (now, by, ability) = (app.clock.now(), by.clone(), LoginAbility::of(app));
    let write = move |tx: &mut Tx<'_>| {
        let changes = changes(&patch, hash);
        // Before the user, as all who lock both.
        if changes.iter().any(|change| change.change.removes_administrator()) {
            users::lock_administrators(tx)?;
        }
        let updated = update_profile(tx, &user, patch.profile, POLICY, &by, now)
            .map_err(|refusal| refusal.map(PatchUserError::from))?;
        if let Some(groups) = patch.groups {
            change_groups::apply(tx, &updated.user, GroupChange::Set(groups), &by, now)?;
        }
        let id = updated.user.id;
        for change in &changes {
            change_user::make(tx, &id.into(), change, &by, &ability, now)
                .map_err(|error| Refusal::RolledBack(error.into()))?;
        }
        let user = users::by_id(tx, id)?;
        user.ok_or(Refusal::RolledBack(PatchUserError::Account(AccountError::NotFound)))
    };
    let user = refusal::write(app, write).await?;
    app.mailer.wake();
    Ok(user)
}

/// The changes besides the name, the address and the groups. What permits a login comes before what forbids it.
fn changes(patch: &UserPatch, hash: Option<PasswordHash>) -> Vec<UserChange> {
    let changes = [
        patch.is_email_confirmed.map(Change::EmailConfirmed),
        hash.map(Change::Password),
        patch.is_active.map(Change::Active),
        patch.is_admin.map(Change::Admin),
    ];
    let of = |change| UserChange { change, detail: None, notice: UserNotice::Send };
    changes.into_iter().flatten().map(of).collect()
}

/// Checks and hashes the new password, before any transaction, with the name and the address as they will be.
async fn hash_password(
    app: &App,
    user: &UserRef,
    patch: &UserPatch,
) -> Result<Option<PasswordHash>, PatchUserError> {
    let Some(password) = &patch.password else { return Ok(None) };
    let id = user.id;
    let current = app.store.read(move |conn| users::by_id(conn, id)).await?;
    let current = current.ok_or(AccountError::NotFound)?;
    let username = patch.profile.username.as_ref().unwrap_or(&current.username);
    let email = patch.profile.email.as_ref().unwrap_or(&current.email);
    let about = About::user(username, email);
    hash_new(app, password, &about, Rules::Enforced, Requester::default()).await.map(Some)
}
