//! Registering where `registration.hide_existing` says that nobody may learn which addresses have an
//! account. Used by `register` alone.
//!
//! With an address that has one, all that a stranger can see is as if it had worked: the answer and
//! its time, an id that nobody else gets, and a name that is taken from then on. They cannot log in;
//! but neither can who did register before the address is confirmed ([`opens`]). The owner is told by
//! mail, now and then.

use crate::accounts::registration::register;
use crate::accounts::registration::register::{RegisterError, RegistrationProblem};
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::{notices, throttle};
use crate::limits::Limits;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::tables::throttles;
use crate::store::tables::users;
use crate::store::tables::users::NewUser;
use crate::store::{Conn, StoreError, Tx, Unique};
use crate::types::{Email, Identifier, Timestamp, User, UserId, Username};

/// What may be told of a name and an address: that the name is taken, and nothing that says whose the
/// address is. So a name that is an address is refused whether or not somebody has that, unless it is
/// their own.
pub(crate) fn taken(
    conn: &mut Conn,
    username: Option<&Username>,
    email: Option<&Email>,
    now: Timestamp,
) -> Result<Vec<Unique>, StoreError> {
    let Some(name) = username else { return Ok(Vec::new()) };
    let is_refused = match is_anothers_address(name, email) {
        true => true,
        false => users::is_name_taken(conn, name)? || is_reserved(conn, name, now)?,
    };
    Ok(if is_refused { vec![Unique::Username] } else { Vec::new() })
}

pub(crate) fn is_anothers_address(name: &Username, email: Option<&Email>) -> bool {
    let own = email.map(Email::key);
    Email::as_typed(name.as_str()).is_ok_and(|address| own != Some(address.key()))
}

/// Makes the account, or, if the address has one, seems to. The caller has locked the meanings of the
/// name and the address.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    new: &NewUser,
    limits: &Limits,
    by: &Actor,
    now: Timestamp,
) -> Result<UserId, RegisterError> {
    let (username, email) = (&new.username, &new.email);
    let taken = taken(tx, Some(username), Some(email), now)?;
    if !taken.is_empty() {
        return Err(RegisterError::Refused(taken.into_iter().map(RegistrationProblem::Taken).collect()));
    }
    if users::taken(tx, None, Some(email), None)?.is_empty()
        && !one_time_keys::is_reserved(tx, email, None, now)?
    {
        return register::insert(tx, new, by, now);
    }
    throttles::set(tx, &reservation(username), now.plus(Purpose::ConfirmEmail.lifetime()))?;
    let owner = users::by_email(tx, email)?;
    if let Some(owner) = &owner
        && throttle::admit(tx, &limits.already_registered(owner.id), now)?.is_none()
    {
        notices::already_registered(tx, owner, now)?;
    }
    let subject = owner.as_ref().map(|owner| (owner.id, owner.username.as_str()));
    by.record(tx, Action::RegisteredAgain, subject, now)?;
    Ok(users::skip_id(tx)?)
}

/// Whether somebody seems to have registered with this name. It is kept for as long as they could
/// confirm an address.
fn is_reserved(conn: &mut Conn, name: &Username, now: Timestamp) -> Result<bool, StoreError> {
    let until = throttles::empty_at(conn, &[reservation(name)])?;
    Ok(until.into_iter().flatten().any(|until| until > now))
}

fn reservation(name: &Username) -> String {
    format!("reserved-name:{:032x}", Identifier::new(name.as_str()).fingerprint())
}

/// Whether an account may be logged into.
pub(crate) const fn opens(user: &User, hide_existing: bool) -> bool {
    user.is_active && !must_confirm(user, hide_existing)
}

/// Whether its address has to be confirmed before anybody logs in: where the existing are hidden, that of a
/// new one, or else a login would tell whether registering had worked.
pub(crate) const fn must_confirm(user: &User, hide_existing: bool) -> bool {
    hide_existing && !user.is_email_confirmed && user.last_login_at.is_none()
}
