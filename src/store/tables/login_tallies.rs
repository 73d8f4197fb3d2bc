//! Table `login_tallies`: how many logins succeeded and failed in each past hour, for the admin's overview. The
//! count of an hour never changes. `accounts::jobs::login_tallies` writes it.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::login_tallies;
use crate::store::engine::schema::login_tallies::dsl;
use crate::types::Timestamp;

/// The length of an hour.
pub const HOUR: Duration = Duration::from_secs(3600);

/// The logins of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// When it began: a full hour in UTC.
    pub hour: Timestamp,
    /// How many logins succeeded.
    pub worked: u64,
    /// How many logins failed.
    pub failed: u64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = login_tallies)]
struct TallyRow {
    hour: i64,
    worked: i64,
    failed: i64,
}

impl From<TallyRow> for Tally {
    fn from(row: TallyRow) -> Self {
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Self { hour: Timestamp::from_micros(row.hour), worked: count(row.worked), failed: count(row.failed) }
    }
}

/// The beginning of the hour of a moment.
#[must_use]
pub fn hour_of(moment: Timestamp) -> Timestamp {
    Timestamp::from_seconds(moment.seconds() - moment.seconds().rem_euclid(3600))
}

/// The counted hours from `from` on, by time.
pub fn since(conn: &mut Conn, from: Timestamp) -> Result<Vec<Tally>, StoreError> {
    let rows = dsl::login_tallies.filter(dsl::hour.ge(from.micros())).order(dsl::hour);
    Ok(rows.select(TallyRow::as_select()).load(conn)?.into_iter().map(Tally::from).collect())
}

/// The last counted hour.
pub fn last(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let last = dsl::login_tallies.order(dsl::hour.desc()).select(dsl::hour).first::<i64>(conn).optional()?;
    Ok(last.map(Timestamp::from_micros))
}

/// Inserts the counts; does nothing for an hour that another process has counted, with the same result.
pub fn insert(tx: &mut Tx<'_>, tallies: &[Tally]) -> Result<(), StoreError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    for tally in tallies {
        diesel::sql_query(
            "INSERT INTO login_tallies (hour, worked, failed) VALUES ($1, $2, $3) ON CONFLICT (hour) DO NOTHING",
        )
        .bind::<BigInt, _>(tally.hour.micros())
        .bind::<BigInt, _>(number(tally.worked))
        .bind::<BigInt, _>(number(tally.failed))
        .execute(&mut **tx)?;
    }
    Ok(())
}

/// Deletes the counts of hours after `latest`: a clock that was ahead wrote them, and they are counted when those
/// hours have passed.
pub(crate) fn remove_future(tx: &mut Tx<'_>, latest: Timestamp) -> Result<usize, StoreError> {
    let future = dsl::login_tallies.filter(dsl::hour.gt(latest.micros()));
    Ok(diesel::delete(future).execute(&mut **tx)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_before_1970_begin_on_the_hour() {
        let hour = |seconds| hour_of(Timestamp::from_seconds(seconds)).seconds();
        assert_eq!([hour(0), hour(3599), hour(3600), hour(-1)], [0, 0, 3600, -3600]);
    }
}
