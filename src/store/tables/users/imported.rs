//! Users that come from another login server, as they are there: with their ids, with names and addresses outside of
//! today's rules, without an address, with attributes and groups. Many are written with one statement.

use std::collections::HashMap;

use diesel::prelude::*;
use thiserror::Error;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users;
use crate::store::engine::schema::users::dsl;
use crate::store::tables::users::groups;
use crate::store::tables::users::{UserWithHash, UserWithHashColumns};
use crate::types::{
    Attributes, Email, EmailKey, PasswordHash, PublicId, Timestamp, UserId, Username, UsernameKey, search_key,
};

/// A user as the other server has it.
#[derive(Clone, Debug)]
pub struct ImportedUser {
    /// The id that clients know. An integer is kept as the number of the row.
    pub id: PublicId,
    /// The name: any text but a blank one.
    pub username: Username,
    /// The address: any text, or a blank one.
    pub email: Email,
    /// The hash of the password, in Django's encoding.
    pub password_hash: PasswordHash,
    /// See [`crate::types::User::is_email_confirmed`].
    pub is_email_confirmed: bool,
    /// See [`crate::types::User::is_active`].
    pub is_active: bool,
    /// See [`crate::types::User::is_admin`].
    pub is_admin: bool,
    /// When the account was created.
    pub created_at: Timestamp,
    /// The last successful login.
    pub last_login_at: Option<Timestamp>,
    /// What there is no column for.
    pub attributes: Attributes,
    /// The names of the groups: any texts but blank ones. Groups that do not exist are made.
    pub groups: Vec<String>,
}

/// Why a user was not written. No message has a value of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ImportRefusal {
    /// A value that cannot be stored.
    #[error("{0}")]
    Unusable(&'static str),
    /// Another user has the id.
    #[error("another user has this id")]
    IdTaken(UserId),
    /// Another user has exactly this name.
    #[error("another user has this username")]
    UsernameTaken(UserId),
    /// Another user has this address, in some spelling.
    #[error("another user has this email address")]
    EmailTaken(UserId),
}

/// How many users one statement writes, fewer values than SQLite's limit.
const CHUNK: usize = 500;

/// Adds users; answers for each, in order, its number or why it was left out.
///
/// # Errors
/// [`StoreError::Taken`] if another transaction has taken a name or an address in the meantime: then nothing is
/// written.
pub fn insert_imported(
    tx: &mut Tx<'_>,
    new: &[ImportedUser],
    now: Timestamp,
) -> Result<Vec<Result<UserId, ImportRefusal>>, StoreError> {
    let mut outcomes = Vec::with_capacity(new.len());
    for chunk in new.chunks(CHUNK) {
        outcomes.extend(insert_chunk(tx, chunk, now)?);
    }
    Ok(outcomes)
}

fn insert_chunk(
    tx: &mut Tx<'_>,
    chunk: &[ImportedUser],
    now: Timestamp,
) -> Result<Vec<Result<UserId, ImportRefusal>>, StoreError> {
    let texts = chunk.iter().filter(|user| matches!(user.id, PublicId::Text(_))).count();
    let mut numbers = match texts {
        0 => Vec::new(),
        count => dialect::take_user_ids(tx, count)?,
    }
    .into_iter();
    let mut taken = Taken::load(tx, chunk)?;
    let (mut outcomes, mut rows, mut members) = (Vec::with_capacity(chunk.len()), Vec::new(), Vec::new());
    let mut highest = None;
    for user in chunk {
        let number = match user.id {
            PublicId::Integer(id) => id,
            PublicId::Text(_) => numbers.next().ok_or(StoreError::Interrupted)?,
        };
        let keys = match refuse_unusable(user).and_then(|()| taken.claim(user, number)) {
            Ok(keys) => keys,
            Err(refusal) => {
                outcomes.push(Err(refusal));
                continue;
            }
        };
        highest = highest.max(Some(number));
        members.push((number, user.groups.as_slice()));
        rows.push(NewRow::new(user, number, keys, now));
        outcomes.push(Ok(number));
    }
    if rows.is_empty() {
        return Ok(outcomes);
    }
    match &mut **tx {
        Conn::Sqlite(own) => diesel::insert_into(users::table).values(&rows).execute(own)?,
        Conn::Pg(own) => diesel::insert_into(users::table).values(&rows).execute(own)?,
    };
    if let Some(highest) = highest {
        dialect::pass_user_id(tx, highest)?;
    }
    groups::add_all(tx, &members)?;
    Ok(outcomes)
}

/// Makes an existing user as in `imported`, whose id is not looked at: a user keeps its id. Ends no session.
///
/// # Errors
/// As [`insert_imported`].
pub fn update_imported(
    tx: &mut Tx<'_>,
    id: UserId,
    imported: &ImportedUser,
    now: Timestamp,
) -> Result<Result<(), ImportRefusal>, StoreError> {
    dialect::lock_user(tx, id)?;
    let mut taken = Taken::load(tx, std::slice::from_ref(imported))?;
    taken.forget(id);
    let keys = match refuse_unusable(imported).and_then(|()| taken.claim_keys(imported, id)) {
        Ok(keys) => keys,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let row = ChangedRow::new(imported, keys, now);
    diesel::update(dsl::users.find(id.get())).set(&row).execute(&mut **tx)?;
    groups::set(tx, id, &imported.groups)?;
    Ok(Ok(()))
}

/// The users of these ids, in order. Unlike [`super::id_of`], a text of digits is no integer.
pub fn ids_of(conn: &mut Conn, ids: &[PublicId]) -> Result<Vec<Option<UserId>>, StoreError> {
    let mut found: HashMap<PublicId, UserId> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows = rows_with_ids(conn, &chunk.iter().collect::<Vec<_>>())?;
        found.extend(rows.into_iter().map(|(id, text)| (text.map_or(PublicId::Integer(id), PublicId::Text), id)));
    }
    Ok(ids.iter().map(|id| found.get(id).copied()).collect())
}

/// Up to `limit` users with a number above `after`, by rising number, with everything that an import writes.
pub fn imported(
    conn: &mut Conn,
    after: UserId,
    limit: i64,
) -> Result<Vec<(UserId, ImportedUser)>, StoreError> {
    let page = dsl::users.filter(dsl::id.gt(after.get())).order(dsl::id).limit(limit);
    let rows: Vec<(UserWithHashColumns, Option<String>)> =
        page.select((UserWithHashColumns::as_select(), dsl::attributes)).load(conn)?;
    let ids: Vec<UserId> = rows.iter().map(|(row, _)| UserId::new(row.user.id)).collect();
    let mut groups = groups::of_users(conn, &ids)?;
    let users = rows.into_iter().map(|(row, attributes)| {
        let row = UserWithHash::from(row);
        let id = row.user.id;
        let user = ImportedUser {
            id: row.user.public_id(),
            username: row.user.username,
            email: row.user.email,
            password_hash: row.password_hash,
            is_email_confirmed: row.user.is_email_confirmed,
            is_active: row.user.is_active,
            is_admin: row.user.is_admin,
            created_at: row.user.created_at,
            last_login_at: row.user.last_login_at,
            attributes: attributes.as_deref().map(Attributes::from_stored).unwrap_or_default(),
            groups: groups.remove(&id).unwrap_or_default(),
        };
        (id, user)
    });
    Ok(users.collect())
}

/// The attributes of a user.
pub(crate) fn attributes(conn: &mut Conn, id: UserId) -> Result<Attributes, StoreError> {
    let stored = dsl::users.find(id.get()).select(dsl::attributes).get_result::<Option<String>>(conn);
    Ok(stored.optional()?.flatten().as_deref().map(Attributes::from_stored).unwrap_or_default())
}

/// A NUL is refused by PostgreSQL, and by SQLite's tools.
fn refuse_unusable(user: &ImportedUser) -> Result<(), ImportRefusal> {
    let unusable = |why| Err(ImportRefusal::Unusable(why));
    if user.username.key().as_str().is_empty() {
        return unusable("the username is blank");
    }
    if matches!(user.id, PublicId::Integer(id) if id.get() < 1) {
        return unusable("the id is no positive number");
    }
    if user.groups.iter().any(|name| name.trim().is_empty()) {
        return unusable("the name of a group is blank");
    }
    let texts = [user.username.as_str(), user.email.as_str(), user.password_hash.as_stored()];
    if texts.into_iter().chain(user.groups.iter().map(String::as_str)).any(|text| text.contains('\0')) {
        return unusable("a text has a NUL character");
    }
    Ok(())
}

/// Who has the ids, names and addresses of some users.
#[derive(Default)]
struct Taken {
    ids: HashMap<PublicId, UserId>,
    /// By the column `username_key`.
    keys: HashMap<String, UserId>,
    /// By the exact key, whether it is in the column or not.
    names: HashMap<String, UserId>,
    /// By the column `email_key`.
    emails: HashMap<String, UserId>,
}

/// The keys of a user to write.
struct Keys {
    username: String,
    email: String,
}

impl Taken {
    fn load(conn: &mut Conn, chunk: &[ImportedUser]) -> Result<Self, StoreError> {
        let mut taken = Self::default();
        let ids: Vec<&PublicId> = chunk.iter().map(|user| &user.id).collect();
        for (id, text) in rows_with_ids(conn, &ids)? {
            taken.claim_id(text.map(PublicId::Text), id);
        }
        let (mut keys, mut email_keys) = (Vec::new(), Vec::new());
        for user in chunk {
            keys.extend(user.username.keys().into_iter().chain([user.username.exact_key()]));
            email_keys.extend(user.email.keys());
        }
        let keys: Vec<&str> = keys.iter().map(UsernameKey::as_str).collect();
        let named = dsl::users.filter(dsl::username_key.eq_any(keys));
        let named = named.select((dsl::username_key, dsl::username, dsl::id));
        for (key, name, id) in named.load::<(String, String, i64)>(conn)? {
            let (id, exact) = (UserId::new(id), UsernameKey::exact(&name));
            taken.names.insert(exact.as_str().to_owned(), id);
            taken.keys.insert(key, id);
        }
        let email_keys: Vec<&str> = email_keys.iter().map(EmailKey::as_str).collect();
        let addressed = dsl::users.filter(dsl::email_key.eq_any(email_keys));
        for (key, id) in addressed.select((dsl::email_key, dsl::id)).load::<(String, i64)>(conn)? {
            taken.emails.insert(key, UserId::new(id));
        }
        Ok(taken)
    }

    /// A user does not clash with itself.
    fn forget(&mut self, id: UserId) {
        for names in [&mut self.keys, &mut self.names, &mut self.emails] {
            names.retain(|_, other| *other != id);
        }
    }

    /// The number of a row is taken, too, where clients know another id.
    fn claim_id(&mut self, id: Option<PublicId>, number: UserId) {
        self.ids.insert(PublicId::Integer(number), number);
        self.ids.extend(id.map(|id| (id, number)));
    }

    /// Claims id, name and address for a user, or says who has one of them.
    fn claim(&mut self, user: &ImportedUser, number: UserId) -> Result<Keys, ImportRefusal> {
        if let Some(other) = self.ids.get(&user.id) {
            return Err(ImportRefusal::IdTaken(*other));
        }
        let keys = self.claim_keys(user, number)?;
        self.claim_id(Some(user.id.clone()), number);
        Ok(keys)
    }

    /// Of names that differ by letter case alone, the later ones get an exact key.
    fn claim_keys(&mut self, user: &ImportedUser, number: UserId) -> Result<Keys, ImportRefusal> {
        if let Some(other) = user.email.keys().iter().find_map(|key| self.emails.get(key.as_str())) {
            return Err(ImportRefusal::EmailTaken(*other));
        }
        let exact = user.username.exact_key().as_str().to_owned();
        if let Some(other) = self.names.get(&exact) {
            return Err(ImportRefusal::UsernameTaken(*other));
        }
        let has_twin = user.username.keys().iter().any(|key| self.keys.contains_key(key.as_str()));
        let username = if has_twin { exact.clone() } else { user.username.key().as_str().to_owned() };
        self.keys.insert(username.clone(), number);
        self.names.insert(exact, number);
        let email = user.email.key().as_str().to_owned();
        if !email.is_empty() {
            self.emails.insert(email.clone(), number);
        }
        Ok(Keys { username, email })
    }
}

/// The rows with these ids: each with its number, and the id that clients know, if it is a text.
fn rows_with_ids(
    conn: &mut Conn,
    ids: &[&PublicId],
) -> Result<Vec<(UserId, Option<String>)>, StoreError> {
    let (mut numbers, mut texts) = (Vec::new(), Vec::new());
    for id in ids {
        match id {
            PublicId::Integer(id) => numbers.push(id.get()),
            PublicId::Text(text) => texts.push(text.as_str()),
        }
    }
    let columns = (dsl::id, dsl::public_id);
    let mut rows: Vec<(i64, Option<String>)> = Vec::new();
    if !numbers.is_empty() {
        rows.extend(dsl::users.filter(dsl::id.eq_any(numbers)).select(columns).load(conn)?);
    }
    if !texts.is_empty() {
        rows.extend(dsl::users.filter(dsl::public_id.eq_any(texts)).select(columns).load(conn)?);
    }
    Ok(rows.into_iter().map(|(id, text)| (UserId::new(id), text)).collect())
}

#[derive(Insertable)]
#[diesel(table_name = users)]
#[diesel(treat_none_as_default_value = false)]
struct NewRow<'a> {
    id: i64,
    public_id: Option<&'a str>,
    tokens_valid_from: i64,
    #[diesel(embed)]
    row: ChangedRow<'a>,
}

/// The columns that an import writes, but for the id.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = users)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
struct ChangedRow<'a> {
    username: &'a str,
    username_key: String,
    email: &'a str,
    email_key: String,
    search_key: Option<String>,
    password_hash: &'a str,
    is_email_confirmed: bool,
    is_active: bool,
    is_admin: bool,
    created_at: i64,
    updated_at: i64,
    last_login_at: Option<i64>,
    attributes: Option<String>,
}

impl<'a> NewRow<'a> {
    fn new(user: &'a ImportedUser, id: UserId, keys: Keys, now: Timestamp) -> Self {
        let public_id = match &user.id {
            PublicId::Integer(_) => None,
            PublicId::Text(text) => Some(text.as_str()),
        };
        Self { id: id.get(), public_id, tokens_valid_from: 0, row: ChangedRow::new(user, keys, now) }
    }
}

impl<'a> ChangedRow<'a> {
    fn new(user: &'a ImportedUser, keys: Keys, now: Timestamp) -> Self {
        Self {
            search_key: search_key(&keys.username, &keys.email),
            username: user.username.as_str(),
            username_key: keys.username,
            email: user.email.as_str(),
            email_key: keys.email,
            password_hash: user.password_hash.as_stored(),
            is_email_confirmed: user.is_email_confirmed,
            is_active: user.is_active,
            is_admin: user.is_admin,
            created_at: user.created_at.micros(),
            updated_at: now.micros(),
            last_login_at: user.last_login_at.map(Timestamp::micros),
            attributes: user.attributes.to_stored(),
        }
    }
}
