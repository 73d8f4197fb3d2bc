//! Why no password can be checked against a stored text.

/// Why a password cannot be checked against a stored text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Django's `set_unusable_password`: the account has no password.
    #[error("the account has no usable password")]
    Unusable,
    /// Another algorithm, by its name.
    #[error("the algorithm {0} is not supported")]
    Unsupported(&'static str),
    /// Begins like a hash of this format, but is not written like one.
    #[error("the {0} hash is malformed: {1}")]
    Malformed(&'static str, Flaw),
    /// A parameter asks for more work than any login may cost.
    #[error("the {format} hash asks for too much work: {parameter} is above {most}")]
    Excessive {
        /// The format.
        format: &'static str,
        /// The parameter, as the format's own documents call it.
        parameter: &'static str,
        /// Its bound.
        most: u64,
    },
    /// It takes more memory than all hashes together may have.
    #[error("the {format} hash takes {needed} MiB of memory, more than password.foreign_memory ({most} MiB)")]
    Memory {
        /// The format.
        format: &'static str,
        /// Mebibytes that it takes, rounded up.
        needed: u64,
        /// The mebibytes of the setting.
        most: u64,
    },
}

/// What is wrong with a malformed hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Too few or too many parts between the dollar signs.
    #[error("a part is missing")]
    Parts,
    /// A version that does not exist.
    #[error("unknown version")]
    Version,
    /// Of bcrypt: not two digits from 04 to 31.
    #[error("the cost is not a number from 04 to 31")]
    Cost,
    /// A parameter that is no number, has leading zeros, or is too low for the algorithm.
    #[error("a parameter is not a number that the algorithm takes")]
    Number,
    /// Without a salt, or with one that is too short for the algorithm.
    #[error("the salt is missing or too short")]
    Salt,
    /// Of bcrypt: too short or too long.
    #[error("salt and digest are not 53 characters")]
    Length,
    /// Not bcrypt's base64.
    #[error("a character is not of the bcrypt alphabet")]
    Alphabet,
    /// Of bcrypt: the last character has bits that no encoder writes. Django fails on such a salt, and accepts no
    /// password for such a digest.
    #[error("the last character of salt or digest has stray bits")]
    Padding,
    /// A digest of another length or in other characters than the format writes.
    #[error("the digest does not have the length or the characters of this format")]
    Digest,
}
