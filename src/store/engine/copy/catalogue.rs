//! Reads the tables and columns from the database's own catalogue, so that a copy cannot miss a new table.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::copy::{CopyError, Side};
use crate::store::engine::dialect;

/// The type of a column, the same for both dialects.
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
    /// The position in the primary key from 1 on; 0 outside of it.
    pub key: i64,
    /// Whether the database fills it from a sequence, so that no id is used twice.
    pub is_numbered: bool,
}

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct TableSpec {
    pub name: String,
    pub columns: Vec<ColumnSpec>,
    /// The tables that its foreign keys refer to.
    parents: Vec<String>,
}

#[derive(QueryableByName)]
struct ColumnRow {
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
struct ParentRow {
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

/// All tables, each after those that its foreign keys refer to, else by name.
///
/// # Errors
/// Also if a table cannot be copied.
pub(crate) fn tables(conn: &mut Conn, side: Side) -> Result<Vec<TableSpec>, CopyError> {
    let mut names = dialect::table_names(conn).map_err(|error| side.failed(error))?;
    names.retain(|name| has_data(name));
    names.sort_unstable();
    let tables = names.into_iter().map(|name| {
        let (columns, parents) = describe(conn, &name).map_err(|error| side.failed(error))?;
        TableSpec::new(name, columns, parents)
    });
    Ok(parents_first(tables.collect::<Result<_, _>>()?))
}

/// Whether the table has data: diesel's own table has the versions of the schema.
pub(crate) fn has_data(table: &str) -> bool {
    !table.starts_with("__diesel")
}

fn describe(conn: &mut Conn, table: &str) -> QueryResult<(Vec<ColumnRow>, Vec<ParentRow>)> {
    let (columns, parents) = match conn {
        Conn::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_PARENTS),
        Conn::Pg(_) => (PG_COLUMNS, PG_PARENTS),
    };
    let columns = diesel::sql_query(columns).bind::<Text, _>(table).load(conn)?;
    Ok((columns, diesel::sql_query(parents).bind::<Text, _>(table).load(conn)?))
}

fn parents_first(mut rest: Vec<TableSpec>) -> Vec<TableSpec> {
    let mut placed: Vec<TableSpec> = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let waits = |table: &TableSpec| {
            let is_in_rest =
                |parent: &String| *parent != table.name && rest.iter().any(|one| one.name == *parent);
            table.parents.iter().any(is_in_rest)
        };
        // In a circle of foreign keys, any order is as good.
        let next = rest.iter().position(|table| !waits(table)).unwrap_or(0);
        placed.push(rest.remove(next));
    }
    placed
}

/// Refuses databases with different tables or columns.
///
/// # Errors
/// Names the first difference.
pub(crate) fn refuse_unless_same(source: &[TableSpec], target: &[TableSpec]) -> Result<(), CopyError> {
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
    fn from_sql_type(name: &str) -> Option<Self> {
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
    fn new(name: String, columns: Vec<ColumnRow>, parents: Vec<ParentRow>) -> Result<Self, CopyError> {
        let columns = columns.into_iter().map(|column| {
            let kind = ColumnKind::from_sql_type(&column.declared).ok_or_else(|| {
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

    /// The column with a sequence, if there is one.
    pub(crate) fn numbered(&self) -> Option<&ColumnSpec> {
        self.columns.iter().find(|column| column.is_numbered)
    }

    /// The name, quoted for SQL.
    pub(crate) fn sql(&self) -> String {
        quoted(&self.name)
    }
}

/// A name, quoted for SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, parents: &[&str]) -> TableSpec {
        let parents = parents.iter().map(|&parent| parent.to_owned()).collect();
        TableSpec { name: name.to_owned(), columns: Vec::new(), parents }
    }

    #[test]
    fn a_table_comes_after_its_parents() {
        let tables =
            vec![table("a", &["c", "a"]), table("b", &["a"]), table("c", &["users"]), table("users", &[])];
        let order: Vec<String> = parents_first(tables).into_iter().map(|table| table.name).collect();
        assert_eq!(order, ["users", "c", "a", "b"]);
    }

    #[test]
    fn tables_in_a_circle_are_all_listed() {
        assert_eq!(parents_first(vec![table("a", &["b"]), table("b", &["a"])]).len(), 2);
    }

    #[test]
    fn a_difference_is_reported_with_its_column() {
        let column = |kind| ColumnSpec { name: "c".into(), kind, key: 1, is_numbered: false };
        let with = |kind| TableSpec { columns: vec![column(kind)], ..table("t", &[]) };
        assert!(refuse_unless_same(&[with(ColumnKind::Text)], &[with(ColumnKind::Text)]).is_ok());
        for other in [vec![with(ColumnKind::Bool)], vec![]] {
            let said = refuse_unless_same(&[with(ColumnKind::Text)], &other).unwrap_err().to_string();
            assert!(said.contains("`t.c`"), "{said}");
        }
    }
}
