//! Telling whether a token of any type is valid. Called by `api`.

use crate::accounts::sessions::authenticate::{check_state, user_id};
use crate::accounts::sessions::presented_token::{PresentedTokenError, with_rate_limit};
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::claimed_user;
use crate::store::tables::refresh_tokens;
use crate::tokens::{ClaimedUser, Claims, TokenError};
use crate::types::{Timestamp, User};

/// Whether the token would be accepted: signature, times, user, revocation. One that names no user is valid
/// if its signature is, as in the reference server.
///
/// # Errors
/// Why the token is rejected.
pub(crate) async fn verify_token(app: &App, token: &[u8], by: &Actor) -> Result<(), PresentedTokenError> {
    with_rate_limit(app, by, check(app, token)).await
}

async fn check(app: &App, token: &[u8]) -> Result<(), PresentedTokenError> {
    app.refresh_keys().await?;
    let now = app.clock.now();
    let claims = app.tokens.check_any(token, now)?;
    if claims.user == ClaimedUser::Missing {
        return Ok(());
    }
    if !claims.is_refresh {
        let (id, handle) = (user_id(&claims)?, claims.session.clone());
        let row = app.store.read(move |conn| claimed_user::with_session(conn, &id, &handle)).await?;
        let lifetime = app.config.tokens.session_lifetime;
        check_state(row, &claims, lifetime, now, TokenError::InvalidOrExpired)?;
        return Ok(());
    }
    let hash = app.tokens.check_refresh(token, now)?.record().hash;
    check_refresh(app, &claims, hash, now).await.map(|_| ())
}

/// Checks a refresh token beyond its signature; answers its user. A replaced one is rejected like one of an ended
/// session.
pub(super) async fn check_refresh(
    app: &App,
    claims: &Claims,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<User, PresentedTokenError> {
    let (id, handle) = (user_id(claims)?, claims.session.clone());
    let (row, stored) = app
        .store
        .read(move |conn| {
            let row = claimed_user::with_session(conn, &id, &handle)?;
            let session = row.as_ref().and_then(|row| row.session.as_ref());
            let stored =
                session.map(|session| refresh_tokens::find(conn, session.id, hash)).transpose()?.flatten();
            Ok::<_, StoreError>((row, stored))
        })
        .await?;
    let lifetime = app.config.tokens.session_lifetime;
    let authenticated = check_state(row, claims, lifetime, now, TokenError::Blacklisted)?;
    match stored.and_then(|stored| stored.replaced_at) {
        Some(_) => Err(TokenError::Blacklisted.into()),
        None => Ok(authenticated.user),
    }
}
