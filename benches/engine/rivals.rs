//! Other fast implementations of bcrypt, with as many threads or processes as the engine: their hashes of cost
//! [`COST`] per CPU second and per second.

use std::process::{Command, Stdio};

use bcrypt_rust::{bcrypt_many, detected_backend};
use rustix::time::ClockId;

use crate::{COST, TRIAL, seconds};

/// Hashes per CPU second and per second.
pub(crate) type Rates = (f64, f64);

/// The number of Blowfish blocks in a hash: 2^(cost + 1) + 1 expansions of 521 blocks, and 192 at the end. Scales
/// rates at another cost.
fn blocks(cost: u32) -> f64 {
    f64::from((2u32 << cost) + 1) * 521.0 + 192.0
}

/// The backend that the crate `bcrypt-rust` has chosen for batches on this processor. The first call measures.
pub(crate) fn batch_backend() -> String {
    detected_backend().to_string()
}

/// The crate `bcrypt-rust`, with 48 passwords in a batch: a multiple of all its widths.
pub(crate) fn batches(threads: usize) -> Rates {
    /// So low that a batch is short.
    const BATCH_COST: u32 = 7;
    let (passwords, salts) = ([b"password 0".as_slice(); 48], [[7; 16]; 48]);
    let (cpu, wall) = (seconds(ClockId::ProcessCPUTime), seconds(ClockId::Monotonic));
    let hash = || {
        let mut hashes = 0;
        while seconds(ClockId::Monotonic) - wall < TRIAL.as_secs_f64() {
            hashes += bcrypt_many(BATCH_COST, &passwords, &salts).unwrap().len();
        }
        hashes
    };
    let hashes: usize = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(hash)).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    let hashes = hashes as f64 * blocks(BATCH_COST) / blocks(COST);
    (hashes / (seconds(ClockId::ProcessCPUTime) - cpu), hashes / (seconds(ClockId::Monotonic) - wall))
}

/// John the Ripper's own benchmark, a process of one thread for each of `threads`; `None` if it is not installed.
pub(crate) fn john(threads: usize) -> Option<Rates> {
    let start = || {
        let mut command = Command::new("john");
        command.args(["--test=1", "--format=bcrypt"]).env("OMP_NUM_THREADS", "1");
        // Debian installs it in /usr/sbin.
        command.env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()));
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
    };
    let running: Vec<_> = (0..threads).map(|_| start()).collect::<Result<_, _>>().ok()?;
    let said = running.into_iter().map(|john| john.wait_with_output()).collect::<Result<Vec<_>, _>>().ok()?;
    let rates: Option<Vec<Rates>> =
        said.iter().map(|said| rates(&String::from_utf8_lossy(&said.stdout))).collect();
    let rates = rates?;
    let cpu = rates.iter().map(|rates| rates.0).sum::<f64>() / threads as f64;
    Some((cpu, rates.iter().map(|rates| rates.1).sum()))
}

/// The rates in a line such as `Raw: 1231 c/s real, 1500 c/s virtual`; the benchmark hashes at cost 5.
fn rates(output: &str) -> Option<Rates> {
    let line = output.lines().find(|line| line.contains("c/s real"))?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let before = |unit: &str| -> Option<f64> {
        let place = words.iter().position(|word| word.starts_with(unit))?.checked_sub(2)?;
        number(words.get(place)?)
    };
    let scale = blocks(5) / blocks(COST);
    Some((before("virtual")? * scale, before("real")? * scale))
}

/// From 100,000 on, John writes `123K`.
fn number(text: &str) -> Option<f64> {
    match text.strip_suffix('K') {
        Some(thousands) => thousands.parse::<f64>().ok().map(|number| number * 1e3),
        None => text.parse().ok(),
    }
}
