//! A filter as SQL: the conditions that an index of its own serves, and the rest.

use crate::store::engine::connection::Conn;
use crate::store::queries::user_list::filter::{LastLogin, UserFilter, members_sql};
use crate::store::queries::user_list::trigrams::{SqlCondition, begins_sql, contains_sql, has_trigrams};

/// The conditions of the filter that have an index, the one that probably matches the fewest users first. Where
/// the index can stop, each matches at most `limit` users.
pub(super) fn indexed_conditions(
    conn: &Conn,
    filter: &UserFilter,
    limit: Option<usize>,
) -> Vec<SqlCondition> {
    let id = filter.id.map(|id| SqlCondition::new(format!("id = {id}")));
    let search = search_condition(conn, filter, limit);
    let group = filter.group.map(|group| SqlCondition::new(members_sql(group, limit)));
    [id, search, group, indexed_state_condition(filter)].into_iter().flatten().collect()
}

/// The words; every match, and a few users more.
fn search_condition(conn: &Conn, filter: &UserFilter, limit: Option<usize>) -> Option<SqlCondition> {
    let lead = filter.lead()?;
    if !filter.is_at_start() {
        return Some(has_trigrams(conn, filter, limit));
    }
    let mut texts = Vec::new();
    let mut ways: Vec<String> = lead.forms.iter().map(|form| begins_sql(form, &mut texts)).collect();
    ways.extend(filter.term_ids().map(|id| format!("id = {id}")));
    Some(SqlCondition { sql: format!("({})", ways.join(" OR ")), texts })
}

/// The condition on the state of users that has an index.
fn indexed_state_condition(filter: &UserFilter) -> Option<SqlCondition> {
    let UserFilter { admin, active, added_after, last_login, confirmed, to_be_deleted, .. } = *filter;
    if to_be_deleted == Some(true) {
        return Some(SqlCondition::new("deletion_due_at IS NOT NULL".to_owned()));
    }
    let sql = match (admin, active, added_after, last_login, confirmed) {
        (Some(true), ..) => "is_admin".to_owned(),
        (_, Some(false), ..) => "NOT is_active".to_owned(),
        (_, _, Some(moment), ..) => format!("created_at > {}", moment.micros()),
        (.., LastLogin::Never, _) => "coalesce(last_login_at, 0) = 0".to_owned(),
        (.., LastLogin::Before(moment), _) => format!("coalesce(last_login_at, 0) < {}", moment.micros()),
        (.., Some(true)) => "is_email_confirmed = TRUE".to_owned(),
        (.., Some(false)) => "is_email_confirmed = FALSE".to_owned(),
        (.., None) => return None,
    };
    Some(SqlCondition::new(sql))
}

/// The whole filter. SQLite numbers parameters by where they first appear, so `indexed` goes before
/// `rest` in a query.
pub(super) struct FilterConditions {
    pub(super) indexed: String,
    pub(super) rest: String,
    pub(super) texts: Vec<String>,
}

/// The whole filter as SQL; the indexed condition matches at most `limit` users where the index can stop.
pub(super) fn filter_conditions(conn: &Conn, filter: &UserFilter, limit: Option<usize>) -> FilterConditions {
    let first = indexed_conditions(conn, filter, limit).into_iter().next();
    let SqlCondition { sql, mut texts } = first.unwrap_or_else(|| SqlCondition::new("1 = 1".to_owned()));
    let mut rest = filter.state_sql();
    if !filter.terms.is_empty() {
        // A name with all trigrams of a word need not contain the word.
        rest = format!("{rest} AND {}", contains_sql(conn, filter, &mut texts));
    }
    FilterConditions { indexed: sql, rest, texts }
}
