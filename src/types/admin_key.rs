//! The key in the cookie of an administrator who is signed in. Made by `accounts`, kept as a hash
//! by `store`, carried by `admin`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::random_key::RandomKey;

/// 256 random bits as URL-safe text (RFC 4648 §5, no padding).
#[derive(Clone)]
pub(crate) struct AdminKey(RandomKey);

impl AdminKey {
    /// A fresh key from the operating system's randomness.
    #[must_use]
    pub(crate) fn random() -> Self {
        Self(RandomKey::random())
    }

    /// Reads a key from a cookie; `None` for what cannot be one.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        RandomKey::parse(text).map(Self)
    }

    /// The text, for the cookie.
    #[must_use]
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What the store keeps.
    #[must_use]
    pub(crate) fn hash(&self) -> [u8; 32] {
        self.0.hash()
    }

    /// What every form of this session carries, so that no other site can send one. It tells
    /// nothing about the key.
    #[must_use]
    pub(crate) fn form_token(&self) -> String {
        let digest = Sha256::new().chain_update("form token of ").chain_update(self.expose()).finalize();
        URL_SAFE_NO_PAD.encode(digest)
    }

    /// Whether a form carries [`Self::form_token`]; takes the same time wherever they differ.
    #[must_use]
    pub(crate) fn fits_form(&self, token: &str) -> bool {
        self.form_token().as_bytes().ct_eq(token.as_bytes()).into()
    }
}

impl fmt::Debug for AdminKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_cookie_and_what_is_none_is_refused() {
        let key = AdminKey::random();
        assert_eq!(AdminKey::parse(key.expose()).unwrap().hash(), key.hash());
        assert!(AdminKey::parse("").is_none() && AdminKey::parse("short").is_none());
    }

    #[test]
    fn a_form_fits_its_own_session_alone() {
        let (mine, other) = (AdminKey::random(), AdminKey::random());
        assert!(mine.fits_form(&mine.form_token()));
        assert!(!mine.fits_form(&other.form_token()) && !mine.fits_form(""));
    }

    #[test]
    fn neither_its_debug_form_nor_a_form_tells_the_key() {
        let key = AdminKey::random();
        assert!(!format!("{key:?}").contains(key.expose()) && key.form_token() != key.expose());
    }
}
