//! A stored password hash in the reader's words: its format, or why it cannot be checked.

use crate::passwords::formats::{Encoding, Flaw, ForeignParameters, Unreadable};
use crate::texts::Lang;

/// Why a password hash cannot be read, in the reader's language.
pub(crate) fn unreadable_hash(t: Lang, why: Unreadable) -> String {
    let (format, flaw) = match why {
        Unreadable::Unusable => return t.hash_unusable().to_owned(),
        Unreadable::Unsupported(algorithm) => return t.hash_unsupported(algorithm),
        Unreadable::Excessive { format, parameter, most } => {
            return t.hash_excessive(format, parameter, most);
        }
        Unreadable::Memory { format, needed, most } => return t.hash_memory(format, needed, most),
        Unreadable::Malformed(format, flaw) => (format, flaw),
    };
    let flaw = match flaw {
        Flaw::Parts => t.flaw_parts(),
        Flaw::Version => t.flaw_version(),
        Flaw::Cost => t.flaw_cost(),
        Flaw::Number => t.flaw_number(),
        Flaw::Salt => t.flaw_salt(),
        Flaw::Length => t.flaw_length(),
        Flaw::Alphabet => t.flaw_alphabet(),
        Flaw::Padding => t.flaw_padding(),
        Flaw::Digest => t.flaw_digest(),
    };
    t.hash_malformed(format, flaw)
}

/// The format of a password hash and the work that it takes.
pub(crate) fn hash_in_words(t: Lang, hash: &Encoding) -> String {
    match hash {
        Encoding::Bcrypt(hash) => t.user_hash_at_cost(hash.format.name(), hash.cost),
        Encoding::Foreign(foreign) => match foreign.parameters {
            ForeignParameters::Pbkdf2Sha256(rounds) | ForeignParameters::Pbkdf2Sha1(rounds) => {
                t.user_hash_with_rounds(hash.name(), t.number(rounds.get().into()))
            }
            parameters => format!("{}, {parameters}", hash.name()),
        },
        Encoding::Weak(_) => hash.name().to_owned(),
    }
}
