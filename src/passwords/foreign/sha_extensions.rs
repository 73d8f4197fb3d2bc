//! The loop of PBKDF2 with HMAC-SHA-256 for one or two hashes at once, with the SHA extensions of x86-64 processors.
//!
//! Each round hashes two blocks of 64 bytes, each of which needs the result of the one before, so that a single hash
//! leaves the unit for SHA-256 waiting most of the time. Two hashes, the lanes, fill it; three are not faster. Unlike
//! the library, the loop never copies a context, and writes no block as bytes.
//!
//! The names of the words and the order of the instructions are Intel's ("Intel SHA Extensions", 2013): a state is in
//! two registers, A B E F and C D G H, highest first.

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_castps_si128, _mm_castsi128_ps, _mm_extract_epi32,
    _mm_set_epi32, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi32,
    _mm_shuffle_ps, _mm_xor_si128,
};

#[cfg(not(all(target_feature = "sha", target_feature = "ssse3", target_feature = "sse4.1")))]
use multiversion::{multiversion, target::match_target};

use super::loop_state::LoopState;

/// The round constants of SHA-256 (FIPS 180-4, 4.2.2).
const K: [[u32; 4]; 16] = [
    [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5],
    [0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5],
    [0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3],
    [0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174],
    [0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc],
    [0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da],
    [0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7],
    [0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967],
    [0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13],
    [0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85],
    [0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3],
    [0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070],
    [0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5],
    [0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3],
    [0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208],
    [0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2],
];

/// The bits of the two blocks of an HMAC whose second one is a digest.
const BITS: i32 = (64 + 32) * 8;

/// Whether this processor has the instructions.
pub(super) fn are_present() -> bool {
    std::arch::is_x86_feature_detected!("sha")
        && std::arch::is_x86_feature_detected!("ssse3")
        && std::arch::is_x86_feature_detected!("sse4.1")
}

/// Makes so many rounds in each lane, of which there are one or two.
pub(super) fn advance(lanes: &mut [LoopState], rounds: u32) {
    match lanes {
        [lane] => run::<1>(std::array::from_mut(lane), rounds),
        [first, second, ..] => {
            let mut both = [first.clone(), second.clone()];
            run::<2>(&mut both, rounds);
            let [one, two] = both;
            (*first, *second) = (one, two);
        }
        [] => (),
    }
}

/// Compiled twice: the macro asks the processor before it calls the one with the instructions.
#[cfg(not(all(target_feature = "sha", target_feature = "ssse3", target_feature = "sse4.1")))]
#[multiversion(targets("x86_64+sha+sse2+ssse3+sse4.1"))]
fn run<const N: usize>(lanes: &mut [LoopState; N], rounds: u32) {
    match_target! {
        "x86_64+sha+sse2+ssse3+sse4.1" => rounds_of(lanes, rounds),
        _ => lanes.iter_mut().for_each(|lane| lane.advance(rounds)),
    }
}

/// In a build for such processors the instructions need no question.
#[cfg(all(target_feature = "sha", target_feature = "ssse3", target_feature = "sse4.1"))]
fn run<const N: usize>(lanes: &mut [LoopState; N], rounds: u32) {
    rounds_of(lanes, rounds);
}

/// A state, or what is added to one: A B E F and C D G H.
#[derive(Clone, Copy)]
struct Registers {
    abef: __m128i,
    cdgh: __m128i,
}

#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn rounds_of<const N: usize>(lanes: &mut [LoopState; N], rounds: u32) {
    let zero = registers(&[0; 8]);
    let (mut inner, mut outer, mut last, mut sum) = ([zero; N], [zero; N], [zero; N], [zero; N]);
    for (n, lane) in lanes.iter().enumerate() {
        inner[n] = registers(&lane.inner);
        outer[n] = registers(&lane.outer);
        last[n] = registers(&lane.last);
        sum[n] = registers(&lane.sum);
    }
    for _ in 0..rounds {
        last = hash_digest(&inner, &last);
        last = hash_digest(&outer, &last);
        for (sum, last) in sum.iter_mut().zip(&last) {
            sum.abef = _mm_xor_si128(sum.abef, last.abef);
            sum.cdgh = _mm_xor_si128(sum.cdgh, last.cdgh);
        }
    }
    for (n, lane) in lanes.iter_mut().enumerate() {
        lane.last = words(last[n]);
        lane.sum = words(sum[n]);
    }
}

/// Hashes, from each state, the block of a digest and the padding after it.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn hash_digest<const N: usize>(from: &[Registers; N], digests: &[Registers; N]) -> [Registers; N] {
    let padding = [_mm_set_epi32(0, 0, 0, i32::MIN), _mm_set_epi32(BITS, 0, 0, 0)];
    let mut message = [[padding[0]; 4]; N];
    for (message, digest) in message.iter_mut().zip(digests) {
        let (abef, cdgh) = (_mm_castsi128_ps(digest.abef), _mm_castsi128_ps(digest.cdgh));
        // A B C D and E F G H, lowest first, as words of a message.
        let first = _mm_castps_si128(_mm_shuffle_ps::<0b10_11_10_11>(abef, cdgh));
        let second = _mm_castps_si128(_mm_shuffle_ps::<0b00_01_00_01>(abef, cdgh));
        *message = [first, second, padding[0], padding[1]];
    }
    let mut state = *from;
    four_rounds::<N, 0, 0>(&mut state, &mut message);
    four_rounds::<N, 1, 1>(&mut state, &mut message);
    four_rounds::<N, 2, 2>(&mut state, &mut message);
    four_rounds::<N, 3, 3>(&mut state, &mut message);
    four_rounds::<N, 4, 0>(&mut state, &mut message);
    four_rounds::<N, 5, 1>(&mut state, &mut message);
    four_rounds::<N, 6, 2>(&mut state, &mut message);
    four_rounds::<N, 7, 3>(&mut state, &mut message);
    four_rounds::<N, 8, 0>(&mut state, &mut message);
    four_rounds::<N, 9, 1>(&mut state, &mut message);
    four_rounds::<N, 10, 2>(&mut state, &mut message);
    four_rounds::<N, 11, 3>(&mut state, &mut message);
    four_rounds::<N, 12, 0>(&mut state, &mut message);
    four_rounds::<N, 13, 1>(&mut state, &mut message);
    four_rounds::<N, 14, 2>(&mut state, &mut message);
    four_rounds::<N, 15, 3>(&mut state, &mut message);
    for (state, from) in state.iter_mut().zip(from) {
        state.abef = _mm_add_epi32(state.abef, from.abef);
        state.cdgh = _mm_add_epi32(state.cdgh, from.cdgh);
    }
    state
}

/// Rounds 4 x `GROUP` to 4 x `GROUP` + 3, whose words are at `AT` (`GROUP` modulo 4): the first 16 words are the
/// message, each later one is made of four before.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn four_rounds<const N: usize, const GROUP: usize, const AT: usize>(
    state: &mut [Registers; N],
    message: &mut [[__m128i; 4]; N],
) {
    let [k0, k1, k2, k3] = K[GROUP].map(u32::cast_signed);
    let k = _mm_set_epi32(k3, k2, k1, k0);
    for (state, w) in state.iter_mut().zip(message) {
        if GROUP >= 4 {
            let (next, before, last) = (w[(AT + 1) % 4], w[(AT + 2) % 4], w[(AT + 3) % 4]);
            let partial =
                _mm_add_epi32(_mm_sha256msg1_epu32(w[AT], next), _mm_alignr_epi8::<4>(last, before));
            w[AT] = _mm_sha256msg2_epu32(partial, last);
        }
        let words = _mm_add_epi32(w[AT], k);
        state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, words);
        state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32::<0b00_00_11_10>(words));
    }
}

#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn registers(words: &[u32; 8]) -> Registers {
    let [a, b, c, d, e, f, g, h] = words.map(u32::cast_signed);
    Registers { abef: _mm_set_epi32(a, b, e, f), cdgh: _mm_set_epi32(c, d, g, h) }
}

#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn words(Registers { abef, cdgh }: Registers) -> [u32; 8] {
    [
        _mm_extract_epi32::<3>(abef),
        _mm_extract_epi32::<2>(abef),
        _mm_extract_epi32::<3>(cdgh),
        _mm_extract_epi32::<2>(cdgh),
        _mm_extract_epi32::<1>(abef),
        _mm_extract_epi32::<0>(abef),
        _mm_extract_epi32::<1>(cdgh),
        _mm_extract_epi32::<0>(cdgh),
    ]
    .map(i32::cast_unsigned)
}
