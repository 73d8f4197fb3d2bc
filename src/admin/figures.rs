//! The figures of the overview, counted anew when they are older than a minute. They decide nothing,
//! and the page says how old they are.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;
use crate::store::figures::{self, Figures};

/// How long they are good for.
const FRESH: Duration = Duration::from_secs(60);

/// The figures. Of many who ask at once, one has them counted and the others wait for it.
///
/// # Errors
/// If the store fails.
pub async fn latest(app: &App) -> Result<Arc<Figures>, StoreError> {
    let mut kept = app.figures.lock().await;
    let now = app.clock.now();
    if let Some(figures) = kept.as_ref().filter(|figures| now.since(figures.at) < FRESH) {
        return Ok(Arc::clone(figures));
    }
    let figures = Arc::new(app.store.read_aside(move |conn| figures::read(conn, now)).await?);
    *kept = Some(Arc::clone(&figures));
    Ok(figures)
}
