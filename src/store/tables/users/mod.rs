//! Table `users`. Names and addresses come in as types that were checked at a door, and are
//! looked up by their folded keys; uniqueness is the insert's own answer.
//!
//! Look-ups by a unique key take `get_result` and not `first`: SQLite parses a `LIMIT ?` again
//! at every execution, which doubles the time.

mod change;
mod unique;

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users;
use crate::store::engine::schema::users::dsl;
use crate::store::tables::admin_sessions;
use crate::store::tables::sessions;
use crate::types::{AdminKey, Email, Identifier, PasswordHash, Timestamp, User, UserId, Username};

pub use change::{Change, Edit, change, edit, touch};
pub use unique::{Clash, ambiguous, clashes, is_name_taken, lock_meanings, taken};

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
pub(crate) struct UserColumns {
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

impl From<UserColumns> for User {
    fn from(row: UserColumns) -> Self {
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
pub fn by_id(conn: &mut Conn, id: UserId) -> Result<Option<User>, StoreError> {
    let found = prepared!(conn, |own| dsl::users.find(id.get()).get_result::<UserColumns>(own));
    Ok(found.optional()?.map(User::from))
}

/// The user of this address, in any letter case.
pub fn by_email(conn: &mut Conn, email: &Email) -> Result<Option<User>, StoreError> {
    let key = email.key();
    let found = prepared!(conn, |own| dsl::users
        .filter(dsl::email_key.eq(key.as_str()))
        .get_result::<UserColumns>(own));
    Ok(found.optional()?.map(User::from))
}

/// Keeps others from taking administrators away until the transaction ends, if all who do so ask for this
/// first: so that of two who want to leave one stays.
pub fn lock_administrators(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    dialect::lock(tx, &["administrators".to_owned()])
}

/// All active administrators, but for `left_out`. They are few.
pub fn administrators_but(conn: &mut Conn, left_out: Option<UserId>) -> Result<Vec<User>, StoreError> {
    let rows: Vec<UserColumns> = dsl::users
        .filter(dsl::is_admin.eq(true))
        .filter(dsl::is_active.eq(true))
        .filter(dsl::id.ne(left_out.map_or(0, UserId::get)))
        .load(conn)?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// The same user, kept as they are until the transaction ends: for deciding by what they are.
pub fn hold(tx: &mut Tx<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    dialect::lock_user(tx, id)?;
    by_id(tx, id)
}

/// Whom `identifier` may mean: the user of exactly that name first, then the one of that
/// address in any letter case. Two only where one's name is the other's address.
pub fn find_by_identifier(conn: &mut Conn, identifier: &Identifier) -> Result<Vec<User>, StoreError> {
    let name = identifier.username_key();
    let address = identifier.email_key();
    let by_name = prepared!(conn, |own| dsl::users
        .filter(dsl::username_key.eq(name.as_str()))
        .get_result::<UserColumns>(own));
    let by_address = prepared!(conn, |own| dsl::users
        .filter(dsl::email_key.eq(address.as_str()))
        .get_result::<UserColumns>(own));
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

/// Whom somebody means who looks for them: the user of that name or email, else the number, which may be
/// a deleted user's. `#7` is the number whatever anybody is called.
pub fn told(conn: &mut Conn, typed: &str) -> Result<Option<UserId>, StoreError> {
    let number = |digits: &str| digits.parse().ok().filter(|id| *id > 0).map(UserId::new);
    if let Some(id) = typed.strip_prefix('#').and_then(number) {
        return Ok(Some(id));
    }
    // No name holds a NUL, and no query may.
    if typed.contains('\0') {
        return Ok(None);
    }
    let typed_name = Identifier::new(typed);
    let found = match find_by_identifier(conn, &typed_name)?.into_iter().next() {
        Some(user) => Some(user),
        None => find_by_username_ci(conn, &typed_name)?,
    };
    Ok(found.map(|user| user.id).or_else(|| number(typed)))
}

/// Up to `limit` users with an id above `after`, by rising id.
pub fn page(conn: &mut Conn, after: UserId, limit: i64) -> Result<Vec<User>, StoreError> {
    let rows =
        dsl::users.filter(dsl::id.gt(after.get())).order(dsl::id).limit(limit).load::<UserColumns>(conn)?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// The user of this name in any letter case.
pub fn find_by_username_ci(conn: &mut Conn, identifier: &Identifier) -> Result<Option<User>, StoreError> {
    let key = identifier.username_key();
    let found = prepared!(conn, |own| dsl::users
        .filter(dsl::username_key.eq(key.as_str()))
        .get_result::<UserColumns>(own));
    Ok(found.optional()?.map(User::from))
}

/// Whether there is any user at all.
pub fn any(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(dsl::users.select(dsl::id).first::<i64>(conn).optional()?.is_some())
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
pub fn skip_id(tx: &mut Tx<'_>) -> Result<UserId, StoreError> {
    dialect::next_user_id(tx)
}

/// Notes a login that worked.
pub fn record_login(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(dsl::users.find(id.get())).set(dsl::last_login_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// Stores the same password in a newer encoding.
pub fn replace_hash(tx: &mut Tx<'_>, id: UserId, hash: &PasswordHash) -> Result<(), StoreError> {
    diesel::update(dsl::users.find(id.get()))
        .set(dsl::password_hash.eq(hash.as_stored()))
        .execute(&mut **tx)?;
    Ok(())
}

/// Ends every session of the user, those in the admin too, and every token issued up to now. Who logs
/// in later, also within the same second, has a session that was not there.
pub fn end_tokens(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    end_tokens_but(tx, id, None, now)
}

/// The same, but for the session in the admin that `kept` opens.
pub fn end_tokens_but(
    tx: &mut Tx<'_>,
    id: UserId,
    kept: Option<&AdminKey>,
    now: Timestamp,
) -> Result<(), StoreError> {
    // The user first: whoever begins a session holds them, and so is either before this or after it.
    cut_tokens(tx, id, now)?;
    admin_sessions::remove_all_but(tx, id, kept)?;
    sessions::end_all(tx, id, None, now)
}

/// Ends the tokens that no session has: those of another issuer with the same key. They count in whole
/// seconds, so one of this very second ends, too, whenever in it it was issued.
pub(crate) fn cut_tokens(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(dsl::users.find(id.get()))
        .set(dsl::tokens_valid_from.eq(now.seconds().saturating_add(1)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Removes a user; answers whether there was one.
pub fn delete(tx: &mut Tx<'_>, id: UserId) -> Result<bool, StoreError> {
    Ok(diesel::delete(dsl::users.find(id.get())).execute(&mut **tx)? > 0)
}
