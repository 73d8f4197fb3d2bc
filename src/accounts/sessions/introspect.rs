//! Telling a service what a token is worth at this moment (RFC 7662). Called by `api`.

use crate::accounts::sessions::presented_token::PresentedTokenError;
use crate::accounts::sessions::verify_token::find;
use crate::app::App;
use crate::store::StoreError;
use crate::tokens::Claims;
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
    let claims = match app.tokens.check_access(token, now) {
        Ok(claims) => claims,
        Err(_) if asked == AskedTokens::All => app.tokens.check_refresh(token, now)?.claims,
        Err(error) => return Err(error.into()),
    };
    let rows = find(app, token, &claims, now).await?;
    let user = rows.check(&claims, app.config.tokens.session_lifetime, now)?;
    Ok(Some(active(app, token, user, &claims, now)))
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
