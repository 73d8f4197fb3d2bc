//! Making an account of one's own. Called by `api`, in two steps: [`apply`] tells everything that
//! stands against it at once, as a form wants it told, and [`register`] decides.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::password::policy;
use crate::accounts::password::policy::{About, PolicyViolation};
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::{enumeration, notices, throttle};
use crate::app::App;
use crate::config::{RegistrationConfig, RegistrationMode};
use crate::limits;
use crate::passwords::{EngineError, Requester};
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::{ConsumedKey, Purpose};
use crate::store::tables::users;
use crate::store::tables::users::NewUser;
use crate::store::{Conn, StoreError, Tx, Unique};
use crate::types::{Email, OneTimeKey, Password, Timestamp, UserId, Username};

/// An account as a stranger asks for it.
#[derive(Debug)]
pub(crate) struct Registration {
    /// The name.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// The password, in the clear.
    pub password: Password,
    /// The key of an invitation, where one is needed.
    pub invitation: Option<OneTimeKey>,
}

/// An account that was made; or, where it is hidden that the address has one, was not.
#[derive(Debug)]
pub(crate) struct Registered {
    /// Its number.
    pub id: UserId,
    /// The name.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// Whether the address is known to be theirs: an invitation went there.
    pub is_email_confirmed: bool,
}

/// As much of a registration as could be read.
#[derive(Debug)]
pub(crate) struct Application {
    /// The name.
    pub username: Option<Username>,
    /// The address.
    pub email: Option<Email>,
    /// The key of an invitation.
    pub invitation: Option<OneTimeKey>,
}

/// What stands against a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegistrationProblem {
    /// Somebody has this name or address, be it as name or as address.
    Taken(Unique),
    /// The invitation is not good, or went to another address.
    Uninvited,
}

/// Why nobody was registered.
#[derive(Debug, Error)]
pub(crate) enum RegisterError {
    /// Nobody can register.
    #[error("registration is closed")]
    Closed,
    /// Too many tried; how long until one more may.
    #[error("too many registrations")]
    Throttled(Duration),
    /// Something stands against it.
    #[error("somebody has this name or address, or the invitation is not good")]
    Refused(Vec<RegistrationProblem>),
    /// The password breaks the password rules.
    #[error("the password breaks the password rules")]
    Weak(Vec<PolicyViolation>),
    /// The password could not be hashed now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store could not do it.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(unique) => Self::Refused(vec![RegistrationProblem::Taken(unique)]),
            other => Self::Store(other),
        }
    }
}

/// Counts the attempt, and answers what stands against it as far as it could be read. Whoever needs
/// an invitation and has none learns nothing about others.
///
/// # Errors
/// If registration is closed, too many tried, or the store fails.
pub(crate) async fn apply(
    app: &App,
    application: Application,
    by: &Actor,
) -> Result<Vec<RegistrationProblem>, RegisterError> {
    let settings = app.config.registration;
    if settings.mode == RegistrationMode::Closed {
        return Err(RegisterError::Closed);
    }
    if application.username.is_none() && application.email.is_none() {
        return Ok(Vec::new());
    }
    let (limits, address, now) = (app.limits, by.address, app.clock.now());
    let answer = move |tx: &mut Tx<'_>| {
        let invited = is_invited(tx, settings, &application, now)?;
        // Whoever holds an invitation is not kept out by what others tried with the same address.
        let email = application.email.as_ref().filter(|_| invited != Some(true));
        match throttle::admit(tx, &limits.registration(email, address), now)? {
            Some(wait) => Ok(Err(RegisterError::Throttled(wait))),
            None => Ok(Ok(objections(tx, settings, &application, invited, now)?)),
        }
    };
    app.store.write::<_, StoreError, _>(answer).await?
}

/// Whether the application has an invitation that is good for its address; `None` if it needs none.
fn is_invited(
    conn: &mut Conn,
    settings: RegistrationConfig,
    application: &Application,
    now: Timestamp,
) -> Result<Option<bool>, StoreError> {
    if settings.mode != RegistrationMode::Invite {
        return Ok(None);
    }
    let Some(key) = &application.invitation else { return Ok(Some(false)) };
    let found = one_time_keys::find(conn, key, Purpose::Invite, now)?;
    let fits =
        |invitation: &ConsumedKey| application.email.as_ref().is_none_or(|email| is_for(invitation, email));
    Ok(Some(found.as_ref().is_some_and(fits)))
}

fn objections(
    conn: &mut Conn,
    settings: RegistrationConfig,
    application: &Application,
    invited: Option<bool>,
    now: Timestamp,
) -> Result<Vec<RegistrationProblem>, StoreError> {
    let Application { username, email, invitation } = application;
    let (username, email) = (username.as_ref(), email.as_ref());
    if invited == Some(false) {
        // That there is none at all, or what is no key, the door has seen.
        return Ok(invitation.iter().map(|_| RegistrationProblem::Uninvited).collect());
    }
    let taken = match settings.hide_existing {
        true => enumeration::taken(conn, username, email, now)?,
        false => users::taken(conn, username, email, None)?,
    };
    Ok(taken.into_iter().map(RegistrationProblem::Taken).collect())
}

/// Whether an invitation is good for an address. One that is bound to none is good for all.
fn is_for(invitation: &ConsumedKey, email: &Email) -> bool {
    invitation.email.as_ref().is_none_or(|bound| bound.key() == email.key())
}

/// Makes the account, and asks its address for confirmation. Of two for one name or address at once,
/// one is refused.
pub(crate) async fn register(
    app: &App,
    wanted: Registration,
    by: &Actor,
) -> Result<Registered, RegisterError> {
    let about = About::user(&wanted.username, &wanted.email);
    policy::check(wanted.password.expose(), &about).map_err(RegisterError::Weak)?;
    let origin = Requester { account: None, address: by.address.map(limits::subscriber) };
    let new = NewUser {
        password_hash: app.passwords.hash_from(origin, &wanted.password.into()).await?,
        username: wanted.username,
        email: wanted.email,
        is_email_confirmed: false,
        is_active: true,
        is_admin: false,
    };
    let (settings, limits, now, by) = (app.config.registration, app.limits, app.clock.now(), by.clone());
    let registered = app
        .store
        .write(move |tx| {
            let is_invited = settings.mode == RegistrationMode::Invite;
            let new = if is_invited { spend(tx, wanted.invitation.as_ref(), new, now)? } else { new };
            users::lock_meanings(tx, Some(&new.username), Some(&new.email))?;
            let id = match settings.hide_existing {
                true => enumeration::insert(tx, &new, &limits, &by, now)?,
                false => insert(tx, &new, &by, now)?,
            };
            let NewUser { username, email, is_email_confirmed, .. } = new;
            Ok::<_, RegisterError>(Registered { id, username, email, is_email_confirmed })
        })
        .await?;
    app.mailer.wake();
    Ok(registered)
}

/// Spends the invitation. The address that it went to counts as confirmed.
fn spend(
    tx: &mut Tx<'_>,
    invitation: Option<&OneTimeKey>,
    new: NewUser,
    now: Timestamp,
) -> Result<NewUser, RegisterError> {
    let taken = match invitation {
        Some(key) => one_time_keys::consume(tx, key, Purpose::Invite, now)?,
        None => None,
    };
    match taken.filter(|invitation| is_for(invitation, &new.email)) {
        Some(invitation) => {
            let same = |bound: Email| bound.is_same_mailbox(&new.email);
            Ok(NewUser { is_email_confirmed: invitation.email.is_some_and(same), ..new })
        }
        None => Err(RegisterError::Refused(vec![RegistrationProblem::Uninvited])),
    }
}

/// The account, its audit row and its mail, all or nothing. The caller has locked the meanings of its
/// name and address.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    new: &NewUser,
    by: &Actor,
    now: Timestamp,
) -> Result<UserId, RegisterError> {
    if let Some(unique) = users::ambiguous(tx, Some(&new.username), Some(&new.email), None)? {
        return Err(RegisterError::Refused(vec![RegistrationProblem::Taken(unique)]));
    }
    if one_time_keys::is_reserved(tx, &new.email, None, now)? {
        return Err(RegisterError::Refused(vec![RegistrationProblem::Taken(Unique::Email)]));
    }
    let id = users::insert(tx, new, now)?;
    by.record(tx, Action::Registered, Some((id, new.username.as_str())), now)?;
    if !new.is_email_confirmed {
        notices::confirm_email(tx, id, &new.username, &new.email, now)?;
    }
    Ok(id)
}
