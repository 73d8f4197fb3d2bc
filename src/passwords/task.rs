//! One bcrypt hash to compute: its key, its work, and the requester. `passwords` makes tasks, `engine` runs
//! them.

use std::fmt;

use zeroize::Zeroizing;

/// The bytes of a bcrypt salt.
pub(super) const SALT_LEN: usize = 16;
/// The bytes of a bcrypt digest in its text: every implementation drops the 24th.
pub(super) const DIGEST_LEN: usize = 23;
/// The maximum length of a bcrypt key, including the final NUL.
pub(super) const KEY_MAX: usize = 72;

/// A bcrypt digest. A secret.
pub type Digest = [u8; DIGEST_LEN];

/// A bcrypt key: the input, truncated to 72 bytes and followed by a NUL if there is room.
///
/// This is the rule of `$2b$`; pyca/bcrypt 4.0.1 does the same for `$2a$` and `$2y$`. A NUL inside the input
/// does not end it.
#[derive(Clone)]
pub struct Key(Zeroizing<Vec<u8>>);

impl Key {
    /// The key of these bytes.
    #[must_use]
    pub fn new(input: &[u8]) -> Self {
        // With its final capacity: a buffer that grew would leave a copy unwiped.
        let mut key = Zeroizing::new(Vec::with_capacity(KEY_MAX));
        key.extend(input.iter().chain(&[0]).take(KEY_MAX));
        Self(key)
    }

    /// The bytes of the key.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The account and the address that a hash is computed for, as keyed hashes that reveal neither.
///
/// While other requesters wait, no account and no address gets more than its share of the engine. `None` is
/// not counted.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Requester {
    /// The account of the login, whether it exists or not.
    pub account: Option<u64>,
    /// The client's address.
    pub address: Option<u64>,
}

impl fmt::Debug for Requester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requester(redacted)")
    }
}

/// One bcrypt hash to compute.
pub struct Task {
    /// The key.
    pub key: Key,
    /// The salt.
    pub salt: [u8; SALT_LEN],
    /// The binary logarithm of the turns.
    pub cost: u32,
    /// The cost whose time the task takes at least, if its own is lower.
    pub level: u32,
    /// The requester, for a fair order.
    pub requester: Requester,
}

impl Task {
    /// The turns of the cost loop until the digest is known.
    pub(super) fn turns_to_digest(&self) -> u64 {
        1 << self.cost.min(31)
    }

    /// The turns of the cost loop in all: those of the cost or the level, whichever is higher.
    pub(super) fn turns(&self) -> u64 {
        1 << self.cost.max(self.level).min(31)
    }
}

#[cfg(test)]
pub(super) fn example(cost: u32) -> Task {
    let requester = Requester::default();
    Task { key: Key::new(b"pw"), salt: [7; SALT_LEN], cost, level: cost, requester }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_with_nul_and_has_at_most_72_bytes() {
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
