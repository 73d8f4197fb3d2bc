//! From an access token to its user: the one check path of every protected route.

use thiserror::Error;

use crate::app::App;
use crate::store::{StoreError, users};
use crate::tokens::{AccessClaims, ClaimedUser, TokenError};
use crate::types::User;

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

/// Checks everything: signature, times, claims, the user's existence and state, revocation.
///
/// # Errors
/// The first check that fails, in the reference's order; revocation, which it does not know,
/// comes last and reads as an invalid token.
pub async fn authenticate(app: &App, token: &[u8]) -> Result<User, AuthenticationError> {
    let claims = app.tokens.check_access(token, app.clock.now())?;
    let id = match claims.user {
        ClaimedUser::Id(id) => id,
        ClaimedUser::Nobody => return Err(AuthenticationError::UserNotFound),
        ClaimedUser::Unsaid => return Err(AuthenticationError::NoUser),
    };
    let user =
        app.store.read(move |conn| users::by_id(conn, id)).await?.ok_or(AuthenticationError::UserNotFound)?;
    if !user.is_active {
        return Err(AuthenticationError::UserInactive);
    }
    if is_revoked(&user, &claims) {
        return Err(TokenError::InvalidOrExpired.into());
    }
    Ok(user)
}

/// A token that does not say when it was issued may be as old as the account.
fn is_revoked(user: &User, claims: &AccessClaims) -> bool {
    claims.issued_at.unwrap_or(0).max(0) < user.tokens_valid_from
}
