//! Dismissing a step of the set-up list on the overview.

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::store::tables::dismissed_steps;

/// Dismisses a step for all administrators. One that is dismissed already is not recorded again.
pub(crate) async fn dismiss_step(app: &App, step: &'static str, by: &Actor) -> Result<(), StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            if dismissed_steps::dismiss(tx, step)? {
                by.record(tx, Action::StepDismissed, None::<AuditSubject<'_>>, Some(step), now)?;
            }
            Ok(())
        })
        .await
}
