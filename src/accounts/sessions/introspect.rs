//! Telling a service what a token is worth at this moment (RFC 7662). Called by `api`.

use crate::accounts::sessions::authenticate::{AuthenticationError, check_state, user_id};
use crate::accounts::sessions::presented_token::PresentedTokenError;
use crate::accounts::sessions::verify_token::check_refresh;
use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::claimed_user;
use crate::tokens::{Claims, TokenError};
use crate::types::{Timestamp, User};

/// A token that is good.
#[derive(Debug)]
pub(crate) struct ActiveToken {
    /// The user, as in the store at this moment.
    pub user: User,
    /// The claim `jti`.
    pub id: Option<String>,
    /// When it was issued, in seconds since 1970.
    pub issued_at: Option<i64>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Whether it is a refresh token.
    pub is_refresh: bool,
}

/// The kinds of tokens that a service asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AskedTokens {
    /// Those that open a service.
    Access,
    /// Refresh tokens, too.
    All,
}

/// What a token is worth: what a protected route would check, or a refresh. `None` if it is not good, for whatever
/// reason. Counts nothing: the service asks about what its visitors sent.
pub(crate) async fn introspect(
    app: &App,
    token: &[u8],
    asked: AskedTokens,
) -> Result<Option<ActiveToken>, StoreError> {
    app.refresh_keys().await?;
    match check(app, token, asked).await {
        Ok(active) => Ok(active),
        Err(PresentedTokenError::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

async fn check(
    app: &App,
    token: &[u8],
    asked: AskedTokens,
) -> Result<Option<ActiveToken>, PresentedTokenError> {
    let now = app.clock.now();
    match app.tokens.check_access(token, now) {
        Ok(claims) => {
            let (id, handle) = (user_id(&claims)?, claims.session.clone());
            let row = app.store.read(move |conn| claimed_user::with_session(conn, &id, &handle)).await;
            let row = row.map_err(AuthenticationError::from)?;
            let lifetime = app.config.tokens.session_lifetime;
            let authenticated = check_state(row, &claims, lifetime, now, TokenError::InvalidOrExpired)?;
            Ok(Some(active(app, token, authenticated.user, &claims, now)))
        }
        Err(_) if asked == AskedTokens::All => {
            let refresh = app.tokens.check_refresh(token, now)?;
            let user = check_refresh(app, &refresh.claims, refresh.record().hash, now).await?;
            Ok(Some(active(app, token, user, &refresh.claims, now)))
        }
        Err(error) => Err(error.into()),
    }
}

fn active(app: &App, token: &[u8], user: User, claims: &Claims, now: Timestamp) -> ActiveToken {
    ActiveToken {
        user,
        id: app.tokens.token_id(token, now),
        issued_at: claims.issued_at,
        expires_at: claims.expires_at,
        is_refresh: claims.is_refresh,
    }
}
