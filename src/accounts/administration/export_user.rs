//! Everything that is stored about one person, for a copy that the person may ask for (GDPR, article 15).

use serde_json::Value;

use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::queries::personal_data;
use crate::store::tables::audit::Action;
use crate::store::tables::audit::detail::PERSONAL_DATA;
use crate::store::{Conn, StoreError, Tx};
use crate::types::UserId;

/// The data of a user as JSON, without secrets and without data of other persons; `None` if there is no such
/// user. The audit log records the export.
pub(crate) async fn export_user(app: &App, id: UserId, by: &Actor) -> Result<Option<Value>, StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    let read = move |conn: &mut Conn| personal_data::of_user(conn, id, now);
    let Some((user, mut data)) = app.store.read_aside(read).await? else { return Ok(None) };
    let record = move |tx: &mut Tx<'_>| by.record(tx, Action::Exported, &user, Some(PERSONAL_DATA), now);
    app.store.write(record).await?;
    data["exported_at"] = now.to_rfc3339().into();
    Ok(Some(data))
}
