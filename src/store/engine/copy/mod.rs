//! Copies a whole database into an empty one, of either dialect: every table that there is, as it
//! was at one moment, and compares what arrived. Called by `doorward copy` and `doorward backup`.
//!
//! The source is only read. The target gets everything in one transaction or nothing; what is left
//! of a failed attempt is an empty schema, which the next one fills.

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
use crate::store::engine::{dialect, migrations, postgres, sqlite};
use crate::store::{StoreSettings, snapshot_of};
use crate::types::DatabaseUrl;

/// A table that was copied.
#[derive(Debug)]
pub(crate) struct Copied {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// A SHA-256 of them in hexadecimal digits, equal on both sides and in both dialects.
    pub sha256: String,
}

/// How far it is. Told after every batch, and at the end of each table.
#[derive(Debug)]
pub(crate) struct Progress<'a> {
    /// The table at hand.
    pub table: &'a str,
    /// Whether it is written, or read again and compared.
    pub is_check: bool,
    /// Whether that is done.
    pub is_end: bool,
    /// How many rows of all tables were written or compared.
    pub done: u64,
    /// How many there are to be: each is written and compared.
    pub total: u64,
}

/// Copies everything from one database into another. Blocks for as long as it takes.
///
/// # Errors
/// If the source is not a database of this version, the target is not empty, one of them fails, or
/// holds what the other cannot. Then the target holds no row.
pub(crate) fn run(
    from: &DatabaseUrl,
    to: &DatabaseUrl,
    settings: StoreSettings,
    watch: &mut dyn FnMut(&Progress<'_>),
) -> Result<Vec<Copied>, CopyError> {
    // A table of millions takes longer than any request may.
    let settings = StoreSettings { statement_timeout: Duration::ZERO, ..settings };
    let mut source = snapshot_of(from, &settings).map_err(CopyError::Source)?;
    let tables = catalogue::tables(&mut source, Side::Source)?;
    let mut target = open_target(to, &settings)?;
    catalogue::refuse_unless_twins(&tables, &catalogue::tables(&mut target, Side::Target)?)?;
    transaction(&mut target, |tx| fill(&mut source, tx, &tables, watch))
}

fn open_target(url: &DatabaseUrl, settings: &StoreSettings) -> Result<Conn, CopyError> {
    let mut conn = match url {
        DatabaseUrl::Sqlite(path) => sqlite::connect_to_fill(path)?,
        DatabaseUrl::Postgres(_) => postgres::connect(url, settings)?,
    };
    // Before its schema is touched: it may be the wrong database, and in use.
    migrations::refuse_foreign(&mut conn)?;
    let mut names = dialect::tables(&mut conn)?;
    names.retain(|name| catalogue::is_ours(name));
    refuse_unless_empty(&mut conn, names.iter())?;
    migrations::run(&mut conn)?;
    Ok(conn)
}

fn fill(
    source: &mut Conn,
    tx: &mut Tx<'_>,
    tables: &[TableSpec],
    watch: &mut dyn FnMut(&Progress<'_>),
) -> Result<Vec<Copied>, CopyError> {
    keep_others_out(tx, tables)?;
    refuse_unless_empty(tx, tables.iter().map(|table| &table.name))?;
    let mut total = 0;
    for table in tables {
        total += count(source, table).map_err(|error| Side::Source.failed(error))?;
    }
    let mut steps = Steps { watch, done: 0, total: 2 * total };
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

/// Nobody else may write to the target meanwhile.
fn keep_others_out(tx: &mut Tx<'_>, tables: &[TableSpec]) -> Result<(), StoreError> {
    match &mut **tx {
        // The transaction keeps the others out; foreign keys are looked at when it ends.
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
    steps: &mut Steps<'_>,
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
        let last = numbers::last(source, table, column).map_err(CopyError::Source)?;
        numbers::advance_sequence(tx, table, column, last)?;
    }
    if let Conn::Pg(pg) = &mut **tx {
        // So that the first queries are planned for what is there now.
        pg.batch_execute(&format!("ANALYZE {}", table.sql())).map_err(StoreError::from)?;
    }
    steps.end(table, false);
    Ok(sum)
}

/// Reads again what was written.
fn compare(
    tx: &mut Tx<'_>,
    table: &TableSpec,
    expected: Checksum,
    steps: &mut Steps<'_>,
) -> Result<Copied, CopyError> {
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
    Ok(Copied { table: table.name.clone(), rows, sha256 })
}

/// Tells whoever watches.
struct Steps<'a> {
    watch: &'a mut dyn FnMut(&Progress<'_>),
    done: u64,
    total: u64,
}

impl Steps<'_> {
    fn advance(&mut self, table: &TableSpec, is_check: bool, rows: u64) {
        self.done += rows;
        self.tell(table, is_check, false);
    }

    fn end(&mut self, table: &TableSpec, is_check: bool) {
        self.tell(table, is_check, true);
    }

    fn tell(&mut self, table: &TableSpec, is_check: bool, is_end: bool) {
        let (done, total) = (self.done, self.total);
        (self.watch)(&Progress { table: &table.name, is_check, is_end, done, total });
    }
}
