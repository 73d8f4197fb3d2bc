//! Tables and columns of another program's database, from its catalogue.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OriginColumn {
    /// The name.
    pub name: String,
    /// The declared type in lower case; empty where the source has none, as a file.
    pub kind: String,
    /// Whether it is in the primary key.
    pub is_key: bool,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OriginTable {
    /// The name; of a `dumpdata` file the model, such as `auth.user`.
    pub name: String,
    /// The columns.
    pub columns: Vec<OriginColumn>,
}

impl OriginTable {
    /// The column with this name.
    pub(crate) fn column(&self, name: &str) -> Option<&OriginColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether there is a column with this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }
}

#[derive(QueryableByName)]
struct ColumnOfTable {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    is_key: bool,
}

/// Django stores JSON in a text with a check (`django/db/backends/sqlite3/base.py`, `data_type_check_constraints`).
const SQLITE: &str = "
    SELECT t.name AS table_name, c.name, c.pk > 0 AS is_key,
           CASE WHEN instr(lower(s.sql), 'json_valid(\"' || lower(c.name) || '\")') > 0 THEN 'json' ELSE lower(c.type) END
               AS kind
    FROM pragma_table_list t, pragma_table_info(t.name) c LEFT JOIN sqlite_schema s ON s.type = 'table' AND s.name = t.name
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid";

const PG: &str = "
    SELECT r.relname::text AS table_name, a.attname::text AS name,
           format_type(a.atttypid, a.atttypmod) AS kind,
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = r.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
               AS is_key
    FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace JOIN pg_attribute a ON a.attrelid = r.oid
    WHERE r.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND pg_table_is_visible(r.oid)
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY r.relname, a.attnum";

/// All tables, by name.
pub(super) fn tables(conn: &mut Conn) -> Result<Vec<OriginTable>, StoreError> {
    let query = match conn {
        Conn::Sqlite(_) => SQLITE,
        Conn::Pg(_) => PG,
    };
    let mut tables: Vec<OriginTable> = Vec::new();
    for row in diesel::sql_query(query).load::<ColumnOfTable>(conn)? {
        let column = OriginColumn { name: row.name, kind: row.kind, is_key: row.is_key };
        match tables.last_mut() {
            Some(table) if table.name == row.table_name => table.columns.push(column),
            _ => tables.push(OriginTable { name: row.table_name, columns: vec![column] }),
        }
    }
    Ok(tables)
}
