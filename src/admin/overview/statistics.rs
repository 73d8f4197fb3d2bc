//! The figures of the overview, counted anew when they are older than a minute, or when whoever looks at
//! them did something since: they look for what they did. They decide nothing, and the page says how old
//! they are.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::statistics;
use crate::store::queries::statistics::Statistics;
use crate::store::queries::user_activity;
use crate::types::UserId;

/// How long they are good for.
const FRESH: Duration = Duration::from_secs(60);

/// The figures for an administrator. Of many who ask at once, one has them counted and the others wait
/// for it.
pub(crate) async fn latest(app: &App, reader: UserId) -> Result<Arc<Statistics>, StoreError> {
    let mut kept = app.handlers.statistics.lock().await;
    let now = app.clock.now();
    if let Some(figures) = kept.as_ref().filter(|figures| now.since(figures.at) < FRESH) {
        let (figures, at) = (Arc::clone(figures), figures.at);
        if !app.store.read(move |conn| user_activity::did_since(conn, reader, at)).await? {
            return Ok(figures);
        }
    }
    let figures = Arc::new(app.store.read_aside(move |conn| statistics::read(conn, now)).await?);
    *kept = Some(Arc::clone(&figures));
    Ok(figures)
}
