//! Which tokens a public key has verified already. A signature of ES256 takes longer to verify than everything else
//! that `GET /api/user/` does, and a client sends the same token many times.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

/// SHA-256 of a whole token, signature included. No second token has it, so one in which a byte differs is not known.
type TokenDigest = [u8; 32];

/// Digests are spread over so many lists, each with a lock of its own.
const LISTS: usize = 4096;

/// How many digests a list has at most. 65,536 in all take 2 MB.
const LENGTH: usize = 16;

/// The tokens that one key has verified, up to a number of them. It belongs to its key, and goes with it. Nothing is
/// here but what the signature says: times, claims, session and user are checked for each request.
pub(super) struct VerifiedTokens {
    lists: Box<[Mutex<Vec<TokenDigest>>]>,
}

impl VerifiedTokens {
    pub(super) fn new() -> Self {
        Self { lists: (0..LISTS).map(|_| Mutex::default()).collect() }
    }

    /// Whether the token is known, or `verify` says that its signature is valid; then it is known from now on. A token
    /// that is refused leaves nothing behind.
    pub(super) fn contains_or(&self, message: &[u8], signature: &str, verify: impl FnOnce() -> bool) -> bool {
        let digest = digest(message, signature);
        if self.contains(&digest) {
            return true;
        }
        let is_valid = verify();
        if is_valid {
            self.insert(digest);
        }
        is_valid
    }

    fn contains(&self, digest: &TokenDigest) -> bool {
        let list = self.list(digest).lock().unwrap_or_else(PoisonError::into_inner);
        list.contains(digest)
    }

    /// A full list forgets its oldest digest. Two requests may bring the same token at once.
    fn insert(&self, digest: TokenDigest) {
        let mut list = self.list(&digest).lock().unwrap_or_else(PoisonError::into_inner);
        if list.contains(&digest) {
            return;
        }
        if list.len() == LENGTH {
            list.remove(0);
        }
        list.push(digest);
    }

    fn list(&self, digest: &TokenDigest) -> &Mutex<Vec<TokenDigest>> {
        let [first, second, ..] = *digest;
        &self.lists[usize::from(u16::from_be_bytes([first, second])) % self.lists.len()]
    }
}

fn digest(message: &[u8], signature: &str) -> TokenDigest {
    Sha256::new().chain_update(message).chain_update(".").chain_update(signature).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cell::Cell;

    fn count(tokens: &VerifiedTokens) -> usize {
        tokens.lists.iter().map(|list| list.lock().unwrap().len()).sum()
    }

    #[test]
    fn a_signature_is_verified_once_and_a_bad_one_each_time() {
        let (tokens, calls) = (VerifiedTokens::new(), Cell::new(0));
        let verify = |outcome: bool| {
            tokens.contains_or(b"header.payload", if outcome { "good" } else { "bad" }, || {
                calls.set(calls.get() + 1);
                outcome
            })
        };
        assert!(verify(true) && verify(true) && verify(true));
        assert_eq!((calls.get(), count(&tokens)), (1, 1));
        assert!(!verify(false) && !verify(false));
        assert_eq!((calls.get(), count(&tokens)), (3, 1), "a bad one is not kept");
    }

    #[test]
    fn a_part_does_not_move_over_the_dot() {
        let tokens = VerifiedTokens::new();
        assert!(tokens.contains_or(b"a.b", "c", || true));
        assert!(!tokens.contains_or(b"a", "b.cc", || false));
        assert!(!tokens.contains_or(b"a.bc", "", || false));
    }

    #[test]
    fn a_full_set_forgets_its_oldest_tokens_and_never_grows() {
        let tokens = VerifiedTokens::new();
        let mut sent = 0_u64;
        while count(&tokens) < LISTS * LENGTH {
            assert!(tokens.contains_or(&sent.to_be_bytes(), "s", || true));
            sent += 1;
            assert!(sent < 1_000_000, "the lists are filled evenly");
        }
        for more in sent..sent + 10_000 {
            assert!(tokens.contains_or(&more.to_be_bytes(), "s", || true));
        }
        assert_eq!(count(&tokens), LISTS * LENGTH);
        assert!(tokens.contains_or(&(sent + 9_999).to_be_bytes(), "s", || false), "the newest is known");
        let is_forgotten = |token: &u64| !tokens.contains_or(&token.to_be_bytes(), "s", || false);
        assert!((0..1_000).filter(is_forgotten).count() > 900, "most of the oldest are gone");
    }

    proptest! {
        #[test]
        fn a_token_with_one_byte_changed_is_never_known(
            token in "[A-Za-z0-9_-]{1,40}\\.[A-Za-z0-9_-]{1,200}\\.[A-Za-z0-9_-]{1,90}",
            place in any::<prop::sample::Index>(),
            byte in 0_u8..128,
        ) {
            let tokens = VerifiedTokens::new();
            let (message, signature) = token.rsplit_once('.').unwrap();
            prop_assert!(tokens.contains_or(message.as_bytes(), signature, || true));
            let mut changed = token.clone().into_bytes();
            let place = place.index(changed.len());
            changed[place] = byte;
            let changed = String::from_utf8(changed).unwrap();
            if let Some((message, signature)) = changed.rsplit_once('.') {
                let is_known = tokens.contains_or(message.as_bytes(), signature, || false);
                prop_assert_eq!(is_known, changed == token);
            }
        }
    }
}
