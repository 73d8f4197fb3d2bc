//! Signed tokens in their compact form (RFC 7515 §7.1), and what the database stores of a refresh token.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::macros::secret;

secret! {
    /// A signed JWT (RFC 7519) of type "access". Its bearer acts as the user until it expires.
    pub struct AccessToken(String);
}

secret! {
    /// A signed JWT of type "refresh". Its bearer can get access tokens until it expires or is revoked.
    pub struct RefreshToken(String);
}

impl AccessToken {
    /// Wraps a token that was just signed.
    pub(crate) fn new(compact: String) -> Self {
        Self(Zeroizing::new(compact))
    }

    /// The text, for the response or the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl RefreshToken {
    /// Wraps a token that was just signed.
    pub(crate) fn new(compact: String) -> Self {
        Self(Zeroizing::new(compact))
    }

    /// The text, for the response or the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// What the database stores of a refresh token: enough to recognise the token, not enough to make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshTokenRecord {
    /// The SHA-256 of its id (`jti`).
    pub hash: [u8; 32],
    /// When it was issued, in seconds since 1970.
    pub issued_at: i64,
    /// When it expires, in seconds since 1970.
    pub expires_at: i64,
}

impl RefreshTokenRecord {
    /// The hash of a token's id.
    #[must_use]
    pub fn hash_of(id: &str) -> [u8; 32] {
        Sha256::digest(id.as_bytes()).into()
    }
}
