//! Making an account. Called by the command line, the admin and the set-up page. A form asks for the
//! [`objections`] first, which tell everything at once; [`create_user`] decides.

use thiserror::Error;

use crate::accounts::password::policy;
use crate::accounts::password::policy::{About, PolicyViolation};
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::app::App;
use crate::passwords::EngineError;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::users;
use crate::store::tables::users::{Clash, NewUser};
use crate::store::{StoreError, Tx, Unique};
use crate::types::{Email, Password, Timestamp, UserId, Username};

/// An account as somebody asks for it.
#[derive(Debug)]
pub struct NewAccount {
    /// The name.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// The password, in the clear.
    pub password: Password,
    /// Whether the address counts as confirmed from the start.
    pub is_email_confirmed: bool,
    /// Whether the account may log in.
    pub is_active: bool,
    /// Whether the account may enter the admin.
    pub is_admin: bool,
}

/// Whether the password validators and the ambiguity check apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// They do.
    Enforced,
    /// They do not: fixtures and imports bring what they bring. Uniqueness always holds.
    Waived,
}

/// Why an account was not made.
#[derive(Debug, Error)]
pub enum CreateUserError {
    /// The password breaks the password rules.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Weak(Vec<PolicyViolation>),
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
    /// The store could not do it.
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

/// As much of an account as could be read from a form.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// The name.
    pub username: Option<Username>,
    /// The address.
    pub email: Option<Email>,
    /// The password, in the clear.
    pub password: Option<Password>,
}

/// All that stands against an account, as far as it could be read. Only for whoever may know who has an
/// account.
pub(crate) async fn objections(app: &App, draft: Draft) -> Result<Vec<CreateUserError>, StoreError> {
    let Draft { username, email, password } = draft;
    let about =
        About { username: username.as_ref().map(Username::as_str), email: email.as_ref().map(Email::as_str) };
    let verdict = password.map(|password| policy::check(password.expose(), &about));
    let weak = verdict.and_then(Result::err).map(CreateUserError::Weak);
    let now = app.clock.now();
    let look_up = move |tx: &mut Tx<'_>| clashes(tx, username.as_ref(), email.as_ref(), now);
    let clashes = app.store.write::<_, StoreError, _>(look_up).await?;
    Ok(weak.into_iter().chain(clashes.into_iter().map(CreateUserError::from)).collect())
}

fn clashes(
    tx: &mut Tx<'_>,
    username: Option<&Username>,
    email: Option<&Email>,
    now: Timestamp,
) -> Result<Vec<Clash>, StoreError> {
    let mut clashes = users::clashes(tx, username, email, None)?;
    if let Some(email) = email
        && clashes.iter().all(|clash| clash.of() != Unique::Email)
        && one_time_keys::is_reserved(tx, email, None, now)?
    {
        clashes.push(Clash::Taken(Unique::Email));
    }
    Ok(clashes)
}

/// Makes an account.
///
/// # Errors
/// If the password breaks the rules, the name or address is taken or ambiguous, or it could
/// not be stored.
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

/// The part that takes time and touches nothing: checks and hashes the password.
pub(crate) async fn prepare(
    app: &App,
    account: NewAccount,
    rules: Rules,
) -> Result<NewUser, CreateUserError> {
    if rules == Rules::Enforced {
        let about = About::user(&account.username, &account.email);
        policy::check(account.password.expose(), &about).map_err(CreateUserError::Weak)?;
    }
    Ok(NewUser {
        username: account.username,
        email: account.email,
        password_hash: app.passwords.hash(account.password).await?,
        is_email_confirmed: account.is_email_confirmed,
        is_active: account.is_active,
        is_admin: account.is_admin,
    })
}

/// The part that is all or nothing.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    new: &NewUser,
    rules: Rules,
    by: &Actor,
    now: Timestamp,
) -> Result<UserId, CreateUserError> {
    // A link that came by mail shows whose the address is, whoever has it for a name.
    let unproven = Some(&new.email).filter(|_| by.who != ActorKind::MailLink);
    if rules == Rules::Enforced
        && let Some(unique) = users::ambiguous(tx, Some(&new.username), unproven, None)?
    {
        return Err(CreateUserError::Ambiguous(unique));
    }
    if rules == Rules::Enforced && one_time_keys::is_reserved(tx, &new.email, None, now)? {
        return Err(CreateUserError::Taken(Unique::Email));
    }
    let id = users::insert(tx, new, now)?;
    by.record(tx, Action::Created, Some((id, new.username.as_str())), now)?;
    Ok(id)
}
