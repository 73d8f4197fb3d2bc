//! Whether a name or an address is free: as what it is, and as the other of the two, so that no
//! identifier means two people.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::dialect;
use crate::store::engine::error::{StoreError, Unique};
use crate::store::engine::schema::users::dsl;
use crate::types::{Email, EmailKey, Identifier, UserId, Username, UsernameKey};

/// Why a new name or a new address cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Somebody has it.
    Taken(Unique),
    /// Somebody has it as the other of the two.
    Ambiguous(Unique),
}

impl Clash {
    /// Which of the two cannot be had.
    pub const fn of(self) -> Unique {
        match self {
            Self::Taken(unique) | Self::Ambiguous(unique) => unique,
        }
    }
}

/// Which of a new name and a new address are taken: whether somebody other than `except` has them,
/// be it as name or as address. For telling all of it at once; what decides is the insert's or the
/// update's own answer, and [`ambiguous`].
pub fn taken(
    conn: &mut Conn,
    username: Option<&Username>,
    email: Option<&Email>,
    except: Option<UserId>,
) -> Result<Vec<Unique>, StoreError> {
    Ok(clashes(conn, username, email, except)?.into_iter().map(Clash::of).collect())
}

/// The same, and why.
pub fn clashes(
    conn: &mut Conn,
    username: Option<&Username>,
    email: Option<&Email>,
    except: Option<UserId>,
) -> Result<Vec<Clash>, StoreError> {
    let mut clashes = Vec::new();
    if let Some(name) = username {
        if others_named(conn, &name.key(), except)? {
            clashes.push(Clash::Taken(Unique::Username));
        } else if others_at(conn, &address_of(name), except)? {
            clashes.push(Clash::Ambiguous(Unique::Username));
        }
    }
    if let Some(address) = email {
        if others_at(conn, &address.key(), except)? {
            clashes.push(Clash::Taken(Unique::Email));
        } else if others_named(conn, &name_of(address), except)? {
            clashes.push(Clash::Ambiguous(Unique::Email));
        }
    }
    Ok(clashes)
}

/// Whether somebody has this name, in any letter case.
pub fn is_name_taken(conn: &mut Conn, name: &Username) -> Result<bool, StoreError> {
    others_named(conn, &name.key(), None)
}

/// Whether this name is the address of somebody other than `except`, or this address their name:
/// whoever typed it would mean two people. Whoever asks the same of the other one meanwhile has to
/// wait, so that not both are told no.
pub fn ambiguous(
    tx: &mut Tx<'_>,
    username: Option<&Username>,
    email: Option<&Email>,
    except: Option<UserId>,
) -> Result<Option<Unique>, StoreError> {
    lock_meanings(tx, username, email)?;
    if let Some(name) = username
        && others_at(tx, &address_of(name), except)?
    {
        return Ok(Some(Unique::Username));
    }
    if let Some(address) = email
        && others_named(tx, &name_of(address), except)?
    {
        return Ok(Some(Unique::Email));
    }
    Ok(None)
}

/// Keeps others from deciding on the same name and address, as name or as address, until the
/// transaction ends.
pub fn lock_meanings(
    tx: &mut Tx<'_>,
    username: Option<&Username>,
    email: Option<&Email>,
) -> Result<(), StoreError> {
    let of_name = username.map(|name| [name.key().as_str().to_owned(), address_of(name).as_str().to_owned()]);
    let of_email =
        email.map(|address| [address.key().as_str().to_owned(), name_of(address).as_str().to_owned()]);
    let meanings = [of_name, of_email].into_iter().flatten().flatten();
    let locks: Vec<String> = meanings.map(|meaning| format!("identifier:{meaning}")).collect();
    dialect::lock(tx, &locks)
}

/// What this name would be as an address.
fn address_of(name: &Username) -> EmailKey {
    Identifier::new(name.as_str()).email_key()
}

/// What this address would be as a name.
fn name_of(address: &Email) -> UsernameKey {
    Identifier::new(address.as_str()).username_key()
}

fn others_named(conn: &mut Conn, key: &UsernameKey, except: Option<UserId>) -> Result<bool, StoreError> {
    let found = prepared!(conn, |own| dsl::users
        .filter(dsl::username_key.eq(key.as_str()))
        .select(dsl::id)
        .get_result::<i64>(own));
    Ok(found.optional()?.is_some_and(|id| except.is_none_or(|except| except.get() != id)))
}

fn others_at(conn: &mut Conn, key: &EmailKey, except: Option<UserId>) -> Result<bool, StoreError> {
    let found = prepared!(conn, |own| dsl::users
        .filter(dsl::email_key.eq(key.as_str()))
        .select(dsl::id)
        .get_result::<i64>(own));
    Ok(found.optional()?.is_some_and(|id| except.is_none_or(|except| except.get() != id)))
}
