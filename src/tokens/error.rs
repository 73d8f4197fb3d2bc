//! What can be wrong with a token, with the texts of Simple JWT.

use thiserror::Error;

/// Why a token is refused. The texts are those of `rest_framework_simplejwt/tokens.py` and
/// `backends.py` (5.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Not a JWT, a wrong signature or algorithm, expired, or not valid yet.
    #[error("Token is invalid or expired")]
    InvalidOrExpired,
    /// The claim `exp` is missing: the token would never expire.
    #[error("Token has no 'exp' claim")]
    NoExpiry,
    /// The claim `jti` is missing.
    #[error("Token has no id")]
    NoId,
    /// The claim `token_type` is missing.
    #[error("Token has no type")]
    NoType,
    /// Another type than required, such as a refresh token for an access token.
    #[error("Token has wrong type")]
    WrongType,
    /// The claim `refresh_exp` of a sliding token is missing.
    #[error("Token has no 'refresh_exp' claim")]
    NoRefreshExpiry,
    /// A sliding token that may not be refreshed any more.
    #[error("Token 'refresh_exp' claim has expired")]
    RefreshExpired,
    /// A refresh token that was revoked.
    #[error("Token is blacklisted")]
    Blacklisted,
    /// The token could not be signed. No input leads here.
    #[error("the token could not be signed")]
    Unsigned,
}
