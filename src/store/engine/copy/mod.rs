//! Copies all tables of one snapshot of a database into an empty database of either dialect, and compares
//! the result. For `doorward copy` and `doorward backup`.
//!
//! The source is only read. The target gets all rows in one transaction; a failed copy leaves an empty
//! schema, which the next one fills.

mod catalogue;
mod error;
mod numbers;
mod read;
mod value;
mod write;

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use crate::store::engine::connection::{Conn, Tx, transaction};
use crate::store::engine::copy::catalogue::TableSpec;
pub(crate) use crate::store::engine::copy::error::CopyError;
use crate::store::engine::copy::error::Side;
use crate::store::engine::copy::value::Checksum;
use crate::store::engine::copy::write::InsertBatch;
use crate::store::engine::error::StoreError;
use crate::store::engine::postgres::StoreSettings;
use crate::store::engine::snapshot::open_snapshot;
use crate::store::engine::{dialect, migrations, postgres, sqlite};
use crate::types::DatabaseUrl;

/// A table that was copied.
#[derive(Debug)]
pub(crate) struct CopiedTable {
    /// The name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// The SHA-256 of the rows in hexadecimal, the same in both dialects.
    pub sha256: String,
}

/// The progress of a copy, reported after every batch and at the end of each table.
#[derive(Debug)]
pub(crate) struct Progress<'a> {
    /// The current table.
    pub table: &'a str,
    /// Whether the table is compared; else it is written.
    pub is_check: bool,
    /// Whether this was the last step for the table.
    pub is_end: bool,
    /// How many rows of all tables were written or compared so far.
    pub done: u64,
    /// Twice the number of rows: each is written and compared.
    pub total: u64,
}

/// Copies all rows from one database into another. Blocks until it is done.
///
/// # Errors
/// Also if the source is not a database of this version, the target is not empty, or a value does not fit the
/// target. Then the target has no rows.
pub(crate) fn run(
    from: &DatabaseUrl,
    to: &DatabaseUrl,
    settings: StoreSettings,
    report: &mut dyn FnMut(&Progress<'_>),
) -> Result<Vec<CopiedTable>, CopyError> {
    // The limit is for requests; a table with millions of rows takes longer.
    let settings = StoreSettings { statement_timeout: Duration::ZERO, ..settings };
    let mut source = open_snapshot(from, &settings).map_err(CopyError::Source)?;
    let tables = catalogue::tables(&mut source, Side::Source)?;
    let mut target = open_target(to, &settings)?;
    catalogue::refuse_unless_same(&tables, &catalogue::tables(&mut target, Side::Target)?)?;
    transaction(&mut target, |tx| copy_all(&mut source, tx, &tables, report))
}

fn open_target(url: &DatabaseUrl, settings: &StoreSettings) -> Result<Conn, CopyError> {
    let mut conn = match url {
        DatabaseUrl::Sqlite(path) => sqlite::connect_bulk_writer(path)?,
        DatabaseUrl::Postgres(_) => postgres::connect(url, settings)?,
    };
    // Before any migration: it may be the wrong database, and in use.
    migrations::refuse_foreign(&mut conn)?;
    let mut names = dialect::table_names(&mut conn)?;
    names.retain(|name| catalogue::has_data(name));
    refuse_unless_empty(&mut conn, names.iter())?;
    migrations::run(&mut conn)?;
    Ok(conn)
}

fn copy_all(
    source: &mut Conn,
    tx: &mut Tx<'_>,
    tables: &[TableSpec],
    report: &mut dyn FnMut(&Progress<'_>),
) -> Result<Vec<CopiedTable>, CopyError> {
    lock_tables(tx, tables)?;
    refuse_unless_empty(tx, tables.iter().map(|table| &table.name))?;
    let mut total = 0;
    for table in tables {
        total += count(source, table).map_err(|error| Side::Source.failed(error))?;
    }
    let mut steps = ProgressReporter { report, done: 0, total: 2 * total };
    let mut sums = Vec::with_capacity(tables.len());
    for table in tables {
        sums.push(copy(source, tx, table, &mut steps)?);
    }
    let mut copied = Vec::with_capacity(tables.len());
    for (table, sum) in tables.iter().zip(sums) {
        copied.push(compare(tx, table, sum, &mut steps)?);
    }
    Ok(copied)
}

/// Keeps other writers out of the target.
fn lock_tables(tx: &mut Tx<'_>, tables: &[TableSpec]) -> Result<(), StoreError> {
    match &mut **tx {
        // The transaction is the only writer. Foreign keys are checked at its end.
        Conn::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA defer_foreign_keys = ON")?,
        Conn::Pg(pg) => {
            let names: Vec<String> = tables.iter().map(TableSpec::sql).collect();
            pg.batch_execute(&format!("LOCK TABLE {} IN EXCLUSIVE MODE", names.join(", ")))?;
        }
    }
    Ok(())
}

fn refuse_unless_empty<'a>(
    conn: &mut Conn,
    tables: impl Iterator<Item = &'a String>,
) -> Result<(), CopyError> {
    let mut full = Vec::new();
    for name in tables {
        let query = format!("SELECT EXISTS (SELECT 1 FROM {})", catalogue::quoted(name));
        let has_rows = diesel::dsl::sql::<Bool>(&query).get_result::<bool>(conn);
        if has_rows.map_err(|error| Side::Target.failed(error))? {
            full.push(format!("`{name}`"));
        }
    }
    full.sort_unstable();
    if full.is_empty() { Ok(()) } else { Err(CopyError::NotEmpty(full.join(", "))) }
}

fn count(conn: &mut Conn, table: &TableSpec) -> QueryResult<u64> {
    let query = diesel::dsl::sql::<BigInt>(&format!("SELECT count(*) FROM {}", table.sql()));
    Ok(query.get_result::<i64>(conn)?.unsigned_abs())
}

fn copy(
    source: &mut Conn,
    tx: &mut Tx<'_>,
    table: &TableSpec,
    steps: &mut ProgressReporter<'_>,
) -> Result<Checksum, CopyError> {
    let refuses_nul = matches!(**tx, Conn::Pg(_));
    let mut sum = Checksum::default();
    let mut batch = InsertBatch::new(table);
    read::each_row(source, Side::Source, table, |row| {
        if refuses_nul {
            row.refuse_nul(table)?;
        }
        sum.add(&row.values);
        batch.push(row.values);
        if batch.is_full() {
            steps.advance(table, false, batch.write(tx)?);
        }
        Ok(())
    })?;
    steps.advance(table, false, batch.write(tx)?);
    if let Some(column) = table.numbered() {
        let last = numbers::last_id(source, table, column).map_err(CopyError::Source)?;
        numbers::advance_sequence(tx, table, column, last)?;
    }
    if let Conn::Pg(pg) = &mut **tx {
        // The planner needs statistics of the new rows.
        pg.batch_execute(&format!("ANALYZE {}", table.sql())).map_err(StoreError::from)?;
    }
    steps.end(table, false);
    Ok(sum)
}

/// Reads the target's rows and compares their checksum.
fn compare(
    tx: &mut Tx<'_>,
    table: &TableSpec,
    expected: Checksum,
    steps: &mut ProgressReporter<'_>,
) -> Result<CopiedTable, CopyError> {
    let mut sum = Checksum::default();
    read::each_row(tx, Side::Target, table, |row| {
        sum.add(&row.values);
        if sum.rows().is_multiple_of(1000) {
            steps.advance(table, true, 1000);
        }
        Ok(())
    })?;
    steps.advance(table, true, sum.rows() % 1000);
    steps.end(table, true);
    let (rows, sha256) = (sum.rows(), sum.finish());
    if (expected.rows(), expected.finish()) != (rows, sha256.clone()) {
        return Err(CopyError::Differs(table.name.clone()));
    }
    Ok(CopiedTable { table: table.name.clone(), rows, sha256 })
}

/// Counts the steps and reports them.
struct ProgressReporter<'a> {
    report: &'a mut dyn FnMut(&Progress<'_>),
    done: u64,
    total: u64,
}

impl ProgressReporter<'_> {
    fn advance(&mut self, table: &TableSpec, is_check: bool, rows: u64) {
        self.done += rows;
        self.report(table, is_check, false);
    }

    fn end(&mut self, table: &TableSpec, is_check: bool) {
        self.report(table, is_check, true);
    }

    fn report(&mut self, table: &TableSpec, is_check: bool, is_end: bool) {
        let (done, total) = (self.done, self.total);
        (self.report)(&Progress { table: &table.name, is_check, is_end, done, total });
    }
}
