//! The write of a registration: the account, or what looks like one if the existence of accounts is hidden.
//! The caller has locked the name and the address.

use crate::accounts::registration::register_error::{RegisterError, RegistrationProblem};
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::accounts::shared::enumeration::{ExistencePolicy, reserve_name};
use crate::accounts::shared::{notices, throttle};
use crate::limits::Limits;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::users;
use crate::store::tables::users::NewUser;
use crate::store::{Tx, Unique};
use crate::types::{Link, Timestamp, UserId};

/// Inserts the account with its audit entry and its mail.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    new: &NewUser,
    by: &Actor,
    now: Timestamp,
) -> Result<UserId, RegisterError> {
    if let Some(unique) = users::find_ambiguity(tx, Some(&new.username), Some(&new.email))? {
        return Err(RegisterError::taken(unique));
    }
    if one_time_keys::is_reserved(tx, &new.email, None, now)? {
        return Err(RegisterError::taken(Unique::Email));
    }
    let id = users::insert(tx, new, now)?;
    by.record(tx, Action::Registered, AuditSubject::new(id, new.username.as_str()), None, now)?;
    if !new.is_email_confirmed {
        notices::confirm_email(tx, id, &new.username, &new.email, now)?;
    }
    Ok(id)
}

/// [`insert`], or the pretence of it if the address has an account ([`ExistencePolicy::Hidden`]). The owner
/// of the address gets a mail, rarely.
pub(crate) fn insert_or_pretend(
    tx: &mut Tx<'_>,
    new: &NewUser,
    limits: &Limits,
    by: &Actor,
    now: Timestamp,
) -> Result<UserId, RegisterError> {
    let (username, email) = (&new.username, &new.email);
    let taken = ExistencePolicy::Hidden.taken(tx, Some(username), Some(email), now)?;
    if !taken.is_empty() {
        return Err(RegisterError::Refused(taken.into_iter().map(RegistrationProblem::Taken).collect()));
    }
    if users::find_clashes(tx, None, Some(email), None)?.is_empty()
        && !one_time_keys::is_reserved(tx, email, None, now)?
    {
        return insert(tx, new, by, now);
    }
    reserve_name(tx, username, Link::ConfirmEmail.lifetime(), now)?;
    let owner = users::by_email(tx, email)?;
    if let Some(owner) = &owner
        && throttle::check(tx, &limits.already_registered(owner.id), now)?.is_none()
    {
        notices::already_registered(tx, owner, now)?;
    }
    by.record(tx, Action::RegisteredAgain, owner.as_ref().map(AuditSubject::from), None, now)?;
    Ok(users::skip_id(tx)?)
}
