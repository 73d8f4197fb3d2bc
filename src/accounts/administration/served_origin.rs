//! The origin under which the server runs, for links that the command line prints: its own settings may differ
//! from those of the server, which may have been started with flags or another environment.

use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::served_origin;

/// Stores the origin of the server that starts.
pub(crate) async fn store_served_origin(app: &App) -> Result<(), StoreError> {
    let (origin, now) = (app.config.public_url.origin().to_owned(), app.clock.now());
    app.store.write(move |tx| served_origin::set(tx, &origin, now)).await
}

/// The origin for links: `public_url` where it is set, else that of the server that started last, else the one
/// made from `listen`.
pub(crate) async fn link_origin(app: &App) -> Result<String, StoreError> {
    let own = app.config.public_url.origin().to_owned();
    if app.config.sets_public_url() {
        return Ok(own);
    }
    Ok(app.store.read(served_origin::get).await?.unwrap_or(own))
}
