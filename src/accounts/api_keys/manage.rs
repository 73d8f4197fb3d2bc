//! Making and revoking API keys. Called by the admin and the command line.

use std::time::Duration;

use ipnet::IpNet;
use thiserror::Error;

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::store::tables::api_keys;
use crate::store::tables::api_keys::StoredApiKey;
use crate::store::tables::audit::Action;
use crate::store::{StoreError, Tx};
use crate::types::{ApiKey, ApiKeyId, ApiKeyName, ApiKeyRecord, ApiScopes};

/// A key to make.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// Its public part. A form that is sent twice names the same one, and makes one key.
    pub id: ApiKeyId,
    /// Its name.
    pub name: ApiKeyName,
    /// What it may do: something.
    pub scopes: ApiScopes,
    /// The networks that it may come from; empty for any.
    pub networks: Vec<IpNet>,
    /// How long it is good; `None` for as long as it is not revoked.
    pub lifetime: Option<Duration>,
}

/// Why no key was made.
#[derive(Debug, Error)]
pub enum CreateApiKeyError {
    /// A key without a scope can do nothing.
    #[error("an API key needs at least one scope")]
    NoScope,
    /// There is a key with that id: the same order was given before.
    #[error("this API key was made before")]
    Exists,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why no key was revoked.
#[derive(Debug, Error)]
pub enum RevokeApiKeyError {
    /// No key has that id.
    #[error("there is no API key {0}")]
    NotFound(ApiKeyId),
    /// It was revoked before.
    #[error("API key {0} is revoked already")]
    AlreadyRevoked(ApiKeyId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a key; answers it, which is the only time, and what is stored of it.
///
/// # Errors
/// Without a scope, and if there is such a key already.
pub async fn create_api_key(
    app: &App,
    new: NewApiKey,
    by: &Actor,
) -> Result<(ApiKey, ApiKeyRecord), CreateApiKeyError> {
    if new.scopes.is_empty() {
        return Err(CreateApiKeyError::NoScope);
    }
    let (now, by, key) = (app.clock.now(), by.clone(), ApiKey::random(new.id));
    let record = ApiKeyRecord {
        id: new.id,
        name: new.name.as_str().to_owned(),
        scopes: new.scopes,
        networks: new.networks,
        created_at: now,
        expires_at: new.lifetime.map(|lifetime| now.plus(lifetime)),
        last_used_at: None,
        revoked_at: None,
    };
    let (stored, digest) = (record.clone(), key.digest());
    let insert = move |tx: &mut Tx<'_>| {
        if !api_keys::insert(tx, &stored, digest)? {
            return Err(CreateApiKeyError::Exists);
        }
        let detail = format!("{}: {}", described(&stored), stored.scopes.joined());
        Ok(by.record(tx, Action::ApiKeyCreated, None::<AuditSubject<'_>>, Some(&detail), now)?)
    };
    app.store.write(insert).await?;
    Ok((key, record))
}

/// Revokes a key: it is refused from the next request on, on every replica. Answers what is stored of it.
///
/// # Errors
/// If there is no such key, or it was revoked before.
pub async fn revoke_api_key(app: &App, id: ApiKeyId, by: &Actor) -> Result<ApiKeyRecord, RevokeApiKeyError> {
    let (now, by) = (app.clock.now(), by.clone());
    let revoke = move |tx: &mut Tx<'_>| {
        let is_revoked = api_keys::revoke(tx, id, now)?;
        let stored = api_keys::find(tx, id)?.and_then(StoredApiKey::record);
        let key = stored.ok_or(RevokeApiKeyError::NotFound(id))?;
        if !is_revoked {
            return Err(RevokeApiKeyError::AlreadyRevoked(id));
        }
        by.record(tx, Action::ApiKeyRevoked, None::<AuditSubject<'_>>, Some(&described(&key)), now)?;
        Ok(key)
    };
    app.store.write(revoke).await
}

/// Name and id, for the audit log.
fn described(key: &ApiKeyRecord) -> String {
    format!("{} ({})", key.name, key.id)
}
