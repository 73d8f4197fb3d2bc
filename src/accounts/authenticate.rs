//! From an access token to its user: the one check path of every protected route.

use thiserror::Error;

use crate::app::App;
use crate::store::StoreError;
use crate::store::sessions::{self, Session};
use crate::tokens::{ClaimedUser, Claims, TokenError};
use crate::types::{CurrentSession, User};

/// Why a token opens nothing. The texts are those of
/// `rest_framework_simplejwt/authentication.py` (`get_user`).
#[derive(Debug, Error)]
pub enum AuthenticationError {
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
pub struct Authenticated {
    /// The user, as they are in the store at this moment.
    pub user: User,
    /// The session of the token.
    pub session: CurrentSession,
}

/// Checks everything: signature, times, claims, the user's existence and state, revocation.
///
/// # Errors
/// The first check that fails, in the reference's order; revocation, which it does not know,
/// comes last and reads as an invalid token.
pub async fn authenticate(app: &App, token: &[u8]) -> Result<Authenticated, AuthenticationError> {
    let claims = app.tokens.check_access(token, app.clock.now())?;
    let (user, session) = read(app, &claims).await?;
    if !user.is_active {
        return Err(AuthenticationError::UserInactive);
    }
    let session = current(&user, &claims, session).ok_or(TokenError::InvalidOrExpired)?;
    Ok(Authenticated { user, session })
}

/// The user whom the claims name, and the row of the session, if it has one.
async fn read(app: &App, claims: &Claims) -> Result<(User, Option<Session>), AuthenticationError> {
    let id = match claims.user {
        ClaimedUser::Id(id) => id,
        ClaimedUser::Nobody => return Err(AuthenticationError::UserNotFound),
        ClaimedUser::Unsaid => return Err(AuthenticationError::NoUser),
    };
    let handle = claims.session.clone();
    let found = app.store.read(move |conn| sessions::with_user(conn, id, &handle)).await?;
    found.ok_or(AuthenticationError::UserNotFound)
}

/// The session of these claims, unless it was ended. A session's row decides, if there is one. A token
/// without one is of another issuer with the same key: for those there is the user's cut.
fn current(user: &User, claims: &Claims, session: Option<Session>) -> Option<CurrentSession> {
    let is_good = match &session {
        Some(session) => session.ended_at.is_none(),
        None => !user.has_cut(claims.issued_at),
    };
    is_good.then(|| CurrentSession {
        user: user.id,
        handle: claims.session.clone(),
        id: session.map(|session| session.id),
        issued_at: claims.issued_at,
        expires_at: claims.expires_at,
    })
}
