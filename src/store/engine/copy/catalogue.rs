//! What tables there are, as each database itself tells: so that a new table cannot be forgotten.
//! Used by the other files of `copy`. Changes nothing.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::copy::{CopyError, Side};
use crate::store::engine::dialect;

/// What a column holds, whatever a dialect calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ColumnKind {
    Bool,
    Integer,
    Text,
    Bytes,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ColumnSpec {
    pub name: String,
    pub kind: ColumnKind,
    /// Its place in the primary key, from 1 on; 0 if it has none.
    pub key: i64,
    /// Whether the database numbers the rows itself, and never uses a number again.
    pub is_numbered: bool,
}

/// A table of ours.
#[derive(Clone, Debug)]
pub(crate) struct TableSpec {
    pub name: String,
    pub columns: Vec<ColumnSpec>,
    /// The tables that its foreign keys name.
    parents: Vec<String>,
}

#[derive(QueryableByName)]
struct Described {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    #[diesel(sql_type = BigInt)]
    key: i64,
    #[diesel(sql_type = Bool)]
    is_numbered: bool,
}

#[derive(QueryableByName)]
struct Parent {
    #[diesel(sql_type = Text)]
    name: String,
}

const SQLITE_COLUMNS: &str = "
    SELECT c.name, lower(c.type) AS declared, c.pk AS key,
           c.pk = 1 AND t.sql LIKE '%AUTOINCREMENT%' AS is_numbered
    FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name = $1 ORDER BY c.cid";

const PG_COLUMNS: &str = "
    SELECT a.attname::text AS name, format_type(a.atttypid, NULL) AS declared,
           coalesce((SELECT k.place FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, place)
                     WHERE i.indrelid = a.attrelid AND i.indisprimary AND k.attnum = a.attnum), 0) AS key,
           a.attidentity <> '' AS is_numbered
    FROM pg_attribute a
    WHERE a.attrelid = quote_ident($1)::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

const SQLITE_PARENTS: &str = "SELECT DISTINCT \"table\" AS name FROM pragma_foreign_key_list($1)";

const PG_PARENTS: &str = "
    SELECT DISTINCT parent.relname::text AS name FROM pg_constraint c JOIN pg_class parent ON parent.oid = c.confrelid
    WHERE c.contype = 'f' AND c.conrelid = quote_ident($1)::regclass";

/// Our tables, each after those that its foreign keys name, else by name.
///
/// # Errors
/// If the database cannot be asked, or has something that cannot be copied.
pub(crate) fn tables(conn: &mut Conn, side: Side) -> Result<Vec<TableSpec>, CopyError> {
    let mut names = dialect::tables(conn).map_err(|error| side.failed(error))?;
    names.retain(|name| is_ours(name));
    names.sort_unstable();
    let tables = names.into_iter().map(|name| {
        let (columns, parents) = describe(conn, &name).map_err(|error| side.failed(error))?;
        TableSpec::new(name, columns, parents)
    });
    Ok(parents_first(tables.collect::<Result<_, _>>()?))
}

/// Whether rows of ours are in that table: in diesel's are the versions of the schema.
pub(crate) fn is_ours(table: &str) -> bool {
    !table.starts_with("__diesel")
}

fn describe(conn: &mut Conn, table: &str) -> QueryResult<(Vec<Described>, Vec<Parent>)> {
    let (columns, parents) = match conn {
        Conn::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_PARENTS),
        Conn::Pg(_) => (PG_COLUMNS, PG_PARENTS),
    };
    let columns = diesel::sql_query(columns).bind::<Text, _>(table).load(conn)?;
    Ok((columns, diesel::sql_query(parents).bind::<Text, _>(table).load(conn)?))
}

fn parents_first(mut left: Vec<TableSpec>) -> Vec<TableSpec> {
    let mut placed: Vec<TableSpec> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |table: &TableSpec| {
            let is_left =
                |parent: &String| *parent != table.name && left.iter().any(|one| one.name == *parent);
            table.parents.iter().any(is_left)
        };
        // Where all wait for each other, any order is as good: the database says what it thinks.
        let next = left.iter().position(|table| !waits(table)).unwrap_or(0);
        placed.push(left.remove(next));
    }
    placed
}

/// Refuses to copy between databases whose tables are not the same.
///
/// # Errors
/// With the first difference.
pub(crate) fn refuse_unless_twins(source: &[TableSpec], target: &[TableSpec]) -> Result<(), CopyError> {
    let described = |tables: &[TableSpec]| {
        let mut lines = std::collections::BTreeSet::new();
        for table in tables {
            lines.extend(table.columns.iter().map(|column| (table.name.clone(), column.clone())));
        }
        lines
    };
    let (source, target) = (described(source), described(target));
    match source.symmetric_difference(&target).next() {
        None => Ok(()),
        Some((table, column)) => Err(CopyError::Unlike(format!("`{table}.{}`", column.name))),
    }
}

impl ColumnKind {
    fn declared(name: &str) -> Option<Self> {
        match name {
            "boolean" => Some(Self::Bool),
            "integer" | "bigint" | "smallint" => Some(Self::Integer),
            "text" | "character varying" => Some(Self::Text),
            "blob" | "bytea" => Some(Self::Bytes),
            _ => None,
        }
    }
}

impl TableSpec {
    fn new(name: String, columns: Vec<Described>, parents: Vec<Parent>) -> Result<Self, CopyError> {
        let columns = columns.into_iter().map(|column| {
            let kind = ColumnKind::declared(&column.declared).ok_or_else(|| {
                CopyError::Unknown(format!("`{name}.{}` is a {}", column.name, column.declared))
            })?;
            Ok(ColumnSpec { name: column.name, kind, key: column.key, is_numbered: column.is_numbered })
        });
        let columns = columns.collect::<Result<Vec<_>, CopyError>>()?;
        if columns.iter().all(|column| column.key == 0) {
            return Err(CopyError::Unknown(format!("`{name}` has no primary key")));
        }
        Ok(Self { name, columns, parents: parents.into_iter().map(|parent| parent.name).collect() })
    }

    /// The columns of the primary key, in its order.
    pub(crate) fn key(&self) -> Vec<&ColumnSpec> {
        let mut key: Vec<&ColumnSpec> = self.columns.iter().filter(|column| column.key > 0).collect();
        key.sort_unstable_by_key(|column| column.key);
        key
    }

    /// The column that the database fills with numbers, if there is one.
    pub(crate) fn numbered(&self) -> Option<&ColumnSpec> {
        self.columns.iter().find(|column| column.is_numbered)
    }

    /// Its name, as SQL has it.
    pub(crate) fn sql(&self) -> String {
        quoted(&self.name)
    }
}

/// A name, as SQL has it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, parents: &[&str]) -> TableSpec {
        let parents = parents.iter().map(|&parent| parent.to_owned()).collect();
        TableSpec { name: name.to_owned(), columns: Vec::new(), parents }
    }

    #[test]
    fn a_table_comes_after_those_that_it_names() {
        let tables = vec![of("a", &["c", "a"]), of("b", &["a"]), of("c", &["users"]), of("users", &[])];
        let order: Vec<String> = parents_first(tables).into_iter().map(|table| table.name).collect();
        assert_eq!(order, ["users", "c", "a", "b"]);
    }

    #[test]
    fn tables_that_name_each_other_come_all_the_same() {
        assert_eq!(parents_first(vec![of("a", &["b"]), of("b", &["a"])]).len(), 2);
    }

    #[test]
    fn a_difference_is_named() {
        let column = |kind| ColumnSpec { name: "c".into(), kind, key: 1, is_numbered: false };
        let with = |kind| TableSpec { columns: vec![column(kind)], ..of("t", &[]) };
        assert!(refuse_unless_twins(&[with(ColumnKind::Text)], &[with(ColumnKind::Text)]).is_ok());
        for other in [vec![with(ColumnKind::Bool)], vec![]] {
            let said = refuse_unless_twins(&[with(ColumnKind::Text)], &other).unwrap_err().to_string();
            assert!(said.contains("`t.c`"), "{said}");
        }
    }
}
