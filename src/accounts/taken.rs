//! Taking a list of users away as a file: nothing changes, but it is written down. Called by the
//! admin.

use super::actor::Actor;
use crate::app::App;
use crate::store::StoreError;
use crate::store::audit::Action;

/// Notes that a list was taken, and which (`what`, which must hold no secret).
///
/// # Errors
/// If the store fails.
pub async fn note_export(app: &App, what: String, by: &Actor) -> Result<(), StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store.write(move |tx| by.record_with(tx, Action::Exported, None, Some(&what), now)).await
}
