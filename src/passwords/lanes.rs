//! EksBlowfish, the heart of bcrypt (Provos and Mazières, "A future-adaptable
//! password scheme", 1999), for up to [`MAX_LANES`] hashes at once on one core.
//! `batch` runs it.
//!
//! A Blowfish round is a chain: look up four words, add them, and only then is the next address known. A
//! single hash leaves most of a core waiting. Here N independent hashes, the lanes, make each round together,
//! so that the look-ups of one lane run while another lane waits for its own.
//!
//! A round has four look-ups and about ten arithmetic operations. With enough lanes, arithmetic is the
//! bottleneck. The speed depends on these points, each measured:
//! - the states of all lanes lie side by side, so that one base register and
//!   constant offsets reach everything;
//! - indices come from `u8`s, so that no bounds check is left;
//! - bytes are taken out of words in few steps ([`Way`]), each right before its
//!   look-up;
//! - with many lanes there are not enough registers for both halves of each, so
//!   one lies in [`LaneState::halves`], by design and not by the compiler's choice;
//! - [`in_order`] keeps the compiler from moving one lane's look-ups behind
//!   another's arithmetic, where the core would see them too late;
//! - the 16 rounds are written out.

use std::array;
use std::sync::atomic::{Ordering, compiler_fence};

#[cfg(not(target_feature = "bmi1"))]
use multiversion::{multiversion, target::match_target};
use zeroize::Zeroize;

use super::blowfish::{Boxes, P_WORDS, TABLES};
use super::task::SALT_LEN;

/// The maximum number of lanes of `turn`.
pub const MAX_LANES: usize = 8;

/// The width that was the fastest on the processor measured first, with a core for each thread. `width` measures
/// it on each machine; this one is only for estimates before that.
///
/// Measured: hashes per second per core, relative to the `bcrypt` crate, at 1 to 8 lanes: 1.22, 2.4, 3.2,
/// 3.6, 4.0, 4.3, 4.5 and 4.35 on an AMD EPYC; without `bextr` 1.16, 2.2, 2.95, 3.3, 3.75, 3.9, 4.1 and
/// 3.95. The S-boxes of eight lanes fill the first-level cache.
pub(super) const TYPICAL_WIDTH: usize = 7;

/// `OrpheanBeholderScryDoubt`, the text that bcrypt encrypts at the end.
const TEXT: [[u32; 2]; 3] =
    [[0x4f72_7068, 0x6561_6e42], [0x6568_6f6c, 0x6465_7253], [0x6372_7944, 0x6f75_6274]];

/// The state of one running hash. Secret: call [`LaneState::wipe`] when the hash ends.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct LaneState {
    s: Boxes,
    p: [u32; P_WORDS],
    /// Key and salt, each repeated to the length of the P-array.
    key: [u32; P_WORDS],
    salt: [u32; P_WORDS],
    /// The half of a block that a round changes, and the one it looks at, in
    /// turn, where there are [`MANY`] lanes.
    halves: [u32; 2],
}

impl LaneState {
    /// A state for [`LaneState::begin`] to fill.
    pub(super) const fn empty() -> Self {
        Self { s: [[0; 256]; 4], p: [0; P_WORDS], key: [0; P_WORDS], salt: [0; P_WORDS], halves: [0; 2] }
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
                block(array::from_mut(self), &mut l, &mut r, plain_byte, |_, _, _| ());
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
        self.halves.zeroize();
    }

    #[cfg(test)]
    pub(super) fn is_wiped(&self) -> bool {
        let mut rest = self.p.iter().chain(&self.key).chain(&self.salt).chain(&self.halves);
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
            block(array::from_mut(self), &mut l, &mut r, plain_byte, |state, a, b| {
                state.put(number, a, b);
            });
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

/// How bytes are taken out of a word, to look up others by them. The results
/// are the same, the speeds are not: `batch` measures which to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// With what every processor can do.
    Plain,
    /// With `bextr` of BMI1 where the processor has it: of ten steps of
    /// arithmetic in a round it saves one, if it is one step itself (AMD) and
    /// not two (Intel). Elsewhere the same as plain.
    Extract,
}

impl Way {
    pub(super) const ALL: [Self; 2] = [Self::Plain, Self::Extract];
}

/// One turn of the cost loop for every lane: ExpandKey with the key, then with
/// the salt. 2^cost of them make a hash. Looks at no more than [`MAX_LANES`] lanes.
pub(super) fn turn(lanes: &mut [LaneState], way: Way) {
    match lanes.len() {
        0 => (),
        1 => wide::<1>(lanes, way),
        2 => wide::<2>(lanes, way),
        3 => wide::<3>(lanes, way),
        4 => wide::<4>(lanes, way),
        5 => wide::<5>(lanes, way),
        6 => wide::<6>(lanes, way),
        7 => wide::<7>(lanes, way),
        _ => wide::<MAX_LANES>(lanes, way),
    }
}

fn wide<const N: usize>(lanes: &mut [LaneState], way: Way) {
    let expand = match way {
        Way::Plain => expand_plain::<N>,
        Way::Extract => expand_extracting::<N>,
    };
    if let Some(lanes) = lanes.first_chunk_mut::<N>() {
        lanes.iter_mut().for_each(LaneState::mix_key);
        expand(lanes);
        lanes.iter_mut().for_each(LaneState::mix_salt);
        expand(lanes);
    }
}

#[inline(never)]
fn expand_plain<const N: usize>(lanes: &mut [LaneState; N]) {
    expand(lanes, plain_byte);
}

/// Compiled twice: the macro asks the processor before it calls the one with
/// `bextr`.
#[cfg(not(target_feature = "bmi1"))]
#[multiversion(targets("x86_64+bmi1"))]
fn expand_extracting<const N: usize>(lanes: &mut [LaneState; N]) {
    match_target! {
        "x86_64+bmi1" => expand(lanes, |word, bit| match bit {
            0 | 24 => (word >> bit) as u8,
            _ => std::arch::x86_64::_bextr2_u32(word, BYTE | bit) as u8,
        }),
        _ => expand_plain(lanes),
    }
}

/// What makes `bextr` take eight bits.
#[cfg(all(target_arch = "x86_64", not(target_feature = "bmi1")))]
const BYTE: u32 = 8 << 8;

/// In a build for such processors only the compiler uses `bextr` by itself.
#[cfg(target_feature = "bmi1")]
use expand_plain as expand_extracting;

/// ExpandKey without a salt, the key already mixed in: encrypts zeros, and
/// each result in turn, and lets the results replace the tables.
#[inline(always)]
fn expand<const N: usize>(lanes: &mut [LaneState; N], byte: impl Fn(u32, u32) -> u8 + Copy) {
    let mut l = array::from_fn(|n| lanes[n].p[0]);
    let mut r = [0; N];
    lanes.iter_mut().for_each(|lane| lane.halves = [0; 2]);
    for i in 0..P_WORDS / 2 {
        block(lanes, &mut l, &mut r, byte, |lane, a, b| (lane.p[2 * i], lane.p[2 * i + 1]) = (a, b));
    }
    for number in 0..4 {
        for i in 0..128 {
            block(lanes, &mut l, &mut r, byte, |lane, a, b| {
                (lane.s[number][2 * i], lane.s[number][2 * i + 1]) = (a, b);
            });
        }
    }
}

/// From this number of lanes on, the half that a round does not look at is in
/// [`LaneState::halves`].
const MANY: usize = 4;

/// Encrypts one block in each lane and hands each result to `put`. On entry
/// and on return `l` is mixed with the first word of the P-array, which spares
/// the next block a wait.
#[inline(always)]
fn block<const N: usize>(
    lanes: &mut [LaneState; N],
    l: &mut [u32; N],
    r: &mut [u32; N],
    byte: impl Fn(u32, u32) -> u8 + Copy,
    put: impl Fn(&mut LaneState, u32, u32),
) {
    two_rounds(lanes, l, r, 1, byte);
    two_rounds(lanes, l, r, 3, byte);
    two_rounds(lanes, l, r, 5, byte);
    two_rounds(lanes, l, r, 7, byte);
    two_rounds(lanes, l, r, 9, byte);
    two_rounds(lanes, l, r, 11, byte);
    two_rounds(lanes, l, r, 13, byte);
    round(lanes, l, r, 15, byte);
    for (n, lane) in lanes.iter_mut().enumerate() {
        let last = if N < MANY { l[n] } else { lane.halves[0] };
        let left = r[n] ^ lane.p[17];
        let right = (last ^ lane.p[16]) ^ scramble(&lane.s, r[n], byte);
        put(lane, left, right);
        (l[n], r[n]) = (left ^ lane.p[0], right);
        if N >= MANY {
            lane.halves[1] = right;
        }
        in_order();
    }
}

#[inline(always)]
fn two_rounds<const N: usize>(
    lanes: &mut [LaneState; N],
    l: &mut [u32; N],
    r: &mut [u32; N],
    p: usize,
    byte: impl Fn(u32, u32) -> u8 + Copy,
) {
    round(lanes, l, r, p, byte);
    round(lanes, r, l, p + 1, byte);
}

/// A round in each lane: `to` takes the function of `from` and word `p` of the
/// P-array.
#[inline(always)]
fn round<const N: usize>(
    lanes: &mut [LaneState; N],
    from: &[u32; N],
    to: &mut [u32; N],
    p: usize,
    byte: impl Fn(u32, u32) -> u8 + Copy,
) {
    for (n, lane) in lanes.iter_mut().enumerate() {
        if N < MANY {
            let mixed = to[n] ^ lane.p[p];
            in_order();
            to[n] = mixed ^ scramble(&lane.s, from[n], byte);
        } else {
            // Stored before it is taken apart, so that its register gets free.
            lane.halves[(p + 1) % 2] = from[n];
            in_order();
            to[n] = scramble(&lane.s, from[n], byte) ^ lane.p[p] ^ lane.halves[p % 2];
        }
        in_order();
    }
}

/// Blowfish's function F. `byte` takes out the byte at a bit number, right
/// before the look-up that needs it.
#[inline(always)]
fn scramble(s: &Boxes, word: u32, byte: impl Fn(u32, u32) -> u8) -> u32 {
    let look_up = |number: usize, bit: u32| s[number][usize::from(byte(word, bit))];
    (look_up(0, 24).wrapping_add(look_up(1, 16)) ^ look_up(2, 8)).wrapping_add(look_up(3, 0))
}

/// The byte that begins at this bit, a multiple of 8. x86 reads the two lowest
/// bytes of a word at once; turning it around makes them of the other two.
#[inline(always)]
fn plain_byte(word: u32, bit: u32) -> u8 {
    if bit >= 16 { (word.swap_bytes() >> (24 - bit)) as u8 } else { (word >> bit) as u8 }
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
    fn hash_all(way: Way, cost: u32, jobs: &[(Vec<u8>, [u8; SALT_LEN])]) -> Vec<[u8; 24]> {
        let mut lanes = vec![LaneState::empty(); jobs.len()];
        for (lane, (key, salt)) in lanes.iter_mut().zip(jobs) {
            lane.begin(key, salt);
        }
        for _ in 0..1u32 << cost {
            turn(&mut lanes, way);
        }
        lanes.iter_mut().map(LaneState::digest).collect()
    }

    #[test]
    fn more_lanes_than_most_are_left_alone() {
        let mut lanes = vec![LaneState::empty(); MAX_LANES + 1];
        lanes.iter_mut().for_each(|lane| lane.begin(b"key", &[1; SALT_LEN]));
        let before = lanes[MAX_LANES].p;
        turn(&mut lanes, Way::Plain);
        assert!(lanes[MAX_LANES].p == before && lanes[MAX_LANES - 1].p != before);
    }

    #[test]
    fn a_digest_may_be_taken_on_the_way() {
        let mut lane = LaneState::empty();
        lane.begin(b"key\0", &[9; SALT_LEN]);
        for turns in 1..=32u32 {
            turn(array::from_mut(&mut lane), Way::Plain);
            if turns >= 16 && turns.is_power_of_two() {
                let expected = bcrypt::bcrypt(turns.ilog2(), [9; SALT_LEN], b"key\0");
                assert_eq!(lane.digest(), expected);
            }
        }
    }

    #[test]
    fn wiping_leaves_zeros_only() {
        let mut lanes = vec![LaneState::empty(); MANY];
        lanes.iter_mut().for_each(|lane| lane.begin(b"key", &[1; SALT_LEN]));
        turn(&mut lanes, Way::Plain);
        for lane in &mut lanes {
            assert!(lane.halves != [0; 2] && !lane.is_wiped());
            lane.wipe();
            assert!(lane.is_wiped());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn every_width_and_way_computes_what_the_bcrypt_crate_does(
            cost in 4u32..=6,
            jobs in prop::collection::vec(
                (prop::collection::vec(any::<u8>(), 1..=72), any::<[u8; SALT_LEN]>()), 1..=MAX_LANES,
            ),
        ) {
            let expected: Vec<_> =
                jobs.iter().map(|(key, salt)| bcrypt::bcrypt(cost, *salt, key)).collect();
            for way in Way::ALL {
                prop_assert_eq!(&hash_all(way, cost, &jobs), &expected, "{:?}", way);
            }
        }
    }
}
