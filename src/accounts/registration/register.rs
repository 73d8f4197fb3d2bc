//! Registering an account. Called by `api`, in two steps: [`check_registration`] finds every problem at once,
//! for a form, and [`register`] decides.

use crate::accounts::password::hash_new::{Rules, hash_new};
use crate::accounts::password::policy::About;
use crate::accounts::registration::insert::{insert, insert_or_pretend};
use crate::accounts::registration::register_error::{RegisterError, RegistrationProblem};
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::accounts::shared::refusal::Refusal;
use crate::accounts::shared::{refusal, throttle};
use crate::app::App;
use crate::config::RegistrationMode;
use crate::limits;
use crate::passwords::Requester;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::ConsumedKey;
use crate::store::tables::users;
use crate::store::tables::users::NewUser;
use crate::store::{Conn, StoreError, Tx};
use crate::types::{Email, Link, OneTimeKey, Password, PublicId, Timestamp, Username};

/// An account to register, with the password in clear text.
#[derive(Debug)]
pub(crate) struct Registration {
    /// The name.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// The password.
    pub password: Password,
    /// The key of an invitation, where one is required.
    pub invitation: Option<OneTimeKey>,
}

/// A registered account; or what looks like one, if the address has one and that is hidden.
#[derive(Debug)]
pub(crate) struct Registered {
    /// Its id.
    pub id: PublicId,
    /// The name.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// Whether the address counts as confirmed, because the invitation was sent there.
    pub is_email_confirmed: bool,
}

/// The fields of a registration that could be parsed.
#[derive(Debug)]
pub(crate) struct RegistrationDraft {
    /// The name.
    pub username: Option<Username>,
    /// The address.
    pub email: Option<Email>,
    /// The key of an invitation.
    pub invitation: Option<OneTimeKey>,
}

/// Counts the attempt, and answers the problems of the fields that could be parsed. A client that needs an
/// invitation and has none learns nothing about other accounts.
pub(crate) async fn check_registration(
    app: &App,
    draft: RegistrationDraft,
    by: &Actor,
) -> Result<Vec<RegistrationProblem>, RegisterError> {
    let mode = app.config.registration.mode;
    if mode == RegistrationMode::Closed {
        return Err(RegisterError::Closed);
    }
    if draft.username.is_none() && draft.email.is_none() {
        return Ok(Vec::new());
    }
    let (limits, address, now) = (app.limits, by.address, app.clock.now());
    let policy = ExistencePolicy::of(app);
    refusal::write(app, move |tx| {
        let is_invited = match mode {
            RegistrationMode::Invite => Some(has_invitation(tx, &draft, now)?),
            _ => None,
        };
        // An invited client is not throttled by attempts of others with the same address.
        let email = draft.email.as_ref().filter(|_| is_invited != Some(true));
        if let Some(wait) = throttle::check(tx, &limits.registration(email, address), now)? {
            return Err(Refusal::RolledBack(RegisterError::Throttled(wait)));
        }
        if is_invited == Some(false) {
            // The handler has reported a missing or malformed key.
            return Ok(draft.invitation.iter().map(|_| RegistrationProblem::Uninvited).collect());
        }
        let taken = policy.taken(tx, draft.username.as_ref(), draft.email.as_ref(), now)?;
        Ok(taken.into_iter().map(RegistrationProblem::Taken).collect())
    })
    .await
}

/// Whether the draft has an invitation that is valid for its address.
fn has_invitation(conn: &mut Conn, draft: &RegistrationDraft, now: Timestamp) -> Result<bool, StoreError> {
    let Some(key) = &draft.invitation else { return Ok(false) };
    let invitation = one_time_keys::find(conn, key, Link::Invite, now)?;
    Ok(invitation
        .is_some_and(|invitation| draft.email.as_ref().is_none_or(|email| is_for(&invitation, email))))
}

/// Whether an invitation is valid for an address. One without an address is valid for all.
fn is_for(invitation: &ConsumedKey, email: &Email) -> bool {
    invitation.email.as_ref().is_none_or(|invited| invited.key() == email.key())
}

/// Registers the account and asks its address to confirm. Of two registrations with the same name or address
/// at the same time, one is refused.
pub(crate) async fn register(
    app: &App,
    registration: Registration,
    by: &Actor,
) -> Result<Registered, RegisterError> {
    let Registration { username, email, password, invitation } = registration;
    let about = About::user(&username, &email);
    let requester = Requester { account: None, address: by.address.map(limits::subscriber) };
    let hash = hash_new::<RegisterError>(app, &password, &about, Rules::Enforced, requester).await?;
    let new = NewUser {
        password_hash: hash,
        username,
        email,
        is_email_confirmed: false,
        is_active: true,
        is_admin: false,
        ids: app.config.account.new_ids,
    };
    let (mode, policy) = (app.config.registration.mode, ExistencePolicy::of(app));
    let (limits, now, by) = (app.limits, app.clock.now(), by.clone());
    let registered = app
        .store
        .write(move |tx| {
            let new = match mode {
                RegistrationMode::Invite => redeem_invitation(tx, invitation.as_ref(), new, now)?,
                _ => new,
            };
            users::lock_identifiers(tx, Some(&new.username), Some(&new.email))?;
            let id = match policy {
                ExistencePolicy::Hidden => insert_or_pretend(tx, &new, &limits, &by, now)?,
                ExistencePolicy::Revealed => insert(tx, &new, &by, now)?,
            };
            let NewUser { username, email, is_email_confirmed, .. } = new;
            Ok::<_, RegisterError>(Registered { id, username, email, is_email_confirmed })
        })
        .await?;
    app.mailer.wake();
    Ok(registered)
}

/// Redeems the invitation. The address that it was sent to counts as confirmed.
fn redeem_invitation(
    tx: &mut Tx<'_>,
    key: Option<&OneTimeKey>,
    new: NewUser,
    now: Timestamp,
) -> Result<NewUser, RegisterError> {
    let invitation = match key {
        Some(key) => one_time_keys::consume(tx, key, Link::Invite, now)?,
        None => None,
    };
    match invitation.filter(|invitation| is_for(invitation, &new.email)) {
        Some(invitation) => {
            let is_same_mailbox = |invited: Email| invited.is_same_mailbox(&new.email);
            Ok(NewUser { is_email_confirmed: invitation.email.is_some_and(is_same_mailbox), ..new })
        }
        None => Err(RegisterError::Refused(vec![RegistrationProblem::Uninvited])),
    }
}
