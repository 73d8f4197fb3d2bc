//! The key in a link that works once. Made by `accounts`, kept as a hash by `store`.

use std::fmt;

use super::random_key::RandomKey;

/// 256 random bits as URL-safe text (RFC 4648 §5, no padding). No `Display`: it opens a door.
#[derive(Clone)]
pub struct OneTimeKey(RandomKey);

impl OneTimeKey {
    /// A fresh key from the operating system's randomness.
    #[must_use]
    pub fn random() -> Self {
        Self(RandomKey::random())
    }

    /// Reads a key from a URL; `None` for what cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        RandomKey::parse(text).map(Self)
    }

    /// The text, for the link.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What the store keeps.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.0.hash()
    }
}

impl fmt::Debug for OneTimeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_link_and_hashes_the_same() {
        let key = OneTimeKey::random();
        let read = OneTimeKey::parse(key.expose()).unwrap();
        assert_eq!(read.hash(), key.hash());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "short", "not base64 at all, not even near to it….."] {
            assert!(OneTimeKey::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn its_debug_form_hides_it() {
        let key = OneTimeKey::random();
        assert!(!format!("{key:?}").contains(key.expose()));
    }
}
