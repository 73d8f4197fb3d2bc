//! Table `users`. Names and addresses arrive as parsed types and are looked up by their folded keys. The
//! unique indexes decide whether a name or an address is taken. Of imported users whose names differ by letter case
//! alone, one has the key of the name, and the others an exact key (`UsernameKey::exact`).
//!
//! Look-ups by a unique key take `get_result` and not `first`: SQLite parses a `LIMIT ?` again
//! at every execution, which doubles the time.

mod change;
pub(crate) mod groups;
mod hash_cost;
mod hash_shapes;
mod imported;
mod imported_changes;
mod imported_user;
mod public_ids;
mod resolve;
mod search_key;
mod unique;

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users;
use crate::store::engine::schema::users::dsl;
use crate::store::engine::stored_text::StoredText;
use crate::types::{
    Email, Identifier, Lang, NewIds, PasswordHash, Timestamp, User, UserId, Username, search_key,
};

pub use change::UserUpdate;
pub(crate) use change::{Change, change, delete, due_for_deletion, set_recovery_email, touch, update};
pub(crate) use hash_cost::highest_hash_cost;
pub use hash_shapes::{hash_shapes, hashes_after};
pub(crate) use imported::attributes_of;
pub use imported::{ids_of, imported, insert_imported, update_imported};
pub(crate) use imported_changes::{keeps_names, lock_all, update_all_imported};
pub use imported_user::{ImportRefusal, ImportedUser};
pub use public_ids::id_of;
use public_ids::new_public_id;
pub(crate) use public_ids::{PublicIds, id_of_typed, public_id, skip_id};
pub(crate) use resolve::resolve;
pub(crate) use search_key::update_search_key;
use unique::refuse_other_keys;
pub(crate) use unique::{Clash, find_ambiguity, find_clashes, has_other_recovery_email, lock_identifiers};

/// A row to insert.
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
    /// Which id the user gets.
    pub ids: NewIds,
}

/// A user with the hash of the password, in Django's encoding. Loaded only where a password is checked.
#[derive(Clone, Debug)]
pub struct UserWithHash {
    /// The user.
    pub user: User,
    /// The hash.
    pub password_hash: PasswordHash,
}

/// The columns of a [`User`]: all but the keys and the hash.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct UserColumns {
    id: i64,
    #[diesel(deserialize_as = StoredText)]
    username: String,
    #[diesel(deserialize_as = StoredText)]
    email: String,
    is_email_confirmed: bool,
    is_active: bool,
    is_admin: bool,
    tokens_valid_from: i64,
    created_at: i64,
    updated_at: i64,
    last_login_at: Option<i64>,
    recovery_email: Option<String>,
    chosen_language: Option<String>,
    client_language: Option<String>,
    deletion_due_at: Option<i64>,
    public_id: Option<String>,
}

impl From<UserColumns> for User {
    fn from(row: UserColumns) -> Self {
        Self {
            id: UserId::new(row.id),
            text_id: row.public_id,
            username: Username::from_stored(row.username),
            email: Email::from_stored(row.email),
            is_email_confirmed: row.is_email_confirmed,
            recovery_email: row.recovery_email.map(Email::from_stored),
            is_active: row.is_active,
            deletion_due_at: row.deletion_due_at.map(Timestamp::from_micros),
            is_admin: row.is_admin,
            tokens_valid_from: row.tokens_valid_from,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            last_login_at: row.last_login_at.map(Timestamp::from_micros),
            chosen_language: row.chosen_language.as_deref().and_then(Lang::of_tag),
            client_language: row.client_language.as_deref().and_then(Lang::of_tag),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct UserWithHashColumns {
    #[diesel(embed)]
    user: UserColumns,
    password_hash: String,
}

impl From<UserWithHashColumns> for UserWithHash {
    fn from(row: UserWithHashColumns) -> Self {
        Self { user: row.user.into(), password_hash: PasswordHash::from_stored(row.password_hash) }
    }
}

/// The user with this id.
pub(crate) fn by_id(conn: &mut Conn, id: UserId) -> Result<Option<User>, StoreError> {
    let row =
        prepared!(conn, |own| dsl::users.find(id.get()).select(UserColumns::as_select()).get_result(own));
    Ok(row.optional()?.map(User::from))
}

/// The user with this id, and the hash of the password.
pub(crate) fn with_hash_by_id(conn: &mut Conn, id: UserId) -> Result<Option<UserWithHash>, StoreError> {
    let row = prepared!(conn, |own| dsl::users
        .find(id.get())
        .select(UserWithHashColumns::as_select())
        .get_result(own));
    Ok(row.optional()?.map(UserWithHash::from))
}

/// The user with this address, in any spelling.
pub(crate) fn by_email(conn: &mut Conn, email: &Email) -> Result<Option<User>, StoreError> {
    for key in email.keys() {
        let row = prepared!(conn, |own| dsl::users
            .filter(dsl::email_key.eq(key.as_str()))
            .select(UserColumns::as_select())
            .get_result(own));
        if let Some(user) = row.optional()? {
            return Ok(Some(user.into()));
        }
    }
    Ok(None)
}

/// The user who may ask for a new password with this address: the one with the address, else the one whose
/// recovery address it is. The mail goes to [`User::recovery_address`].
pub(crate) fn by_recovery_address(conn: &mut Conn, email: &Email) -> Result<Option<User>, StoreError> {
    let key = email.key();
    if let Some(user) = by_email(conn, email)? {
        return Ok(Some(user));
    }
    let row = dsl::users
        .filter(dsl::recovery_email_key.eq(key.as_str()))
        .order(dsl::id)
        .select(UserColumns::as_select())
        .first(conn);
    Ok(row.optional()?.map(User::from))
}

/// The user whose name this is, in any letter case.
pub(crate) fn find_by_username_ci(
    conn: &mut Conn,
    identifier: &Identifier,
) -> Result<Option<User>, StoreError> {
    for key in identifier.username_keys() {
        let same = dsl::username_key.ge(key.as_str()).and(dsl::username_key.lt(key.range_end()));
        let named = dsl::users.filter(same).order(dsl::username_key);
        let named: Vec<UserColumns> = named.select(UserColumns::as_select()).load(conn)?;
        let named = named.into_iter().map(User::from);
        if let Some(user) = named.into_iter().find(|user| key.covers(user.username.key().as_str())) {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

/// The users that `identifier` may mean at a login: the user of exactly that name first, then the one of
/// that address in any spelling. More than one only where one's name is the other's address, and where two
/// addresses of an earlier version are one mailbox.
pub fn with_hash_by_identifier(
    conn: &mut Conn,
    identifier: &Identifier,
) -> Result<Vec<UserWithHash>, StoreError> {
    let mut users: Vec<UserWithHash> = Vec::new();
    for key in identifier.username_keys() {
        let end = key.range_end();
        let named = prepared!(conn, |own| dsl::users
            .filter(dsl::username_key.ge(key.as_str()).and(dsl::username_key.lt(&end)))
            .select(UserWithHashColumns::as_select())
            .load::<UserWithHashColumns>(own))?;
        let named = named.into_iter().map(UserWithHash::from);
        users.extend(named.filter(|row| identifier.matches_username(&row.user.username)));
    }
    for key in identifier.email_keys() {
        let by_address = prepared!(conn, |own| dsl::users
            .filter(dsl::email_key.eq(key.as_str()))
            .select(UserWithHashColumns::as_select())
            .get_result(own));
        let found = by_address.optional()?.map(UserWithHash::from);
        let is_new = |row: &UserWithHash| users.iter().all(|first| first.user.id != row.user.id);
        let found = found.filter(is_new);
        users.extend(found);
    }
    Ok(users)
}

/// [`with_hash_by_identifier`] for callers that check no password.
pub fn find_by_identifier(conn: &mut Conn, identifier: &Identifier) -> Result<Vec<User>, StoreError> {
    Ok(with_hash_by_identifier(conn, identifier)?.into_iter().map(|row| row.user).collect())
}

/// Up to `limit` users with an id above `after`, by rising id.
pub(crate) fn page(conn: &mut Conn, after: UserId, limit: i64) -> Result<Vec<User>, StoreError> {
    let rows: Vec<UserColumns> = dsl::users
        .filter(dsl::id.gt(after.get()))
        .order(dsl::id)
        .limit(limit)
        .select(UserColumns::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// Whether there is any administrator, in whatever state.
pub(crate) fn any_administrator(conn: &mut Conn) -> Result<bool, StoreError> {
    let administrators = dsl::users.filter(dsl::is_admin.eq(true));
    Ok(administrators.select(dsl::id).first::<i64>(conn).optional()?.is_some())
}

/// Whether there is an active user who is no administrator.
pub(crate) fn any_candidate(conn: &mut Conn) -> Result<bool, StoreError> {
    let candidates = dsl::users.filter(dsl::is_active.eq(true)).filter(dsl::is_admin.eq(false));
    Ok(candidates.select(dsl::id).first::<i64>(conn).optional()?.is_some())
}

/// Whether there is any user at all.
pub(crate) fn any(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(dsl::users.select(dsl::id).first::<i64>(conn).optional()?.is_some())
}

/// All active administrators but `except`, with their hashes, which tell whether they can log in. There are
/// few of them.
pub(crate) fn active_administrators(
    conn: &mut Conn,
    except: Option<UserId>,
) -> Result<Vec<UserWithHash>, StoreError> {
    let rows: Vec<UserWithHashColumns> = dsl::users
        .filter(dsl::is_admin.eq(true))
        .filter(dsl::is_active.eq(true))
        .filter(dsl::id.ne(except.map_or(0, UserId::get)))
        .select(UserWithHashColumns::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(UserWithHash::from).collect())
}

/// Locks the set of administrators until the transaction ends. Every transaction that may take an
/// administrator away locks it before any user, so that of two that would remove the last two
/// administrators, one is refused.
pub(crate) fn lock_administrators(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    dialect::lock(tx, &["administrators".to_owned()])
}

/// Locks the user until the transaction ends, and reads the row.
pub(crate) fn lock(tx: &mut Tx<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    dialect::lock_user(tx, id)?;
    by_id(tx, id)
}

/// [`lock`], with the hash of the password.
pub(crate) fn lock_with_hash(tx: &mut Tx<'_>, id: UserId) -> Result<Option<UserWithHash>, StoreError> {
    dialect::lock_user(tx, id)?;
    with_hash_by_id(tx, id)
}

/// Adds a user.
///
/// # Errors
/// [`StoreError::Taken`] if the name or the address is another user's.
pub fn insert(tx: &mut Tx<'_>, new: &NewUser, now: Timestamp) -> Result<UserId, StoreError> {
    refuse_other_keys(tx, Some(&new.username), Some(&new.email), None)?;
    let public_id = new_public_id(tx, new.ids, now)?;
    let (username_key, email_key) = (new.username.key(), new.email.key());
    let id = diesel::insert_into(users::table)
        .values((
            users::username.eq(new.username.as_str()),
            users::username_key.eq(username_key.as_str()),
            users::email.eq(new.email.as_str()),
            users::email_key.eq(email_key.as_str()),
            users::search_key.eq(search_key(username_key.as_str(), email_key.as_str())),
            users::password_hash.eq(new.password_hash.as_stored()),
            users::is_email_confirmed.eq(new.is_email_confirmed),
            users::is_active.eq(new.is_active),
            users::is_admin.eq(new.is_admin),
            users::tokens_valid_from.eq(0),
            users::created_at.eq(now.micros()),
            users::updated_at.eq(now.micros()),
            users::public_id.eq(public_id),
        ))
        .returning(users::id)
        .get_result::<i64>(&mut **tx)?;
    Ok(UserId::new(id))
}

/// Sets [`User::last_login_at`], and [`User::client_language`] if the client asked for a language.
pub(crate) fn record_login(
    tx: &mut Tx<'_>,
    id: UserId,
    language: Option<Lang>,
    now: Timestamp,
) -> Result<(), StoreError> {
    // A column that is `None` stays.
    let login =
        (dsl::last_login_at.eq(now.micros()), language.map(|lang| dsl::client_language.eq(lang.tag())));
    diesel::update(dsl::users.find(id.get())).set(login).execute(&mut **tx)?;
    Ok(())
}

/// Sets [`User::client_language`] of a new account.
pub(crate) fn record_language(tx: &mut Tx<'_>, id: UserId, language: Lang) -> Result<(), StoreError> {
    let language = dsl::client_language.eq(language.tag());
    diesel::update(dsl::users.find(id.get())).set(language).execute(&mut **tx)?;
    Ok(())
}

/// Sets [`User::chosen_language`]. The account does not count as changed.
pub(crate) fn choose_language(tx: &mut Tx<'_>, id: UserId, language: Lang) -> Result<(), StoreError> {
    let language = dsl::chosen_language.eq(language.tag());
    diesel::update(dsl::users.find(id.get())).set(language).execute(&mut **tx)?;
    Ok(())
}

/// Stores the same password in a newer encoding. The account does not count as changed.
pub fn replace_hash(tx: &mut Tx<'_>, id: UserId, hash: &PasswordHash) -> Result<(), StoreError> {
    diesel::update(dsl::users.find(id.get()))
        .set(dsl::password_hash.eq(hash.as_stored()))
        .execute(&mut **tx)?;
    Ok(())
}

/// Revokes the tokens that have no session: those of another issuer with the same key. Tokens are dated in
/// whole seconds, so one of this very second is revoked, too.
pub(crate) fn revoke_sessionless_tokens(
    tx: &mut Tx<'_>,
    id: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::update(dsl::users.find(id.get()))
        .set(dsl::tokens_valid_from.eq(now.seconds().saturating_add(1)))
        .execute(&mut **tx)?;
    Ok(())
}
