//! EksBlowfish, the heart of bcrypt (Provos and Mazières, "A future-adaptable
//! password scheme", 1999), for up to [`MOST`] hashes at once on one core.
//! `batch` runs it. It knows neither jobs nor encodings.
//!
//! A Blowfish round is a chain: look up four words, add them, and only then
//! know where to look next. Alone it leaves most of a core waiting. Here N
//! independent hashes, the lanes, take each round together, so that one lane's
//! look-ups run while another's are on their way.
//!
//! What the speed hangs on, each measured:
//! - the states of all lanes lie side by side, so that one base register and
//!   constant offsets reach everything;
//! - indices come from `u8`s, so that no bounds check is left;
//! - [`in_order`] keeps the compiler from moving one lane's look-ups behind
//!   another's arithmetic, where the core would see them too late;
//! - the 16 rounds are written out.

use std::array;
use std::sync::atomic::{Ordering, compiler_fence};

use zeroize::Zeroize;

use super::blowfish::{Boxes, P_WORDS, TABLES};
use super::task::SALT_LEN;

/// The most lanes that [`turn`] takes.
pub(super) const MOST: usize = 8;

/// `OrpheanBeholderScryDoubt`, what bcrypt encrypts in the end.
const TEXT: [[u32; 2]; 3] =
    [[0x4f72_7068, 0x6561_6e42], [0x6568_6f6c, 0x6465_7253], [0x6372_7944, 0x6f75_6274]];

/// One hash on its way. Holds secrets: [`State::wipe`] it when it ends.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct State {
    s: Boxes,
    p: [u32; P_WORDS],
    /// Key and salt, each repeated to the length of the P-array.
    key: [u32; P_WORDS],
    salt: [u32; P_WORDS],
}

impl State {
    /// A state for [`State::begin`] to fill.
    pub(super) const fn empty() -> Self {
        Self { s: [[0; 256]; 4], p: [0; P_WORDS], key: [0; P_WORDS], salt: [0; P_WORDS] }
    }

    /// Sets up a hash: all that bcrypt does before its cost loop. An empty key
    /// counts as one of zeros.
    pub(super) fn begin(&mut self, key: &[u8], salt: &[u8; SALT_LEN]) {
        self.key = repeated(key);
        self.salt = repeated(salt);
        self.s = TABLES.s;
        self.p = TABLES.p;
        self.mix_key();
        self.expand_salted();
    }

    /// The digest after the turns made so far. Leaves the state as it is, so
    /// that more turns may follow.
    pub(super) fn digest(&mut self) -> [u8; 24] {
        let mut digest = [0; 24];
        let mut out = digest.iter_mut();
        for [left, right] in TEXT {
            let (mut l, mut r) = ([left ^ self.p[0]], [right]);
            for _ in 0..64 {
                block(array::from_mut(self), &mut l, &mut r, |_, _, _| ());
            }
            let bytes = [l[0] ^ self.p[0], r[0]].map(u32::to_be_bytes);
            out.by_ref().zip(bytes.as_flattened()).for_each(|(to, from)| *to = *from);
        }
        digest
    }

    /// Overwrites everything.
    pub(super) fn wipe(&mut self) {
        self.s.zeroize();
        self.p.zeroize();
        self.key.zeroize();
        self.salt.zeroize();
    }

    #[cfg(test)]
    pub(super) fn is_wiped(&self) -> bool {
        let mut rest = self.p.iter().chain(&self.key).chain(&self.salt);
        self.s.as_flattened().iter().chain(&mut rest).all(|word| *word == 0)
    }

    fn mix_key(&mut self) {
        self.p.iter_mut().zip(self.key).for_each(|(p, word)| *p ^= word);
    }

    fn mix_salt(&mut self) {
        self.p.iter_mut().zip(self.salt).for_each(|(p, word)| *p ^= word);
    }

    /// ExpandKey with a salt: its words, in turn, go into each block.
    fn expand_salted(&mut self) {
        let [s0, s1, s2, s3, ..] = self.salt;
        let (mut l, mut r) = ([self.p[0] ^ s0], [s1]);
        for number in 0..BLOCKS {
            block(array::from_mut(self), &mut l, &mut r, |state, a, b| state.put(number, a, b));
            let even = number % 2 == 0;
            l[0] ^= if even { s2 } else { s0 };
            r[0] ^= if even { s3 } else { s1 };
        }
    }

    /// Writes a block's result over the P-array first, then over the S-boxes.
    #[inline(always)]
    fn put(&mut self, number: usize, left: u32, right: u32) {
        let s = self.s.as_flattened_mut();
        let pair = match number.checked_sub(P_WORDS / 2) {
            None => self.p.get_mut(2 * number..2 * number + 2),
            Some(number) => s.get_mut(2 * number..2 * number + 2),
        };
        if let Some([a, b]) = pair {
            (*a, *b) = (left, right);
        }
    }
}

/// Blocks of one expansion.
const BLOCKS: usize = (P_WORDS + 4 * 256) / 2;

/// The bytes, over and over, as big-endian words.
fn repeated(bytes: &[u8]) -> [u32; P_WORDS] {
    let mut bytes = bytes.iter().cycle();
    array::from_fn(|_| u32::from_be_bytes(array::from_fn(|_| bytes.next().copied().unwrap_or(0))))
}

/// One turn of the cost loop for every lane: ExpandKey with the key, then with
/// the salt. 2^cost of them make a hash. Looks at no more than [`MOST`] lanes.
pub(super) fn turn(lanes: &mut [State]) {
    fn wide<const N: usize>(lanes: &mut [State]) {
        if let Some(lanes) = lanes.first_chunk_mut::<N>() {
            lanes.iter_mut().for_each(State::mix_key);
            expand(lanes);
            lanes.iter_mut().for_each(State::mix_salt);
            expand(lanes);
        }
    }
    match lanes.len() {
        0 => (),
        1 => wide::<1>(lanes),
        2 => wide::<2>(lanes),
        3 => wide::<3>(lanes),
        4 => wide::<4>(lanes),
        5 => wide::<5>(lanes),
        6 => wide::<6>(lanes),
        7 => wide::<7>(lanes),
        _ => wide::<MOST>(lanes),
    }
}

/// ExpandKey without a salt, the key already mixed in: encrypts zeros, and
/// each result in turn, and lets the results replace the tables.
#[inline(never)]
fn expand<const N: usize>(lanes: &mut [State; N]) {
    let mut l = array::from_fn(|n| lanes[n].p[0]);
    let mut r = [0; N];
    for i in 0..P_WORDS / 2 {
        block(lanes, &mut l, &mut r, |lane, a, b| (lane.p[2 * i], lane.p[2 * i + 1]) = (a, b));
    }
    for number in 0..4 {
        for i in 0..128 {
            block(lanes, &mut l, &mut r, |lane, a, b| {
                (lane.s[number][2 * i], lane.s[number][2 * i + 1]) = (a, b);
            });
        }
    }
}

/// Encrypts one block in each lane and hands each result to `put`. On entry
/// and on return `l` is mixed with the first word of the P-array, which spares
/// the next block a wait.
#[inline(always)]
fn block<const N: usize>(
    lanes: &mut [State; N],
    l: &mut [u32; N],
    r: &mut [u32; N],
    put: impl Fn(&mut State, u32, u32),
) {
    two_rounds(lanes, l, r, 1);
    two_rounds(lanes, l, r, 3);
    two_rounds(lanes, l, r, 5);
    two_rounds(lanes, l, r, 7);
    two_rounds(lanes, l, r, 9);
    two_rounds(lanes, l, r, 11);
    two_rounds(lanes, l, r, 13);
    round(lanes, l, r, 15);
    for (n, lane) in lanes.iter_mut().enumerate() {
        let left = r[n] ^ lane.p[17];
        let right = (l[n] ^ lane.p[16]) ^ scramble(&lane.s, r[n]);
        put(lane, left, right);
        (l[n], r[n]) = (left ^ lane.p[0], right);
        in_order();
    }
}

#[inline(always)]
fn two_rounds<const N: usize>(lanes: &[State; N], l: &mut [u32; N], r: &mut [u32; N], p: usize) {
    round(lanes, l, r, p);
    round(lanes, r, l, p + 1);
}

/// A round in each lane: `to` takes the function of `from` and word `p` of the
/// P-array.
#[inline(always)]
fn round<const N: usize>(lanes: &[State; N], from: &[u32; N], to: &mut [u32; N], p: usize) {
    for (n, lane) in lanes.iter().enumerate() {
        let mixed = to[n] ^ lane.p[p];
        if N <= 4 {
            in_order(); // With more lanes there is no register to keep it in.
        }
        to[n] = mixed ^ scramble(&lane.s, from[n]);
        in_order();
    }
}

/// Blowfish's function F.
#[inline(always)]
fn scramble(s: &Boxes, word: u32) -> u32 {
    let look_up = |number: usize, shift: u32| s[number][usize::from((word >> shift) as u8)];
    (look_up(0, 24).wrapping_add(look_up(1, 16)) ^ look_up(2, 8)).wrapping_add(look_up(3, 0))
}

/// Keeps memory accesses on their sides of this line. No instruction.
#[inline(always)]
fn in_order() {
    compiler_fence(Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Runs all of the hashes, of one cost, side by side.
    fn hash_all(cost: u32, jobs: &[(Vec<u8>, [u8; SALT_LEN])]) -> Vec<[u8; 24]> {
        let mut lanes = vec![State::empty(); jobs.len()];
        for (lane, (key, salt)) in lanes.iter_mut().zip(jobs) {
            lane.begin(key, salt);
        }
        for _ in 0..1u32 << cost {
            turn(&mut lanes);
        }
        lanes.iter_mut().map(State::digest).collect()
    }

    #[test]
    fn more_lanes_than_most_are_left_alone() {
        let mut lanes = vec![State::empty(); MOST + 1];
        lanes.iter_mut().for_each(|lane| lane.begin(b"key", &[1; SALT_LEN]));
        let before = lanes[MOST].p;
        turn(&mut lanes);
        assert!(lanes[MOST].p == before && lanes[MOST - 1].p != before);
    }

    #[test]
    fn a_digest_may_be_taken_on_the_way() {
        let mut lane = State::empty();
        lane.begin(b"key\0", &[9; SALT_LEN]);
        for turns in 1..=32u32 {
            turn(array::from_mut(&mut lane));
            if turns >= 16 && turns.is_power_of_two() {
                let expected = bcrypt::bcrypt(turns.ilog2(), [9; SALT_LEN], b"key\0");
                assert_eq!(lane.digest(), expected);
            }
        }
    }

    #[test]
    fn wiping_leaves_zeros_only() {
        let mut lane = State::empty();
        lane.begin(b"key", &[1; SALT_LEN]);
        lane.wipe();
        assert!(lane.is_wiped());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn every_width_computes_what_the_bcrypt_crate_does(
            cost in 4u32..=6,
            jobs in prop::collection::vec(
                (prop::collection::vec(any::<u8>(), 1..=72), any::<[u8; SALT_LEN]>()), 1..=MOST,
            ),
        ) {
            let expected: Vec<_> =
                jobs.iter().map(|(key, salt)| bcrypt::bcrypt(cost, *salt, key)).collect();
            prop_assert_eq!(hash_all(cost, &jobs), expected);
        }
    }
}
