//! One bcrypt to compute: what it is keyed with, how much work it is, and on
//! whose behalf. `passwords` makes tasks, `engine` and its neighbours carry
//! them. Nothing here computes.

use std::fmt;

use zeroize::Zeroizing;

/// Bytes of a bcrypt salt.
pub(super) const SALT_LEN: usize = 16;
/// Bytes of a bcrypt digest as encodings keep it: the 24th is dropped by all.
pub(super) const DIGEST_LEN: usize = 23;
/// The most bytes that bcrypt takes of a key, the closing NUL included.
pub(super) const KEY_MAX: usize = 72;

/// A digest as encodings keep it. A secret.
pub(super) type Digest = [u8; DIGEST_LEN];

/// What bcrypt is keyed with: the input cut at 72 bytes, and closed by a NUL
/// where there is room.
///
/// The cut and the NUL are those of `$2b$`, and pyca/bcrypt 4.0.1 does the
/// same for `$2a$` and `$2y$`. A NUL inside the input does not end it.
#[derive(Clone)]
pub(super) struct Key(Zeroizing<Vec<u8>>);

impl Key {
    pub(super) fn new(input: &[u8]) -> Self {
        // All at once, so that no half-filled buffer is left behind unwiped.
        let mut key = Zeroizing::new(Vec::with_capacity(KEY_MAX));
        key.extend(input.iter().chain(&[0]).take(KEY_MAX));
        Self(key)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Whose login it is, in numbers that say nothing more: keyed hashes, say.
///
/// While others wait, neither an account nor an address gets more than its
/// share of the engine. What has no tag competes with nobody.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Requester {
    /// The account that was named, whether it exists or not.
    pub account: Option<u64>,
    /// Where the request came from.
    pub address: Option<u64>,
}

impl fmt::Debug for Requester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requester(redacted)")
    }
}

/// One bcrypt to compute.
pub(super) struct Task {
    pub(super) key: Key,
    pub(super) salt: [u8; SALT_LEN],
    pub(super) cost: u32,
    /// The cost whose time the task takes at least, however small its own.
    pub(super) level: u32,
    pub(super) origin: Requester,
}

impl Task {
    /// Turns of the cost loop until the digest stands.
    pub(super) fn turns_to_digest(&self) -> u64 {
        1 << self.cost.min(31)
    }

    /// Turns of the cost loop in all: exactly those of one hash of the level.
    pub(super) fn turns(&self) -> u64 {
        1 << self.cost.max(self.level).min(31)
    }
}

#[cfg(test)]
pub(super) fn example(cost: u32) -> Task {
    let origin = Requester::default();
    Task { key: Key::new(b"pw"), salt: [7; SALT_LEN], cost, level: cost, origin }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_with_nul_and_is_cut_at_72_bytes() {
        assert_eq!(Key::new(b"").bytes(), b"\0");
        assert_eq!(Key::new(b"a\0b").bytes(), b"a\0b\0");
        assert_eq!(Key::new(&[b'x'; 71]).bytes().last(), Some(&0));
        assert_eq!(Key::new(&[b'x'; 72]).bytes(), [b'x'; 72]);
        assert_eq!(Key::new(&[b'x'; 73]).bytes(), [b'x'; 72]);
    }

    #[test]
    fn a_task_takes_the_turns_of_the_higher_of_cost_and_level() {
        for (cost, level, digest, all) in [(4, 4, 16, 16), (4, 10, 16, 1024), (11, 10, 2048, 2048)] {
            let task = Task { level, ..example(cost) };
            assert_eq!((task.turns_to_digest(), task.turns()), (digest, all));
        }
    }
}
