//! Chains the rows that are not chained yet. Called by `accounts`, in the background: in the
//! transaction that writes a row, it would make every login of every replica wait for one another.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::{audit, audit_head};
use crate::store::tables::audit::chain::{COLUMNS, ChainLink, ChainMark, SALT};
use crate::types::Timestamp;

/// The lock of whoever goes on with the chain.
const LOCK: &str = "audit chain";

/// The last row of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number, which is how many rows there are in the chain, and its seal.
    pub mark: ChainMark,
    /// When it happened.
    pub at: Timestamp,
}

/// The last row of the chain, if there is one.
pub fn head(conn: &mut Conn) -> Result<Option<Head>, StoreError> {
    let last = audit::table
        .select((audit::seal_number.assume_not_null(), audit::seal, audit::at))
        .filter(audit::seal_number.is_not_null())
        .order(audit::seal_number.desc())
        .first::<(i64, Option<Vec<u8>>, i64)>(conn)
        .optional()?;
    Ok(last.map(|(number, seal, at)| Head {
        mark: ChainMark { number, seal: seal.unwrap_or_default() },
        at: Timestamp::from_micros(at),
    }))
}

/// Where the chain ended when something was put to it last, whatever has become of its rows.
pub(crate) fn noted_end(conn: &mut Conn) -> Result<Option<ChainMark>, StoreError> {
    let noted = audit_head::table.order(audit_head::seal_number.desc()).first::<(i64, Vec<u8>)>(conn);
    Ok(noted.optional()?.map(|(number, seal)| ChainMark { number, seal }))
}

/// Whether there are rows that are not chained yet.
pub fn has_unsealed(conn: &mut Conn) -> Result<bool, StoreError> {
    let first = audit::table.select(audit::id).filter(audit::seal_number.is_null()).first::<i64>(conn);
    Ok(first.optional()?.is_some())
}

/// Chains up to `most` rows, the oldest first; answers how many. Of several processes, one does it
/// at a time.
pub fn seal_next(tx: &mut Tx<'_>, most: usize) -> Result<usize, StoreError> {
    dialect::lock(tx, &[LOCK.to_owned()])?;
    let mut rows = unsealed(tx, most)?;
    if rows.is_empty() {
        return Ok(0);
    }
    // From where it ended, though its last rows may be gone: the gap is to be seen.
    let ends = [head(tx)?.map(|head| head.mark), noted_end(tx)?];
    let mut last = ends.into_iter().flatten().max_by_key(|mark| mark.number);
    for row in &mut rows {
        let number = last.as_ref().map_or(1, |last| last.number + 1);
        let salts: [[u8; SALT]; 2] = rand::random();
        row.close(number, last.as_ref().map(|last| &last.seal[..]), salts[0], salts[1]);
        last = row.seal.clone().map(|seal| ChainMark { number, seal });
    }
    write(tx, &rows)?;
    if let Some(ChainMark { number, seal }) = last {
        diesel::delete(audit_head::table).execute(&mut **tx)?;
        let end = (audit_head::seal_number.eq(number), audit_head::seal.eq(seal));
        diesel::insert_into(audit_head::table).values(end).execute(&mut **tx)?;
    }
    Ok(rows.len())
}

/// Held as they are. Those that somebody is about to change are passed over, and come later: who
/// waited for them could be waited for.
fn unsealed(tx: &mut Tx<'_>, most: usize) -> Result<Vec<ChainLink>, StoreError> {
    let held = dialect::skip_locked(tx);
    let query =
        format!("SELECT {COLUMNS} FROM audit WHERE seal_number IS NULL ORDER BY id LIMIT {most} {held}");
    Ok(diesel::sql_query(query).load(&mut **tx)?)
}

/// In one statement: on PostgreSQL each costs a round trip.
fn write(tx: &mut Tx<'_>, rows: &[ChainLink]) -> Result<(), StoreError> {
    let values: Vec<String> = (0..rows.len())
        .map(|row| {
            let parameters: Vec<String> = (1..=7).map(|column| format!("${}", row * 7 + column)).collect();
            format!("({})", parameters.join(", "))
        })
        .collect();
    let sql = format!(
        "UPDATE audit SET seal_number = v.column2, seal = v.column3, subject_salt = v.column4, \
         subject_digest = v.column5, client_salt = v.column6, client_digest = v.column7 \
         FROM (VALUES {}) AS v WHERE audit.id = v.column1",
        values.join(", ")
    );
    let mut update = diesel::sql_query(sql).into_boxed();
    for row in rows {
        update = update
            .bind::<BigInt, _>(row.id)
            .bind::<Nullable<BigInt>, _>(row.seal_number)
            .bind::<Nullable<Binary>, _>(row.seal.as_deref())
            .bind::<Nullable<Binary>, _>(row.subject_salt.as_deref())
            .bind::<Nullable<Binary>, _>(row.subject_digest.as_deref())
            .bind::<Nullable<Binary>, _>(row.client_salt.as_deref())
            .bind::<Nullable<Binary>, _>(row.client_digest.as_deref());
    }
    update.execute(&mut **tx)?;
    Ok(())
}
