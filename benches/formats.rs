//! How fast the hashes of other servers are checked: `cargo bench --bench formats`. PBKDF2 with SHA-256 in lanes is
//! compared with the library in the same run, on one core, in turns; the medians of CPU time count.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring tool")]

use std::num::NonZeroU32;

use doorward::testing::passwords::{has_pbkdf2_lanes, pbkdf2_at_once, pbkdf2_plainly};
use rustix::time::{ClockId, clock_gettime};

/// The rounds of a trial, and the trials of each kind.
const ROUNDS: NonZeroU32 = NonZeroU32::new(100_000).unwrap();
const TRIALS: usize = 31;

fn main() {
    if !has_pbkdf2_lanes() {
        println!("this processor has no SHA extensions of x86-64: the library computes PBKDF2");
        return;
    }
    let kinds: [(&str, usize, &dyn Fn()); 3] = [
        ("library", 1, &|| pbkdf2_plainly(ROUNDS)),
        ("one lane", 1, &|| pbkdf2_at_once(1, ROUNDS)),
        ("two lanes", 2, &|| pbkdf2_at_once(2, ROUNDS)),
    ];
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..TRIALS {
        for ((_, hashes, work), times) in kinds.iter().zip(&mut times) {
            let begun = cpu();
            work();
            times.push((cpu() - begun) / *hashes as f64);
        }
    }
    let medians = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[TRIALS / 2]
    });
    println!("PBKDF2 with HMAC-SHA-256 on one core, {TRIALS} trials of {ROUNDS} rounds, median of CPU time");
    for ((name, ..), median) in kinds.iter().zip(medians) {
        let (nanos, ratio) = (median * 1e9 / f64::from(ROUNDS.get()), medians[0] / median);
        println!("{name:10} {nanos:7.1} ns a round, {ratio:.2} x the library");
    }
}

/// The CPU time of this thread in seconds.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
