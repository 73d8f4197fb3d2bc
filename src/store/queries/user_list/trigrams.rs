//! Conditions that search names and emails by the trigram index: FTS5 in SQLite (`user_search`), GIN in
//! PostgreSQL (`user_trigrams`).

use crate::store::engine::connection::Conn;
use crate::store::queries::user_list::filter::SearchTerm;

/// An SQL condition, with the texts of its parameters `$1`, `$2` and so on.
pub(super) struct SqlCondition {
    pub(super) sql: String,
    pub(super) texts: Vec<String>,
}

/// Users whose name and email have trigrams that cover the term: every match, and a few more. At most
/// `limit` of them where the index can stop, which is in SQLite.
pub(super) fn has_trigrams(conn: &Conn, term: &SearchTerm, limit: Option<usize>) -> SqlCondition {
    let SearchTerm { name, email } = term;
    match conn {
        Conn::Sqlite(_) => {
            let limit = limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
            let sql = format!("id IN (SELECT rowid FROM user_search WHERE user_search MATCH $1{limit})");
            SqlCondition { sql, texts: vec![fts_query_of_term(term)] }
        }
        Conn::Pg(_) => {
            let has = |n| format!("user_trigrams(username_key, email_key) @> user_trigrams(${n}, ${n})");
            let sql = if name == email { has(1) } else { format!("({} OR {})", has(1), has(2)) };
            let texts = if name == email { vec![name] } else { vec![name, email] };
            SqlCondition { sql, texts: texts.into_iter().cloned().collect() }
        }
    }
}

/// [`has_trigrams`] in the order of ids, after the user with the id `after`, and at most `limit`.
pub(super) fn has_trigrams_after(
    conn: &Conn,
    term: &SearchTerm,
    after: Option<i64>,
    descending: bool,
    limit: usize,
) -> SqlCondition {
    let (comparison, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    let is_after =
        |column: &str| after.map(|id| format!(" AND {column} {comparison} {id}")).unwrap_or_default();
    match conn {
        // The index is in this order, and stops at the limit.
        Conn::Sqlite(_) => {
            let after = is_after("rowid");
            let order = format!("ORDER BY rowid {direction} LIMIT {limit}");
            let sql =
                format!("id IN (SELECT rowid FROM user_search WHERE user_search MATCH $1{after} {order})");
            SqlCondition { sql, texts: vec![fts_query_of_term(term)] }
        }
        Conn::Pg(_) => {
            let SqlCondition { sql, texts } = has_trigrams(conn, term, None);
            SqlCondition { sql: format!("{sql}{}", is_after("id")), texts }
        }
    }
}

/// Whether parameter `first` is a part of the folded name, or the next parameter one of the folded email.
pub(super) fn contains_sql(conn: &Conn, first: usize) -> String {
    let find = match conn {
        Conn::Sqlite(_) => "instr",
        Conn::Pg(_) => "strpos",
    };
    format!("({find}(username_key, ${first}) > 0 OR {find}(email_key, ${}) > 0)", first + 1)
}

fn fts_query_of_term(term: &SearchTerm) -> String {
    let SearchTerm { name, email } = term;
    if name == email { fts_query(name) } else { format!("{} OR {}", fts_query(name), fts_query(email)) }
}

/// An FTS5 query for trigrams that cover the text. The overlapping ones between them exclude few users
/// more, and each costs as much as there are users with it.
fn fts_query(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let quoted = |three: &[char]| format!("\"{}\"", three.iter().collect::<String>().replace('"', "\"\""));
    let last = chars.windows(3).last();
    let mut trigrams: Vec<String> = chars.chunks_exact(3).chain(last).map(quoted).collect();
    trigrams.sort_unstable();
    trigrams.dedup();
    format!("({})", trigrams.join(" AND "))
}
