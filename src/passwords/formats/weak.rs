//! One round of MD5 or SHA-1, salted or not: Django's `MD5PasswordHasher` and `SHA1PasswordHasher`, and its old
//! unsalted forms. With such a digest an attacker tries billions of passwords a second; `doorward import … --wrap-weak`
//! puts bcrypt around them: `doorward_wrap$md5$salt$$2b$12$…`, whose key is the digest in hexadecimal digits.

use std::fmt;

use md5::Md5;
use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

use super::text::hex_digest;
use super::unreadable::{Flaw, Unreadable};

pub(super) const SHA1_PREFIX: &str = "sha1$";
pub(super) const MD5_PREFIX: &str = "md5$";
/// The prefix of a digest inside of bcrypt.
pub(super) const WRAP_PREFIX: &str = "doorward_wrap$";

const SHA1_BYTES: usize = 20;
const MD5_BYTES: usize = 16;

/// The function of a weak digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakFunction {
    /// SHA-1.
    Sha1,
    /// MD5.
    Md5,
}

/// A stored digest of one round of MD5 or SHA-1.
#[derive(Clone)]
#[cfg_attr(test, derive(PartialEq, Eq))] // In tests only: `==` does not compare in constant time.
pub struct WeakHash {
    /// The function, and the salt before the password.
    pub salted: SaltedFunction,
    /// The digest. A secret: compare it in constant time only.
    pub digest: Box<[u8]>,
}

/// A weak function with its salt, which is empty if there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaltedFunction {
    /// The function.
    pub function: WeakFunction,
    /// The salt. It has no dollar sign.
    pub salt: Box<str>,
}

impl fmt::Debug for WeakHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakHash").field("function", &self.salted.function).finish_non_exhaustive()
    }
}

impl WeakFunction {
    /// The word in the text.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Md5 => "md5",
        }
    }
}

impl SaltedFunction {
    /// The name of the format, with Django's words.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match (self.function, self.salt.is_empty()) {
            (WeakFunction::Sha1, false) => "sha1",
            (WeakFunction::Sha1, true) => "unsalted_sha1",
            (WeakFunction::Md5, false) => "md5",
            (WeakFunction::Md5, true) => "unsalted_md5",
        }
    }

    /// The digest of a password.
    pub(crate) fn digest(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self.function {
            WeakFunction::Sha1 => {
                Sha1::new().chain_update(&*self.salt).chain_update(password).finalize().to_vec()
            }
            WeakFunction::Md5 => {
                Md5::new().chain_update(&*self.salt).chain_update(password).finalize().to_vec()
            }
        })
    }

    /// The digest of a password in lower-case hexadecimal digits.
    pub(super) fn digits(&self, password: &[u8]) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(&*self.digest(password)))
    }
}

/// Reads what follows `sha1$`: a salt, which may be empty, and a digest.
pub(super) fn parse_sha1(rest: &str) -> Result<WeakHash, Unreadable> {
    parse(rest, WeakFunction::Sha1, hex_digest::<SHA1_BYTES>)
}

/// Reads what follows `md5$`.
pub(super) fn parse_md5(rest: &str) -> Result<WeakHash, Unreadable> {
    parse(rest, WeakFunction::Md5, hex_digest::<MD5_BYTES>)
}

/// Reads a digest alone, 32 characters: how Django once stored MD5.
pub(super) fn parse_bare_md5(text: &str) -> Result<WeakHash, Unreadable> {
    let salted = SaltedFunction { function: WeakFunction::Md5, salt: "".into() };
    let digest = hex_digest::<MD5_BYTES>(text);
    Ok(WeakHash { digest: digest.map_err(|flaw| Unreadable::Malformed(salted.name(), flaw))?, salted })
}

/// Splits what follows `doorward_wrap$` into the function with its salt, and the text of bcrypt.
pub(super) fn split_wrapped(rest: &str) -> Option<(SaltedFunction, &str)> {
    let (word, rest) = rest.split_once('$')?;
    let function = [WeakFunction::Sha1, WeakFunction::Md5].into_iter().find(|known| known.word() == word)?;
    let (salt, crypt) = rest.split_once('$')?;
    Some((SaltedFunction { function, salt: salt.into() }, crypt))
}

fn parse(
    rest: &str,
    function: WeakFunction,
    digest: impl FnOnce(&str) -> Result<Box<[u8]>, Flaw>,
) -> Result<WeakHash, Unreadable> {
    let (salt, text) = rest.split_once('$').ok_or(Unreadable::Malformed(function.word(), Flaw::Parts))?;
    let salted = SaltedFunction { function, salt: salt.into() };
    let digest = digest(text).map_err(|flaw| Unreadable::Malformed(salted.name(), flaw))?;
    Ok(WeakHash { salted, digest })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1321, A.5 and RFC 3174, 7.3.
    #[test]
    fn the_digests_are_those_of_the_standards() {
        let of = |function, salt: &str, text: &[u8]| {
            SaltedFunction { function, salt: salt.into() }.digits(text).to_string()
        };
        assert_eq!(of(WeakFunction::Md5, "", b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(of(WeakFunction::Md5, "a", b"bc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(of(WeakFunction::Sha1, "a", b"bc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }
}
