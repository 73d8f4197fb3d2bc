//! The statistics of the admin's overview: counts of users, logins by the hour, the size of the database.
//! Counting takes longer the more users there are, so `admin::overview` caches them.

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

/// How many days of logins there are, today included.
pub const DAYS: u32 = 30;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many of the last hours are counted here where the table has no count yet.
const RECENT_HOURS: u32 = 3;

/// A user is new for so long.
pub const NEW: Duration = Duration::from_secs(7 * DAY.as_secs());

/// The statistics of a moment.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// When they were counted.
    pub at: Timestamp,
    /// How many users there are.
    pub users: u64,
    /// How many have confirmed their email.
    pub confirmed: u64,
    /// How many are active.
    pub active: u64,
    /// How many are administrators.
    pub administrators: u64,
    /// How many never logged in.
    pub never_logged_in: u64,
    /// How many were created within [`NEW`].
    pub new: u64,
    /// The logins of the last [`DAYS`] days in UTC by the hour, from midnight to the current hour.
    pub logins: Vec<Tally>,
    /// Whether older hours are still to be counted: after an upgrade, or a long stop.
    pub is_behind: bool,
    /// The size of the database in bytes.
    pub bytes: u64,
    /// The free space on the disk of the database in bytes; `None` for a server.
    pub free_bytes: Option<u64>,
}

#[derive(QueryableByName)]
struct CountedRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Counts the statistics. Takes some milliseconds for each hundred thousand users.
pub fn read(conn: &mut Conn, now: Timestamp) -> Result<Statistics, StoreError> {
    let users = count(conn, "SELECT count(*) AS count FROM users")?;
    let inactive = count_users(conn, "NOT is_active")?;
    let (logins, is_behind) = logins(conn, now)?;
    let (bytes, free_bytes) = dialect::disk_usage(conn)?;
    Ok(Statistics {
        at: now,
        users,
        confirmed: count_users(conn, "is_email_confirmed = TRUE")?,
        active: users.saturating_sub(inactive),
        administrators: count_users(conn, "is_admin")?,
        never_logged_in: count_users(conn, "coalesce(last_login_at, 0) = 0")?,
        new: count_users(conn, &format!("created_at > {}", now.minus(NEW).micros()))?,
        logins,
        is_behind,
        bytes,
        free_bytes,
    })
}

fn count_users(conn: &mut Conn, condition: &str) -> Result<u64, StoreError> {
    count(conn, &format!("SELECT count(*) AS count FROM users WHERE {condition}"))
}

fn count(conn: &mut Conn, query: &str) -> Result<u64, StoreError> {
    let counted = diesel::sql_query(query).get_result::<CountedRow>(conn)?;
    Ok(u64::try_from(counted.count).unwrap_or(0))
}

/// The logins by the hour, and whether older hours are still to be counted.
fn logins(conn: &mut Conn, now: Timestamp) -> Result<(Vec<Tally>, bool), StoreError> {
    let current = hour_of(now);
    let today = Timestamp::from_seconds(now.seconds() - now.seconds().rem_euclid(24 * 3600));
    let first = today.minus(DAY * (DAYS - 1));
    let counted = login_tallies::since(conn, first)?;
    let next = counted.last().map(|last| last.hour.plus(HOUR));
    let recent = current.minus(HOUR * (RECENT_HOURS - 1));
    let first_uncounted = match next {
        Some(next) => Some(next),
        None => login_counts::oldest(conn)?.map(hour_of),
    };
    let is_behind = first_uncounted.is_some_and(|first| first < recent);
    let from = next.map_or(recent, |next| next.max(recent));
    let mut logins = Vec::new();
    let mut known = counted.into_iter().peekable();
    let hours = std::iter::successors(Some(first), |hour| Some(hour.plus(HOUR)));
    for hour in hours.take_while(|hour| *hour <= current) {
        let stored = known.next_if(|tally| tally.hour == hour);
        logins.push(match stored {
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
