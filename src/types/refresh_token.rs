//! A refresh token that was minted here, and what is kept of one. Made by `tokens`; the mark goes to
//! `store`, the token to the client.

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// A signed refresh token. No `Display`: it opens an account for as long as it lives.
pub struct RefreshToken(Zeroizing<String>);

impl RefreshToken {
    /// Wraps a token that was just signed.
    pub(crate) fn new(compact: String) -> Self {
        Self(Zeroizing::new(compact))
    }

    /// The text, for the answer or the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// What the store keeps of a refresh token: enough to know it again, not enough to make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshTokenRecord {
    /// The SHA-256 of its id.
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

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}
