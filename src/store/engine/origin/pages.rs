//! Rows of another program's table as JSON objects, which the database itself makes: so each type is read as its
//! own JSON, without a conversion for each type here.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Map, Value};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::stored_text::StoredText;

/// How many rows are read at a time.
const PAGE: usize = 1000;

/// What to read of a table.
#[derive(Clone, Debug)]
pub(crate) struct PageQuery {
    /// The table.
    pub table: String,
    /// The column in whose order rows are read, or that refers to the key of another table.
    pub key: String,
    /// The declared type of that column.
    pub key_kind: String,
    /// The columns of the objects.
    pub columns: Vec<String>,
}

/// A table of members, such as `auth_user_groups`, and the table with the names.
#[derive(Clone, Debug)]
pub(crate) struct MemberQuery {
    /// The table of members.
    pub table: String,
    /// Its column with the key of a user.
    pub key: String,
    /// The declared type of that column.
    pub key_kind: String,
    /// Its column with the key of a group.
    pub group: String,
    /// The table with the names of groups.
    pub groups: String,
    /// Its key.
    pub groups_key: String,
    /// Its column with the name.
    pub name: String,
}

/// Keys from the first to the last, in the order of the database.
#[derive(Clone, Debug)]
pub(crate) struct KeyRange {
    /// The first.
    pub first: String,
    /// The last.
    pub last: String,
}

/// A row. It may have a hash in it, so it has no `Debug`.
#[derive(Clone)]
pub(crate) struct OriginRecord {
    /// The key as text.
    pub key: String,
    /// The columns.
    pub fields: Map<String, Value>,
}

#[derive(QueryableByName)]
struct KeyedJson {
    #[diesel(sql_type = Text, deserialize_as = StoredText)]
    row_key: String,
    #[diesel(sql_type = Text, deserialize_as = StoredText)]
    fields: String,
}

#[derive(QueryableByName)]
struct RowCount {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How many rows a table has.
pub(super) fn count(conn: &mut Conn, table: &str) -> Result<u64, StoreError> {
    let query = format!("SELECT count(*) AS rows FROM {}", quoted(table));
    let RowCount { rows } = diesel::sql_query(query).get_result(conn)?;
    Ok(u64::try_from(rows).unwrap_or(0))
}

/// The next [`PAGE`] rows after a key.
pub(super) fn page(
    conn: &mut Conn,
    query: &PageQuery,
    after: Option<&str>,
) -> Result<Vec<OriginRecord>, StoreError> {
    let select = select(conn, query);
    let key = quoted(&query.key);
    let sql = match after {
        None => format!("{select} ORDER BY t.{key} LIMIT {PAGE}"),
        Some(_) => {
            let bound = bound(conn, 1, &query.key_kind);
            format!("{select} WHERE t.{key} > {bound} ORDER BY t.{key} LIMIT {PAGE}")
        }
    };
    let mut sql = diesel::sql_query(sql).into_boxed();
    if let Some(after) = after {
        sql = sql.bind::<Text, _>(after);
    }
    records(sql.load::<KeyedJson>(conn)?)
}

/// The rows whose key column is in a range.
pub(super) fn referring(
    conn: &mut Conn,
    query: &PageQuery,
    keys: &KeyRange,
) -> Result<Vec<OriginRecord>, StoreError> {
    let key = quoted(&query.key);
    let (first, last) = (bound(conn, 1, &query.key_kind), bound(conn, 2, &query.key_kind));
    let sql =
        format!("{} WHERE t.{key} >= {first} AND t.{key} <= {last} ORDER BY t.{key}", select(conn, query));
    let sql = diesel::sql_query(sql).bind::<Text, _>(&keys.first).bind::<Text, _>(&keys.last);
    records(sql.load::<KeyedJson>(conn)?)
}

/// The names that a table of members gives to keys in a range.
pub(super) fn members(
    conn: &mut Conn,
    query: &MemberQuery,
    keys: &KeyRange,
) -> Result<Vec<(String, String)>, StoreError> {
    let key = quoted(&query.key);
    let (first, last) = (bound(conn, 1, &query.key_kind), bound(conn, 2, &query.key_kind));
    let sql = format!(
        "SELECT CAST(t.{key} AS TEXT) AS row_key, g.{name} AS fields FROM {table} t \
         JOIN {groups} g ON g.{groups_key} = t.{group} \
         WHERE t.{key} >= {first} AND t.{key} <= {last} ORDER BY t.{key}, g.{name}",
        name = quoted(&query.name),
        table = quoted(&query.table),
        groups = quoted(&query.groups),
        groups_key = quoted(&query.groups_key),
        group = quoted(&query.group),
    );
    let sql = diesel::sql_query(sql).bind::<Text, _>(&keys.first).bind::<Text, _>(&keys.last);
    let rows = sql.load::<KeyedJson>(conn)?;
    Ok(rows.into_iter().map(|row| (row.row_key, row.fields)).collect())
}

fn select(conn: &Conn, query: &PageQuery) -> String {
    let fields = match conn {
        // JSON has no binary values. A value that is no UTF-8 is replaced when it is read.
        Conn::Sqlite(_) => {
            let pairs = query.columns.iter().map(|name| {
                let column = quoted(name);
                format!(
                    "'{}', CASE typeof(t.{column}) WHEN 'blob' THEN hex(t.{column}) ELSE t.{column} END",
                    name.replace('\'', "''")
                )
            });
            format!("json_object({})", pairs.collect::<Vec<_>>().join(", "))
        }
        Conn::Pg(_) => {
            let columns: Vec<String> =
                query.columns.iter().map(|name| format!("t.{}", quoted(name))).collect();
            format!("(SELECT row_to_json(r)::text FROM (SELECT {}) r)", columns.join(", "))
        }
    };
    let key = quoted(&query.key);
    let table = quoted(&query.table);
    format!("SELECT CAST(t.{key} AS TEXT) AS row_key, {fields} AS fields FROM {table} t")
}

/// A parameter that is compared with a key. SQLite converts it by the type of the column.
fn bound(conn: &Conn, number: usize, kind: &str) -> String {
    match conn {
        Conn::Sqlite(_) => format!("${number}"),
        Conn::Pg(_) => format!("CAST(${number} AS {kind})"),
    }
}

fn records(rows: Vec<KeyedJson>) -> Result<Vec<OriginRecord>, StoreError> {
    let record = |row: KeyedJson| {
        let fields = serde_json::from_str(&row.fields)
            .map_err(|_| StoreError::Foreign(format!("the row with the key {} is no JSON", row.row_key)))?;
        Ok(OriginRecord { key: row.row_key, fields })
    };
    rows.into_iter().map(record).collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
