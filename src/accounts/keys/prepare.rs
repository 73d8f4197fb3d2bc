//! At the start of a server: there is a key for `tokens.algorithm`, and every key can be used.

use crate::accounts::keys::error::ChangeKeysError;
use crate::accounts::keys::key_changes::{KeyChanges, KeySpans};
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::tables::signing_keys;
use crate::tokens::{NewSigningKey, make_key};
use crate::types::TokenAlgorithm;

/// Makes the algorithm of the settings that of new tokens, makes a key for it, and encrypts keys that lie in clear.
///
/// # Errors
/// Which key cannot be used, and why.
pub async fn prepare_keys(app: &App) -> Result<(), ChangeKeysError> {
    let algorithm = app.config.tokens.algorithm;
    let (now, spans) = (app.clock.now(), KeySpans::of(&app.config));
    let table = app.store.read(signing_keys::read).await?;
    let current = KeyChanges::new(table, spans, now);
    let new = match current.needs_key(algorithm) {
        true => Some(make_aside(algorithm).await?),
        false => None,
    };
    let config = app.config.clone();
    app.store
        .write(move |tx| {
            let mut changes = KeyChanges::new(signing_keys::lock(tx)?, spans, now);
            let data_key = config.data_key.as_ref();
            changes.choose(algorithm, new.map(|new| (new, data_key)))?;
            if let Some(data_key) = data_key {
                changes.encrypt(data_key)?;
            }
            Ok::<_, ChangeKeysError>(changes.store(tx, &Actor::server())?)
        })
        .await?;
    app.refresh_keys().await?;
    let ring = app.tokens.ring();
    match ring.problems().first() {
        Some(problem) => Err(problem.clone().into()),
        None if !ring.can_sign() => Err(ChangeKeysError::NoneSigns),
        None => Ok(()),
    }
}

/// Makes a key on a thread of its own: one of RS256 takes a second.
pub(super) async fn make_aside(algorithm: TokenAlgorithm) -> Result<NewSigningKey, ChangeKeysError> {
    let made = tokio::task::spawn_blocking(move || make_key(algorithm)).await;
    Ok(made.map_err(|_| crate::tokens::SigningKeyError::NotMade)??)
}
