//! `pbkdf2_sha256$600000$salt$digest` and `pbkdf2_sha1$…`: Django's `PBKDF2PasswordHasher` and
//! `PBKDF2SHA1PasswordHasher` (`django/contrib/auth/hashers.py`). The salt is text, the digest base64.

use std::num::NonZeroU32;

use super::foreign::ForeignHash;
use super::parameters::{ForeignParameters, MOST_ROUNDS};
use super::text::{number, padded_digest};
use super::unreadable::{Flaw, Unreadable};

pub(super) const SHA256_PREFIX: &str = "pbkdf2_sha256$";
pub(super) const SHA1_PREFIX: &str = "pbkdf2_sha1$";

/// Reads what follows `pbkdf2_sha256$`.
pub(super) fn parse_sha256(rest: &str) -> Result<ForeignHash, Unreadable> {
    parse(rest, "pbkdf2_sha256", ForeignParameters::Pbkdf2Sha256, 32)
}

/// Reads what follows `pbkdf2_sha1$`.
pub(super) fn parse_sha1(rest: &str) -> Result<ForeignHash, Unreadable> {
    parse(rest, "pbkdf2_sha1", ForeignParameters::Pbkdf2Sha1, 20)
}

fn parse(
    rest: &str,
    format: &'static str,
    parameters: impl FnOnce(NonZeroU32) -> ForeignParameters,
    length: usize,
) -> Result<ForeignHash, Unreadable> {
    let malformed = |flaw| Unreadable::Malformed(format, flaw);
    let mut parts = rest.splitn(3, '$');
    let (Some(rounds), Some(salt), Some(digest)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(malformed(Flaw::Parts));
    };
    let rounds = number(rounds).map_err(malformed)?;
    if rounds > MOST_ROUNDS {
        return Err(Unreadable::Excessive { format, parameter: "c", most: MOST_ROUNDS });
    }
    let rounds = u32::try_from(rounds).ok().and_then(NonZeroU32::new).ok_or(malformed(Flaw::Number))?;
    if salt.is_empty() {
        return Err(malformed(Flaw::Salt));
    }
    let digest = padded_digest(digest, length).map_err(malformed)?;
    Ok(ForeignHash { parameters: parameters(rounds), salt: salt.as_bytes().into(), digest })
}
