//! What the admin's overview says of the whole database: counts of users, logins by the hour, its
//! size. Read rarely and kept for a while (`admin::figures`): some of it is counted along an index,
//! which takes longer the more users there are.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::Conn;
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::queries::login_counts;
use crate::store::tables::login_tallies;
use crate::store::tables::login_tallies::{HOUR, Tally, hour_of};
use crate::types::Timestamp;

/// Of how many days the logins are told, today among them.
pub const DAYS: u32 = 30;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many of the last hours are counted here, if they were not yet.
const FRESH: u32 = 3;

/// How long somebody is new.
pub const NEW: Duration = Duration::from_secs(7 * DAY.as_secs());

/// The figures, as they were at a moment.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// The moment.
    pub at: Timestamp,
    /// How many users there are.
    pub users: u64,
    /// How many have confirmed their email.
    pub confirmed: u64,
    /// How many may log in.
    pub active: u64,
    /// How many were added within [`NEW`].
    pub new: u64,
    /// The logins of the last [`DAYS`] days in UTC, hour by hour, from midnight to the one that goes on.
    pub logins: Vec<Tally>,
    /// Whether older hours are still to be counted: after an update, or a long stop.
    pub is_behind: bool,
    /// How much room the database takes, in bytes.
    pub bytes: u64,
    /// How much room is left where it lies, in bytes; `None` on a server.
    pub free_bytes: Option<u64>,
}

#[derive(QueryableByName)]
struct CountedRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The figures of this moment. Takes some milliseconds for each hundred thousand users.
pub fn read(conn: &mut Conn, now: Timestamp) -> Result<Statistics, StoreError> {
    let users = one(conn, "SELECT count(*) AS count FROM users")?;
    let inactive = count(conn, "NOT is_active")?;
    let (logins, is_behind) = logins(conn, now)?;
    let (bytes, free_bytes) = dialect::room(conn)?;
    Ok(Statistics {
        at: now,
        users,
        confirmed: count(conn, "is_email_confirmed = TRUE")?,
        active: users.saturating_sub(inactive),
        new: count(conn, &format!("created_at > {}", now.minus(NEW).micros()))?,
        logins,
        is_behind,
        bytes,
        free_bytes,
    })
}

fn count(conn: &mut Conn, condition: &str) -> Result<u64, StoreError> {
    one(conn, &format!("SELECT count(*) AS count FROM users WHERE {condition}"))
}

fn one(conn: &mut Conn, query: &str) -> Result<u64, StoreError> {
    let counted = diesel::sql_query(query).get_result::<CountedRow>(conn)?;
    Ok(u64::try_from(counted.count).unwrap_or(0))
}

/// The logins by the hour, and whether some of it is still to be counted.
fn logins(conn: &mut Conn, now: Timestamp) -> Result<(Vec<Tally>, bool), StoreError> {
    let current = hour_of(now);
    let today = Timestamp::from_seconds(now.seconds() - now.seconds().rem_euclid(24 * 3600));
    let first = today.minus(DAY * (DAYS - 1));
    let counted = login_tallies::since(conn, first)?;
    let next = counted.last().map(|last| last.hour.plus(HOUR));
    let fresh = current.minus(HOUR * (FRESH - 1));
    let begins = match next {
        Some(next) => Some(next),
        None => login_counts::begins(conn)?.map(hour_of),
    };
    let is_behind = begins.is_some_and(|begins| begins < fresh);
    let from = next.map_or(fresh, |next| next.max(fresh));
    let mut logins = Vec::new();
    let mut known = counted.into_iter().peekable();
    let hours = std::iter::successors(Some(first), |hour| Some(hour.plus(HOUR)));
    for hour in hours.take_while(|hour| *hour <= current) {
        let of_table = known.next_if(|tally| tally.hour == hour);
        logins.push(match of_table {
            Some(tally) => tally,
            None if hour >= from => {
                let (worked, failed) = login_counts::logins(conn, hour, hour.plus(HOUR))?;
                Tally { hour, worked, failed }
            }
            None => Tally { hour, worked: 0, failed: 0 },
        });
    }
    Ok((logins, is_behind))
}
