//! Why a key cannot be used. Each names the key.

use thiserror::Error;

use crate::types::TokenAlgorithm;

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SigningKeyError {
    /// The bytes are no key.
    #[error("it is no private key: {0}")]
    Unreadable(&'static str),
    /// An RSA key that can be factored (RFC 7518 §3.3: 2048 bits or more).
    #[error("the RSA key {kid} has {bits} bits, and RS256 needs 2048 or more (RFC 7518 §3.3)")]
    WeakRsa {
        /// Its thumbprint.
        kid: String,
        /// The length of its modulus.
        bits: usize,
    },
    /// A key on another curve than P-256 (RFC 7518 §3.4).
    #[error("the EC key {kid} is on {curve}, and ES256 needs P-256 (RFC 7518 §3.4)")]
    WrongCurve {
        /// Its thumbprint.
        kid: String,
        /// The name of its curve (RFC 7518 §6.2.1.1).
        curve: &'static str,
    },
    /// The file of the key says that it is for something else (RFC 7517 §4.2 to 4.4).
    #[error("the key {kid} is for something else than {}: its file has {purpose}", .algorithm.as_str())]
    OtherPurpose {
        /// Its thumbprint.
        kid: String,
        /// The member that says so, with its value.
        purpose: String,
        /// The algorithm that it would be used with.
        algorithm: TokenAlgorithm,
    },
    /// The stored public half does not belong to the id or to the algorithm.
    #[error("the key {kid} does not fit {}: its public half is another one", .algorithm.as_str())]
    Unfitting {
        /// The id of its row.
        kid: String,
        /// The algorithm of its row.
        algorithm: TokenAlgorithm,
    },
    /// It is encrypted, and there is no data key.
    #[error("the key {0} is encrypted, and data_key is not set")]
    NoDataKey(String),
    /// It is encrypted with another data key, or damaged.
    #[error("the key {0} cannot be decrypted with data_key: it is encrypted with another one, or damaged")]
    WrongDataKey(String),
    /// The private half is missing or belongs to another public half.
    #[error("the private half of the key {0} is missing or is that of another key")]
    WrongPrivate(String),
    /// No key could be made.
    #[error("no key could be made")]
    NotMade,
}
