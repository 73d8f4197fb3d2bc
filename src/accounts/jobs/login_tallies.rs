//! Counts the logins of each past hour from the audit log, for the admin's overview, so that a login writes no
//! counter. `housekeeping` runs it in each process; several may count the same hour.

use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::login_counts;
use crate::store::queries::statistics;
use crate::store::tables::login_tallies;
use crate::store::tables::login_tallies::{HOUR, Tally, hour_of};

/// How long after its end an hour is counted. No transaction takes that long (`database.statement_timeout`), so
/// no more rows of the hour can come.
const DELAY: Duration = Duration::from_secs(5 * 60);

/// How many hours one transaction inserts.
const BATCH: usize = 24;

/// Counts every past hour that is not counted yet, the oldest first.
pub async fn tally_logins(app: &App) -> Result<(), StoreError> {
    loop {
        let now = app.clock.now();
        let tallies = app.store.read_aside(move |conn| {
            let oldest = hour_of(now).minus(HOUR * 24 * statistics::DAYS);
            let Some(oldest_row) = login_counts::oldest(conn)? else { return Ok(Vec::new()) };
            let first = match login_tallies::last(conn)? {
                Some(last) => last.plus(HOUR).max(oldest),
                None => hour_of(oldest_row).max(oldest),
            };
            let hours = std::iter::successors(Some(first), |hour| Some(hour.plus(HOUR)));
            let past = hours.take_while(|hour| hour.plus(HOUR).plus(DELAY) <= now).take(BATCH);
            past.map(|hour| {
                let (worked, failed) = login_counts::logins(conn, hour, hour.plus(HOUR))?;
                Ok(Tally { hour, worked, failed })
            })
            .collect()
        });
        let tallies: Vec<Tally> = tallies.await?;
        if tallies.is_empty() {
            return Ok(());
        }
        app.store.write(move |tx| login_tallies::insert(tx, &tallies)).await?;
    }
}
