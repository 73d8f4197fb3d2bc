//! Telling whether a token of any type is valid. Called by `api`.

use std::time::Duration;

use crate::accounts::sessions::authenticate::{are_outdated, check_state, check_with_known_keys, user_id};
use crate::accounts::sessions::presented_token::{PresentedTokenError, with_rate_limit};
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::claimed_user;
use crate::store::queries::claimed_user::ClaimedRow;
use crate::store::tables::refresh_tokens;
use crate::store::tables::refresh_tokens::StoredRefreshToken;
use crate::tokens::{ClaimedUser, Claims, TokenError, Tokens};
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
    let now = app.clock.now();
    let check = |tokens: &Tokens| tokens.check_any(token, now);
    let (claims, keys) = check_with_known_keys(app, token, now, check).await?;
    let rows = match &claims.user {
        ClaimedUser::Missing => None,
        _ => Some(find(app, token, &claims, now).await?),
    };
    let row = rows.as_ref().and_then(|rows| rows.user.as_ref());
    if are_outdated(app, keys, row).await? {
        check(&app.tokens)?;
    }
    match rows {
        Some(rows) => rows.check(&claims, app.config.tokens.session_lifetime, now).map(|_| ()),
        None => Ok(()),
    }
}

/// What the store has about a token.
pub(super) struct TokenRows {
    /// The user, with the session.
    user: Option<ClaimedRow>,
    /// The row of a refresh token.
    refresh: Option<StoredRefreshToken>,
}

/// Reads what the store has about a token with these claims.
pub(super) async fn find(
    app: &App,
    token: &[u8],
    claims: &Claims,
    now: Timestamp,
) -> Result<TokenRows, PresentedTokenError> {
    let (id, handle) = (user_id(claims)?, claims.session.clone());
    let hash = match claims.is_refresh {
        true => Some(app.tokens.check_refresh(token, now)?.record().hash),
        false => None,
    };
    let read = app.store.read(move |conn| {
        let row = claimed_user::with_session(conn, &id, &handle)?;
        let session = row.as_ref().and_then(|row| row.session.as_ref());
        let refresh = match (session, hash) {
            (Some(session), Some(hash)) => refresh_tokens::find(conn, session.id, hash)?,
            _ => None,
        };
        Ok::<_, StoreError>(TokenRows { user: row, refresh })
    });
    Ok(read.await?)
}

impl TokenRows {
    /// Checks the token against the store; returns its user. A replaced refresh token is rejected like one of an ended
    /// session.
    pub(super) fn check(
        self,
        claims: &Claims,
        lifetime: Option<Duration>,
        now: Timestamp,
    ) -> Result<User, PresentedTokenError> {
        let revoked = if claims.is_refresh { TokenError::Blacklisted } else { TokenError::InvalidOrExpired };
        let user = check_state(self.user, claims, lifetime, now, revoked)?.user;
        match self.refresh.and_then(|stored| stored.replaced_at) {
            Some(_) => Err(TokenError::Blacklisted.into()),
            None => Ok(user),
        }
    }
}
