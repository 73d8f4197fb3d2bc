//! What was taken away: a list as a file, or a backup of everything. Nothing changes, but it is written
//! down. Called by the admin and by `doorward backup`, which do the taking.

use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit::Action;

/// Notes that a list was taken, and which (`what`, which must hold no secret).
pub(crate) async fn record_export(app: &App, what: String, by: &Actor) -> Result<(), StoreError> {
    note(app, Action::Exported, what, by).await
}

/// Notes that a backup was made, and where (`what`, which must hold no secret): the overview tells when
/// the last one was.
pub async fn record_backup(app: &App, what: String, by: &Actor) -> Result<(), StoreError> {
    note(app, Action::BackedUp, what, by).await
}

async fn note(app: &App, action: Action, what: String, by: &Actor) -> Result<(), StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store.write(move |tx| by.record_with(tx, action, None, Some(&what), now)).await
}
