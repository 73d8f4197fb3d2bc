//! Table `users`. Names and addresses come in as types that were checked at a door, and are
//! looked up by their folded keys; uniqueness is the insert's own answer.
//!
//! Look-ups by a unique key take `get_result` and not `first`: SQLite parses a `LIMIT ?` again
//! at every execution, which doubles the time.

use diesel::prelude::*;

use super::admin_sessions;
use super::connection::{Conn, Tx, prepared};
use super::dialect;
use super::error::{StoreError, Unique};
use super::schema::users::{self, dsl};
use super::sessions;
use crate::types::{
    Email, EmailKey, Identifier, PasswordHash, Timestamp, User, UserId, Username, UsernameKey,
};

/// An account to make.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// The password, hashed.
    pub password_hash: PasswordHash,
    /// See [`User::is_email_confirmed`].
    pub is_email_confirmed: bool,
    /// See [`User::is_active`].
    pub is_active: bool,
    /// See [`User::is_admin`].
    pub is_admin: bool,
}

#[derive(Queryable)]
pub(super) struct Row {
    id: i64,
    username: String,
    _username_key: String,
    email: String,
    _email_key: String,
    password_hash: String,
    is_email_confirmed: bool,
    is_active: bool,
    is_admin: bool,
    tokens_valid_from: i64,
    created_at: i64,
    updated_at: i64,
    last_login_at: Option<i64>,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: UserId::new(row.id),
            username: Username::from_stored(row.username),
            email: Email::from_stored(row.email),
            password_hash: PasswordHash::from_stored(row.password_hash),
            is_email_confirmed: row.is_email_confirmed,
            is_active: row.is_active,
            is_admin: row.is_admin,
            tokens_valid_from: row.tokens_valid_from,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            last_login_at: row.last_login_at.map(Timestamp::from_micros),
        }
    }
}

/// The user with this id.
///
/// # Errors
/// If the database fails.
pub fn by_id(conn: &mut Conn, id: UserId) -> Result<Option<User>, StoreError> {
    let found = prepared!(conn, |own| dsl::users.find(id.get()).get_result::<Row>(own));
    Ok(found.optional()?.map(User::from))
}

/// The user of this address, in any letter case.
///
/// # Errors
/// If the database fails.
pub fn by_email(conn: &mut Conn, email: &Email) -> Result<Option<User>, StoreError> {
    let key = email.key();
    let found =
        prepared!(conn, |own| dsl::users.filter(dsl::email_key.eq(key.as_str())).get_result::<Row>(own));
    Ok(found.optional()?.map(User::from))
}

/// Whether anybody but `id` is an active administrator. Whoever asks the same meanwhile waits, so
/// that of two who want to leave one stays.
///
/// # Errors
/// If the database fails.
pub fn other_administrators(tx: &mut Tx<'_>, id: UserId) -> Result<bool, StoreError> {
    dialect::lock(tx, &["administrators".to_owned()])?;
    let others = dsl::users
        .filter(dsl::is_admin.eq(true))
        .filter(dsl::is_active.eq(true))
        .filter(dsl::id.ne(id.get()))
        .select(dsl::id)
        .limit(1)
        .get_result::<i64>(&mut **tx);
    Ok(others.optional()?.is_some())
}

/// The same user, kept as they are until the transaction ends: for deciding by what they are.
///
/// # Errors
/// If the database fails.
pub fn hold(tx: &mut Tx<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    dialect::hold_user(tx, id)?;
    by_id(tx, id)
}

/// Whom `identifier` may mean: the user of exactly that name first, then the one of that
/// address in any letter case. Two only where one's name is the other's address.
///
/// # Errors
/// If the database fails.
pub fn meant_by(conn: &mut Conn, identifier: &Identifier) -> Result<Vec<User>, StoreError> {
    let name = identifier.username_key();
    let address = identifier.email_key();
    let by_name =
        prepared!(conn, |own| dsl::users.filter(dsl::username_key.eq(name.as_str())).get_result::<Row>(own));
    let by_address =
        prepared!(conn, |own| dsl::users.filter(dsl::email_key.eq(address.as_str())).get_result::<Row>(own));
    let mut found: Vec<User> = by_name
        .optional()?
        .map(User::from)
        .filter(|user| identifier.matches_username(&user.username))
        .into_iter()
        .collect();
    found.extend(
        by_address.optional()?.map(User::from).filter(|user| found.iter().all(|first| first.id != user.id)),
    );
    Ok(found)
}

/// Up to `limit` users with an id above `after`, by rising id.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Conn, after: UserId, limit: i64) -> Result<Vec<User>, StoreError> {
    let rows = dsl::users.filter(dsl::id.gt(after.get())).order(dsl::id).limit(limit).load::<Row>(conn)?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// The user of this name in any letter case.
///
/// # Errors
/// If the database fails.
pub fn named_alike(conn: &mut Conn, identifier: &Identifier) -> Result<Option<User>, StoreError> {
    let key = identifier.username_key();
    let found =
        prepared!(conn, |own| dsl::users.filter(dsl::username_key.eq(key.as_str())).get_result::<Row>(own));
    Ok(found.optional()?.map(User::from))
}

/// Whether there is any user at all.
///
/// # Errors
/// If the database fails.
pub fn any(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(dsl::users.select(dsl::id).first::<i64>(conn).optional()?.is_some())
}

/// Which of a new name and a new address are taken: whether somebody other than `except` has them, the
/// name also as an address. Having an address for a name takes it from nobody: only mail shows whose it
/// is. For telling all of it at once; what decides is the insert's or the update's own answer, and
/// [`ambiguous`].
///
/// # Errors
/// If the database fails.
pub fn taken(
    conn: &mut Conn,
    username: Option<&Username>,
    email: Option<&Email>,
    except: Option<UserId>,
) -> Result<Vec<Unique>, StoreError> {
    let mut taken = Vec::new();
    if let Some(name) = username
        && (others_named(conn, &name.key(), except)? || others_at(conn, &address_of(name), except)?)
    {
        taken.push(Unique::Username);
    }
    if let Some(address) = email
        && others_at(conn, &address.key(), except)?
    {
        taken.push(Unique::Email);
    }
    Ok(taken)
}

/// Whether somebody has this name, in any letter case.
///
/// # Errors
/// If the database fails.
pub fn is_name_taken(conn: &mut Conn, name: &Username) -> Result<bool, StoreError> {
    others_named(conn, &name.key(), None)
}

/// Whether this name is the address of somebody other than `except`, or this address their name:
/// whoever typed it would mean two people. Whoever asks the same of the other one meanwhile has to
/// wait, so that not both are told no.
///
/// # Errors
/// If the database fails.
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
///
/// # Errors
/// If the database fails.
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

/// Adds a user.
///
/// # Errors
/// [`StoreError::Taken`] if the name or the address is another user's.
pub fn insert(tx: &mut Tx<'_>, new: &NewUser, now: Timestamp) -> Result<UserId, StoreError> {
    let id = diesel::insert_into(users::table)
        .values((
            users::username.eq(new.username.as_str()),
            users::username_key.eq(new.username.key().as_str()),
            users::email.eq(new.email.as_str()),
            users::email_key.eq(new.email.key().as_str()),
            users::password_hash.eq(new.password_hash.as_stored()),
            users::is_email_confirmed.eq(new.is_email_confirmed),
            users::is_active.eq(new.is_active),
            users::is_admin.eq(new.is_admin),
            users::tokens_valid_from.eq(0),
            users::created_at.eq(now.micros()),
            users::updated_at.eq(now.micros()),
        ))
        .returning(users::id)
        .get_result::<i64>(&mut **tx)?;
    Ok(UserId::new(id))
}

/// An id that no user has or will have.
///
/// # Errors
/// If the database fails.
pub fn skip_id(tx: &mut Tx<'_>) -> Result<UserId, StoreError> {
    dialect::next_user_id(tx)
}

/// Notes a login that worked.
///
/// # Errors
/// If the database fails.
pub fn record_login(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(dsl::users.find(id.get())).set(dsl::last_login_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// Stores the same password in a newer encoding.
///
/// # Errors
/// If the database fails.
pub fn replace_hash(tx: &mut Tx<'_>, id: UserId, hash: &PasswordHash) -> Result<(), StoreError> {
    diesel::update(dsl::users.find(id.get()))
        .set(dsl::password_hash.eq(hash.as_stored()))
        .execute(&mut **tx)?;
    Ok(())
}

/// A change of an account that its owner or an operator would call one.
#[derive(Clone, Debug)]
pub enum Change {
    /// Another password.
    Password(PasswordHash),
    /// [`User::is_email_confirmed`].
    EmailConfirmed(bool),
    /// [`User::is_active`].
    Active(bool),
    /// [`User::is_admin`].
    Admin(bool),
    /// Another address, whose owner has shown that it is theirs.
    ConfirmedEmail(Email),
}

/// Changes a user; answers whether there is one. A change after which the user should not be in the
/// admin any more, or should prove who they are, ends their sessions there.
///
/// # Errors
/// [`StoreError::Taken`] if the address is another user's; or if the database fails.
pub fn change(tx: &mut Tx<'_>, id: UserId, change: &Change, now: Timestamp) -> Result<bool, StoreError> {
    if matches!(change, Change::Password(_) | Change::Active(false) | Change::Admin(false)) {
        admin_sessions::remove_all(tx, id)?;
    }
    let user = dsl::users.find(id.get());
    let updated_at = dsl::updated_at.eq(now.micros());
    let rows = match change {
        Change::Password(hash) => {
            diesel::update(user).set((dsl::password_hash.eq(hash.as_stored()), updated_at)).execute(&mut **tx)
        }
        Change::EmailConfirmed(confirmed) => {
            diesel::update(user).set((dsl::is_email_confirmed.eq(*confirmed), updated_at)).execute(&mut **tx)
        }
        Change::Active(active) => {
            diesel::update(user).set((dsl::is_active.eq(*active), updated_at)).execute(&mut **tx)
        }
        Change::Admin(admin) => {
            diesel::update(user).set((dsl::is_admin.eq(*admin), updated_at)).execute(&mut **tx)
        }
        Change::ConfirmedEmail(email) => {
            let columns = (dsl::email.eq(email.as_str()), dsl::email_key.eq(email.key().as_str().to_owned()));
            diesel::update(user)
                .set((columns, dsl::is_email_confirmed.eq(true), updated_at))
                .execute(&mut **tx)
        }
    }?;
    Ok(rows > 0)
}

/// What its owner or an administrator changes about an account; only what is there is written.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Another name.
    pub username: Option<Username>,
    /// Another address.
    pub email: Option<Email>,
    /// [`User::is_email_confirmed`].
    pub is_email_confirmed: Option<bool>,
}

impl Edit {
    /// Whether nothing is to change.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.username.is_none() && self.email.is_none() && self.is_email_confirmed.is_none()
    }
}

/// The columns of an [`Edit`].
#[derive(AsChangeset)]
#[diesel(table_name = users)]
struct Columns {
    username: Option<String>,
    username_key: Option<String>,
    email: Option<String>,
    email_key: Option<String>,
    is_email_confirmed: Option<bool>,
    updated_at: i64,
}

/// Edits a user; answers whether there is one.
///
/// # Errors
/// [`StoreError::Taken`] if the name or the address is another user's.
pub fn edit(tx: &mut Tx<'_>, id: UserId, edit: &Edit, now: Timestamp) -> Result<bool, StoreError> {
    let columns = Columns {
        username: edit.username.as_ref().map(|name| name.as_str().to_owned()),
        username_key: edit.username.as_ref().map(|name| name.key().as_str().to_owned()),
        email: edit.email.as_ref().map(|email| email.as_str().to_owned()),
        email_key: edit.email.as_ref().map(|email| email.key().as_str().to_owned()),
        is_email_confirmed: edit.is_email_confirmed,
        updated_at: now.micros(),
    };
    Ok(diesel::update(dsl::users.find(id.get())).set(&columns).execute(&mut **tx)? > 0)
}

/// Ends every session of the user and every token issued up to now. Who logs in later, also within
/// the same second, has a session that was not there.
///
/// # Errors
/// If the database fails.
pub fn end_tokens(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    // The user first: whoever begins a session holds them, and so is either before this or after it.
    cut_tokens(tx, id, now)?;
    sessions::end_all(tx, id, None, now)
}

/// Ends the tokens that no session has: those of another issuer with the same key. They count in whole
/// seconds, so one of this very second ends, too, whenever in it it was issued.
pub(super) fn cut_tokens(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(dsl::users.find(id.get()))
        .set(dsl::tokens_valid_from.eq(now.seconds().saturating_add(1)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Removes a user; answers whether there was one.
///
/// # Errors
/// If the database fails.
pub fn delete(tx: &mut Tx<'_>, id: UserId) -> Result<bool, StoreError> {
    Ok(diesel::delete(dsl::users.find(id.get())).execute(&mut **tx)? > 0)
}
