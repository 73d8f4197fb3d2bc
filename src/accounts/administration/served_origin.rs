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

/// The origin of a link that the command line prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkOrigin {
    /// `public_url`, or the origin of the server that started last.
    Known(String),
    /// Made from `listen`: no server has started with this database yet.
    Guessed(String),
}

/// The origin for links: `public_url` where it is set, else that of the server that started last, else the one
/// made from `listen`.
pub(crate) async fn link_origin(app: &App) -> Result<LinkOrigin, StoreError> {
    let own = app.config.public_url.origin().to_owned();
    if app.config.sets_public_url() {
        return Ok(LinkOrigin::Known(own));
    }
    let served = app.store.read(served_origin::get).await?;
    Ok(served.map_or(LinkOrigin::Guessed(own), LinkOrigin::Known))
}
