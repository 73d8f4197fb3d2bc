//! Walks the whole chain, as it was at one moment, and tells where it is broken. Called by `doorward
//! audit verify`. Changes nothing, holds one row in memory, and works beside a running server.

use std::time::Duration;

use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::tables::audit::Action;
use crate::store::tables::audit::chain::{COLUMNS, ChainLink, ChainMark, ChainProblem, ChainWalk};
use crate::store::tables::audit::seal::noted_end;
use crate::store::{StoreSettings, snapshot_of};
use crate::types::{DatabaseUrl, Timestamp};

/// How many findings are kept; the others are counted.
const KEPT: usize = 50;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainFinding {
    /// The row's id, if there is a row.
    pub row: Option<i64>,
    /// The number in the chain.
    pub number: i64,
    /// What is wrong.
    pub problem: ChainProblem,
}

/// What a walk has shown.
#[derive(Debug, Default)]
pub struct ChainReport {
    /// How many rows are in the chain.
    pub rows: u64,
    /// Its end: worth noting down elsewhere.
    pub head: Option<ChainMark>,
    /// How many rows are not chained yet.
    pub unsealed: u64,
    /// When the oldest of them happened.
    pub oldest_unsealed: Option<Timestamp>,
    /// What is wrong, from the beginning, up to `KEPT`.
    pub findings: Vec<ChainFinding>,
    /// How much is wrong.
    pub found: u64,
}

#[derive(QueryableByName)]
struct VerifiedRow {
    #[diesel(embed)]
    link: ChainLink,
    #[diesel(sql_type = Bool)]
    subject_is_gone: bool,
    #[diesel(sql_type = Bool)]
    actor_is_gone: bool,
}

#[derive(QueryableByName)]
struct Unsealed {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    oldest: Option<i64>,
}

/// Walks the chain in this database; `expected` are places of it that were noted earlier. Blocks for as
/// long as it takes.
///
/// # Errors
/// If the database is not one of this version, or fails.
pub fn verify(
    url: &DatabaseUrl,
    settings: StoreSettings,
    expected: &[ChainMark],
) -> Result<ChainReport, StoreError> {
    // A walk over millions takes longer than any request may.
    let settings = StoreSettings { statement_timeout: Duration::ZERO, ..settings };
    let mut conn = snapshot_of(url, &settings)?;
    let mut report = ChainReport::default();
    let mut walk = ChainWalk::default();
    each_row(&mut conn, |row| {
        report.rows += 1;
        let number = row.link.seal_number.unwrap_or(0);
        let mut found = walk.step(&row.link, row.subject_is_gone, row.actor_is_gone);
        let noted = expected.iter().find(|mark| mark.number == number);
        if noted.is_some_and(|mark| row.link.seal.as_ref() != Some(&mark.seal)) {
            found.push(ChainProblem::NotAsNoted);
        }
        found.into_iter().for_each(|problem| report.add(Some(row.link.id), number, problem));
    })?;
    for mark in expected.iter().filter(|mark| mark.number > walk.number) {
        report.add(None, mark.number, ChainProblem::Cut);
    }
    let end = walk.seal.as_ref().map(|seal| ChainMark { number: walk.number, seal: seal.clone() });
    let noted = noted_end(&mut conn)?;
    if noted != end {
        // Of a longer chain, the number up to which it went; of any other, that at which this one ends.
        let number = noted.map_or(0, |noted| noted.number).max(walk.number);
        report.add(None, number, ChainProblem::Ends);
    }
    report.head = end;
    let query = "SELECT count(*) AS count, min(at) AS oldest FROM audit WHERE seal_number IS NULL";
    let unsealed = diesel::sql_query(query).get_result::<Unsealed>(&mut conn)?;
    report.unsealed = unsealed.count.unsigned_abs();
    report.oldest_unsealed = unsealed.oldest.map(Timestamp::from_micros);
    Ok(report)
}

impl ChainReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.found == 0
    }

    fn add(&mut self, row: Option<i64>, number: i64, problem: ChainProblem) {
        self.found += 1;
        if self.findings.len() < KEPT {
            self.findings.push(ChainFinding { row, number, problem });
        }
    }
}

fn each_row(conn: &mut Conn, mut work: impl FnMut(VerifiedRow)) -> Result<(), StoreError> {
    // Whose account is gone has a row about that: nobody else's texts may be gone.
    let gone = |user: &str| {
        let deleted = Action::Deleted.as_str();
        format!(
            "{user} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = audit.{user}) \
             AND EXISTS (SELECT 1 FROM audit AS gone WHERE gone.subject_id = audit.{user} \
                         AND gone.action = '{deleted}')"
        )
    };
    let query = diesel::sql_query(format!(
        "SELECT {COLUMNS}, {} AS subject_is_gone, {} AS actor_is_gone FROM audit \
         WHERE seal_number IS NOT NULL ORDER BY seal_number, id",
        gone("subject_id"),
        gone("actor_id"),
    ));
    match conn {
        Conn::Sqlite(sqlite) => {
            query
                .load_iter::<VerifiedRow, DefaultLoadingMode>(sqlite)?
                .try_for_each(|row| row.map(&mut work))?;
        }
        Conn::Pg(pg) => {
            query
                .load_iter::<VerifiedRow, PgRowByRowLoadingMode>(pg)?
                .try_for_each(|row| row.map(&mut work))?;
        }
    }
    Ok(())
}
