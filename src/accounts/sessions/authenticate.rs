//! From a token to its user: the one check of every protected route, and of `verify_token`.

use std::time::Duration;

use thiserror::Error;

use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::claimed_user;
use crate::store::queries::claimed_user::ClaimedRow;
use crate::store::tables::sessions::Session;
use crate::tokens::{ClaimedUser, Claims, TokenError, Tokens};
use crate::types::{CurrentSession, PublicId, SessionId, Timestamp, User, UserId};

/// Why a token is rejected. The texts are those of `rest_framework_simplejwt/authentication.py`
/// (`get_user`).
#[derive(Debug, Error)]
pub(crate) enum AuthenticationError {
    /// The token itself is not valid.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The token names no user.
    #[error("Token contained no recognizable user identification")]
    NoUser,
    /// There is no user with the id in the token.
    #[error("User not found")]
    UserNotFound,
    /// The user of the token is inactive.
    #[error("User is inactive")]
    UserInactive,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The user and the session of a token.
#[derive(Debug)]
pub(crate) struct Authenticated {
    /// The user, as in the store at this moment.
    pub user: User,
    /// The session.
    pub session: CurrentSession,
    /// The row of the session, and when it was last seen according to the store.
    last_seen: Option<(SessionId, Timestamp)>,
}

/// Checks the signature, the times, the claims, the user's existence and state, and revocation.
///
/// # Errors
/// The first check that fails, in the order of the reference server. Revocation, which it does not know,
/// comes last and reads as an invalid token.
pub(crate) async fn authenticate(app: &App, token: &[u8]) -> Result<Authenticated, AuthenticationError> {
    let now = app.clock.now();
    let check = |tokens: &Tokens| tokens.check_access(token, now);
    let (claims, keys) = check_with_known_keys(app, token, now, check).await?;
    let id = user_id(&claims)?;
    let handle = claims.session.clone();
    let row = app.store.read(move |conn| claimed_user::with_session(conn, &id, &handle)).await?;
    if are_outdated(app, keys, row.as_ref()).await? {
        check(&app.tokens)?;
    }
    let lifetime = app.config.tokens.session_lifetime;
    let authenticated = check_state(row, &claims, lifetime, now, TokenError::InvalidOrExpired)?;
    if let Some((id, last_seen)) = authenticated.last_seen {
        app.last_seen.note(id, last_seen, now);
    }
    Ok(authenticated)
}

/// Checks a token with the keys that this process knows, and with the current ones if it is refused and they may
/// accept it. Returns the version of the keys: ask [`are_outdated`] before acting on the token.
pub(crate) async fn check_with_known_keys<T>(
    app: &App,
    token: &[u8],
    now: Timestamp,
    check: impl Fn(&Tokens) -> Result<T, TokenError>,
) -> Result<(T, i64), AuthenticationError> {
    let keys = app.tokens.keys_version();
    let error = match check(&app.tokens) {
        Ok(checked) => return Ok((checked, keys)),
        Err(error) => error,
    };
    let is_final = !app.tokens.may_have_other_key(token, now) && app.tokens.keys_version() == keys;
    // Perhaps another replica has begun to sign with a new key.
    if is_final || !has_other_keys(app, keys).await? {
        return Err(error.into());
    }
    let keys = app.tokens.keys_version();
    Ok((check(&app.tokens)?, keys))
}

/// Whether the keys that a token was checked with are not the current ones, which then are known: one may have been
/// revoked, and only the current keys decide. `row` is what was read for the token since.
pub(crate) async fn are_outdated(app: &App, keys: i64, row: Option<&ClaimedRow>) -> Result<bool, StoreError> {
    match row {
        Some(row) if row.keys_version == keys => Ok(false),
        _ => has_other_keys(app, keys).await,
    }
}

/// Whether the current keys are not those of this version. Reads them.
async fn has_other_keys(app: &App, version: i64) -> Result<bool, StoreError> {
    app.refresh_keys().await?;
    Ok(app.tokens.keys_version() != version)
}

/// Whether the session that a token names can still be used, whether or not the token can. Only its signature is
/// checked.
pub(crate) async fn has_live_session(app: &App, token: &[u8]) -> Result<bool, StoreError> {
    app.refresh_keys().await?;
    let now = app.clock.now();
    let Ok(claims) = app.tokens.check_signature(token, now) else { return Ok(false) };
    let Ok(id) = user_id(&claims) else { return Ok(false) };
    let row = app.store.read(move |conn| claimed_user::with_session(conn, &id, &claims.session)).await?;
    Ok(row.is_some_and(|ClaimedRow { user, session, .. }| {
        let is_live = |session: Session| session.ended_at.is_none() && session.expires_at > now;
        user.is_active && session.is_some_and(is_live)
    }))
}

/// The user that the token names.
pub(crate) fn user_id(claims: &Claims) -> Result<PublicId, AuthenticationError> {
    match &claims.user {
        ClaimedUser::Id(id) => Ok(id.clone()),
        ClaimedUser::Invalid => Err(AuthenticationError::UserNotFound),
        ClaimedUser::Missing => Err(AuthenticationError::NoUser),
    }
}

/// Checks the state of the user and of the session in the store. A token whose session has no row is of
/// another issuer with the same key: it is revoked by its issue time. A session ends `lifetime` after its
/// login. `revoked` is the error of a revoked token.
pub(crate) fn check_state(
    row: Option<ClaimedRow>,
    claims: &Claims,
    lifetime: Option<Duration>,
    now: Timestamp,
    revoked: TokenError,
) -> Result<Authenticated, AuthenticationError> {
    let ClaimedRow { user, session, .. } = row.ok_or(AuthenticationError::UserNotFound)?;
    if !user.is_active {
        return Err(AuthenticationError::UserInactive);
    }
    let is_revoked = match &session {
        Some(session) => session.ended_at.is_some() || is_over(session, lifetime, now),
        None => user.has_revoked(claims.issued_at_earliest),
    };
    if is_revoked {
        return Err(revoked.into());
    }
    let last_seen = session.map(|session| (session.id, session.last_seen_at));
    let session = CurrentSession { id: last_seen.map(|(id, _)| id), ..claimed_session(user.id, claims) };
    Ok(Authenticated { user, session, last_seen })
}

/// Whether the session has lasted for the whole `tokens.session_lifetime`.
pub(crate) fn is_over(session: &Session, lifetime: Option<Duration>, now: Timestamp) -> bool {
    lifetime.is_some_and(|lifetime| now.since(session.started_at) >= lifetime)
}

/// The session that the claims of a token name, without its row.
pub(crate) fn claimed_session(user: UserId, claims: &Claims) -> CurrentSession {
    CurrentSession {
        user,
        handle: claims.session.clone(),
        id: None,
        issued_at: claims.issued_at,
        issued_at_earliest: claims.issued_at_earliest,
        expires_at: claims.expires_at,
    }
}
