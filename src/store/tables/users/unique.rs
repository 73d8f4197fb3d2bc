//! Whether a name or an address is free: as itself, and as the other kind of identifier, so that no
//! identifier means two users.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::dialect;
use crate::store::engine::error::{StoreError, Unique};
use crate::store::engine::schema::users::dsl;
use crate::types::{Email, EmailKey, Identifier, UserId, Username, UsernameKey};

/// Why a new name or a new address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clash {
    /// Another user has it.
    Taken(Unique),
    /// The name is another user's address, or the address another user's name.
    Ambiguous(Unique),
}

impl Clash {
    /// The column whose new value is refused.
    pub(crate) const fn column(self) -> Unique {
        match self {
            Self::Taken(unique) | Self::Ambiguous(unique) => unique,
        }
    }
}

/// All clashes of a new name and a new address with users other than `except`: for a form that shows every
/// error at once. The insert or the update and [`find_ambiguity`] decide.
pub(crate) fn find_clashes(
    conn: &mut Conn,
    username: Option<&Username>,
    email: Option<&Email>,
    except: Option<UserId>,
) -> Result<Vec<Clash>, StoreError> {
    let mut clashes = Vec::new();
    if let Some(name) = username {
        if has_other_username(conn, &name.keys(), except)? {
            clashes.push(Clash::Taken(Unique::Username));
        } else if has_other_email(conn, &name_as_email(name), except)? {
            clashes.push(Clash::Ambiguous(Unique::Username));
        }
    }
    if let Some(address) = email {
        if has_other_email(conn, &address.keys(), except)? {
            clashes.push(Clash::Taken(Unique::Email));
        } else if has_other_username(conn, &email_as_name(address), except)? {
            clashes.push(Clash::Ambiguous(Unique::Email));
        }
    }
    Ok(clashes)
}

/// Whether this name is another user's address, or this address another user's name: a login with it would
/// mean two users. Locks both identifiers, so that of two transactions that claim one at the same time, one
/// sees the other.
pub(crate) fn find_ambiguity(
    tx: &mut Tx<'_>,
    username: Option<&Username>,
    email: Option<&Email>,
) -> Result<Option<Unique>, StoreError> {
    lock_identifiers(tx, username, email)?;
    if let Some(name) = username
        && has_other_email(tx, &name_as_email(name), None)?
    {
        return Ok(Some(Unique::Username));
    }
    if let Some(address) = email
        && has_other_username(tx, &email_as_name(address), None)?
    {
        return Ok(Some(Unique::Email));
    }
    Ok(None)
}

/// Refuses a name or an address that another user than `except` has by a key of an earlier version, or by an exact
/// key: the unique indexes know its own key alone.
///
/// # Errors
/// [`StoreError::Taken`].
pub(super) fn refuse_other_keys(
    tx: &mut Tx<'_>,
    username: Option<&Username>,
    email: Option<&Email>,
    except: Option<UserId>,
) -> Result<(), StoreError> {
    let names = username.map(Username::keys).unwrap_or_default();
    if has_other_username(tx, &names, except)? {
        return Err(StoreError::Taken(Unique::Username));
    }
    let addresses = email.map(Email::keys).unwrap_or_default();
    if addresses.len() > 1 && has_other_email(tx, &addresses, except)? {
        return Err(StoreError::Taken(Unique::Email));
    }
    Ok(())
}

/// Locks the name and the address, each as name and as address, until the transaction ends.
pub(crate) fn lock_identifiers(
    tx: &mut Tx<'_>,
    username: Option<&Username>,
    email: Option<&Email>,
) -> Result<(), StoreError> {
    // The key of a name is that of the same text as an address.
    let of_name = username.map(|name| name.key().as_str().to_owned());
    let of_email = email.map(|address| address.key().as_str().to_owned());
    let keys = [of_name, of_email].into_iter().flatten();
    let locks: Vec<String> = keys.map(|key| format!("identifier:{key}")).collect();
    dialect::lock(tx, &locks)
}

/// The keys of this name, were it an address.
fn name_as_email(name: &Username) -> Vec<EmailKey> {
    Identifier::new(name.as_str()).email_keys()
}

/// The keys of this address, were it a name.
fn email_as_name(address: &Email) -> Vec<UsernameKey> {
    Identifier::new(address.as_str()).username_keys()
}

fn has_other_username(
    conn: &mut Conn,
    keys: &[UsernameKey],
    except: Option<UserId>,
) -> Result<bool, StoreError> {
    for key in keys {
        let end = key.range_end();
        let rows = prepared!(conn, |own| dsl::users
            .filter(dsl::username_key.ge(key.as_str()).and(dsl::username_key.lt(&end)))
            .select((dsl::id, dsl::username_key))
            .load::<(i64, String)>(own))?;
        let is_other = |id: i64| except.is_none_or(|except| except.get() != id);
        if rows.iter().any(|(id, stored)| key.covers(stored) && is_other(*id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_other_email(conn: &mut Conn, keys: &[EmailKey], except: Option<UserId>) -> Result<bool, StoreError> {
    for key in keys {
        let id = prepared!(conn, |own| dsl::users
            .filter(dsl::email_key.eq(key.as_str()))
            .select(dsl::id)
            .get_result::<i64>(own));
        if id.optional()?.is_some_and(|id| except.is_none_or(|except| except.get() != id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether this is the recovery address of another user than `except`, who can set a new password with it.
pub(crate) fn has_other_recovery_email(
    conn: &mut Conn,
    key: &EmailKey,
    except: Option<UserId>,
) -> Result<bool, StoreError> {
    let ids =
        dsl::users.filter(dsl::recovery_email_key.eq(key.as_str())).select(dsl::id).load::<i64>(conn)?;
    Ok(ids.into_iter().any(|id| except.is_none_or(|except| except.get() != id)))
}
