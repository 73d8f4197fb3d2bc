//! From a token to its user: the one check path of every protected route, and of `verify_token`.

use thiserror::Error;

use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::sessions;
use crate::store::tables::sessions::Session;
use crate::tokens::{ClaimedUser, Claims, TokenError};
use crate::types::{CurrentSession, SessionId, Timestamp, User, UserId};

/// Why a token opens nothing. The texts are those of
/// `rest_framework_simplejwt/authentication.py` (`get_user`).
#[derive(Debug, Error)]
pub(crate) enum AuthenticationError {
    /// The token itself is not good.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The token names nobody.
    #[error("Token contained no recognizable user identification")]
    NoUser,
    /// The token names somebody who is not here.
    #[error("User not found")]
    UserNotFound,
    /// The token's user may not log in.
    #[error("User is inactive")]
    UserInactive,
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose token it is, and of which session.
#[derive(Debug)]
pub(crate) struct Authenticated {
    /// The user, as they are in the store at this moment.
    pub user: User,
    /// The session of the token.
    pub session: CurrentSession,
    /// When the store noted last that the session was used.
    last_seen: Option<(SessionId, Timestamp)>,
}

/// Checks everything: signature, times, claims, the user's existence and state, revocation.
///
/// # Errors
/// The first check that fails, in the reference's order; revocation, which it does not know,
/// comes last and reads as an invalid token.
pub(crate) async fn authenticate(app: &App, token: &[u8]) -> Result<Authenticated, AuthenticationError> {
    let now = app.clock.now();
    let claims = app.tokens.check_access(token, now)?;
    let id = user_id(&claims)?;
    let handle = claims.session.clone();
    let found = app.store.read(move |conn| sessions::with_user(conn, id, &handle)).await?;
    let authenticated = judge(found, &claims, TokenError::InvalidOrExpired)?;
    if let Some((id, known)) = authenticated.last_seen {
        app.last_seen.note(id, known, now);
    }
    Ok(authenticated)
}

/// Whom the token names.
pub(crate) fn user_id(claims: &Claims) -> Result<UserId, AuthenticationError> {
    match claims.user {
        ClaimedUser::Id(id) => Ok(id),
        ClaimedUser::Nobody => Err(AuthenticationError::UserNotFound),
        ClaimedUser::Unsaid => Err(AuthenticationError::NoUser),
    }
}

/// What the store says of the user and the session decides. A session's row does, if there is one. A
/// token without one is of another issuer with the same key: for those there is the user's cut.
pub(crate) fn judge(
    found: Option<(User, Option<Session>)>,
    claims: &Claims,
    revoked: TokenError,
) -> Result<Authenticated, AuthenticationError> {
    let (user, row) = found.ok_or(AuthenticationError::UserNotFound)?;
    if !user.is_active {
        return Err(AuthenticationError::UserInactive);
    }
    let is_good = match &row {
        Some(row) => row.ended_at.is_none(),
        None => !user.has_cut(claims.issued_at_earliest),
    };
    if !is_good {
        return Err(revoked.into());
    }
    let session = session_of(user.id, claims, row.as_ref());
    Ok(Authenticated { user, session, last_seen: row.map(|row| (row.id, row.last_seen_at)) })
}

/// The session that a token's claims are of.
pub(crate) fn session_of(user: UserId, claims: &Claims, row: Option<&Session>) -> CurrentSession {
    CurrentSession {
        user,
        handle: claims.session.clone(),
        id: row.map(|row| row.id),
        issued_at: claims.issued_at,
        issued_at_earliest: claims.issued_at_earliest,
        expires_at: claims.expires_at,
    }
}
