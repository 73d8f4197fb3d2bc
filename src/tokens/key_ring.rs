//! The keys that sign and check tokens. The algorithm comes from the key, never from the token.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use crate::types::SigningKey;

/// A key with its algorithm, and its id in the header parameter `kid` (RFC 7515 §4.1.4).
pub(super) struct TokenKey {
    /// `None` for HS256: Simple JWT writes no `kid`, and its clients expect its header.
    pub(super) id: Option<String>,
    pub(super) algorithm: Algorithm,
    /// The algorithm as a header names it (RFC 7518 §3.1).
    pub(super) algorithm_name: &'static str,
    pub(super) sign: EncodingKey,
    pub(super) verify: DecodingKey,
}

/// The key that signs, and earlier ones that only check until their tokens have expired.
pub struct KeyRing {
    current: TokenKey,
    earlier: Vec<TokenKey>,
}

impl KeyRing {
    /// One key, for HMAC with SHA-256 (RFC 7518 §3.2).
    #[must_use]
    pub fn hs256(key: &SigningKey) -> Self {
        Self { current: TokenKey::hs256(key), earlier: Vec::new() }
    }

    /// The key that signs new tokens.
    pub(super) fn current(&self) -> &TokenKey {
        &self.current
    }

    /// The keys that may have signed a token with this `kid`: the one of that id; for a token without an
    /// id, or with an unknown one, which PyJWT ignores, each key without an id.
    pub(super) fn candidates(&self, id: Option<&str>) -> impl Iterator<Item = &TokenKey> {
        let named = id.filter(|id| self.all().any(|key| key.id.as_deref() == Some(id)));
        self.all().filter(move |key| key.id.as_deref() == named)
    }

    fn all(&self) -> impl Iterator<Item = &TokenKey> {
        std::iter::once(&self.current).chain(&self.earlier)
    }
}

impl TokenKey {
    fn hs256(key: &SigningKey) -> Self {
        Self {
            id: None,
            algorithm: Algorithm::HS256,
            algorithm_name: "HS256",
            sign: EncodingKey::from_secret(key.as_bytes()),
            verify: DecodingKey::from_secret(key.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl KeyRing {
        /// With one more key that only checks.
        pub(crate) fn with_earlier(mut self, id: Option<&str>, key: &SigningKey) -> Self {
            self.earlier.push(TokenKey { id: id.map(str::to_owned), ..TokenKey::hs256(key) });
            self
        }
    }

    fn key(text: &str) -> SigningKey {
        SigningKey::new(text.as_bytes().to_vec())
    }

    #[test]
    fn a_known_id_means_its_key_and_any_other_the_keys_without_one() {
        let ring = KeyRing::hs256(&key("new"))
            .with_earlier(None, &key("old"))
            .with_earlier(Some("2026"), &key("named"));
        let ids = |id| ring.candidates(id).map(|key| key.id.as_deref()).collect::<Vec<_>>();
        assert_eq!(ids(Some("2026")), [Some("2026")]);
        assert_eq!(ids(None), [None, None]);
        assert_eq!(ids(Some("unknown")), [None, None]);
    }
}
