//! Lists of users for administrators: filtered, in an order, a page at a time. A page costs about the
//! same among a million users as among a thousand.
//!
//! A search that up to `MAX_NAMED` users may match is ordered by name, and one with more matches by how well they
//! match, because indexes exist in that order (`ranked_search`). For every other order there are two ways to a page. Many matches turn up soon in a
//! scan along the index of the order, from the cursor on (`index_scan`). Few matches come from an index
//! of the filter's own (`conditions`, `trigrams`) and are sorted here. The scan decides: it stops after
//! `MAX_SCANNED` users.

mod conditions;
mod filter;
mod index_scan;
mod listed_user;
mod order;
mod ranked_search;
mod search_term;
mod totals;
mod trigrams;

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::tables::users;
use crate::types::{Identifier, UserId};

use conditions::{FilterConditions, filter_conditions, indexed_conditions};
use filter::matching;
pub(crate) use filter::{LastLogin, MatchRank, UserFilter};
use index_scan::{IndexScan, load};
use listed_user::COLUMNS;
pub(crate) use listed_user::ListedUser;
pub(crate) use order::{SortKey, SortOrder, UserCursor};
pub(crate) use search_term::SearchTerm;
pub(crate) use totals::{Totals, count_up_to, exact_totals, totals};
use trigrams::SqlCondition;

/// How many users a scan along an index reads before another way is tried.
const MAX_SCANNED: usize = 2_000;

/// So few candidates are sorted here before any scan.
const FEW: usize = 200;

/// So few candidates of a search are sorted by name; more of them by how well they match.
const MAX_NAMED: usize = 1_000;

/// So many candidates are sorted here at most.
const MAX_SORTED: usize = 20_000;

/// The order in which a page of this filter is read: a search that few users match is sorted by name.
pub(crate) fn order_of_page(
    conn: &mut Conn,
    filter: &UserFilter,
    order: SortOrder,
) -> Result<SortOrder, StoreError> {
    if order.by != SortKey::Match {
        return Ok(order);
    }
    let limit = MAX_NAMED + 1;
    for indexed in indexed_conditions(conn, filter, Some(limit)) {
        if count_of(conn, indexed, limit)? <= MAX_NAMED {
            return Ok(SortOrder { by: SortKey::Username, ..order });
        }
    }
    Ok(order)
}

/// Up to `limit` users after `cursor`.
pub(crate) fn page(
    conn: &mut Conn,
    filter: &UserFilter,
    order: SortOrder,
    cursor: Option<&UserCursor>,
    limit: usize,
) -> Result<Vec<ListedUser>, StoreError> {
    let cursor = cursor.filter(|cursor| cursor.belongs_to(order.by));
    if let Some(users) = load_if_at_most(conn, filter, FEW)? {
        return Ok(sorted_page(users, filter, order, cursor, limit));
    }
    if order.by == SortKey::Match && !filter.terms.is_empty() {
        return ranked_search::page(conn, filter, order.descending, cursor, limit);
    }
    let mut scan = IndexScan { order, cursor: cursor.cloned(), read: 0, is_done: false };
    let mut users = Vec::new();
    scan.collect(conn, filter, limit, MAX_SCANNED, &mut users)?;
    if users.len() < limit && !scan.is_done {
        if let Some(users) = load_if_at_most(conn, filter, MAX_SORTED)? {
            return Ok(sorted_page(users, filter, order, cursor, limit));
        }
        // There are many matches, all of them far from the cursor: the database sorts them, once.
        let FilterConditions { indexed, rest, texts } = filter_conditions(conn, filter, None);
        let indexed = SqlCondition { sql: indexed, texts };
        users = load(conn, Some(&indexed), &rest, Some((order, cursor)), limit)?;
    }
    users.truncate(limit);
    Ok(users)
}

/// Passes every match to `visitor`, by rising id, and at most one more than `max`. Takes time in
/// proportion to the number of matches.
pub(crate) fn visit(
    conn: &mut Conn,
    filter: &UserFilter,
    max: usize,
    mut visitor: impl FnMut(ListedUser),
) -> Result<(), StoreError> {
    let FilterConditions { indexed, rest, texts } = filter_conditions(conn, filter, None);
    let limit = max.saturating_add(1);
    // Without the subquery, SQLite would read the whole table in the order of ids.
    let indexed = match filter.added_after {
        Some(_) => format!("id IN (SELECT id FROM users WHERE {indexed})"),
        None => indexed,
    };
    let query = format!("SELECT {COLUMNS} FROM users WHERE {indexed} AND {rest} ORDER BY id LIMIT {limit}");
    let mut query = diesel::sql_query(query).into_boxed();
    for text in texts {
        query = query.bind::<Text, _>(text);
    }
    for user in query.load_iter::<ListedUser, DefaultLoadingMode>(conn)? {
        visitor(user?);
    }
    Ok(())
}

/// The users with these ids, by rising id. Ids without a user are skipped.
pub(crate) fn by_ids(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<ListedUser>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Ids are numbers, so nothing has to be quoted.
    let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let query = format!("SELECT {COLUMNS} FROM users WHERE id IN ({}) ORDER BY id", list.join(", "));
    Ok(diesel::sql_query(query).load(conn)?)
}

/// The filter, with what only the database knows of the words of its search. Where ids are texts, a word may be the id
/// of a user. And a whole address that a user has means that user alone: who contains it is somebody else, as
/// `hanna@example.com` contains `anna@example.com`.
pub(crate) fn resolve(conn: &mut Conn, mut filter: UserFilter) -> Result<UserFilter, StoreError> {
    for term in &mut filter.terms {
        if term.id.is_none() {
            term.id = users::id_of_typed(conn, &term.word)?;
        }
    }
    if let ([term], None) = (filter.terms.as_slice(), filter.id)
        && term.word.contains('@')
        && let [user] = ids_of_whole(conn, term)?[..]
    {
        filter.id = Some(user);
        filter.terms.clear();
    }
    Ok(filter)
}

/// The users that the filter matches and that the only word of its search names whole: by id, name or address.
pub(crate) fn named_whole(conn: &mut Conn, filter: &UserFilter) -> Result<Vec<ListedUser>, StoreError> {
    let [term] = filter.terms.as_slice() else { return Ok(Vec::new()) };
    let mut ids = ids_of_whole(conn, term)?;
    ids.extend(term.id);
    let users = by_ids(conn, &ids)?;
    matching(conn, filter, users)
}

/// The users with this name, or with this address in any letter case.
fn ids_of_whole(conn: &mut Conn, term: &SearchTerm) -> Result<Vec<UserId>, StoreError> {
    let users = users::find_by_identifier(conn, &Identifier::new(&term.word))?;
    Ok(users.into_iter().map(|user| user.id).collect())
}

/// All matches, if one of the indexed conditions has at most `max` candidates.
fn load_if_at_most(
    conn: &mut Conn,
    filter: &UserFilter,
    max: usize,
) -> Result<Option<Vec<ListedUser>>, StoreError> {
    for indexed in indexed_conditions(conn, filter, Some(max + 1)) {
        let candidates = load(conn, Some(&indexed), "1 = 1", None, max + 1)?;
        if candidates.len() <= max {
            return Ok(Some(matching(conn, filter, candidates)?));
        }
    }
    Ok(None)
}

#[derive(QueryableByName)]
struct NumberRow {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many users an indexed condition has, up to `limit`.
fn count_of(conn: &mut Conn, indexed: SqlCondition, limit: usize) -> Result<usize, StoreError> {
    let sql = format!(
        "SELECT count(*) AS number FROM (SELECT 1 FROM users WHERE {} LIMIT {limit}) AS some_users",
        indexed.sql
    );
    let mut query = diesel::sql_query(sql).into_boxed();
    for text in indexed.texts {
        query = query.bind::<Text, _>(text);
    }
    Ok(usize::try_from(query.get_result::<NumberRow>(conn)?.number).unwrap_or(0))
}

fn sorted_page(
    mut users: Vec<ListedUser>,
    filter: &UserFilter,
    order: SortOrder,
    cursor: Option<&UserCursor>,
    limit: usize,
) -> Vec<ListedUser> {
    let cursor_of = |user: &ListedUser| UserCursor::at_user(user, filter, order.by);
    users.retain(|user| cursor.is_none_or(|cursor| cursor.is_before(&cursor_of(user), order)));
    users.sort_by_cached_key(cursor_of);
    if order.descending {
        users.reverse();
    }
    users.truncate(limit);
    users
}

#[cfg(test)]
mod tests {
    use diesel::{Connection as _, SqliteConnection};

    use super::*;
    use crate::store::engine::migrations;

    #[derive(QueryableByName)]
    struct PlanRow {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    #[test]
    fn an_index_serves_every_search() {
        let mut conn = Conn::Sqlite(SqliteConnection::establish(":memory:").unwrap());
        migrations::run(&mut conn).unwrap();
        for words in ["a", "ø", "anna", "müller", "42", "1234", "anna rossi", "anna ro", "a b"] {
            let terms = words.split(' ').filter_map(SearchTerm::new).collect();
            let filter = UserFilter { terms, ..UserFilter::default() };
            let indexed = indexed_conditions(&conn, &filter, Some(10)).remove(0);
            let plan =
                format!("EXPLAIN QUERY PLAN SELECT {COLUMNS} FROM users WHERE {} LIMIT 10", indexed.sql);
            let mut query = diesel::sql_query(plan).into_boxed();
            for text in indexed.texts {
                query = query.bind::<Text, _>(text);
            }
            let plan: Vec<String> =
                query.load::<PlanRow>(&mut conn).unwrap().into_iter().map(|row| row.detail).collect();
            assert!(plan.iter().any(|step| step.starts_with("SEARCH users USING ")), "{words}: {plan:?}");
            assert!(!plan.iter().any(|step| step.starts_with("SCAN users")), "{words}: {plan:?}");
        }
    }
}
