//! Inserts rows into the target, many with one statement.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text};
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, SqliteConnection};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::copy::catalogue::{ColumnKind, TableSpec, quoted};
use crate::store::engine::copy::value::ColumnValue;
use crate::store::engine::error::StoreError;

/// The most values in one statement; SQLite's limit is 32,766 (`SQLITE_MAX_VARIABLE_NUMBER`).
const MAX_VALUES: usize = 10_000;

/// The most bytes of values in one statement, unless one row has more.
const MAX_BYTES: usize = 1 << 20;

/// Rows to insert with the next statement.
pub(crate) struct InsertBatch<'a> {
    table: &'a TableSpec,
    rows: Vec<Vec<ColumnValue>>,
    bytes: usize,
}

impl<'a> InsertBatch<'a> {
    pub(crate) fn new(table: &'a TableSpec) -> Self {
        Self { table, rows: Vec::new(), bytes: 0 }
    }

    pub(crate) fn push(&mut self, row: Vec<ColumnValue>) {
        self.bytes += row.iter().map(ColumnValue::size).sum::<usize>();
        self.rows.push(row);
    }

    /// Whether the batch has to be written before the next row.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes >= MAX_BYTES || (self.rows.len() + 1) * self.table.columns.len() > MAX_VALUES
    }

    /// Inserts the rows and empties the batch; answers how many there were.
    pub(crate) fn write(&mut self, tx: &mut Tx<'_>) -> Result<u64, StoreError> {
        if self.rows.is_empty() {
            return Ok(0);
        }
        match &mut **tx {
            Conn::Sqlite(sqlite) => self.insert_sqlite(sqlite)?,
            Conn::Pg(pg) => self.insert_postgres(pg)?,
        };
        let count = self.rows.len() as u64;
        self.rows.clear();
        self.bytes = 0;
        Ok(count)
    }

    /// `INSERT … VALUES (?, ?), (?, ?), …`.
    fn insert_sqlite(&self, sqlite: &mut SqliteConnection) -> QueryResult<usize> {
        let row = format!("({})", vec!["?"; self.table.columns.len()].join(", "));
        let rows = vec![row; self.rows.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES {rows}", self.table.sql(), self.names().join(", "));
        let mut insert = diesel::sql_query(sql).into_boxed::<Sqlite>();
        for value in self.rows.iter().flatten() {
            insert = match value {
                ColumnValue::Null => insert.bind::<Nullable<BigInt>, _>(None::<i64>),
                ColumnValue::Integer(number) => insert.bind::<BigInt, _>(*number),
                ColumnValue::Text(text) => insert.bind::<Text, _>(text.as_str()),
                ColumnValue::Bytes(bytes) => insert.bind::<Binary, _>(bytes.as_slice()),
            };
        }
        insert.execute(sqlite)
    }

    /// `INSERT … SELECT … FROM unnest(…)` with an array for each column: one statement text for any number of
    /// rows, so it is prepared once.
    fn insert_postgres(&self, pg: &mut PgConnection) -> QueryResult<usize> {
        let arrays = self.table.columns.iter().zip(1..).map(|(column, number)| {
            let kind = match column.kind {
                ColumnKind::Bool => "boolean",
                ColumnKind::Integer => "bigint",
                ColumnKind::Text => "text",
                ColumnKind::Bytes => "bytea",
            };
            format!("${number}::{kind}[]")
        });
        let (table, names) = (self.table.sql(), self.names().join(", "));
        let arrays = arrays.collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays})");
        let mut insert = diesel::sql_query(sql).into_boxed::<Pg>();
        for (index, column) in self.table.columns.iter().enumerate() {
            let values = self.rows.iter().map(|row| row.get(index).unwrap_or(&ColumnValue::Null));
            insert = match column.kind {
                ColumnKind::Bool => {
                    insert.bind::<Array<Nullable<Bool>>, _>(values.map(boolean).collect::<Vec<_>>())
                }
                ColumnKind::Integer => {
                    insert.bind::<Array<Nullable<BigInt>>, _>(values.map(number).collect::<Vec<_>>())
                }
                ColumnKind::Text => {
                    insert.bind::<Array<Nullable<Text>>, _>(values.map(text).collect::<Vec<_>>())
                }
                ColumnKind::Bytes => {
                    insert.bind::<Array<Nullable<Binary>>, _>(values.map(bytes).collect::<Vec<_>>())
                }
            };
        }
        insert.execute(pg)
    }

    fn names(&self) -> Vec<String> {
        self.table.columns.iter().map(|column| quoted(&column.name)).collect()
    }
}

// The kinds of values were checked when they were read.

fn boolean(value: &ColumnValue) -> Option<bool> {
    number(value).map(|number| number != 0)
}

fn number(value: &ColumnValue) -> Option<i64> {
    if let ColumnValue::Integer(number) = value { Some(*number) } else { None }
}

fn text(value: &ColumnValue) -> Option<&str> {
    if let ColumnValue::Text(text) = value { Some(text) } else { None }
}

fn bytes(value: &ColumnValue) -> Option<&[u8]> {
    if let ColumnValue::Bytes(bytes) = value { Some(bytes) } else { None }
}
