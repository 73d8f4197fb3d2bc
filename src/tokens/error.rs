//! What can be wrong with a token, in the words of Simple JWT. Dressed by the doors.

use thiserror::Error;

/// Why a token is not good. The texts are those of `rest_framework_simplejwt/tokens.py` and
/// `backends.py` (5.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Not a JWT, not ours, another algorithm, or its time has not come or is over.
    #[error("Token is invalid or expired")]
    InvalidOrExpired,
    /// A token that would never end.
    #[error("Token has no 'exp' claim")]
    NoExpiry,
    /// The claim `jti` is missing.
    #[error("Token has no id")]
    NoId,
    /// The claim `token_type` is missing.
    #[error("Token has no type")]
    NoType,
    /// A token for something else, such as a refresh token.
    #[error("Token has wrong type")]
    WrongType,
    /// A refresh token that was revoked.
    #[error("Token is blacklisted")]
    Blacklisted,
    /// The signature could not be made.
    #[error("the token could not be signed")]
    Unsigned,
}
