//! Counts the logins of each hour that is over, for the admin's overview: from the audit, once, so
//! that no login has to write more than its row. Run by `housekeeping` in each process; it is all
//! the same how many of them count an hour.

use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::login_counts;
use crate::store::queries::statistics;
use crate::store::tables::login_tallies;
use crate::store::tables::login_tallies::{HOUR, Tally, hour_of};

/// How long after its end an hour is counted: no transaction takes as long (`database.statement_timeout`
/// is given up after that), so no row of it can come any more.
const SETTLED: Duration = Duration::from_secs(5 * 60);

/// How many hours are written down together.
const BATCH: usize = 24;

/// Counts every hour that is over and was not counted yet, oldest first.
pub async fn tally_logins(app: &App) -> Result<(), StoreError> {
    loop {
        let now = app.clock.now();
        let tallies = app.store.read_aside(move |conn| {
            let oldest = hour_of(now).minus(HOUR * 24 * statistics::DAYS);
            let Some(begins) = login_counts::begins(conn)? else { return Ok(Vec::new()) };
            let first = match login_tallies::last(conn)? {
                Some(last) => last.plus(HOUR).max(oldest),
                None => hour_of(begins).max(oldest),
            };
            let hours = std::iter::successors(Some(first), |hour| Some(hour.plus(HOUR)));
            let over = hours.take_while(|hour| hour.plus(HOUR).plus(SETTLED) <= now).take(BATCH);
            over.map(|hour| {
                let (worked, failed) = login_counts::logins(conn, hour, hour.plus(HOUR))?;
                Ok(Tally { hour, worked, failed })
            })
            .collect()
        });
        let tallies: Vec<Tally> = tallies.await?;
        if tallies.is_empty() {
            return Ok(());
        }
        app.store.write(move |tx| login_tallies::keep(tx, &tallies)).await?;
    }
}
