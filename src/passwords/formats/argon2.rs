//! `argon2$argon2id$v=19$m=102400,t=2,p=8$salt$digest`: Django's `Argon2PasswordHasher`, which writes `argon2` before
//! the text of the reference implementation (its `src/encoding.c`, `decode_string`). Salt and digest are base64
//! without padding.

use super::foreign::ForeignHash;
use super::parameters::{Argon2Variety, ForeignParameters, MOST_KIBIBYTES, MOST_LANES, MOST_PASSES};
use super::text::{number, unpadded};
use super::unreadable::{Flaw, Unreadable};

pub(super) const PREFIX: &str = "argon2$";

/// RFC 9106, 3.1: the shortest digest. The shortest salt is the reference implementation's.
const SHORTEST_DIGEST: usize = 4;
const SHORTEST_SALT: usize = 8;
/// A bound of ours: no hasher writes longer ones.
const LONGEST: usize = 512;
/// Eight blocks of a KiB for each lane (RFC 9106, 3.1).
const LEAST_KIBIBYTES_A_LANE: u64 = 8;

const fn malformed(flaw: Flaw) -> Unreadable {
    Unreadable::Malformed("argon2", flaw)
}

/// Reads what follows `argon2$`.
pub(super) fn parse(rest: &str) -> Result<ForeignHash, Unreadable> {
    let parts: Vec<&str> = rest.splitn(6, '$').collect();
    // Before version 1.3 the text named no version.
    let (name, version, costs, salt, digest) = match parts[..] {
        [name, version, costs, salt, digest] => (name, version, costs, salt, digest),
        [name, costs, salt, digest] => (name, "v=16", costs, salt, digest),
        _ => return Err(malformed(Flaw::Parts)),
    };
    let variety = match name {
        "argon2d" => Argon2Variety::D,
        "argon2i" => Argon2Variety::I,
        "argon2id" => Argon2Variety::Id,
        _ => return Err(malformed(Flaw::Version)),
    };
    let is_v13 = match version {
        "v=19" => true,
        "v=16" => false,
        _ => return Err(malformed(Flaw::Version)),
    };
    let (memory, passes, lanes) = parse_costs(costs)?;
    let salt = unpadded(salt).filter(|salt| (SHORTEST_SALT..=LONGEST).contains(&salt.len()));
    let digest = unpadded(digest).filter(|digest| (SHORTEST_DIGEST..=LONGEST).contains(&digest.len()));
    Ok(ForeignHash {
        parameters: ForeignParameters::Argon2 { variety, is_v13, memory, passes, lanes },
        salt: salt.ok_or(malformed(Flaw::Salt))?,
        digest: digest.ok_or(malformed(Flaw::Digest))?,
    })
}

/// Reads `m=102400,t=2,p=8`.
fn parse_costs(text: &str) -> Result<(u32, u32, u32), Unreadable> {
    let mut parts = text.split(',');
    let mut next = |parameter: &'static str, most| {
        let digits = parts.next().and_then(|part| part.strip_prefix(parameter)?.strip_prefix('='));
        let value = number(digits.ok_or(malformed(Flaw::Parts))?).map_err(malformed)?;
        let excessive = Unreadable::Excessive { format: "argon2", parameter, most };
        u32::try_from(value).ok().filter(|_| value <= most).ok_or(excessive)
    };
    let memory = next("m", MOST_KIBIBYTES)?;
    let passes = next("t", MOST_PASSES)?;
    let lanes = next("p", MOST_LANES)?;
    if parts.next().is_some() {
        return Err(malformed(Flaw::Parts));
    }
    if u64::from(memory) < LEAST_KIBIBYTES_A_LANE * u64::from(lanes) {
        return Err(malformed(Flaw::Number));
    }
    Ok((memory, passes, lanes))
}
