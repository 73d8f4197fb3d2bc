//! The audit entry of an export or a backup. The admin and `doorward backup` create the files.

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit::Action;

/// Records that a list was exported. `list` names it, with its filters, and must contain no secret.
pub(crate) async fn record_export(app: &App, list: String, by: &Actor) -> Result<(), StoreError> {
    record(app, Action::Exported, list, by).await
}

/// Records that a backup was created at `path`, which must contain no secret. The overview of the admin shows
/// the last one.
pub async fn record_backup(app: &App, path: String, by: &Actor) -> Result<(), StoreError> {
    record(app, Action::BackedUp, path, by).await
}

async fn record(app: &App, action: Action, detail: String, by: &Actor) -> Result<(), StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store.write(move |tx| by.record(tx, action, None::<AuditSubject<'_>>, Some(&detail), now)).await
}
