//! Users that come from another login server, as they are there: with their ids, with names and addresses outside of
//! today's rules, without an address, with attributes and groups. Many are written with one statement.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users;
use crate::store::engine::schema::users::dsl;
use crate::store::tables::users::groups;
use crate::store::tables::users::imported_user::{ImportRefusal, ImportedUser, Keys, Taken, rows_with_ids};
use crate::store::tables::users::{UserWithHash, UserWithHashColumns};
use crate::types::{Attributes, PublicId, Timestamp, UserId, search_key};

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
    let integers = chunk.iter().filter_map(|user| match user.id {
        PublicId::Integer(id) => Some(id),
        PublicId::Text(_) => None,
    });
    if let Some(highest) = integers.clone().max() {
        dialect::pass_user_id(tx, highest)?;
    }
    let texts = chunk.len() - integers.count();
    let mut numbers = dialect::take_user_ids(tx, texts)?.into_iter();
    let mut taken = Taken::load(tx, chunk)?;
    let (mut outcomes, mut rows, mut members) = (Vec::with_capacity(chunk.len()), Vec::new(), Vec::new());
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
        found.extend(
            rows.into_iter().map(|(id, text)| (text.map_or(PublicId::Integer(id), PublicId::Text), id)),
        );
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

/// The attributes of those of these users who have some.
pub(crate) fn attributes_of(
    conn: &mut Conn,
    ids: &[UserId],
) -> Result<BTreeMap<UserId, Attributes>, StoreError> {
    let mut attributes = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let users = dsl::users.filter(dsl::id.eq_any(chunk.iter().map(|id| id.get())));
        let users = users.filter(dsl::attributes.is_not_null());
        for (id, stored) in
            users.select((dsl::id, dsl::attributes.assume_not_null())).load::<(i64, String)>(conn)?
        {
            attributes.insert(UserId::new(id), Attributes::from_stored(&stored));
        }
    }
    Ok(attributes)
}

/// A NUL is refused by PostgreSQL, and by SQLite's tools.
pub(super) fn refuse_unusable(user: &ImportedUser) -> Result<(), ImportRefusal> {
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
