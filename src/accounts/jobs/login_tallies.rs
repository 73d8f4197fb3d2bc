//! Counts the logins of each past hour from the audit log, for the overview of the admin, so that a login has
//! no counter to write. `housekeeping` runs it in each process; counting an hour twice has no effect.

use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::login_counts;
use crate::store::queries::statistics;
use crate::store::tables::login_tallies;
use crate::store::tables::login_tallies::{HOUR, Tally, hour_of};

/// How long after its end an hour is counted. No transaction takes that long (`database.statement_timeout`),
/// so no entry of the hour is added later.
const SETTLE_TIME: Duration = Duration::from_secs(5 * 60);

/// Hours written in one transaction.
const BATCH: usize = 24;

/// Counts every past hour that was not counted yet, oldest first.
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
            let over = hours.take_while(|hour| hour.plus(HOUR).plus(SETTLE_TIME) <= now).take(BATCH);
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
