//! The key that signs tokens.

use std::fmt;

/// Secret bytes for HMAC, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// The fewest bytes for HS256 (RFC 7518 §3.2: a key of at least the hash's size).
    pub const ADVISED_BYTES: usize = 32;

    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The secret itself, for the signer and no one else.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the key is shorter than RFC 7518 §3.2 demands for HS256.
    pub fn is_short(&self) -> bool {
        self.0.len() < Self::ADVISED_BYTES
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_below_32_bytes() {
        assert!(SigningKey::new(vec![1; 31]).is_short());
        assert!(!SigningKey::new(vec![1; 32]).is_short());
    }

    #[test]
    fn debug_shows_nothing_of_the_key() {
        let key = SigningKey::new(b"hunter2".to_vec());
        assert_eq!(format!("{key:?}"), "SigningKey(redacted)");
    }
}
