//! `scrypt$16384$salt$8$1$digest`: Django's `ScryptPasswordHasher`, with N, the salt as text, r, p, and 64 bytes in
//! base64.

use super::foreign::ForeignHash;
use super::parameters::{ForeignParameters, MOST_N, MOST_P, MOST_R};
use super::text::{number, padded_digest};
use super::unreadable::{Flaw, Unreadable};

pub(super) const PREFIX: &str = "scrypt$";

const DIGEST_BYTES: usize = 64;

const fn malformed(flaw: Flaw) -> Unreadable {
    Unreadable::Malformed("scrypt", flaw)
}

/// Reads what follows `scrypt$`.
pub(super) fn parse(rest: &str) -> Result<ForeignHash, Unreadable> {
    let parts: Vec<&str> = rest.splitn(6, '$').collect();
    let [n, salt, r, p, digest] = parts[..] else { return Err(malformed(Flaw::Parts)) };
    let n = bounded("N", n, MOST_N)?;
    // N is a power of two above 1 (RFC 7914, 2).
    if n < 2 || !n.is_power_of_two() {
        return Err(malformed(Flaw::Number));
    }
    let (r, p) = (bounded("r", r, MOST_R)?, bounded("p", p, MOST_P)?);
    if salt.is_empty() {
        return Err(malformed(Flaw::Salt));
    }
    let digest = padded_digest(digest, DIGEST_BYTES).map_err(malformed)?;
    // The binary logarithm of a number of 32 bits fits in 8.
    let parameters = ForeignParameters::Scrypt { log_n: n.ilog2() as u8, r, p };
    Ok(ForeignHash { parameters, salt: salt.as_bytes().into(), digest })
}

fn bounded(parameter: &'static str, digits: &str, most: u64) -> Result<u32, Unreadable> {
    let value = number(digits).map_err(malformed)?;
    let excessive = Unreadable::Excessive { format: "scrypt", parameter, most };
    u32::try_from(value).ok().filter(|_| value <= most).ok_or(excessive)
}
