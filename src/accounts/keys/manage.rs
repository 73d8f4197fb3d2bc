//! Rotating, importing and revoking keys. Called by the command line.

use crate::accounts::keys::error::ChangeKeysError;
use crate::accounts::keys::key_changes::{KeyChanges, KeySpans};
use crate::accounts::keys::prepare::make_aside;
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::Tx;
use crate::store::tables::audit::Action;
use crate::store::tables::{refresh_tokens, signing_keys};
use crate::tokens::NewSigningKey;
use crate::types::{KeyRecord, KeyState, TokenAlgorithm};

/// When a new key begins to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStart {
    /// Once it was published for `keys.publish_for`.
    Published,
    /// At once. Services that have a copy of the key set refuse its tokens until they read it again.
    Now,
}

/// What became of a revoked key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedKey {
    /// How many sessions have a refresh token that it signed, and end with it.
    pub sessions: u64,
    /// The key that signs in its place, if it did sign.
    pub successor: Option<String>,
}

/// Publishes a new key of `tokens.algorithm`; answers it. With [`KeyStart::Now`], a key that is published already
/// signs at once, if it can be used.
///
/// # Errors
/// If a key is published already, and for HS256.
pub async fn rotate_keys(app: &App, start: KeyStart, by: &Actor) -> Result<KeyRecord, ChangeKeysError> {
    let algorithm = asymmetric(app)?;
    let new = make_aside(algorithm).await?;
    let data_key = app.config.data_key.clone();
    app.refresh_keys().await?;
    let are_usable = app.tokens.ring().problems().is_empty();
    let kid = change(app, by, move |changes, _| {
        let published = changes.published().map(|key| (key.kid.clone(), key.signs_from, key.algorithm));
        let kid = match published {
            Some((kid, signs_from, _)) if start == KeyStart::Published => {
                return Err(ChangeKeysError::AlreadyPublished { kid, signs_from });
            }
            Some((kid, _, own)) if own == algorithm && are_usable => kid,
            unusable => {
                if let Some((kid, ..)) = unusable {
                    changes.end(&kid, Action::KeyEnded);
                }
                let kid = new.kid.clone();
                changes.publish(new, data_key.as_ref(), Action::KeyPublished)?;
                kid
            }
        };
        if start == KeyStart::Now && changes.find(&kid).is_some_and(|key| key.state == KeyState::Published) {
            changes.begin_signing(&kid);
        }
        changes.find(&kid).cloned().ok_or(ChangeKeysError::NotFound(kid))
    });
    kid.await
}

/// Publishes a key that was read from a file; answers it.
///
/// # Errors
/// If it is not for `tokens.algorithm`, is known, or another key is published already.
pub(crate) async fn import_key(
    app: &App,
    new: NewSigningKey,
    start: KeyStart,
    by: &Actor,
) -> Result<KeyRecord, ChangeKeysError> {
    let configured = asymmetric(app)?;
    if new.algorithm != configured {
        let NewSigningKey { kid, algorithm, .. } = new;
        return Err(ChangeKeysError::OtherAlgorithm { kid, algorithm, configured });
    }
    let data_key = app.config.data_key.clone();
    let imported = change(app, by, move |changes, _| {
        if let Some(KeyRecord { kid, signs_from, .. }) = changes.published().cloned() {
            return Err(ChangeKeysError::AlreadyPublished { kid, signs_from });
        }
        let kid = new.kid.clone();
        changes.publish(new, data_key.as_ref(), Action::KeyImported)?;
        if start == KeyStart::Now && changes.find(&kid).is_some_and(|key| key.state == KeyState::Published) {
            changes.begin_signing(&kid);
        }
        changes.find(&kid).cloned().ok_or(ChangeKeysError::NotFound(kid))
    });
    imported.await
}

/// Refuses the tokens of a key from the next request on, on every replica. If it signs, the key that is published
/// does from now on, or a new one.
///
/// # Errors
/// If there is no such key, it is gone, or it is that of HS256 and signs.
pub async fn revoke_key(app: &App, kid: &str, by: &Actor) -> Result<RevokedKey, ChangeKeysError> {
    let kid = kid.to_owned();
    let signing = app.store.read(signing_keys::read).await?;
    let algorithm = signing.keys.iter().find(|key| key.kid == kid).map(|key| key.algorithm);
    let new = match algorithm.filter(|algorithm| algorithm.is_asymmetric()) {
        Some(algorithm) => Some(make_aside(algorithm).await?),
        None => None,
    };
    let data_key = app.config.data_key.clone();
    let revoked = change(app, by, move |changes, tx| {
        let key = changes.find(&kid).cloned().ok_or_else(|| ChangeKeysError::NotFound(kid.clone()))?;
        let from = if key.algorithm.is_asymmetric() { key.signs_from.seconds() } else { 0 };
        let sessions = match key.state {
            KeyState::Gone => return Err(ChangeKeysError::AlreadyGone(kid)),
            KeyState::Published => 0,
            KeyState::Signing if key.algorithm == TokenAlgorithm::Hs256 => {
                return Err(ChangeKeysError::SharedSecretSigns);
            }
            KeyState::Signing | KeyState::Verifying => {
                let until = key.signed_until.map(|until| until.seconds());
                refresh_tokens::count_sessions_signed(tx, from, until, changes.now())?
            }
        };
        changes.end(&kid, Action::KeyRevoked);
        if key.state != KeyState::Signing {
            return Ok(RevokedKey { sessions, successor: None });
        }
        let successor = match (changes.published().map(|key| key.kid.clone()), new) {
            (Some(kid), _) => kid,
            (None, Some(new)) => {
                let kid = new.kid.clone();
                changes.publish(new, data_key.as_ref(), Action::KeyPublished)?;
                kid
            }
            (None, None) => return Err(ChangeKeysError::NoneSigns),
        };
        if changes.find(&successor).is_some_and(|key| key.state == KeyState::Published) {
            changes.begin_signing(&successor);
        }
        Ok(RevokedKey { sessions, successor: Some(successor) })
    });
    revoked.await
}

/// The algorithm of the settings, if it has pairs of keys.
fn asymmetric(app: &App) -> Result<TokenAlgorithm, ChangeKeysError> {
    let algorithm = app.config.tokens.algorithm;
    if algorithm.is_asymmetric() { Ok(algorithm) } else { Err(ChangeKeysError::SharedSecret) }
}

/// Changes keys in one write, and uses the changed ones.
async fn change<T: Send + 'static>(
    app: &App,
    by: &Actor,
    work: impl FnOnce(&mut KeyChanges, &mut Tx<'_>) -> Result<T, ChangeKeysError> + Send + 'static,
) -> Result<T, ChangeKeysError> {
    let (now, spans, by) = (app.clock.now(), KeySpans::of(&app.config), by.clone());
    let outcome = app.store.write(move |tx| {
        let mut changes = KeyChanges::new(signing_keys::lock(tx)?, spans, now);
        let outcome = work(&mut changes, tx)?;
        changes.store(tx, &by)?;
        Ok::<_, ChangeKeysError>(outcome)
    });
    let outcome = outcome.await?;
    app.refresh_keys().await?;
    Ok(outcome)
}
