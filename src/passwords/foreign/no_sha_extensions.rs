//! For processors other than x86-64, where the libraries compute.

use super::loop_state::LoopState;

pub(super) const fn are_present() -> bool {
    false
}

pub(super) fn advance(lanes: &mut [LoopState], rounds: u32) {
    lanes.iter_mut().for_each(|lane| lane.advance(rounds));
}
