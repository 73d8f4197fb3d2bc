//! API keys, with which machines call the API: `dwk_`, the id, `_` and the secret. The prefix is what scanners of
//! leaked secrets look for; the id finds the stored row, and names the key in lists and in the audit log.

mod record;
mod scope;

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::macros::secret;
pub use record::{ApiKeyName, ApiKeyRecord, ApiKeyState};
pub use scope::{ApiScope, ApiScopes};

const PREFIX: &str = "dwk_";
const ID_BYTES: usize = 8;
const SECRET_BYTES: usize = 32;

/// The public part of a key, 64 random bits. Displayed as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiKeyId([u8; ID_BYTES]);

impl ApiKeyId {
    /// A new id from the operating system's randomness.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Reads the digits; `None` for any other text.
    #[must_use]
    pub fn parse(digits: &str) -> Option<Self> {
        Some(Self(*bytes(digits.as_bytes())?))
    }
}

impl fmt::Display for ApiKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

secret! {
    /// The secret part of a key, 256 random bits.
    pub(crate) struct ApiKeySecret(Vec<u8>);
}

/// A key as its holder has it.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// The public part.
    pub id: ApiKeyId,
    secret: ApiKeySecret,
}

impl ApiKey {
    /// The number of characters of a key.
    pub const LENGTH: usize = PREFIX.len() + 2 * ID_BYTES + 1 + 2 * SECRET_BYTES;

    /// A new key with this id.
    #[must_use]
    pub fn random(id: ApiKeyId) -> Self {
        let bytes = Zeroizing::new(rand::random::<[u8; SECRET_BYTES]>());
        Self { id, secret: ApiKeySecret(Zeroizing::new(bytes.to_vec())) }
    }

    /// Reads a key that a client sent; `None` for what cannot be one. There is one way to write each key.
    #[must_use]
    pub fn parse(sent: &[u8]) -> Option<Self> {
        let rest = sent.strip_prefix(PREFIX.as_bytes())?;
        let (id, rest) = rest.split_at_checked(2 * ID_BYTES)?;
        let secret = bytes::<SECRET_BYTES>(rest.strip_prefix(b"_")?)?;
        Some(Self { id: ApiKeyId(*bytes(id)?), secret: ApiKeySecret(Zeroizing::new(secret.to_vec())) })
    }

    /// The text, for its holder.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let secret = Zeroizing::new(hex::encode(self.secret.0.as_slice()));
        Zeroizing::new(format!("{PREFIX}{}_{}", self.id, secret.as_str()))
    }

    /// The digest of the secret that the database stores. A plain SHA-256: 256 random bits cannot be guessed.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.secret.0.as_slice()).into()
    }
}

/// The bytes of exactly so many lower-case hexadecimal digits.
fn bytes<const N: usize>(digits: &[u8]) -> Option<Zeroizing<[u8; N]>> {
    if digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let mut bytes = Zeroizing::new([0; N]);
    hex::decode_to_slice(digits, bytes.as_mut_slice()).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_reads_back_and_so_does_its_digest() {
        let key = ApiKey::random(ApiKeyId::random());
        let text = key.expose();
        assert_eq!(text.len(), ApiKey::LENGTH);
        let read = ApiKey::parse(text.as_bytes()).unwrap();
        assert_eq!((read.id, read.digest()), (key.id, key.digest()));
        assert_eq!(ApiKeyId::parse(&key.id.to_string()), Some(key.id));
        assert_ne!(ApiKey::random(key.id).digest(), key.digest());
    }

    #[test]
    fn debug_shows_the_id_alone() {
        let key = ApiKey::random(ApiKeyId::random());
        let (text, shown) = (key.expose(), format!("{key:?}"));
        assert!(shown.contains("ApiKeySecret(redacted)") && !shown.contains(&text[21..]), "{shown}");
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        let text = ApiKey::random(ApiKeyId::random()).expose();
        let upper = text.to_uppercase();
        for other in [
            "",
            "dwk_",
            "dwk__",
            &text[1..],
            &text[..84],
            &upper,
            &format!("{}0", *text),
            &format!(" {}", *text),
        ] {
            assert!(ApiKey::parse(other.as_bytes()).is_none(), "{other}");
        }
        assert!(ApiKeyId::parse("").is_none() && ApiKeyId::parse("0123456789abcdeF").is_none());
    }

    proptest! {
        /// What is read is written in the same way: no two texts are one key.
        #[test]
        fn a_text_that_is_read_is_the_one_that_is_written(
            sent in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..100),
                "dwk_[0-9a-fA-F]{15,17}[_-][0-9a-f]{63,65}".prop_map(String::into_bytes),
            ]
        ) {
            if let Some(key) = ApiKey::parse(&sent) {
                let written = key.expose();
                prop_assert_eq!(written.as_bytes(), sent.as_slice());
            }
        }
    }
}
