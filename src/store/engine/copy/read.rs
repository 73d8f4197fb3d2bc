//! Reads a table row by row, in the order of its key. Only one row is in memory.

use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;

use crate::store::engine::connection::Conn;
use crate::store::engine::copy::catalogue::{ColumnKind, ColumnSpec, TableSpec, quoted};
use crate::store::engine::copy::value::{Cell, Cells, ColumnValue};
use crate::store::engine::copy::{CopyError, Side};

/// Passes each row of `table` to `work`.
///
/// # Errors
/// Also if a value does not fit its column.
pub(crate) fn each_row(
    conn: &mut Conn,
    side: Side,
    table: &TableSpec,
    mut work: impl FnMut(CopiedRow) -> Result<(), CopyError>,
) -> Result<(), CopyError> {
    let query = diesel::sql_query(select(conn, table));
    match conn {
        Conn::Sqlite(sqlite) => {
            let rows = query.load_iter::<Cells, DefaultLoadingMode>(sqlite);
            convert(rows.map_err(|error| side.failed(error))?, side, table, &mut work)
        }
        Conn::Pg(pg) => {
            let rows = query.load_iter::<Cells, PgRowByRowLoadingMode>(pg);
            convert(rows.map_err(|error| side.failed(error))?, side, table, &mut work)
        }
    }
}

/// A row, and where it is, for error messages.
pub(crate) struct CopiedRow {
    pub values: Vec<ColumnValue>,
    place: String,
}

impl CopiedRow {
    /// Refuses a NUL character in a text: SQLite stores it, PostgreSQL does not.
    ///
    /// # Errors
    /// If a text has one.
    pub(crate) fn refuse_nul(&self, table: &TableSpec) -> Result<(), CopyError> {
        let has_nul = |value: &ColumnValue| matches!(value, ColumnValue::Text(text) if text.contains('\0'));
        match table.columns.iter().zip(&self.values).find(|(_, value)| has_nul(value)) {
            Some((column, _)) => {
                Err(self.value_error(table, column, "holds a NUL character, which PostgreSQL cannot keep"))
            }
            None => Ok(()),
        }
    }

    /// The error that the value in `column` cannot be copied.
    fn value_error(&self, table: &TableSpec, column: &ColumnSpec, why: &'static str) -> CopyError {
        CopyError::Value {
            place: self.place.clone(),
            column: column.name.clone(),
            table: table.name.clone(),
            why,
        }
    }
}

fn convert(
    rows: impl Iterator<Item = QueryResult<Cells>>,
    side: Side,
    table: &TableSpec,
    work: &mut impl FnMut(CopiedRow) -> Result<(), CopyError>,
) -> Result<(), CopyError> {
    for (index, cells) in rows.enumerate() {
        let Cells(cells) = cells.map_err(|error| side.failed(error))?;
        let place = place(table, &cells, index);
        let mut row = CopiedRow { values: Vec::with_capacity(cells.len()), place };
        for (column, cell) in table.columns.iter().zip(cells) {
            let value = cell.into_value(column.kind).map_err(|why| row.value_error(table, column, why))?;
            row.values.push(value);
        }
        work(row)?;
    }
    Ok(())
}

/// `id 7`, or else the row's number: a key that is no number may be a secret, or the hash of one.
fn place(table: &TableSpec, cells: &[Cell], index: usize) -> String {
    let key = table.columns.iter().zip(cells).find(|(column, _)| column.key > 0);
    match key {
        Some((column, Cell::Integer(number))) => format!("{} {number}", column.name),
        _ => format!("row {}", index + 1),
    }
}

fn select(conn: &Conn, table: &TableSpec) -> String {
    let columns: Vec<String> = table.columns.iter().map(|column| column_sql(conn, column)).collect();
    let order: Vec<String> = table.key().into_iter().map(|column| order_sql(conn, column)).collect();
    format!("SELECT {} FROM {} t ORDER BY {}", columns.join(", "), table.sql(), order.join(", "))
}

fn column_sql(conn: &Conn, column: &ColumnSpec) -> String {
    let name = quoted(&column.name);
    match (conn, column.kind) {
        // As bytes: texts in a SQLite file need not be UTF-8. A blob in a text column gives a number, which is
        // refused later.
        (Conn::Sqlite(_), ColumnKind::Text) => {
            format!("CASE typeof({name}) WHEN 'blob' THEN 0 ELSE CAST({name} AS BLOB) END")
        }
        (Conn::Sqlite(_), _) => name,
        (Conn::Pg(_), ColumnKind::Integer) => format!("{name}::bigint"),
        (Conn::Pg(_), ColumnKind::Text) => format!("{name}::text"),
        (Conn::Pg(_), ColumnKind::Bool | ColumnKind::Bytes) => name,
    }
}

/// Texts in the order of their bytes, which is SQLite's own.
fn order_sql(conn: &Conn, column: &ColumnSpec) -> String {
    // Without the table, PostgreSQL takes the name for the cast column of the result.
    let name = format!("t.{}", quoted(&column.name));
    match (conn, column.kind) {
        (Conn::Pg(_), ColumnKind::Text) => format!("{name} COLLATE \"C\""),
        _ => name,
    }
}
