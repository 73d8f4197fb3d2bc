//! 256 random bits that open a door: what `OneTimeKey` and `AdminKey` have in common. Used by these
//! two, which give it a purpose.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const BYTES: usize = 32;

/// 256 random bits as URL-safe text (RFC 4648 §5, no padding). No `Display` and no `Debug`.
#[derive(Clone)]
pub(super) struct RandomKey(Zeroizing<String>);

impl RandomKey {
    /// From the operating system's randomness.
    pub(crate) fn random() -> Self {
        let bytes = Zeroizing::new(rand::random::<[u8; BYTES]>());
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
    }

    /// Reads a key; `None` for what cannot be one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        (bytes.len() == BYTES).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text, for whoever is to have the key.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What the store keeps. A plain SHA-256 will do: 256 random bits cannot be guessed.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}
