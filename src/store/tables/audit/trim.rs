//! Letting go of the oldest rows, so that the chain of the others can still be verified: first a row says up to
//! which number, with the seal there; once that row is sealed, those rows are deleted, a batch at a time.
//!
//! So the chain begins after the highest number that a sealed row names. A process that dies in between leaves
//! rows up to there, which no longer count and which the next run deletes.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::audit;
use crate::store::tables::audit::Action;
use crate::store::tables::audit::chain::ChainAnchor;
use crate::types::Timestamp;

/// How many of the rows that record a trim are read. They are trimmed, too.
const MAX_RECORDS: i64 = 1000;

/// How many rows one look for old ones passes.
const MAX_PREFIX: i64 = 100_000;

/// What is no longer in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetGo {
    /// The last number that was let go, which is how many rows were, and its seal.
    pub through: ChainAnchor,
    /// When a row recorded that.
    pub at: Timestamp,
}

/// The detail of the row that records a trim. It ends with the anchor, which [`let_go`] reads.
pub(crate) fn detail_of(rows: i64, before: Timestamp, through: &ChainAnchor) -> String {
    format!("{rows} entries from before {}, up to {through}", before.to_rfc3339())
}

/// What was let go, if anything was. The row that says so is in the chain, so that it cannot be altered unseen.
pub fn let_go(conn: &mut Conn) -> Result<Option<LetGo>, StoreError> {
    let records = audit::table
        .select((audit::at, audit::detail, audit::seal_number))
        .filter(audit::action.eq(Action::Trimmed.as_str()))
        .filter(audit::seal_number.is_not_null())
        .order((audit::at.desc(), audit::id.desc()))
        .limit(MAX_RECORDS)
        .load::<(i64, Option<String>, Option<i64>)>(conn)?;
    let read = |(at, detail, seal_number): (i64, Option<String>, Option<i64>)| {
        let through: ChainAnchor = detail?.rsplit(' ').next()?.parse().ok()?;
        // A row that would let itself go is no record of doorward's.
        let at = Timestamp::from_micros(at);
        (through.number < seal_number?).then_some(LetGo { through, at })
    };
    Ok(records.into_iter().filter_map(read).max_by_key(|record| record.through.number))
}

/// When the last trim was recorded, sealed or not.
pub(crate) fn last_trimmed(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let last = audit::table
        .select(audit::at)
        .filter(audit::action.eq(Action::Trimmed.as_str()))
        .order((audit::at.desc(), audit::id.desc()))
        .first::<i64>(conn)
        .optional()?;
    Ok(last.map(Timestamp::from_micros))
}

#[derive(QueryableByName)]
struct EndRow {
    #[diesel(sql_type = diesel::sql_types::Nullable<BigInt>)]
    number: Option<i64>,
}

/// The last of the rows at the chain's beginning, after the number `after`, that are all older than `before`. A
/// row from after `now` is of a clock that was wrong, and counts as old.
pub(crate) fn old_prefix(
    conn: &mut Conn,
    after: i64,
    before: Timestamp,
    now: Timestamp,
) -> Result<Option<ChainAnchor>, StoreError> {
    let prefix = format!(
        "SELECT seal_number, at FROM audit WHERE seal_number > {after} ORDER BY seal_number LIMIT {MAX_PREFIX}"
    );
    let (before, now) = (before.micros(), now.micros());
    let first_young = format!(
        "SELECT seal_number AS number FROM ({prefix}) AS prefix \
         WHERE at >= {before} AND at <= {now} ORDER BY seal_number LIMIT 1"
    );
    let last = format!("SELECT max(seal_number) AS number FROM ({prefix}) AS prefix");
    let end = match diesel::sql_query(first_young).get_result::<EndRow>(conn).optional()? {
        Some(EndRow { number }) => number.map(|number| number - 1),
        None => diesel::sql_query(last).get_result::<EndRow>(conn)?.number,
    };
    let Some(end) = end.filter(|end| *end > after) else { return Ok(None) };
    let row = audit::table
        .select((audit::seal_number.assume_not_null(), audit::seal.assume_not_null()))
        .filter(audit::seal_number.le(end))
        .order(audit::seal_number.desc())
        .first::<(i64, Vec<u8>)>(conn)
        .optional()?;
    // A gap, or a row without a seal, is for `verify` to report: nothing is let go across it.
    Ok(row.filter(|(number, _)| *number == end).map(|(number, seal)| ChainAnchor { number, seal }))
}

/// Deletes at most `limit` rows that were let go; answers how many.
pub(crate) fn delete_let_go(tx: &mut Tx<'_>, limit: usize) -> Result<usize, StoreError> {
    let Some(LetGo { through, .. }) = let_go(tx)? else { return Ok(0) };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let skip_locked = dialect::skip_locked(tx);
    let delete = format!(
        "DELETE FROM audit WHERE id IN \
         (SELECT id FROM audit WHERE seal_number <= $1 ORDER BY seal_number LIMIT $2 {skip_locked})"
    );
    let done = diesel::sql_query(delete).bind::<BigInt, _>(through.number).bind::<BigInt, _>(limit);
    Ok(done.execute(&mut **tx)?)
}
