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

/// The beginning of the chain that may be let go.
#[derive(Debug)]
pub(crate) struct OldPrefix {
    /// Its last row.
    pub through: ChainAnchor,
    /// How many rows there are.
    pub rows: i64,
    /// How many of them have a later date, of a clock that was ahead.
    pub dated_later: i64,
}

impl OldPrefix {
    /// The detail of the row that records the trim. It ends with the anchor, which [`let_go`] reads.
    pub(crate) fn detail(&self, before: Timestamp) -> String {
        let later = match self.dated_later {
            0 => String::new(),
            count => format!("{count} of them dated later by a clock that was wrong, "),
        };
        format!("{} entries from before {}, {later}up to {}", self.rows, before.to_rfc3339(), self.through)
    }
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

/// The rows at the chain's beginning, after the number `after`, that were written before the moment `before`.
///
/// Rows are in the order in which they were written, and a date may be of a clock that was wrong. So the beginning
/// ends before the first row with a date from `before` to `now`, and with the last row before that one that is dated
/// before `before` and not earlier than a row in front of it: all in front of that row were written earlier,
/// whatever their date is. The first row of a log has none in front. Of what follows the beginning, such as rows
/// from after `now`, the age is not known yet.
pub(crate) fn old_prefix(
    conn: &mut Conn,
    after: i64,
    before: Timestamp,
    now: Timestamp,
) -> Result<Option<OldPrefix>, StoreError> {
    let prefix = format!(
        "SELECT seal_number, at FROM audit WHERE seal_number > {after} ORDER BY seal_number LIMIT {MAX_PREFIX}"
    );
    let (before, now) = (before.micros(), now.micros());
    let first_young =
        format!("SELECT min(seal_number) FROM ({prefix}) AS young WHERE at >= {before} AND at <= {now}");
    let dated = format!(
        "SELECT seal_number, at, row_number() OVER (ORDER BY seal_number) AS place, \
         max(CASE WHEN at <= {now} THEN at END) \
         OVER (ORDER BY seal_number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest \
         FROM ({prefix}) AS prefix"
    );
    let last_old = format!(
        "SELECT max(seal_number) AS number FROM ({dated}) AS dated \
         WHERE at < {before} AND (at >= latest OR ({after} = 0 AND place = 1)) \
         AND seal_number < COALESCE(({first_young}), seal_number + 1)"
    );
    let end = diesel::sql_query(last_old).get_result::<EndRow>(conn)?.number;
    let Some(end) = end.filter(|end| *end > after) else { return Ok(None) };
    let row = audit::table
        .select((audit::seal_number.assume_not_null(), audit::seal.assume_not_null()))
        .filter(audit::seal_number.le(end))
        .order(audit::seal_number.desc())
        .first::<(i64, Vec<u8>)>(conn)
        .optional()?;
    // A gap, or a row without a seal, is for `verify` to report: nothing is let go across it.
    let Some((number, seal)) = row.filter(|(number, _)| *number == end) else { return Ok(None) };
    let dated_later = audit::table
        .filter(audit::seal_number.gt(after).and(audit::seal_number.le(end)).and(audit::at.ge(before)))
        .count()
        .get_result::<i64>(conn)?;
    Ok(Some(OldPrefix { through: ChainAnchor { number, seal }, rows: number - after, dated_later }))
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
