//! The keys of `tokens`: the one that signs, and the one that successors of refresh tokens are made with.

use zeroize::Zeroizing;

use super::macros::secret;

secret! {
    /// The secret bytes that tokens are signed with: an HMAC key.
    pub struct SigningKey(Vec<u8>);
}

secret! {
    /// The secret bytes that the id of a refresh token's successor is computed with: an HMAC key. Not the
    /// signing key, so that a new signing key does not change which successor a refresh token has.
    pub struct SuccessorKey(Vec<u8>);
}

impl SigningKey {
    /// The least number of bytes for HS256 (RFC 7518 §3.2: a key of at least the hash's size).
    pub const ADVISED_BYTES: usize = 32;

    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for the signer.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the key is shorter than RFC 7518 §3.2 demands for HS256.
    pub fn is_short(&self) -> bool {
        self.0.len() < Self::ADVISED_BYTES
    }
}

impl SuccessorKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for the HMAC.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
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
    fn debug_shows_nothing_of_a_key() {
        let key = SigningKey::new(b"hunter2".to_vec());
        assert_eq!(format!("{key:?}"), "SigningKey(redacted)");
    }
}
