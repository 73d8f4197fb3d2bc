//! The cache of the statistics on the overview. They are counted again after a minute, or after an action of the
//! administrator who asks: the action has to be in the figures. No decision depends on them, and the page says how
//! old they are.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::statistics;
use crate::store::queries::statistics::Statistics;
use crate::store::queries::user_activity;
use crate::types::UserId;

/// How long cached statistics are used.
const MAX_AGE: Duration = Duration::from_secs(60);

/// The statistics for an administrator. Of several requests at once, one counts and the others wait for it.
pub(crate) async fn load(app: &App, administrator: UserId) -> Result<Arc<Statistics>, StoreError> {
    let mut cached = app.handlers.statistics.lock().await;
    let now = app.clock.now();
    if let Some(figures) = cached.as_ref().filter(|figures| now.distance(figures.at) < MAX_AGE) {
        let (figures, at) = (Arc::clone(figures), figures.at);
        if !app.store.read(move |conn| user_activity::did_since(conn, administrator, at)).await? {
            return Ok(figures);
        }
    }
    let figures = Arc::new(app.store.read_aside(move |conn| statistics::read(conn, now)).await?);
    *cached = Some(Arc::clone(&figures));
    Ok(figures)
}
