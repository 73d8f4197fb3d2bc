//! Sequences of ids. A copy continues them, so that the id of a deleted row is not used again.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::copy::catalogue::{ColumnSpec, TableSpec, quoted};
use crate::store::engine::error::StoreError;

#[derive(QueryableByName)]
struct SequenceRow {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Sequence {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The highest id that `table` has ever used; 0 if none.
///
/// A sequence of PostgreSQL belongs to no snapshot: ids that it gave after the snapshot count as used.
pub(crate) fn last_id(conn: &mut Conn, table: &TableSpec, column: &ColumnSpec) -> Result<i64, StoreError> {
    let highest = format!("SELECT coalesce(max({}), 0) AS number FROM {}", quoted(&column.name), table.sql());
    let given = match conn {
        Conn::Sqlite(_) => {
            "SELECT coalesce(max(seq), 0) AS number FROM sqlite_sequence WHERE name = $1".to_owned()
        }
        Conn::Pg(pg) => {
            let sequence = sequence(pg, table, column)?;
            format!(
                "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END AS number \
                 FROM {sequence} WHERE $1 <> ''"
            )
        }
    };
    let given = diesel::sql_query(given).bind::<Text, _>(&table.name).get_result::<SequenceRow>(conn)?;
    let highest = diesel::sql_query(highest).get_result::<SequenceRow>(conn)?;
    Ok(given.number.max(highest.number))
}

/// Continues the sequence of `table` after `last`. A rollback undoes it.
pub(crate) fn advance_sequence(
    tx: &mut Tx<'_>,
    table: &TableSpec,
    column: &ColumnSpec,
    last: i64,
) -> Result<(), StoreError> {
    if last < 1 {
        return Ok(());
    }
    match &mut **tx {
        Conn::Sqlite(sqlite) => {
            diesel::sql_query("DELETE FROM sqlite_sequence WHERE name = ?")
                .bind::<Text, _>(&table.name)
                .execute(sqlite)?;
            diesel::sql_query("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)")
                .bind::<Text, _>(&table.name)
                .bind::<BigInt, _>(last)
                .execute(sqlite)?;
        }
        Conn::Pg(pg) => {
            let sequence = sequence(pg, table, column)?;
            // A rollback does not undo `setval`, unless the same transaction has restarted the sequence
            // (PostgreSQL documentation, ALTER SEQUENCE).
            pg.batch_execute(&format!("ALTER SEQUENCE {sequence} RESTART"))?;
            diesel::sql_query("SELECT setval($1::regclass, $2)")
                .bind::<Text, _>(sequence)
                .bind::<BigInt, _>(last)
                .execute(pg)?;
        }
    }
    Ok(())
}

/// The sequence of a column, quoted.
fn sequence(pg: &mut PgConnection, table: &TableSpec, column: &ColumnSpec) -> QueryResult<String> {
    diesel::sql_query("SELECT pg_get_serial_sequence($1, $2) AS name")
        .bind::<Text, _>(table.sql())
        .bind::<Text, _>(&column.name)
        .get_result::<Sequence>(pg)
        .map(|sequence| sequence.name)
}
