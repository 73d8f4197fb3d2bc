//! A table as a queue of deliveries: each row is delivered at least once, by any number of workers in any
//! number of processes.
//!
//! A row is due once `due_at` has passed. A worker leases it: `due_at` moves to the end of the lease, so no
//! other worker takes the row before, and some worker does if this one dies. So one index on
//! `(due_at, id)` finds all work. `due_at` is NULL once the delivery has ended.
//!
//! The table needs the columns `id`, `state`, `attempts`, `due_at`, `lease`, `last_error`, `ended_at` and
//! `refused_at`.
//! What a row says and how it is delivered is not known here: see `accounts::outbox::delivery`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::delivery_turn::Turn;
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::types::Timestamp;

/// The state of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// Not delivered yet.
    Waiting,
    /// Delivered: the receiver has accepted it.
    Sent,
    /// Given up: refused for good, or after too many attempts.
    Dead,
    /// Not to be delivered: an operator dropped it, or it had become obsolete.
    Dropped,
}

impl DeliveryState {
    /// Every state with its word in the table.
    pub const WORDS: [(&'static str, Self); 4] =
        [("waiting", Self::Waiting), ("sent", Self::Sent), ("dead", Self::Dead), ("dropped", Self::Dropped)];

    /// The word in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }
}

/// Identifies one lease of a row. A worker whose lease has ended and was taken over can no longer change the
/// row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease(String);

impl Lease {
    /// A new lease.
    #[must_use]
    pub fn random() -> Self {
        Self(format!("{:016x}", rand::random::<u64>()))
    }

    /// A lease from the table.
    pub(crate) fn from_stored(lease: String) -> Self {
        Self(lease)
    }
}

/// The result of an attempt to deliver.
#[derive(Clone, Debug)]
pub(crate) enum DeliveryOutcome {
    /// The receiver has accepted it.
    Sent,
    /// It is given up, with this error.
    Dead(String),
    /// It became obsolete, for this reason. There was no attempt.
    Dropped(String),
    /// The attempt failed with this error; the next one is at this moment.
    RetryAt(String, Timestamp),
    /// No delivery seems possible at the moment. It is due again at `due_at`, and the attempt does not count.
    PutBack {
        /// The error; `None` keeps the last one.
        error: Option<String>,
        /// When it is due again.
        due_at: Timestamp,
        /// Whether the receiver refused this delivery, and not every one.
        is_refused: bool,
    },
}

/// A row that waits for a moment in the future.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub(crate) struct PostponedRow {
    /// The row.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// How many attempts there were.
    #[diesel(sql_type = BigInt)]
    pub attempts: i64,
    /// When it is due, in microseconds; under a lease, when the lease ends.
    #[diesel(sql_type = BigInt)]
    pub due_at: i64,
    /// Whether it is leased: 1 or 0.
    #[diesel(sql_type = BigInt)]
    pub is_leased: i64,
}

/// A table with deliveries.
#[derive(Debug)]
pub(crate) struct DeliveryQueue {
    /// The table.
    pub table: &'static str,
    /// The column that is equal for equal receivers. It has an index.
    pub receiver: &'static str,
    /// The columns that become NULL when a row is delivered or dropped: secrets that nothing needs any longer.
    pub secrets: &'static [&'static str],
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct DueRow {
    #[diesel(sql_type = BigInt)]
    due_at: i64,
}

#[derive(QueryableByName)]
struct DeliveryCountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl DeliveryQueue {
    /// When the next row is due, if any waits.
    pub(crate) fn next_due(&self, conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
        let query =
            format!("SELECT due_at FROM {} WHERE due_at IS NOT NULL ORDER BY due_at, id LIMIT 1", self.table);
        let next = diesel::sql_query(query).get_result::<DueRow>(conn).optional()?;
        Ok(next.map(|row| Timestamp::from_micros(row.due_at)))
    }

    /// How many rows are in a state.
    pub(crate) fn count(&self, conn: &mut Conn, state: DeliveryState) -> Result<i64, StoreError> {
        let query = format!("SELECT count(*) AS count FROM {} WHERE state = $1", self.table);
        let query = diesel::sql_query(query).bind::<Text, _>(state.as_str());
        Ok(query.get_result::<DeliveryCountRow>(conn)?.count)
    }

    /// Leases a due row until `until`: the one whose turn it is, or else the newest or the oldest. Answers its id.
    pub(crate) fn lease(
        &self,
        tx: &mut Tx<'_>,
        turn: Turn,
        now: Timestamp,
        until: Timestamp,
        lease: &Lease,
    ) -> Result<Option<i64>, StoreError> {
        let Some(id) = self.first_due(tx, turn, now)? else { return Ok(None) };
        diesel::sql_query(format!("UPDATE {} SET due_at = $1, lease = $2 WHERE id = $3", self.table))
            .bind::<BigInt, _>(until.micros())
            .bind::<Text, _>(&lease.0)
            .bind::<BigInt, _>(id)
            .execute(&mut **tx)?;
        Ok(Some(id))
    }

    fn first_due(&self, tx: &mut Tx<'_>, turn: Turn, now: Timestamp) -> Result<Option<i64>, StoreError> {
        let skip_locked = dialect::skip_locked(tx);
        for turn in turn.and_others() {
            let query = turn.query(self.table, self.receiver, skip_locked);
            let row = diesel::sql_query(query).bind::<BigInt, _>(now.micros()).get_result::<IdRow>(&mut **tx);
            if let Some(IdRow { id }) = row.optional()? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Records the outcome of a leased delivery; answers whether the lease was still the last one.
    pub(crate) fn finish(
        &self,
        tx: &mut Tx<'_>,
        id: i64,
        lease: &Lease,
        outcome: &DeliveryOutcome,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        use DeliveryState::{Dead, Dropped, Sent, Waiting};
        let (state, attempts, due_at, error) = match outcome {
            DeliveryOutcome::Sent => (Sent, 1, None, None),
            DeliveryOutcome::Dead(error) => (Dead, 1, None, Some(error)),
            DeliveryOutcome::Dropped(reason) => (Dropped, 0, None, Some(reason)),
            DeliveryOutcome::RetryAt(error, moment) => (Waiting, 1, Some(*moment), Some(error)),
            DeliveryOutcome::PutBack { error, due_at, .. } => (Waiting, 0, Some(*due_at), error.as_ref()),
        };
        let is_end = due_at.is_none();
        // The message of a row that was given up can still be repaired, and then needs its secrets.
        let wipes = matches!(state, Sent | Dropped);
        let update = format!(
            "UPDATE {} SET state = $1, attempts = attempts + $2, due_at = $3, last_error = {}, ended_at = $5, \
             refused_at = COALESCE(refused_at, $6), lease = NULL{} WHERE id = $7 AND lease = $8",
            self.table,
            if matches!(outcome, DeliveryOutcome::Sent) { "$4" } else { "COALESCE($4, last_error)" },
            if wipes { self.wipe_secrets_sql() } else { String::new() },
        );
        let is_refused = matches!(outcome, DeliveryOutcome::PutBack { is_refused: true, .. });
        let rows = diesel::sql_query(update)
            .bind::<Text, _>(state.as_str())
            .bind::<BigInt, _>(attempts)
            .bind::<Nullable<BigInt>, _>(due_at.map(Timestamp::micros))
            .bind::<Nullable<Text>, _>(error.map(String::as_str))
            .bind::<Nullable<BigInt>, _>(is_end.then(|| now.micros()))
            .bind::<Nullable<BigInt>, _>(is_refused.then(|| now.micros()))
            .bind::<BigInt, _>(id)
            .bind::<Text, _>(&lease.0)
            .execute(&mut **tx)?;
        Ok(rows > 0)
    }

    /// Whether a row was delivered after a moment.
    pub(crate) fn has_delivered_since(&self, conn: &mut Conn, moment: Timestamp) -> Result<bool, StoreError> {
        let query = format!("SELECT id FROM {} WHERE ended_at > $1 AND state = $2 LIMIT 1", self.table);
        let query = diesel::sql_query(query)
            .bind::<BigInt, _>(moment.micros())
            .bind::<Text, _>(DeliveryState::Sent.as_str());
        Ok(query.get_result::<IdRow>(conn).optional()?.is_some())
    }

    /// Makes a row wait again whose last attempt was counted, as if it had not been; answers whether it did.
    pub(crate) fn revive(
        &self,
        tx: &mut Tx<'_>,
        id: i64,
        due_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = format!(
            "UPDATE {} SET state = $1, attempts = attempts - 1, due_at = $2, ended_at = NULL, \
             refused_at = COALESCE(refused_at, $3) \
             WHERE id = $4 AND lease IS NULL AND attempts > 0 AND state IN ($5, $6)",
            self.table
        );
        let rows = diesel::sql_query(update)
            .bind::<Text, _>(DeliveryState::Waiting.as_str())
            .bind::<BigInt, _>(due_at.micros())
            .bind::<BigInt, _>(now.micros())
            .bind::<BigInt, _>(id)
            .bind::<Text, _>(DeliveryState::Waiting.as_str())
            .bind::<Text, _>(DeliveryState::Dead.as_str())
            .execute(&mut **tx)?;
        Ok(rows > 0)
    }

    /// Up to `limit` rows that are due after a moment.
    pub(crate) fn postponed(
        &self,
        conn: &mut Conn,
        after: Timestamp,
        limit: i64,
    ) -> Result<Vec<PostponedRow>, StoreError> {
        let query = format!(
            "SELECT id, attempts, due_at, CAST(CASE WHEN lease IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_leased FROM {} \
             WHERE due_at > $1 ORDER BY due_at DESC, id LIMIT $2",
            self.table
        );
        let query = diesel::sql_query(query).bind::<BigInt, _>(after.micros()).bind::<BigInt, _>(limit);
        Ok(query.load(conn)?)
    }

    /// Makes a row due at once that is still postponed as `row` says.
    pub(crate) fn make_due(
        &self,
        tx: &mut Tx<'_>,
        row: &PostponedRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = format!("UPDATE {} SET due_at = $1 WHERE id = $2 AND due_at = $3", self.table);
        diesel::sql_query(update)
            .bind::<BigInt, _>(now.micros())
            .bind::<BigInt, _>(row.id)
            .bind::<BigInt, _>(row.due_at)
            .execute(&mut **tx)?;
        Ok(())
    }

    /// Makes a row due at once, with all its attempts before it.
    pub(crate) fn retry(&self, tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), StoreError> {
        let update = format!(
            "UPDATE {} SET state = $1, attempts = 0, due_at = $2, lease = NULL, ended_at = NULL, refused_at = NULL \
             WHERE id = $3",
            self.table
        );
        diesel::sql_query(update)
            .bind::<Text, _>(DeliveryState::Waiting.as_str())
            .bind::<BigInt, _>(now.micros())
            .bind::<BigInt, _>(id)
            .execute(&mut **tx)?;
        Ok(())
    }

    /// Ends a delivery without an attempt. `reason` is its last error, if there is one.
    pub(crate) fn drop(
        &self,
        tx: &mut Tx<'_>,
        id: i64,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = format!(
            "UPDATE {} SET state = $1, due_at = NULL, lease = NULL, ended_at = $2, \
             last_error = COALESCE($3, last_error){} WHERE id = $4",
            self.table,
            self.wipe_secrets_sql()
        );
        diesel::sql_query(update)
            .bind::<Text, _>(DeliveryState::Dropped.as_str())
            .bind::<BigInt, _>(now.micros())
            .bind::<Nullable<Text>, _>(reason)
            .bind::<BigInt, _>(id)
            .execute(&mut **tx)?;
        Ok(())
    }

    /// Removes the secrets of a row, whatever its state is.
    pub(crate) fn wipe_secrets(&self, tx: &mut Tx<'_>, id: i64) -> Result<(), StoreError> {
        let columns: Vec<String> = self.secrets.iter().map(|column| format!("{column} = NULL")).collect();
        let update = format!("UPDATE {} SET {} WHERE id = $1", self.table, columns.join(", "));
        diesel::sql_query(update).bind::<BigInt, _>(id).execute(&mut **tx)?;
        Ok(())
    }

    /// Locks a row until the transaction ends.
    pub(crate) fn lock(&self, tx: &mut Tx<'_>, id: i64) -> Result<(), StoreError> {
        dialect::lock_row(tx, self.table, id)
    }

    /// Deletes the rows whose delivery ended before a moment; answers how many.
    pub(crate) fn sweep(&self, tx: &mut Tx<'_>, before: Timestamp) -> Result<usize, StoreError> {
        let (table, skip_locked) = (self.table, dialect::skip_locked(tx));
        let sweep = format!(
            "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE ended_at < $1 {skip_locked})"
        );
        Ok(diesel::sql_query(sweep).bind::<BigInt, _>(before.micros()).execute(&mut **tx)?)
    }

    fn wipe_secrets_sql(&self) -> String {
        self.secrets.iter().map(|column| format!(", {column} = NULL")).collect()
    }
}
