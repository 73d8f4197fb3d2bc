//! bcrypt: the text `$2b$12$…` with version, cost, salt and digest, and the key that a password makes.

use std::fmt::Write as _;

use rand::TryRng as _;
use rand::rngs::SysRng;

use super::unreadable::{Flaw, Unreadable};
use crate::passwords::task::{DIGEST_LEN, KEY_MAX, Key, SALT_LEN};

/// The 64 characters of bcrypt's own base64, which is not that of RFC 4648.
const ALPHABET: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// The characters of a salt (16 bytes), and of salt and digest (23 bytes) together.
const SALT_CHARS: usize = 22;
const BODY_CHARS: usize = 53;

/// The costs that bcrypt allows. Each step doubles the work.
pub(crate) const COSTS: std::ops::RangeInclusive<u32> = 4..=31;

/// The prefix that Django writes before the text (`django/contrib/auth/hashers.py`,
/// `BCryptPasswordHasher`). Other software writes none.
pub(super) const PREFIX: &str = "bcrypt$";

/// The version of bcrypt that made the hash. All three compute the same, as in pyca/bcrypt. `$2x$` is a
/// broken one and not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `$2a$`
    A,
    /// `$2b$`, the version of new hashes.
    B,
    /// `$2y$`
    Y,
}

impl Version {
    fn character(self) -> char {
        match self {
            Self::A => 'a',
            Self::B => 'b',
            Self::Y => 'y',
        }
    }
}

/// The parts of a bcrypt hash.
#[derive(Clone, Copy)]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Crypt {
    pub(super) version: Version,
    pub(super) cost: u32,
    pub(super) salt: [u8; SALT_LEN],
    pub(super) digest: [u8; DIGEST_LEN],
}

impl Crypt {
    /// Reads `$2b$12$…`. Strict: [`Crypt::append_to`] writes every accepted text back, letter for letter.
    pub(super) fn parse(text: &str) -> Result<Self, Unreadable> {
        let (version, cost, body) = split(text).ok_or(malformed(Flaw::Parts))?;
        let version = parse_version(version)?;
        let cost = parse_cost(cost).ok_or(malformed(Flaw::Cost))?;
        let (salt, digest) = parse_body(body).map_err(malformed)?;
        Ok(Self { version, cost, salt, digest })
    }

    /// Appends the text of the hash.
    pub(super) fn append_to(&self, text: &mut String) {
        // Writing to a String cannot fail.
        let _ = write!(text, "$2{}${:02}$", self.version.character(), self.cost);
        push_base64(text, &self.salt);
        push_base64(text, &self.digest);
    }
}

/// The key of a password: the password itself.
pub(super) fn key(password: &[u8]) -> Key {
    Key::new(password)
}

/// Whether bcrypt ignores the end of the password: it takes at most 72 bytes.
pub(super) const fn truncates(password: &[u8]) -> bool {
    password.len() > KEY_MAX
}

/// A new salt from the operating system's randomness; `None` if that fails.
pub(crate) fn random_salt() -> Option<[u8; SALT_LEN]> {
    let mut salt = [0; SALT_LEN];
    SysRng.try_fill_bytes(&mut salt).ok()?;
    Some(salt)
}

const fn malformed(flaw: Flaw) -> Unreadable {
    Unreadable::Malformed("bcrypt", flaw)
}

/// Splits `$version$cost$body` into its parts.
fn split(crypt: &str) -> Option<(&str, &str, &str)> {
    let (version, rest) = crypt.strip_prefix('$')?.split_once('$')?;
    let (cost, body) = rest.split_once('$')?;
    Some((version, cost, body))
}

fn parse_version(version: &str) -> Result<Version, Unreadable> {
    match version {
        "2a" => Ok(Version::A),
        "2b" => Ok(Version::B),
        "2y" => Ok(Version::Y),
        "2x" => Err(Unreadable::Unsupported("bcrypt $2x$")),
        "2" => Err(Unreadable::Unsupported("bcrypt $2$")),
        _ => Err(malformed(Flaw::Version)),
    }
}

fn parse_cost(digits: &str) -> Option<u32> {
    // `parse` alone would accept a sign, or any number of digits.
    let two_digits = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
    let cost = digits.parse().ok().filter(|_| two_digits)?;
    COSTS.contains(&cost).then_some(cost)
}

fn parse_body(body: &str) -> Result<([u8; SALT_LEN], [u8; DIGEST_LEN]), Flaw> {
    if body.len() != BODY_CHARS {
        return Err(Flaw::Length);
    }
    let halves = body.as_bytes().split_at_checked(SALT_CHARS);
    let (salt, digest) = halves.ok_or(Flaw::Length)?;
    Ok((parse_base64(salt)?, parse_base64(digest)?))
}

/// Reads as many bytes as fit. The caller has checked the length.
fn parse_base64<const N: usize>(chars: &[u8]) -> Result<[u8; N], Flaw> {
    let mut bytes = [0; N];
    let mut slots = bytes.iter_mut();
    let (mut bits, mut held) = (0u32, 0u32);
    for char in chars {
        let known = (0u32..).zip(ALPHABET).find(|(_, known)| *known == char);
        let (value, _) = known.ok_or(Flaw::Alphabet)?;
        bits = bits << 6 | value;
        held += 6;
        if held >= 8 {
            held -= 8;
            if let (Some(slot), Ok(byte)) = (slots.next(), u8::try_from(bits >> held)) {
                *slot = byte;
            }
            bits &= (1 << held) - 1;
        }
    }
    if bits == 0 { Ok(bytes) } else { Err(Flaw::Padding) }
}

fn push_base64(text: &mut String, bytes: &[u8]) {
    let char_of = |bits: u32| ALPHABET.get(bits as usize & 63).map(|byte| char::from(*byte));
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in bytes {
        bits = (bits << 8 | u32::from(*byte)) & 0xffff;
        held += 8;
        while held >= 6 {
            held -= 6;
            text.extend(char_of(bits >> held));
        }
    }
    if held > 0 {
        text.extend(char_of(bits << (6 - held)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salts_differ() {
        assert_ne!(random_salt().unwrap(), random_salt().unwrap());
    }

    /// The salt of jBCrypt's vector `$2a$06$m0CrhHm10qJ3lXRY.5zDGO…`.
    #[test]
    fn the_alphabet_is_that_of_bcrypt() {
        let text = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";
        let crypt = Crypt::parse(text).unwrap();
        assert_eq!(crypt.salt[..4], [0xa3, 0x61, 0x2d, 0x8c]);
        assert_eq!(crypt.digest[..4], [0xe6, 0xd5, 0x38, 0x31]);
        assert_eq!(crypt.digest[22], 0x38);
    }
}
