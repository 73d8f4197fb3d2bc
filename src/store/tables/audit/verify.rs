//! Checks the whole chain in one snapshot, for `doorward audit verify`. Changes nothing, has one row in memory,
//! and works beside a running server.

use std::time::Duration;

use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::postgres::StoreSettings;
use crate::store::engine::snapshot::open_snapshot;
use crate::store::tables::audit::Action;
use crate::store::tables::audit::chain::{COLUMNS, ChainAnchor, ChainLink, ChainProblem, ChainVerifier};
use crate::store::tables::audit::seal::stored_head;
use crate::store::tables::audit::trim::{LetGo, let_go};
use crate::types::{DatabaseUrl, Timestamp};

/// How many findings a report lists; the others are only counted.
const MAX_FINDINGS: usize = 50;

/// How many rows one transaction seals (`accounts::jobs::seal_audit`): after a deletion, rows about the account
/// may get a higher number than the deletion only within it.
const SEALED_TOGETHER: i64 = 500;

/// A problem of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainFinding {
    /// The row's id, if there is a row.
    pub row: Option<i64>,
    /// The number in the chain.
    pub number: i64,
    /// What is wrong.
    pub problem: ChainProblem,
}

/// The result of [`verify`].
#[derive(Debug, Default)]
pub struct ChainReport {
    /// How many rows are in the chain.
    pub rows: u64,
    /// The last row: to be stored outside of the database.
    pub head: Option<ChainAnchor>,
    /// What was let go: the chain is checked from there on.
    pub let_go: Option<LetGo>,
    /// The numbers of expected anchors that could not be compared, because they were let go.
    pub uncompared: Vec<i64>,
    /// How many rows have no seal yet.
    pub unsealed: u64,
    /// The moment of the oldest of them.
    pub oldest_unsealed: Option<Timestamp>,
    /// The first problems, up to `MAX_FINDINGS`.
    pub findings: Vec<ChainFinding>,
    /// How many problems there are.
    pub problems: u64,
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
struct UnsealedRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    oldest: Option<i64>,
    /// How many of them had a seal before: the digests are still there.
    #[diesel(sql_type = BigInt)]
    stripped: i64,
}

/// Checks the chain of a database; `expected` are anchors of earlier runs. Blocks until it is done.
///
/// # Errors
/// Also if the database is not one of this version.
pub fn verify(
    url: &DatabaseUrl,
    settings: StoreSettings,
    expected: &[ChainAnchor],
) -> Result<ChainReport, StoreError> {
    // The limit is for requests; millions of rows take longer.
    let settings = StoreSettings { statement_timeout: Duration::ZERO, ..settings };
    let mut conn = open_snapshot(url, &settings)?;
    let mut report = ChainReport { let_go: let_go(&mut conn)?, ..ChainReport::default() };
    let mut verifier = ChainVerifier::after(report.let_go.as_ref().map(|let_go| &let_go.through));
    report.compare_let_go(expected);
    each_row(&mut conn, verifier.number, |row| {
        report.rows += 1;
        let number = row.link.seal_number.unwrap_or(0);
        let mut problems = verifier.check(&row.link, row.subject_is_gone, row.actor_is_gone);
        let anchor = expected.iter().find(|anchor| anchor.number == number);
        if anchor.is_some_and(|anchor| row.link.seal.as_ref() != Some(&anchor.seal)) {
            problems.push(ChainProblem::AnchorMismatch);
        }
        problems.into_iter().for_each(|problem| report.add(Some(row.link.id), number, problem));
    })?;
    for anchor in expected.iter().filter(|anchor| anchor.number > verifier.number) {
        report.add(None, anchor.number, ChainProblem::Truncated);
    }
    report.check_ends(&mut conn, &verifier)?;
    Ok(report)
}

impl ChainReport {
    /// Compares the anchors at or before the end of what was let go. Of those, only the last has a seal.
    fn compare_let_go(&mut self, expected: &[ChainAnchor]) {
        let Some(LetGo { through, .. }) = self.let_go.clone() else { return };
        for anchor in expected.iter().filter(|anchor| anchor.number <= through.number) {
            if anchor.number < through.number {
                self.uncompared.push(anchor.number);
            } else if anchor.seal != through.seal {
                self.add(None, anchor.number, ChainProblem::AnchorMismatch);
            }
        }
    }

    /// Compares the last row with the stored head, and counts the rows after it.
    fn check_ends(&mut self, conn: &mut Conn, verifier: &ChainVerifier) -> Result<(), StoreError> {
        let last = verifier.seal.clone().map(|seal| ChainAnchor { number: verifier.number, seal });
        let stored = stored_head(conn)?;
        if stored != last {
            // The number of the stored head if the chain was longer, else that of the last row.
            let number = stored.map_or(0, |stored| stored.number).max(verifier.number);
            self.add(None, number, ChainProblem::HeadMismatch);
        }
        self.head = last;
        let query = "SELECT count(*) AS count, min(at) AS oldest, \
                 count(CASE WHEN subject_digest IS NOT NULL OR client_digest IS NOT NULL THEN 1 END) AS stripped \
                 FROM audit WHERE seal_number IS NULL";
        let unsealed = diesel::sql_query(query).get_result::<UnsealedRow>(conn)?;
        self.unsealed = unsealed.count.unsigned_abs();
        self.oldest_unsealed = unsealed.oldest.map(Timestamp::from_micros);
        if unsealed.stripped > 0 {
            self.add(None, verifier.number + 1, ChainProblem::Stripped);
        }
        Ok(())
    }

    /// Whether there is no problem.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.problems == 0
    }

    fn add(&mut self, row: Option<i64>, number: i64, problem: ChainProblem) {
        self.problems += 1;
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(ChainFinding { row, number, problem });
        }
    }
}

fn each_row(conn: &mut Conn, after: i64, mut work: impl FnMut(VerifiedRow)) -> Result<(), StoreError> {
    // A deletion of an account leaves a row. Only then may the texts have been removed. For rows that were
    // sealed together with the last one that was let go, that row may be among those.
    let last_without_record = if after > 0 { after + SEALED_TOGETHER } else { 0 };
    let gone = |user: &str| {
        let deleted = Action::Deleted.as_str();
        format!(
            "{user} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = audit.{user}) \
             AND (audit.seal_number <= {last_without_record} \
                  OR EXISTS (SELECT 1 FROM audit AS gone WHERE gone.subject_id = audit.{user} \
                             AND gone.action = '{deleted}'))"
        )
    };
    let query = diesel::sql_query(format!(
        "SELECT {COLUMNS}, {} AS subject_is_gone, {} AS actor_is_gone FROM audit \
         WHERE seal_number IS NOT NULL AND (seal_number > {after} OR {after} = 0) ORDER BY seal_number, id",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_every_problem_and_lists_the_first_fifty() {
        let mut report = ChainReport::default();
        for number in 1..=60 {
            report.add(None, number, ChainProblem::Truncated);
        }
        let listed: Vec<i64> = report.findings.iter().map(|finding| finding.number).collect();
        assert_eq!((report.problems, listed), (60, (1..=50).collect()));
    }
}
