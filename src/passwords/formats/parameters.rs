//! The work that a hash of another server asks for, with its bounds. A stored row is a lever on this server's time
//! and memory, so what a row may ask for is bounded, as in Ory Kratos (`hash/hash_limits.go`).

use std::fmt;
use std::num::NonZeroU32;

/// PBKDF2: the most iterations.
pub(super) const MOST_ROUNDS: u64 = 10_000_000;
/// argon2: the most KiB of memory, passes and lanes.
pub(super) const MOST_KIBIBYTES: u64 = 1 << 20;
pub(super) const MOST_PASSES: u64 = 10;
pub(super) const MOST_LANES: u64 = 16;
/// scrypt: the highest N, r and p.
pub(super) const MOST_N: u64 = 1 << 17;
pub(super) const MOST_R: u64 = 8;
pub(super) const MOST_P: u64 = 10;

/// The algorithm of a hash that is not bcrypt, and the work that it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForeignParameters {
    /// PBKDF2 with HMAC-SHA-256 (RFC 8018, 5.2).
    Pbkdf2Sha256(NonZeroU32),
    /// PBKDF2 with HMAC-SHA-1.
    Pbkdf2Sha1(NonZeroU32),
    /// argon2 (RFC 9106).
    Argon2 {
        /// Which of the three.
        variety: Argon2Variety,
        /// Whether it is version 1.3 and not 1.0.
        is_v13: bool,
        /// KiB of memory.
        memory: u32,
        /// Passes over the memory.
        passes: u32,
        /// Lanes, which are computed one after the other.
        lanes: u32,
    },
    /// scrypt (RFC 7914).
    Scrypt {
        /// The binary logarithm of N.
        log_n: u8,
        /// The size of a block.
        r: u32,
        /// The number of blocks, which are computed one after the other.
        p: u32,
    },
}

/// The three functions of argon2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Argon2Variety {
    /// `argon2d`
    D,
    /// `argon2i`
    I,
    /// `argon2id`
    Id,
}

impl ForeignParameters {
    /// The name of the format, with Django's words.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pbkdf2Sha256(_) => "pbkdf2_sha256",
            Self::Pbkdf2Sha1(_) => "pbkdf2_sha1",
            Self::Argon2 { variety: Argon2Variety::D, .. } => "argon2d",
            Self::Argon2 { variety: Argon2Variety::I, .. } => "argon2i",
            Self::Argon2 { variety: Argon2Variety::Id, .. } => "argon2id",
            Self::Scrypt { .. } => "scrypt",
        }
    }

    /// The bytes of memory that it takes while it is computed.
    pub(crate) const fn memory(&self) -> u64 {
        match *self {
            Self::Pbkdf2Sha256(_) | Self::Pbkdf2Sha1(_) => 0,
            Self::Argon2 { memory, .. } => memory as u64 * 1024,
            Self::Scrypt { log_n, r, p } => ((1 << log_n) + p as u64 + 1) * r as u64 * 128,
        }
    }
}

impl fmt::Display for ForeignParameters {
    /// The parameters alone, with the letters of their specification.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Pbkdf2Sha256(rounds) | Self::Pbkdf2Sha1(rounds) => write!(f, "c={rounds}"),
            Self::Argon2 { memory, passes, lanes, .. } => write!(f, "m={memory}, t={passes}, p={lanes}"),
            Self::Scrypt { log_n, r, p } => write!(f, "N={}, r={r}, p={p}", 1u64 << log_n),
        }
    }
}
