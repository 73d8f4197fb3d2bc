//! Tables `groups` and `user_groups`: named sets of users. doorward decides nothing by them; access tokens can carry
//! their names (`tokens.claims`).

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::{groups, user_groups};
use crate::store::engine::stored_text::StoredText;
use crate::types::{GroupName, UserId, UsernameKey};

/// A group, and how many users it has.
#[derive(Clone, Debug, QueryableByName)]
pub(crate) struct Group {
    /// Its number, which no later group gets.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// The name.
    #[diesel(sql_type = Text, deserialize_as = StoredText)]
    pub name: String,
    /// How many users are in it.
    #[diesel(sql_type = BigInt)]
    pub users: i64,
}

/// Up to `limit` groups, by name.
pub(crate) fn all(conn: &mut Conn, limit: i64) -> Result<Vec<Group>, StoreError> {
    let query = "SELECT id, name, (SELECT count(*) FROM user_groups WHERE group_id = groups.id) AS users \
                 FROM groups ORDER BY name_key, id LIMIT $1";
    Ok(diesel::sql_query(query).bind::<BigInt, _>(limit).load(conn)?)
}

/// Up to `limit` groups after the one with the number `after`, by name. More users of a group than `max_users` are not
/// counted.
pub(crate) fn page(
    conn: &mut Conn,
    after: Option<i64>,
    limit: i64,
    max_users: i64,
) -> Result<Vec<Group>, StoreError> {
    let query = diesel::sql_query(
        "SELECT id, name, (SELECT count(*) FROM (SELECT 1 FROM user_groups WHERE group_id = groups.id LIMIT $1) AS members) \
             AS users \
         FROM groups WHERE $2 = 0 OR (name_key, id) > (SELECT name_key, id FROM groups WHERE id = $3) \
         ORDER BY name_key, id LIMIT $4",
    );
    let after = after.unwrap_or(0);
    let query = query.bind::<BigInt, _>(max_users + 1).bind::<BigInt, _>(after).bind::<BigInt, _>(after);
    Ok(query.bind::<BigInt, _>(limit).load(conn)?)
}

/// The number of the group with exactly this name.
pub(crate) fn number_of(conn: &mut Conn, name: &str) -> Result<Option<i64>, StoreError> {
    Ok(groups::table.filter(groups::name.eq(name)).select(groups::id).get_result(conn).optional()?)
}

/// The name of the group with a number.
pub(crate) fn name_of(conn: &mut Conn, id: i64) -> Result<Option<String>, StoreError> {
    Ok(groups::table.find(id).select(groups::name).get_result(conn).optional()?)
}

/// Which of these users are in a group.
pub(crate) fn members_among(
    conn: &mut Conn,
    group: i64,
    users: &[UserId],
) -> Result<BTreeSet<UserId>, StoreError> {
    let mut members = BTreeSet::new();
    for chunk in users.chunks(CHUNK) {
        let ids = chunk.iter().map(|id| id.get());
        let some = user_groups::table.filter(user_groups::group_id.eq(group));
        let some = some.filter(user_groups::user_id.eq_any(ids)).select(user_groups::user_id);
        members.extend(some.load::<i64>(conn)?.into_iter().map(UserId::new));
    }
    Ok(members)
}

/// The names of all groups, at most `limit`, in the order of a list.
pub(crate) fn names(conn: &mut Conn, limit: i64) -> Result<Vec<String>, StoreError> {
    Ok(groups::table.order((groups::name_key, groups::id)).select(groups::name).limit(limit).load(conn)?)
}

/// The names of the groups of a user, in the order of a list.
pub(crate) fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<String>, StoreError> {
    let own = user_groups::table.inner_join(groups::table.on(groups::id.eq(user_groups::group_id)));
    let own = own.filter(user_groups::user_id.eq(user.get())).order((groups::name_key, groups::id));
    Ok(own.select(groups::name).load(conn)?)
}

/// The names of the groups of each of these users, in the order of a list.
pub(crate) fn of_users(
    conn: &mut Conn,
    users: &[UserId],
) -> Result<BTreeMap<UserId, Vec<String>>, StoreError> {
    let mut names: BTreeMap<UserId, Vec<String>> = BTreeMap::new();
    for chunk in users.chunks(CHUNK) {
        let ids = chunk.iter().map(|id| id.get());
        let own = user_groups::table.inner_join(groups::table.on(groups::id.eq(user_groups::group_id)));
        let own = own.filter(user_groups::user_id.eq_any(ids)).order((groups::name_key, groups::id));
        for (user, name) in own.select((user_groups::user_id, groups::name)).load::<(i64, String)>(conn)? {
            names.entry(UserId::new(user)).or_default().push(name);
        }
    }
    Ok(names)
}

/// The group with exactly this name, or else the one whose name differs by letter case alone, if there is one only.
pub(crate) fn find(conn: &mut Conn, typed: &GroupName) -> Result<Option<String>, StoreError> {
    let key = UsernameKey::of(typed.as_str());
    let same = groups::table.filter(groups::name_key.eq(key.as_str())).select(groups::name);
    let mut same: Vec<String> = same.limit(2).load(conn)?;
    if same.len() < 2 {
        return Ok(same.pop());
    }
    let exact = groups::table.filter(groups::name.eq(typed.as_str())).select(groups::name);
    Ok(exact.get_result(conn).optional()?)
}

/// Up to `limit` users of a group with an id above `after`, by rising id.
pub(crate) fn users_of(
    conn: &mut Conn,
    name: &str,
    after: UserId,
    limit: i64,
) -> Result<Vec<UserId>, StoreError> {
    let query = diesel::sql_query(
        "SELECT user_id AS id FROM user_groups WHERE group_id = (SELECT id FROM groups WHERE name = $1) \
         AND user_id > $2 ORDER BY user_id LIMIT $3",
    );
    let query = query.bind::<Text, _>(name).bind::<BigInt, _>(after.get()).bind::<BigInt, _>(limit);
    Ok(query.load::<IdRow>(conn)?.into_iter().map(|row| UserId::new(row.id)).collect())
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Makes the user a member of exactly these groups, and makes the groups that do not exist. The caller has locked the
/// user.
pub(crate) fn set(tx: &mut Tx<'_>, user: UserId, names: &[String]) -> Result<(), StoreError> {
    set_all(tx, &[(user, names)])
}

/// [`set`], for many users.
pub(super) fn set_all(tx: &mut Tx<'_>, users: &[(UserId, &[String])]) -> Result<(), StoreError> {
    for chunk in users.chunks(CHUNK) {
        let ids = chunk.iter().map(|(user, _)| user.get());
        diesel::delete(user_groups::table.filter(user_groups::user_id.eq_any(ids))).execute(&mut **tx)?;
    }
    add_all(tx, users)
}

/// Deletes a group; answers whether there was one with exactly this name.
pub(crate) fn delete(tx: &mut Tx<'_>, name: &str) -> Result<bool, StoreError> {
    lock(tx)?;
    Ok(diesel::delete(groups::table.filter(groups::name.eq(name))).execute(&mut **tx)? > 0)
}

/// How many values one statement has at most, fewer than SQLite's limit.
const CHUNK: usize = 500;

/// Makes users members of groups that they are not in yet, and makes the groups that do not exist.
pub(super) fn add_all(tx: &mut Tx<'_>, users: &[(UserId, &[String])]) -> Result<(), StoreError> {
    let names: BTreeSet<&str> =
        users.iter().flat_map(|(_, names)| names.iter()).map(String::as_str).collect();
    if names.is_empty() {
        return Ok(());
    }
    let ids = make(tx, &names)?;
    let mut rows = BTreeSet::new();
    for (user, names) in users {
        rows.extend(names.iter().filter_map(|name| ids.get(name.as_str())).map(|group| (user.get(), *group)));
    }
    let rows: Vec<(i64, i64)> = rows.into_iter().collect();
    for chunk in rows.chunks(CHUNK) {
        let values: Vec<_> = chunk
            .iter()
            .map(|(user, group)| (user_groups::user_id.eq(*user), user_groups::group_id.eq(*group)))
            .collect();
        match &mut **tx {
            Conn::Sqlite(own) => diesel::insert_into(user_groups::table).values(values).execute(own)?,
            Conn::Pg(own) => diesel::insert_into(user_groups::table).values(values).execute(own)?,
        };
    }
    Ok(())
}

/// The ids of groups by their names; makes those that do not exist.
fn make(tx: &mut Tx<'_>, names: &BTreeSet<&str>) -> Result<BTreeMap<String, i64>, StoreError> {
    let names: Vec<&str> = names.iter().copied().collect();
    let mut ids = find_all(tx, &names)?;
    if names.iter().all(|name| ids.contains_key(*name)) {
        return Ok(ids);
    }
    lock(tx)?;
    ids = find_all(tx, &names)?;
    for name in names {
        if !ids.contains_key(name) {
            let key = UsernameKey::of(name);
            let id = diesel::insert_into(groups::table)
                .values((groups::name.eq(name), groups::name_key.eq(key.as_str())))
                .returning(groups::id)
                .get_result::<i64>(&mut **tx)?;
            ids.insert(name.to_owned(), id);
        }
    }
    Ok(ids)
}

fn find_all(conn: &mut Conn, names: &[&str]) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut ids = BTreeMap::new();
    for chunk in names.chunks(CHUNK) {
        let found = groups::table.filter(groups::name.eq_any(chunk.iter().copied()));
        ids.extend(found.select((groups::name, groups::id)).load::<(String, i64)>(conn)?);
    }
    Ok(ids)
}

/// Locks the set of groups until the transaction ends.
fn lock(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    dialect::lock(tx, &["groups".to_owned()])
}
