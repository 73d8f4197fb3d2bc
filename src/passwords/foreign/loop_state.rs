//! The state of PBKDF2 with HMAC-SHA-256 between two rounds.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use sha2::block_api::compress256;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, Zeroizing};

/// The first state of SHA-256 (FIPS 180-4, 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
const BLOCK_BYTES: usize = 64;
pub(super) const DIGEST_BYTES: usize = 32;
/// The bits of two blocks of HMAC whose second one is a digest, 768, as the last but one byte of the padding: the last
/// one is 0.
const PADDED_BITS: u8 = 3;

/// The state of a running hash after any number of rounds. Secret: call [`LoopState::wipe`] when the hash ends.
#[derive(Clone)]
pub(super) struct LoopState {
    /// The states of SHA-256 after the first block of HMAC's inner and outer hash.
    pub(super) inner: [u32; 8],
    pub(super) outer: [u32; 8],
    /// The last HMAC, and the exclusive or of all.
    pub(super) last: [u32; 8],
    pub(super) sum: [u32; 8],
}

impl LoopState {
    /// A state without a secret.
    pub(super) const fn empty() -> Self {
        Self { inner: [0; 8], outer: [0; 8], last: [0; 8], sum: [0; 8] }
    }

    /// The state after the first round (RFC 8018, 5.2; RFC 2104 for the key).
    pub(super) fn begin(password: &[u8], salt: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK_BYTES]);
        if password.len() > BLOCK_BYTES {
            block.iter_mut().zip(Sha256::digest(password)).for_each(|(to, byte)| *to = byte);
        } else {
            block.iter_mut().zip(password).for_each(|(to, byte)| *to = *byte);
        }
        let state_after = |pad: u8| {
            let (mut state, padded) = (INITIAL, Zeroizing::new(block.map(|byte| byte ^ pad)));
            compress256(&mut state, &[*padded]);
            state
        };
        let mut first = Zeroizing::new([0; DIGEST_BYTES]);
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, NonZeroU32::MIN, salt, password, &mut first[..]);
        let mut last = [0; 8];
        let (words, _) = first.as_chunks();
        last.iter_mut().zip(words).for_each(|(to, word)| *to = u32::from_be_bytes(*word));
        Self { inner: state_after(0x36), outer: state_after(0x5c), last, sum: last }
    }

    /// Makes so many rounds, with the block function of the `sha2` crate.
    pub(super) fn advance(&mut self, rounds: u32) {
        for _ in 0..rounds {
            for from in [self.inner, self.outer] {
                let (mut state, mut block) = (from, [0; BLOCK_BYTES]);
                let words = self.last.map(u32::to_be_bytes);
                block.iter_mut().zip(words.as_flattened()).for_each(|(to, byte)| *to = *byte);
                (block[DIGEST_BYTES], block[BLOCK_BYTES - 2]) = (0x80, PADDED_BITS);
                compress256(&mut state, &[block]);
                self.last = state;
            }
            self.sum.iter_mut().zip(self.last).for_each(|(sum, word)| *sum ^= word);
        }
    }

    /// The digest after the rounds made so far.
    pub(super) fn digest(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.sum.map(u32::to_be_bytes).as_flattened().to_vec())
    }

    /// Overwrites everything.
    pub(super) fn wipe(&mut self) {
        [&mut self.inner, &mut self.outer, &mut self.last, &mut self.sum]
            .into_iter()
            .for_each(Zeroize::zeroize);
    }

    #[cfg(test)]
    pub(super) fn is_wiped(&self) -> bool {
        [self.inner, self.outer, self.last, self.sum] == [[0; 8]; 4]
    }
}
