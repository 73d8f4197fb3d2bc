//! A stored hash of PBKDF2, argon2 or scrypt in its parts.

use std::fmt;

use super::parameters::ForeignParameters;

/// A stored hash of PBKDF2, argon2 or scrypt.
#[derive(Clone)]
#[cfg_attr(test, derive(PartialEq, Eq))] // In tests only: `==` does not compare in constant time.
pub struct ForeignHash {
    /// The algorithm and its work.
    pub parameters: ForeignParameters,
    /// The salt.
    pub salt: Box<[u8]>,
    /// The digest. A secret: compare it in constant time only.
    pub digest: Box<[u8]>,
}

impl fmt::Debug for ForeignHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForeignHash").field("parameters", &self.parameters).finish_non_exhaustive()
    }
}
