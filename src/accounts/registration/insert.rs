//! The write of a registration: the account, or what looks like one if the existence of accounts is hidden.
//! The caller has locked the name and the address.

use crate::accounts::registration::register_error::{RegisterError, RegistrationProblem};
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::accounts::shared::{notices, taken, throttle};
use crate::limits::Limits;
use crate::store::Tx;
use crate::store::tables::audit::Action;
use crate::store::tables::users::NewUser;
use crate::store::tables::{reserved_names, users};
use crate::types::{PublicId, Timestamp};

/// Inserts the account with its audit entry and its mail.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    new: &NewUser,
    by: &Actor,
    now: Timestamp,
) -> Result<PublicId, RegisterError> {
    if let Some(clash) = taken::find_clashes(tx, Some(&new.username), Some(&new.email), None, now)?.first() {
        return Err(RegisterError::taken(clash.column()));
    }
    let id = users::insert(tx, new, now)?;
    by.record(tx, Action::Registered, AuditSubject::new(id, new.username.as_str()), None, now)?;
    if let Some(language) = by.language {
        users::record_language(tx, id, language)?;
    }
    if !new.is_email_confirmed {
        notices::confirm_new_account(tx, id, new, by, now)?;
    }
    Ok(users::public_id(tx, id)?)
}

/// [`insert`], or the pretence of it if the address has an account ([`ExistencePolicy::Hidden`]). The owner
/// of the address gets a mail, rarely.
pub(crate) fn insert_or_pretend(
    tx: &mut Tx<'_>,
    new: &NewUser,
    limits: &Limits,
    by: &Actor,
    now: Timestamp,
) -> Result<PublicId, RegisterError> {
    let (username, email) = (&new.username, &new.email);
    let refused = ExistencePolicy::Hidden.taken(tx, Some(username), Some(email), now)?;
    if !refused.is_empty() {
        return Err(RegisterError::Refused(refused.into_iter().map(RegistrationProblem::Taken).collect()));
    }
    if taken::find_clashes(tx, None, Some(email), None, now)?.is_empty() {
        return insert(tx, new, by, now);
    }
    reserved_names::insert(tx, username, now)?;
    let owner = users::by_email(tx, email)?;
    if let Some(owner) = &owner
        && throttle::check(tx, &limits.already_registered(owner.id), now)?.is_none()
    {
        notices::already_registered(tx, owner, now)?;
    }
    by.record(tx, Action::RegisteredAgain, owner.as_ref().map(AuditSubject::from), None, now)?;
    Ok(users::skip_id(tx, new.ids, now)?)
}
