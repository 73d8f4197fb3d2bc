//! A self-test at every start: known answers at every width. The engine does not start if this machine or
//! this build computes a wrong one.

use std::array;
use std::sync::OnceLock;
use std::time::Duration;

use super::batch::way;
use super::lanes::{LaneState, MAX_LANES, TYPICAL_WIDTH, Way, turn};
use super::pace::now;
use super::task::SALT_LEN;

/// The self-test computed a wrong hash: a miscompiled program or a defective
/// machine. No password may be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password engine computes wrong hashes on this machine ({lanes} at once)")]
pub(super) struct WrongHash {
    /// The number of lanes.
    lanes: usize,
}

/// The cost of the tests, the lowest possible.
const COST: u32 = 4;

/// Key `doorward-0`, …, `doorward-7`, closed by a NUL, and salt 0, …, 7 sixteen
/// times, to the three parts of the digest that the `bcrypt` crate gives.
const ANSWERS: [SelfTestAnswer; MAX_LANES] = [
    [0xe471_eeb2_c8c1_d56d, 0x5066_c3ea_d911_28a2, 0xcbf7_6a94_23ff_9541],
    [0x1d4e_fe39_e6c4_afd1, 0xf258_b858_7b5e_e2ab, 0x2df8_8e6e_234b_7c5e],
    [0x4f47_947e_fc58_4021, 0xa95d_ce1c_5399_3de9, 0x8c84_7006_5ad9_f6b8],
    [0x107d_7020_eea3_4b34, 0xca6b_414b_5282_04cb, 0x01b9_87f8_2786_e973],
    [0x6439_ca73_9404_b18c, 0x72da_701f_716d_3fad, 0x286d_693b_bb24_3a9e],
    [0x5488_eb3f_283d_d174, 0xfdf9_344b_2151_e94b, 0x5bbe_0194_2b64_ee54],
    [0xc350_c059_4f42_5cbf, 0xbd86_afc7_1eb8_c237, 0xcfa3_9a5b_865b_f408],
    [0x2417_1b56_f1ce_06bd, 0x8bc4_548a_1534_d9eb, 0xd97f_71b8_ec56_70c7],
];

type SelfTestAnswer = [u64; 3];

/// Runs the self-test once a process. Returns about the time of a lane's turn at full width.
pub(super) fn passed() -> Result<Duration, WrongHash> {
    static RESULT: OnceLock<Result<Duration, WrongHash>> = OnceLock::new();
    *RESULT.get_or_init(|| check(&ANSWERS, way()))
}

fn check(answers: &[SelfTestAnswer; MAX_LANES], way: Way) -> Result<Duration, WrongHash> {
    let mut time = Duration::ZERO;
    for lanes in 1..=MAX_LANES {
        let (digests, turns) = known(lanes, way);
        if !digests.iter().eq(answers.iter().take(lanes)) {
            return Err(WrongHash { lanes });
        }
        if lanes == TYPICAL_WIDTH {
            time = turns / (TYPICAL_WIDTH as u32) / (1 << COST);
        }
    }
    Ok(time)
}

/// The digests of the first `lanes` tests, computed at once, and the time of their cost loops.
fn known(lanes: usize, way: Way) -> (Vec<SelfTestAnswer>, Duration) {
    let mut states = vec![LaneState::empty(); lanes];
    for (number, state) in (0..).zip(&mut states) {
        state.begin(&key(number), &[number; SALT_LEN]);
    }
    let begun = now();
    (0..1 << COST).for_each(|_| turn(&mut states, way));
    let time = begun.elapsed();
    (states.iter_mut().map(|state| parts(state.digest())).collect(), time)
}

fn parts(digest: [u8; 24]) -> SelfTestAnswer {
    let (parts, _) = digest.as_chunks();
    array::from_fn(|n| parts.get(n).map_or(0, |part| u64::from_be_bytes(*part)))
}

fn key(number: u8) -> [u8; 11] {
    let mut key = *b"doorward-0\0";
    key[9] += number;
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_answers_are_those_of_the_bcrypt_crate() {
        let made: [_; MAX_LANES] =
            array::from_fn(|n| parts(bcrypt::bcrypt(COST, [n as u8; SALT_LEN], &key(n as u8))));
        assert_eq!(ANSWERS, made, "{made:#018x?}");
    }

    #[test]
    fn this_build_passes() {
        assert!(passed().unwrap() > Duration::ZERO);
        for way in Way::ALL {
            assert!(check(&ANSWERS, way).is_ok(), "{way:?}");
        }
    }

    #[test]
    fn one_wrong_bit_in_any_lane_is_noticed() {
        for lane in 0..MAX_LANES {
            let mut answers = ANSWERS;
            answers[lane][lane % 3] ^= 1 << (8 * lane);
            assert_eq!(check(&answers, way()), Err(WrongHash { lanes: lane + 1 }));
        }
    }
}
