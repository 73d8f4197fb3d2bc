//! What time does to keys: one that was published for long enough begins to sign, one whose last token has expired
//! goes, and `keys.rotate_every` publishes the next. Run by `housekeeping` on each replica.

use crate::accounts::keys::error::ChangeKeysError;
use crate::accounts::keys::key_changes::{KeyChanges, KeySpans};
use crate::accounts::keys::prepare::make_aside;
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::signing_keys;

/// Moves every key to the state that is due; reads only, if none is.
///
/// # Errors
/// If the store fails or no key can be made; the next call tries again.
pub async fn advance_keys(app: &App) -> Result<(), ChangeKeysError> {
    app.refresh_keys().await?;
    let (now, spans) = (app.clock.now(), KeySpans::of(&app.config));
    let mut due = KeyChanges::new(app.store.read(signing_keys::read).await?, spans, now);
    due.advance();
    let new = match due.due_rotation() {
        Some(algorithm) => Some(make_aside(algorithm).await?),
        None => None,
    };
    if !due.is_needed() && new.is_none() {
        return Ok(());
    }
    let config = app.config.clone();
    app.store
        .write(move |tx| {
            let mut changes = KeyChanges::new(signing_keys::lock(tx)?, spans, now);
            changes.advance();
            // Another replica may have published one in the meantime.
            if let Some(new) = new.filter(|new| changes.due_rotation() == Some(new.algorithm)) {
                changes.publish(new, config.data_key.as_ref(), Action::KeyPublished)?;
            }
            Ok::<_, ChangeKeysError>(changes.store(tx, &Actor::server())?)
        })
        .await?;
    Ok(app.refresh_keys().await?)
}
