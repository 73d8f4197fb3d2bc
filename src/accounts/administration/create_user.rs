//! Creating an account. Called by the command line, the admin and the set-up page. A form calls
//! [`find_create_errors`] first, which finds every error at once; [`create_user`] decides.

use thiserror::Error;

use crate::accounts::administration::change_groups;
use crate::accounts::administration::change_groups::GroupChange;
use crate::accounts::password::hash_new::{Rules, hash_new};
use crate::accounts::password::policy;
use crate::accounts::password::policy::{About, WeakPassword};
use crate::accounts::shared::actor::{Actor, ActorKind, AuditSubject};
use crate::accounts::shared::taken;
use crate::app::App;
use crate::passwords::{EngineError, Requester};
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::tables::users::{Clash, NewUser};
use crate::store::{StoreError, Tx, Unique};
use crate::types::{Email, Password, Timestamp, UserId, Username};

/// An account to create, with the password in clear text.
#[derive(Debug)]
pub struct NewAccount {
    /// The name.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// The password.
    pub password: Password,
    /// Whether the address counts as confirmed from the start.
    pub is_email_confirmed: bool,
    /// Whether the account may log in.
    pub is_active: bool,
    /// Whether the account may enter the admin.
    pub is_admin: bool,
}

/// Why an account was not created.
#[derive(Debug, Error)]
pub enum CreateUserError {
    /// The password violates the password rules.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// Another user has this name or address, or one that differs only in letter case.
    #[error("a user with this {} already exists", match .0 { Unique::Username => "name", Unique::Email => "email" })]
    Taken(Unique),
    /// The name is another user's address, or the address another user's name.
    #[error("{}", match .0 {
        Unique::Username => "this name is another user's email: at login it would mean both",
        Unique::Email => "this email is another user's name: at login it would mean both",
    })]
    Ambiguous(Unique),
    /// The password could not be hashed now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for CreateUserError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(unique) => Self::Taken(unique),
            other => Self::Store(other),
        }
    }
}

impl From<Clash> for CreateUserError {
    fn from(clash: Clash) -> Self {
        match clash {
            Clash::Taken(unique) => Self::Taken(unique),
            Clash::Ambiguous(unique) => Self::Ambiguous(unique),
        }
    }
}

/// Every error of an account to create. What the form could not parse is `None` and is not checked. For
/// administrators only: it reveals existing accounts.
pub(crate) async fn find_create_errors(
    app: &App,
    username: Option<Username>,
    email: Option<Email>,
    password: Option<Password>,
) -> Result<Vec<CreateUserError>, StoreError> {
    let about =
        About { username: username.as_ref().map(Username::as_str), email: email.as_ref().map(Email::as_str) };
    let weak = match password {
        Some(password) => policy::accept(app, &password, &about).await.err().map(CreateUserError::Weak),
        None => None,
    };
    let now = app.clock.now();
    let look_up =
        move |tx: &mut Tx<'_>| taken::find_clashes(tx, username.as_ref(), email.as_ref(), None, now);
    let clashes = app.store.write::<_, StoreError, _>(look_up).await?;
    Ok(weak.into_iter().chain(clashes.into_iter().map(CreateUserError::from)).collect())
}

/// [`create_user`], in groups; those that do not exist are made.
pub(crate) async fn create_user_in_groups(
    app: &App,
    account: NewAccount,
    groups: Vec<String>,
    by: &Actor,
) -> Result<UserId, CreateUserError> {
    let new = prepare(app, account, Rules::Enforced).await?;
    let (now, by) = (app.clock.now(), by.clone());
    let write = move |tx: &mut Tx<'_>| {
        let id = insert(tx, &new, Rules::Enforced, &by, now)?;
        if !groups.is_empty()
            && let Some(user) = users::by_id(tx, id)?
        {
            change_groups::apply(tx, &user, GroupChange::Set(groups), &by, now)?;
        }
        Ok(id)
    };
    app.store.write(write).await
}

/// Creates an account.
pub async fn create_user(
    app: &App,
    account: NewAccount,
    rules: Rules,
    by: &Actor,
) -> Result<UserId, CreateUserError> {
    let new = prepare(app, account, rules).await?;
    let (now, by) = (app.clock.now(), by.clone());
    app.store.write(move |tx| insert(tx, &new, rules, &by, now)).await
}

/// Checks and hashes the password, before any transaction.
pub(crate) async fn prepare(
    app: &App,
    account: NewAccount,
    rules: Rules,
) -> Result<NewUser, CreateUserError> {
    let about = About::user(&account.username, &account.email);
    let requester = Requester::default();
    let hash = hash_new::<CreateUserError>(app, &account.password, &about, rules, requester).await?;
    Ok(NewUser {
        username: account.username,
        email: account.email,
        password_hash: hash,
        is_email_confirmed: account.is_email_confirmed,
        is_active: account.is_active,
        is_admin: account.is_admin,
        ids: app.config.account.new_ids,
    })
}

/// Inserts a prepared account, with its audit entry.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    new: &NewUser,
    rules: Rules,
    by: &Actor,
    now: Timestamp,
) -> Result<UserId, CreateUserError> {
    if rules == Rules::Enforced {
        // A client with a link from a mail owns the address, even if it is another user's name.
        let unproven_email = Some(&new.email).filter(|_| by.kind != ActorKind::MailLink);
        if let Some(unique) = users::find_ambiguity(tx, Some(&new.username), unproven_email)? {
            return Err(CreateUserError::Ambiguous(unique));
        }
        let clashes = taken::find_clashes(tx, Some(&new.username), Some(&new.email), None, now)?;
        if let Some(taken) = clashes.into_iter().find(|clash| matches!(clash, Clash::Taken(_))) {
            return Err(taken.into());
        }
    }
    let id = users::insert(tx, new, now)?;
    // A client with a link is the owner of the account; an administrator is not.
    if let (ActorKind::MailLink | ActorKind::SetupLink, Some(language)) = (by.kind, by.language) {
        users::record_language(tx, id, language)?;
    }
    by.record(tx, Action::Created, AuditSubject::new(id, new.username.as_str()), None, now)?;
    Ok(id)
}
