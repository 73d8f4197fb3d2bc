//! The keys that sign tokens, as the database has them: algorithms, states, and the secrets.

use zeroize::Zeroizing;

use super::Timestamp;
use super::macros::secret;

/// How tokens are signed (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAlgorithm {
    /// HMAC with SHA-256: who can check a token can also make one.
    Hs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// Ed25519.
    EdDsa,
}

impl TokenAlgorithm {
    /// Every algorithm by the name that it has in the header of a token.
    pub const WORDS: [(&'static str, Self); 4] =
        [("HS256", Self::Hs256), ("ES256", Self::Es256), ("RS256", Self::Rs256), ("EdDSA", Self::EdDsa)];

    /// The name in the header of a token.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(word, _)| *word == name).map(|(_, algorithm)| *algorithm)
    }

    /// Whether its keys have a public half.
    #[must_use]
    pub const fn is_asymmetric(self) -> bool {
        !matches!(self, Self::Hs256)
    }
}

/// What a key is used for. A key goes through the states in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyState {
    /// Its public half is published, so that services know it before its first token.
    Published,
    /// It signs new tokens.
    Signing,
    /// It signs no more, and its tokens are valid until they expire.
    Verifying,
    /// Its tokens are refused.
    Gone,
}

impl KeyState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Published, Self::Signing, Self::Verifying, Self::Gone];

    /// The word in the database and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Signing => "signing",
            Self::Verifying => "verifying",
            Self::Gone => "gone",
        }
    }

    /// The state with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

secret! {
    /// The private half of a key, in PKCS#8 (RFC 5958).
    pub(crate) struct PrivateKey(Vec<u8>);
}

secret! {
    /// The private half of a key as it is stored: encrypted, or in clear without a data key.
    pub(crate) struct StoredPrivateKey(Vec<u8>);
}

secret! {
    /// The secret that private keys in the database are encrypted with.
    pub struct DataKey(Vec<u8>);
}

/// The three secrets are bytes that their users wrap and read.
macro_rules! bytes_of {
    ($($name:ident)*) => {
        $(impl $name {
            /// Wraps the bytes.
            #[must_use]
            pub(crate) fn new(bytes: Vec<u8>) -> Self {
                Self(Zeroizing::new(bytes))
            }

            /// The bytes.
            #[must_use]
            pub(crate) fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        })*
    };
}

bytes_of! { PrivateKey StoredPrivateKey DataKey }

impl DataKey {
    /// The least number of bytes of a data key: those of the AES-256 key that is derived from it.
    pub(crate) const LEAST_BYTES: usize = 32;
}

/// A key in the database.
#[derive(Clone, Debug)]
pub struct KeyRecord {
    /// Its id: the thumbprint of its public half (RFC 7638), or `HS256`.
    pub kid: String,
    /// The one algorithm that it is used with.
    pub algorithm: TokenAlgorithm,
    /// Its state.
    pub state: KeyState,
    /// Its private half, as long as it signs or will sign. Never that of HS256.
    pub(crate) private: Option<StoredPrivateKey>,
    /// Its public half as a JSON Web Key (RFC 7517); empty for HS256.
    pub public_jwk: String,
    /// When it was made or imported.
    pub created_at: Timestamp,
    /// When its public half was published.
    pub published_at: Timestamp,
    /// When it begins to sign, or began.
    pub signs_from: Timestamp,
    /// When it ended to sign.
    pub signed_until: Option<Timestamp>,
    /// When its last token has expired, once it does not sign any more.
    pub verifies_until: Option<Timestamp>,
}

impl KeyRecord {
    /// The id of the row of HS256, whose key is in the settings or in the table of shared secrets.
    pub const HS256: &'static str = "HS256";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for (word, algorithm) in TokenAlgorithm::WORDS {
            assert_eq!((TokenAlgorithm::named(word), algorithm.as_str()), (Some(algorithm), word));
        }
        for state in KeyState::ALL {
            assert_eq!(KeyState::named(state.as_str()), Some(state));
        }
        assert!(TokenAlgorithm::named("none").is_none() && KeyState::named("").is_none());
    }

    #[test]
    fn debug_shows_nothing_of_a_secret() {
        let key = StoredPrivateKey::new(b"hunter2".to_vec());
        assert_eq!(format!("{key:?}"), "StoredPrivateKey(redacted)");
    }
}
