//! Table `imports`: imports from another program, and `import_problems`, the rows that they left out. `rows` has the
//! users that were imported.

mod rows;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::Value;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::imports;
use crate::types::{ImportId, Timestamp};

pub(crate) use rows::{
    ImportedRow, NewImportedRow, by_origin_keys, by_user, insert_rows, page_of_rows, rewrite_rows, touch_row,
};

/// Where an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ImportState {
    /// It runs, or its process was killed.
    Running,
    /// It has read the source to its end.
    Done,
    /// It ended before.
    Failed,
}

impl ImportState {
    const WORDS: [(&str, Self); 3] =
        [("running", Self::Running), ("done", Self::Done), ("failed", Self::Failed)];

    /// The word in the table.
    pub(crate) fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }
}

/// An import.
#[derive(Clone, Debug)]
pub(crate) struct ImportRecord {
    pub id: ImportId,
    /// Where the users came from, without a password.
    pub source: String,
    /// The mapping as TOML.
    pub mapping: String,
    pub is_sync: bool,
    pub state: ImportState,
    /// Why it failed.
    pub failure: Option<String>,
    /// How many rows the source has, 0 if that is unknown.
    pub total: u64,
    /// How many rows were read.
    pub rows_read: u64,
    /// The counts as a JSON object.
    pub counts: Value,
    pub started_at: Timestamp,
    /// When its last batch was written.
    pub updated_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = imports)]
struct ImportColumns {
    id: i64,
    source: String,
    mapping: String,
    is_sync: bool,
    state: String,
    failure: Option<String>,
    total: i64,
    rows_read: i64,
    counts: String,
    started_at: i64,
    updated_at: i64,
    ended_at: Option<i64>,
}

impl From<ImportColumns> for ImportRecord {
    fn from(row: ImportColumns) -> Self {
        let state = ImportState::WORDS.iter().find(|(word, _)| *word == row.state);
        Self {
            id: ImportId::new(row.id),
            source: row.source,
            mapping: row.mapping,
            is_sync: row.is_sync,
            state: state.map_or(ImportState::Failed, |(_, state)| *state),
            failure: row.failure,
            total: u64::try_from(row.total).unwrap_or(0),
            rows_read: u64::try_from(row.rows_read).unwrap_or(0),
            counts: serde_json::from_str(&row.counts).unwrap_or_default(),
            started_at: Timestamp::from_micros(row.started_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
        }
    }
}

/// A row that an import left out, or that it reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImportProblem {
    /// The row in the source, from 1 on; 0 for one that is no longer there.
    pub row: u64,
    /// Its key.
    pub key: Option<String>,
    /// The word of its kind.
    pub kind: String,
    /// Why, without any other value of the row.
    pub reason: String,
}

#[derive(QueryableByName)]
struct ProblemColumns {
    #[diesel(sql_type = BigInt)]
    row_number: i64,
    #[diesel(sql_type = Nullable<Text>)]
    origin_key: Option<String>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    reason: String,
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Begins an import of so many rows.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    source: &str,
    mapping: &str,
    is_sync: bool,
    total: u64,
    now: Timestamp,
) -> Result<ImportId, StoreError> {
    let columns = (
        imports::source.eq(source),
        imports::mapping.eq(mapping),
        imports::is_sync.eq(is_sync),
        imports::state.eq(ImportState::Running.as_str()),
        imports::total.eq(signed(total)),
        imports::rows_read.eq(0),
        imports::counts.eq("{}"),
        imports::started_at.eq(now.micros()),
        imports::updated_at.eq(now.micros()),
    );
    let id = diesel::insert_into(imports::table).values(columns).returning(imports::id);
    Ok(ImportId::new(id.get_result(&mut **tx)?))
}

/// Notes how far an import is.
pub(crate) fn note_progress(
    tx: &mut Tx<'_>,
    id: ImportId,
    rows_read: u64,
    counts: &Value,
    now: Timestamp,
) -> Result<(), StoreError> {
    let columns = (
        imports::rows_read.eq(signed(rows_read)),
        imports::counts.eq(counts.to_string()),
        imports::updated_at.eq(now.micros()),
    );
    diesel::update(imports::table.find(id.get())).set(columns).execute(&mut **tx)?;
    Ok(())
}

/// Ends an import; `failure` says why if it did not read the source to its end.
pub(crate) fn end(
    tx: &mut Tx<'_>,
    id: ImportId,
    failure: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let state = if failure.is_some() { ImportState::Failed } else { ImportState::Done };
    let columns = (
        imports::state.eq(state.as_str()),
        imports::failure.eq(failure),
        imports::updated_at.eq(now.micros()),
        imports::ended_at.eq(now.micros()),
    );
    diesel::update(imports::table.find(id.get())).set(columns).execute(&mut **tx)?;
    Ok(())
}

/// Adds problems, the first at this place in the list of the import.
pub(crate) fn add_problems(
    tx: &mut Tx<'_>,
    id: ImportId,
    first: u64,
    problems: &[ImportProblem],
) -> Result<(), StoreError> {
    for (place, problem) in (first..).zip(problems) {
        diesel::sql_query(
            "INSERT INTO import_problems (import_id, place, row_number, origin_key, kind, reason) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind::<BigInt, _>(id.get())
        .bind::<BigInt, _>(signed(place))
        .bind::<BigInt, _>(signed(problem.row))
        .bind::<Nullable<Text>, _>(&problem.key)
        .bind::<Text, _>(&problem.kind)
        .bind::<Text, _>(&problem.reason)
        .execute(&mut **tx)?;
    }
    Ok(())
}

/// The newest imports, at most `limit`.
pub(crate) fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<ImportRecord>, StoreError> {
    let rows: Vec<ImportColumns> = imports::table
        .order(imports::id.desc())
        .limit(limit)
        .select(ImportColumns::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(ImportRecord::from).collect())
}

/// The import with this number.
pub(crate) fn by_id(conn: &mut Conn, id: ImportId) -> Result<Option<ImportRecord>, StoreError> {
    let row = imports::table.find(id.get()).select(ImportColumns::as_select()).get_result(conn);
    Ok(row.optional()?.map(ImportRecord::from))
}

/// The first problems of an import, at most `limit`.
pub(crate) fn problems(conn: &mut Conn, id: ImportId, limit: i64) -> Result<Vec<ImportProblem>, StoreError> {
    let rows = diesel::sql_query(
        "SELECT row_number, origin_key, kind, reason FROM import_problems WHERE import_id = $1 \
         ORDER BY place LIMIT $2",
    );
    let rows = rows.bind::<BigInt, _>(id.get()).bind::<BigInt, _>(limit).load::<ProblemColumns>(conn)?;
    let problem = |row: ProblemColumns| ImportProblem {
        row: u64::try_from(row.row_number).unwrap_or(0),
        key: row.origin_key,
        kind: row.kind,
        reason: row.reason,
    };
    Ok(rows.into_iter().map(problem).collect())
}
