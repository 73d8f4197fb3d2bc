//! A stored hash of bcrypt in its parts, whichever way a password becomes its key.

use std::fmt;

use zeroize::Zeroizing;

use super::bcrypt::{Crypt, Version};
use super::hash_input::HashInput;
use super::weak::{SaltedFunction, WRAP_PREFIX, WeakFunction, WeakHash};
use super::{bcrypt, bcrypt_sha256};
use crate::passwords::task::{DIGEST_LEN, Key, SALT_LEN};
use crate::types::PasswordHash;

/// A format of bcrypt: how a password becomes a key, and what is written before the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// `bcrypt_sha256$$2b$12$…`: bcrypt over the SHA-256 of the password.
    BcryptSha256,
    /// `bcrypt$$2b$12$…`: bcrypt over the password, of which only the first 72 bytes count.
    Bcrypt,
    /// `$2b$12$…`: bcrypt without a prefix, as software other than Django writes it.
    Raw,
    /// `doorward_wrap$md5$salt$$2b$12$…`: bcrypt over a weak digest.
    Wrapped(SaltedFunction),
}

impl Format {
    /// The name for administrators.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::BcryptSha256 => "bcrypt_sha256",
            Self::Bcrypt | Self::Raw => "bcrypt",
            Self::Wrapped(inner) => match inner.function {
                WeakFunction::Sha1 => "bcrypt(sha1)",
                WeakFunction::Md5 => "bcrypt(md5)",
            },
        }
    }

    /// The key that the password makes in this format.
    pub(in crate::passwords) fn key(&self, input: &HashInput) -> Key {
        match self {
            Self::BcryptSha256 => input.bcrypt_sha256.clone(),
            Self::Bcrypt | Self::Raw => input.bcrypt.clone(),
            Self::Wrapped(inner) => bcrypt::key(inner.digits(input.whole().as_bytes()).as_bytes()),
        }
    }

    /// The format of a weak digest inside of bcrypt, and the key that the digest makes.
    pub(in crate::passwords) fn wrapping(weak: &WeakHash) -> (Self, Key) {
        let digits = Zeroizing::new(hex::encode(&weak.digest));
        (Self::Wrapped(weak.salted.clone()), bcrypt::key(digits.as_bytes()))
    }

    /// Whether a hash of this format depends on the whole password.
    pub(in crate::passwords) const fn covers(&self, input: &HashInput) -> bool {
        matches!(self, Self::BcryptSha256 | Self::Wrapped(_)) || !input.is_truncated
    }

    fn push_prefix(&self, text: &mut String) {
        match self {
            Self::BcryptSha256 => text.push_str(bcrypt_sha256::PREFIX),
            Self::Bcrypt => text.push_str(bcrypt::PREFIX),
            Self::Raw => (),
            Self::Wrapped(inner) => {
                text.extend([WRAP_PREFIX, inner.function.word(), "$", &inner.salt, "$"]);
            }
        }
    }
}

/// A stored hash of bcrypt.
#[derive(Clone)]
#[cfg_attr(test, derive(PartialEq, Eq))] // In tests only: `==` does not compare in constant time.
pub struct BcryptHash {
    /// The format.
    pub format: Format,
    /// The version of bcrypt.
    pub version: Version,
    /// The binary logarithm of the number of rounds, from 4 to 31.
    pub cost: u32,
    /// The salt.
    pub salt: [u8; SALT_LEN],
    /// The digest. A secret: compare it in constant time only.
    pub digest: [u8; DIGEST_LEN],
}

impl BcryptHash {
    pub(super) const fn new(format: Format, crypt: Crypt) -> Self {
        let Crypt { version, cost, salt, digest } = crypt;
        Self { format, version, cost, salt, digest }
    }

    /// The text for the database.
    #[must_use]
    pub fn encode(&self) -> PasswordHash {
        let Self { version, cost, salt, digest, .. } = *self;
        let mut text = String::with_capacity(80);
        self.format.push_prefix(&mut text);
        Crypt { version, cost, salt, digest }.append_to(&mut text);
        PasswordHash::from_stored(text)
    }
}

impl fmt::Debug for BcryptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BcryptHash")
            .field("format", &self.format.name())
            .field("version", &self.version)
            .field("cost", &self.cost)
            .finish_non_exhaustive()
    }
}
