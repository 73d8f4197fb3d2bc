//! Conditions that search names and emails by the trigram index: FTS5 in SQLite (`user_search`), GIN in
//! PostgreSQL (`user_trigrams`).

use crate::store::engine::connection::Conn;
use crate::store::queries::user_list::filter::UserFilter;
use crate::store::queries::user_list::search_term::SearchTerm;

/// An SQL condition, with the texts of its parameters `$1`, `$2` and so on.
pub(super) struct SqlCondition {
    pub(super) sql: String,
    pub(super) texts: Vec<String>,
}

impl SqlCondition {
    pub(super) const fn new(sql: String) -> Self {
        Self { sql, texts: Vec::new() }
    }
}

/// Adds the parameter `text`; answers its name. SQLite numbers parameters by where they first appear in the query,
/// so parameters are added in that order.
pub(super) fn bind(texts: &mut Vec<String>, text: &str) -> String {
    texts.push(text.to_owned());
    format!("${}", texts.len())
}

/// Users whose names and emails have trigrams that cover the words: every match, and a few more; and the users
/// whose ids are among the words. At most `limit` of them where the index can stop, which is in SQLite.
pub(super) fn has_trigrams(conn: &Conn, filter: &UserFilter, limit: Option<usize>) -> SqlCondition {
    let end = limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
    let SqlCondition { sql, texts } = trigram_condition(conn, filter, &end);
    let ids: Vec<String> = filter.term_ids().map(|id| id.to_string()).collect();
    let sql = if ids.is_empty() { sql } else { format!("({sql} OR id IN ({}))", ids.join(", ")) };
    SqlCondition { sql, texts }
}

/// [`has_trigrams`] in the order of ids, after the user with the id `after`, at most `limit`, and without those
/// whose ids are among the words.
pub(super) fn has_trigrams_after(
    conn: &Conn,
    filter: &UserFilter,
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
            let end = format!("{} ORDER BY rowid {direction} LIMIT {limit}", is_after("rowid"));
            trigram_condition(conn, filter, &end)
        }
        Conn::Pg(_) => {
            let SqlCondition { sql, texts } = trigram_condition(conn, filter, "");
            SqlCondition { sql: format!("{sql}{}", is_after("id")), texts }
        }
    }
}

/// The condition on the index; `end` ends the query of SQLite's.
fn trigram_condition(conn: &Conn, filter: &UserFilter, end: &str) -> SqlCondition {
    let terms = filter.terms.iter().filter(|term| !term.is_short());
    let mut texts = Vec::new();
    let sql = match conn {
        // One query, so that the index is read only where it has all words.
        Conn::Sqlite(_) => {
            let query: Vec<String> = terms.map(fts_query_of_term).collect();
            let query = bind(&mut texts, &query.join(" AND "));
            format!("id IN (SELECT rowid FROM user_search WHERE user_search MATCH {query}{end})")
        }
        Conn::Pg(_) => {
            let mut has = |form: &str| {
                let form = bind(&mut texts, form);
                // As in the index `users_trigrams`.
                format!(
                    "user_trigrams(username_key || coalesce(chr(10) || search_key, ''), email_key) \
                     @> user_trigrams({form}, {form})"
                )
            };
            let words: Vec<String> = terms
                .map(|term| {
                    format!("({})", term.trigram_forms().map(&mut has).collect::<Vec<_>>().join(" OR "))
                })
                .collect();
            words.join(" AND ")
        }
    };
    SqlCondition { sql, texts }
}

/// Whether each word is in the name or the email, or is the id. Adds its parameters to `texts`.
pub(super) fn contains_sql(conn: &Conn, filter: &UserFilter, texts: &mut Vec<String>) -> String {
    let (position, line_feed) = match conn {
        Conn::Sqlite(_) => ("instr", "char(10)"),
        Conn::Pg(_) => ("strpos", "chr(10)"),
    };
    let keys = format!("username_key || {line_feed} || email_key || coalesce({line_feed} || search_key, '')");
    let at_start = filter.is_at_start();
    let mut word = |term: &SearchTerm| {
        let mut ways: Vec<String> = Vec::new();
        for form in &term.forms {
            match at_start {
                true => ways.push(begins_sql(form, texts)),
                false => ways.push(format!("{position}({keys}, {}) > 0", bind(texts, form))),
            }
        }
        ways.extend(term.id.map(|id| format!("id = {id}")));
        format!("({})", ways.join(" OR "))
    };
    filter.terms.iter().map(&mut word).collect::<Vec<_>>().join(" AND ")
}

/// Whether the name or the email begins with `form`, by ranges of their indexes.
pub(super) fn begins_sql(form: &str, texts: &mut Vec<String>) -> String {
    let range = |column: &str, texts: &mut Vec<String>| {
        let (from, to) = (bind(texts, form), bind(texts, &end_of_prefix(form)));
        format!("{column} >= {from} AND {column} < {to}")
    };
    let columns = ["username_key", "email_key", "search_key"];
    columns.map(|column| range(column, texts)).join(" OR ")
}

/// A text that is greater than every text with this prefix.
pub(super) fn end_of_prefix(prefix: &str) -> String {
    // U+10FFFF is the greatest character.
    format!("{prefix}\u{10ffff}")
}

fn fts_query_of_term(term: &SearchTerm) -> String {
    let forms: Vec<String> = term.trigram_forms().map(fts_query).collect();
    format!("({})", forms.join(" OR "))
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
