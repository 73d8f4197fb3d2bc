//! Handing out the key that signs tokens, for another server that checks them. Called by the command line.

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::{App, signing_key};
use crate::store::tables::audit::Action;
use crate::store::{StoreError, Tx};
use crate::types::SigningKey;

/// The key, after the export was recorded.
pub(crate) async fn export_signing_key(app: &App, by: &Actor) -> Result<SigningKey, StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    let record =
        move |tx: &mut Tx<'_>| by.record(tx, Action::KeyExported, None::<AuditSubject<'_>>, None, now);
    app.store.write::<_, StoreError, _>(record).await?;
    signing_key(&app.config, &app.store, now)
}
