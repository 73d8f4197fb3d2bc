//! From an API key that a client sent to what is stored of it. Called by `api`.

use std::net::IpAddr;
use std::time::Duration;

use subtle::ConstantTimeEq as _;
use thiserror::Error;

use crate::accounts::shared::throttle;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::api_keys;
use crate::store::tables::api_keys::StoredApiKey;
use crate::types::{ApiKey, ApiKeyRecord, ApiKeyState, Timestamp};

/// Why a key is refused. Clients are not told: a key that was found somewhere should not say what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ApiKeyRefusal {
    /// It is no key, there is none with its id, or its secret is wrong.
    Wrong,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
    /// The client's address is in none of its networks.
    ForeignNetwork,
}

/// Why a request with a key is not authenticated.
#[derive(Debug, Error)]
pub(crate) enum ApiKeyError {
    /// The key is not accepted.
    #[error("Invalid API key.")]
    Refused(ApiKeyRefusal),
    /// Too many bad keys; how long until the next may be sent.
    #[error("too many bad API keys")]
    Throttled(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks a key that a client at `address` sent. A bad one counts as a bad token of the client's network; a good
/// one is accepted whatever others on that network sent.
pub(crate) async fn authenticate_api_key(
    app: &App,
    sent: &[u8],
    address: Option<IpAddr>,
) -> Result<ApiKeyRecord, ApiKeyError> {
    let outcome = check(app, sent, address).await;
    if matches!(outcome, Err(ApiKeyError::Refused(_)))
        && let Some(wait) = throttle::check_bad(app, app.limits.bad_token(address), app.clock.now()).await?
    {
        return Err(ApiKeyError::Throttled(wait));
    }
    outcome
}

async fn check(app: &App, sent: &[u8], address: Option<IpAddr>) -> Result<ApiKeyRecord, ApiKeyError> {
    let refused = ApiKeyError::Refused;
    let key = ApiKey::parse(sent).ok_or(refused(ApiKeyRefusal::Wrong))?;
    let id = key.id;
    let found = app.store.read(move |conn| api_keys::find(conn, id)).await?;
    // A key that does not exist is compared, too: it takes as long as one with a wrong secret.
    let digest = found.as_ref().map_or(&[0; 32][..], StoredApiKey::digest);
    let is_right: bool = key.digest().as_slice().ct_eq(digest).into();
    let stored = found.filter(|_| is_right).and_then(StoredApiKey::record);
    let record = stored.ok_or(refused(ApiKeyRefusal::Wrong))?;
    let now = app.clock.now();
    match record.state(now) {
        ApiKeyState::Revoked => return Err(refused(ApiKeyRefusal::Revoked)),
        ApiKeyState::Expired => return Err(refused(ApiKeyRefusal::Expired)),
        ApiKeyState::Active => {}
    }
    if !record.admits(address) {
        return Err(refused(ApiKeyRefusal::ForeignNetwork));
    }
    // A moment ahead of now is of a clock that was wrong.
    let stored = record.last_used_at.filter(|at| *at <= now);
    app.api_keys_used.note(id, stored.unwrap_or(Timestamp::from_micros(0)), now);
    Ok(record)
}
