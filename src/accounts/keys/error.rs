//! Why a key was not changed.

use thiserror::Error;

use crate::store::StoreError;
use crate::tokens::SigningKeyError;
use crate::types::{Timestamp, TokenAlgorithm};

/// Why a key was not changed.
#[derive(Debug, Error)]
pub enum ChangeKeysError {
    /// The key of HS256 is one secret, which the settings or the table of secrets have.
    #[error("tokens.algorithm is HS256, which has no key to rotate, import or publish")]
    SharedSecret,
    /// A key waits for its turn already.
    #[error("the key {kid} is published already, and signs from {}", .signs_from.to_rfc3339())]
    AlreadyPublished {
        /// The key that waits.
        kid: String,
        /// When it begins to sign.
        signs_from: Timestamp,
    },
    /// There is no key with this id.
    #[error("there is no key {0:?}")]
    NotFound(String),
    /// The key is gone.
    #[error("the key {0} is gone already: its tokens are refused")]
    AlreadyGone(String),
    /// HS256 signs, and its key cannot be replaced by another pair.
    #[error("HS256 signs tokens; its key cannot be revoked here")]
    SharedSecretSigns,
    /// An imported key is for another algorithm than the tokens.
    #[error("the key {kid} is for {}, and tokens.algorithm is {}", .algorithm.as_str(), .configured.as_str())]
    OtherAlgorithm {
        /// The thumbprint of the key.
        kid: String,
        /// Its algorithm.
        algorithm: TokenAlgorithm,
        /// The algorithm of the settings.
        configured: TokenAlgorithm,
    },
    /// An imported key is known.
    #[error("the key {0} is known already")]
    Known(String),
    /// No key signs, or one that is needed cannot be used.
    #[error("no key can sign tokens")]
    NoneSigns,
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] SigningKeyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
