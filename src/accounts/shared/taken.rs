//! Whether a name or an address is free: the one answer for registrations, changes by users and administrators,
//! invitations and the command line.

use crate::store::tables::users::Clash;
use crate::store::tables::{one_time_keys, reserved_names, users};
use crate::store::{StoreError, Tx, Unique};
use crate::types::{Email, EmailKey, Timestamp, UserId, Username};

/// All clashes of a new name and a new address with other users than `except`, with the names of accounts that
/// only seem to be registered, and with addresses that could take an account back.
pub(crate) fn find_clashes(
    tx: &mut Tx<'_>,
    username: Option<&Username>,
    email: Option<&Email>,
    except: Option<UserId>,
    now: Timestamp,
) -> Result<Vec<Clash>, StoreError> {
    let mut clashes = users::find_clashes(tx, username, email, except)?;
    let has_clash = |clashes: &[Clash], unique| clashes.iter().any(|clash| clash.column() == unique);
    if let Some(name) = username
        && !has_clash(&clashes, Unique::Username)
        && (reserved_names::is_reserved(tx, name)? || is_address_of_another(tx, name, except, now)?)
    {
        clashes.insert(0, Clash::Taken(Unique::Username));
    }
    if let Some(email) = email
        && !has_clash(&clashes, Unique::Email)
        && is_reserved(tx, &email.key(), except, now)?
    {
        clashes.push(Clash::Taken(Unique::Email));
    }
    Ok(clashes)
}

/// Whether this name is an address that another user than `except` could have again: a login with it would then
/// mean two users.
fn is_address_of_another(
    tx: &mut Tx<'_>,
    name: &Username,
    except: Option<UserId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let key = EmailKey::of(name.as_str());
    Ok(key.as_str().contains('@') && is_reserved(tx, &key, except, now)?)
}

/// Whether another user than `except` could have this address again: by a link that undoes a change, or because
/// it is still the recovery address.
fn is_reserved(
    tx: &mut Tx<'_>,
    key: &EmailKey,
    except: Option<UserId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(one_time_keys::is_reserved(tx, key, except, now)? || users::has_other_recovery_email(tx, key, except)?)
}

/// Whether an account has this address, or could have it again.
pub(crate) fn is_address_taken(tx: &mut Tx<'_>, email: &Email, now: Timestamp) -> Result<bool, StoreError> {
    Ok(users::by_email(tx, email)?.is_some() || is_reserved(tx, &email.key(), None, now)?)
}

/// Whether a name is taken, by a user or by an account that only seems to be registered.
pub(crate) fn is_name_taken(tx: &mut Tx<'_>, name: &Username, now: Timestamp) -> Result<bool, StoreError> {
    let clashes = find_clashes(tx, Some(name), None, None, now)?;
    Ok(clashes.contains(&Clash::Taken(Unique::Username)))
}
