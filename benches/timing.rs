//! Whether the time of a failed login reveals why it failed: `cargo bench --bench timing`, or with
//! `-- --long` for 2,000 logins of each kind. Five kinds are interleaved in random order, and each
//! pair is compared with Welch's t-test; beyond 4.5 the kinds can be distinguished.
//!
//! The slowest tenth of all samples of all kinds together is dropped. These samples are noise of the
//! machine, and a common threshold favours no kind.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring tool")]

mod load;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Parser;
use rand::seq::SliceRandom as _;
use serde::Serialize;
use serde_json::json;

use load::client::login_as;
use load::numbers::{Moments, ms};
use load::report::{Report, print_machine};
use load::server::Server;
use load::users::{PASSWORD, add, hash, user};

/// Low, so that a difference of some microseconds is not lost in the time of a hash.
const COST: u32 = 6;
const LOWER_COST: u32 = 4;
const WRONG: &str = "incorrect-horse";
const LIMIT: f64 = 4.5;
const KEEP_SHARE: f64 = 0.9;
const WARM_UP: usize = 20;

/// The kinds: description, name and password. All names are equally long, and so are all passwords.
const KINDS: [(&str, &str, &str); 5] = [
    ("unknown user", "nobody00", WRONG),
    ("wrong password", "active00", WRONG),
    ("wrong password, inactive user", "inactive", WRONG),
    ("right password, inactive user", "inactive", PASSWORD),
    ("wrong password, hash of a lower cost", "lowcost0", WRONG),
];

/// Measures whether failed logins can be distinguished by their time.
#[derive(Parser)]
struct Arguments {
    /// 2,000 logins of each kind instead of 200
    #[arg(long)]
    long: bool,
    /// Write the numbers into this file, as the part `timing`
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Passed by cargo to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    print_machine();
    let rounds = if arguments.long { 2000 } else { 200 };
    let folder = std::env::temp_dir().join(format!("doorward-timing-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let samples = sample(&folder, rounds);
    std::fs::remove_dir_all(&folder).unwrap();

    let cropped = crop(&samples);
    println!("failed logins at cost {COST}, {rounds} of each kind; the slowest tenth of all is dropped");
    let kinds: Vec<_> = KINDS
        .iter()
        .zip(&cropped)
        .map(|((name, ..), kind)| {
            println!("{name:38} {:4} samples, mean {:.4} ms", kind.count, kind.mean);
            json!({ "kind": name, "kept": kind.count, "mean_ms": kind.mean })
        })
        .collect();
    let pairs = pairs(&cropped);
    for Pair { of: [one, other], t, .. } in &pairs {
        println!("t {t:7.2}  {one} / {other}");
    }
    let largest = pairs.iter().map(|pair| pair.t.abs()).fold(0.0, f64::max);
    let visible_us = pairs.iter().map(|pair| pair.visible_us).fold(0.0, f64::max);
    let verdict = if largest < LIMIT { "no kind is told apart" } else { "A KIND CAN BE TOLD APART" };
    println!("largest |t| {largest:.2} against {LIMIT}: {verdict}");
    println!("a difference of {visible_us:.0} µs between any two would have been detected");
    let numbers = json!({
        "cost": COST, "lower_cost": LOWER_COST, "rounds": rounds, "kinds": kinds, "pairs": pairs,
        "largest_t": largest, "limit": LIMIT, "visible_us": visible_us,
    });
    Report::new(arguments.json, arguments.long).write("timing", numbers);
}

/// The times of all failed logins of each kind, in milliseconds.
fn sample(folder: &Path, rounds: usize) -> [Vec<f64>; KINDS.len()] {
    let (own, lower) = (hash(COST), hash(LOWER_COST));
    let users = [("active00", own.clone(), true), ("inactive", own, false), ("lowcost0", lower, true)];
    add(folder, move |number| users.get(number).map(|(name, hash, active)| user(name, hash, *active)));
    let server = Server::start(folder, COST);
    let mut connection = server.connection();
    let requests = KINDS.map(|(_, name, password)| login_as(name, password, 0));
    let mut samples = [const { Vec::new() }; KINDS.len()];
    let mut order: Vec<usize> = (0..KINDS.len()).collect();
    for round in 0..WARM_UP + rounds {
        order.shuffle(&mut rand::rng());
        for &kind in &order {
            let begun = Instant::now();
            let status = connection.send(&requests[kind]).unwrap();
            let took = ms(begun.elapsed());
            assert_eq!(status, 404, "{}", KINDS[kind].0);
            if round >= WARM_UP {
                samples[kind].push(took);
            }
        }
    }
    samples
}

/// The samples below the common threshold.
fn crop(samples: &[Vec<f64>; KINDS.len()]) -> [Moments; KINDS.len()] {
    let mut all: Vec<f64> = samples.concat();
    all.sort_by(f64::total_cmp);
    let threshold = all[(all.len() as f64 * KEEP_SHARE) as usize - 1];
    samples.each_ref().map(|kind| {
        let samples: Vec<f64> = kind.iter().copied().filter(|took| *took <= threshold).collect();
        Moments::of(&samples)
    })
}

/// Two kinds, compared.
#[derive(Serialize)]
struct Pair {
    of: [&'static str; 2],
    t: f64,
    /// The difference of means, in microseconds, at which |t| would reach the limit.
    visible_us: f64,
}

fn pairs(kinds: &[Moments; KINDS.len()]) -> Vec<Pair> {
    let pair = |one: usize, other: usize| Pair {
        of: [KINDS[one].0, KINDS[other].0],
        t: kinds[one].welch_t(&kinds[other]),
        visible_us: LIMIT * kinds[one].standard_error(&kinds[other]) * 1e3,
    };
    let numbers = 0..KINDS.len();
    numbers.flat_map(|one| (one + 1..KINDS.len()).map(move |other| pair(one, other))).collect()
}
