//! Lists of users for administrators: filtered, in an order, a page at a time. A page costs about the
//! same among a million users as among a thousand.
//!
//! A search is ordered by how well the term matches, because indexes exist in that order
//! (`ranked_search`). For every other order there are two ways to a page. Many matches turn up soon in a
//! scan along the index of the order, from the cursor on (`index_scan`). Few matches come from an index
//! of the filter's own (`conditions`, `trigrams`) and are sorted here. The scan decides: it stops after
//! `MAX_SCANNED` users.

mod conditions;
mod filter;
mod index_scan;
mod listed_user;
mod order;
mod ranked_search;
mod totals;
mod trigrams;

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::types::UserId;

use conditions::{FilterConditions, filter_conditions, indexed_condition, indexed_state_condition};
pub(crate) use filter::{LastLogin, MatchRank, SearchTerm, UserFilter};
use index_scan::{IndexScan, load};
use listed_user::COLUMNS;
pub(crate) use listed_user::ListedUser;
pub(crate) use order::{SortKey, SortOrder, UserCursor};
pub(crate) use totals::{Totals, count_up_to, exact_totals, totals};
use trigrams::SqlCondition;

/// How many users a scan along an index reads before another way is tried.
const MAX_SCANNED: usize = 2_000;

/// So few candidates are sorted here before any scan.
const FEW: usize = 200;

/// So many candidates are sorted here at most.
const MAX_SORTED: usize = 20_000;

/// Up to `limit` users after `cursor`.
pub(crate) fn page(
    conn: &mut Conn,
    filter: &UserFilter,
    order: SortOrder,
    cursor: Option<&UserCursor>,
    limit: usize,
) -> Result<Vec<ListedUser>, StoreError> {
    let cursor = cursor.filter(|cursor| cursor.belongs_to(order.by));
    if let (SortKey::Match, Some(term)) = (order.by, &filter.term) {
        let indexed = indexed_state_condition(filter);
        return match load_if_at_most(conn, filter, indexed.as_ref(), FEW)? {
            Some(users) => Ok(sorted_page(users, filter, order, cursor, limit)),
            None => ranked_search::page(conn, filter, term, order.descending, cursor, limit),
        };
    }
    let indexed = indexed_condition(conn, filter);
    if let Some(users) = load_if_at_most(conn, filter, indexed.as_ref(), FEW)? {
        return Ok(sorted_page(users, filter, order, cursor, limit));
    }
    let mut scan = IndexScan { order, cursor: cursor.cloned(), read: 0, is_done: false };
    let mut users = Vec::new();
    scan.collect(conn, filter, limit, MAX_SCANNED, &mut users)?;
    if users.len() < limit && !scan.is_done {
        if let Some(users) = load_if_at_most(conn, filter, indexed.as_ref(), MAX_SORTED)? {
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

/// All matches, if the indexed condition has at most `max` candidates.
fn load_if_at_most(
    conn: &mut Conn,
    filter: &UserFilter,
    indexed: Option<&SqlCondition>,
    max: usize,
) -> Result<Option<Vec<ListedUser>>, StoreError> {
    let Some(indexed) = indexed else { return Ok(None) };
    let candidates = load(conn, Some(indexed), "1 = 1", None, max + 1)?;
    let is_few = candidates.len() <= max;
    Ok(is_few.then(|| candidates.into_iter().filter(|user| filter.matches(user)).collect()))
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
