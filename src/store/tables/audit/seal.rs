//! Seals the rows that are not in the chain yet. A background job does it: in the transaction that inserts
//! the row, the logins of all replicas would wait for each other.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::{audit, audit_head};
use crate::store::tables::audit::chain::{COLUMNS, ChainAnchor, ChainLink, SALT_LENGTH};
use crate::types::Timestamp;

/// The lock for appending to the chain.
const LOCK: &str = "audit chain";

/// The last row of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// The number, which is the length of the chain, and the seal.
    pub anchor: ChainAnchor,
    /// The moment of the row.
    pub at: Timestamp,
}

/// The last row of the chain, if there is one.
pub fn head(conn: &mut Conn) -> Result<Option<ChainHead>, StoreError> {
    let last = audit::table
        .select((audit::seal_number.assume_not_null(), audit::seal, audit::at))
        .filter(audit::seal_number.is_not_null())
        .order(audit::seal_number.desc())
        .first::<(i64, Option<Vec<u8>>, i64)>(conn)
        .optional()?;
    Ok(last.map(|(number, seal, at)| ChainHead {
        anchor: ChainAnchor { number, seal: seal.unwrap_or_default() },
        at: Timestamp::from_micros(at),
    }))
}

/// The head as it was stored when the chain was last extended. It shows when rows at the end were removed.
pub(crate) fn stored_head(conn: &mut Conn) -> Result<Option<ChainAnchor>, StoreError> {
    let head = audit_head::table.order(audit_head::seal_number.desc()).first::<(i64, Vec<u8>)>(conn);
    Ok(head.optional()?.map(|(number, seal)| ChainAnchor { number, seal }))
}

/// Whether there are rows without a seal.
pub fn has_unsealed(conn: &mut Conn) -> Result<bool, StoreError> {
    let first = audit::table.select(audit::id).filter(audit::seal_number.is_null()).first::<i64>(conn);
    Ok(first.optional()?.is_some())
}

/// Seals up to `limit` rows, the oldest first; answers how many. One process does it at a time.
pub fn seal_next(tx: &mut Tx<'_>, limit: usize) -> Result<usize, StoreError> {
    dialect::lock(tx, &[LOCK.to_owned()])?;
    let mut rows = unsealed(tx, limit)?;
    if rows.is_empty() {
        return Ok(0);
    }
    // After the stored head, even if the last rows were removed: the gap must stay visible.
    let heads = [head(tx)?.map(|head| head.anchor), stored_head(tx)?];
    let mut last = heads.into_iter().flatten().max_by_key(|anchor| anchor.number);
    for row in &mut rows {
        let number = last.as_ref().map_or(1, |last| last.number + 1);
        let salts: [[u8; SALT_LENGTH]; 2] = rand::random();
        row.seal(number, last.as_ref().map(|last| &last.seal[..]), salts[0], salts[1]);
        last = row.seal.clone().map(|seal| ChainAnchor { number, seal });
    }
    write(tx, &rows)?;
    if let Some(ChainAnchor { number, seal }) = last {
        diesel::delete(audit_head::table).execute(&mut **tx)?;
        let head = (audit_head::seal_number.eq(number), audit_head::seal.eq(seal));
        diesel::insert_into(audit_head::table).values(head).execute(&mut **tx)?;
    }
    Ok(rows.len())
}

/// Reads and locks rows without a seal. Rows that another transaction has locked come later: waiting for them
/// could be a deadlock.
fn unsealed(tx: &mut Tx<'_>, limit: usize) -> Result<Vec<ChainLink>, StoreError> {
    let skip_locked = dialect::skip_locked(tx);
    let query = format!(
        "SELECT {COLUMNS} FROM audit WHERE seal_number IS NULL ORDER BY id LIMIT {limit} {skip_locked}"
    );
    Ok(diesel::sql_query(query).load(&mut **tx)?)
}

/// Writes the seals in one statement: on PostgreSQL each statement costs a round trip.
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
