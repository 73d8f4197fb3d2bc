//! A filter as SQL: the condition that an index of its own serves and that probably matches the fewest
//! users, and the rest.

use crate::store::engine::connection::Conn;
use crate::store::queries::user_list::filter::{LastLogin, SearchTerm, UserFilter};
use crate::store::queries::user_list::trigrams::{SqlCondition, contains_sql, has_trigrams};

/// The most selective condition of the filter that has an index; `None` if no condition has one.
pub(super) fn indexed_condition(conn: &Conn, filter: &UserFilter) -> Option<SqlCondition> {
    if let Some(term) = &filter.term {
        return Some(match term.is_short() {
            true => begins_with(term),
            false => has_trigrams(conn, term, None),
        });
    }
    indexed_state_condition(filter)
}

/// [`indexed_condition`] without the term.
pub(super) fn indexed_state_condition(filter: &UserFilter) -> Option<SqlCondition> {
    let UserFilter { admin, active, added_after, last_login, confirmed, to_be_deleted, .. } = *filter;
    if to_be_deleted == Some(true) {
        return Some(SqlCondition { sql: "deletion_due_at IS NOT NULL".to_owned(), texts: Vec::new() });
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
    Some(SqlCondition { sql, texts: Vec::new() })
}

fn begins_with(term: &SearchTerm) -> SqlCondition {
    let sql = "(username_key >= $1 AND username_key < $2 OR email_key >= $3 AND email_key < $4)".to_owned();
    let texts =
        vec![term.name.clone(), end_of_prefix(&term.name), term.email.clone(), end_of_prefix(&term.email)];
    SqlCondition { sql, texts }
}

/// A text that is greater than every text with this prefix.
pub(super) fn end_of_prefix(prefix: &str) -> String {
    // U+10FFFF is the greatest character.
    format!("{prefix}\u{10ffff}")
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
    let long_term = filter.term.as_ref().filter(|term| !term.is_short());
    let no_condition = || SqlCondition { sql: "1 = 1".to_owned(), texts: Vec::new() };
    let SqlCondition { sql, mut texts } = match long_term {
        Some(term) => has_trigrams(conn, term, limit),
        None => indexed_condition(conn, filter).unwrap_or_else(no_condition),
    };
    let mut rest = filter.state_sql();
    if let Some(term) = long_term {
        // A name with all trigrams of the term need not contain the term.
        rest = format!("{rest} AND {}", contains_sql(conn, texts.len() + 1));
        texts.extend([term.name.clone(), term.email.clone()]);
    }
    FilterConditions { indexed: sql, rest, texts }
}
