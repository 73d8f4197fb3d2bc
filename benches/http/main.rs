//! How fast the release binary is, most of it over HTTP, against named rivals in the same run:
//! `cargo bench --bench http`, or a part of it: `cargo bench --bench http -- storm scale --long`.
//! Starts servers of its own on this machine and prints ratios; it asserts nothing, because
//! machines differ and are noisy.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring tool")]

mod algorithms;
mod back_ends;
mod copy;
mod engine;
mod format_storm;
mod lists;
mod logins;
mod reads;
mod same_time;
mod scale;
mod start;
mod storm;

#[path = "../load/mod.rs"]
mod load;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use serde_json::Value;

/// Gets a folder of its own; returns its numbers, or null if a program that it needs is missing.
type Measure = fn(&Path, Spans) -> Value;

const MEASURES: [(&str, Measure); 11] = [
    ("start", start::measure),
    ("same_time", same_time::measure),
    ("logins", logins::measure),
    ("reads", reads::measure),
    ("algorithms", algorithms::measure),
    ("storm", storm::measure),
    ("format_storm", format_storm::measure),
    ("scale", scale::measure),
    ("lists", lists::measure),
    ("back_ends", back_ends::measure),
    ("copy", copy::measure),
];

/// Measures doorward over HTTP.
#[derive(Parser)]
struct Arguments {
    /// What to measure; everything by default
    #[arg(value_parser = PossibleValuesParser::new(MEASURES.map(|(name, _)| name)))]
    only: Vec<String>,
    /// Measure longer, for reliable numbers
    #[arg(long)]
    long: bool,
    /// Write the numbers into this file; parts that are not measured now stay in it
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Run as the bare Actix server
    #[arg(long, hide = true)]
    rival: bool,
    /// Passed by cargo to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

/// How long to measure.
#[derive(Clone, Copy)]
struct Spans {
    long: bool,
}

impl Spans {
    /// Seconds by default, and with `--long`.
    fn seconds(self, short: u64, long: u64) -> Duration {
        Duration::from_secs(if self.long { long } else { short })
    }
}

fn main() {
    let arguments = Arguments::parse();
    if arguments.rival {
        return load::server::serve_as_rival();
    }
    load::report::print_machine();
    let spans = Spans { long: arguments.long };
    let report = load::report::Report::new(arguments.json, arguments.long);
    for (name, measure) in MEASURES {
        if !arguments.only.is_empty() && !arguments.only.iter().any(|only| only == name) {
            continue;
        }
        println!("-- {name}");
        let folder = std::env::temp_dir().join(format!("doorward-bench-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        report.write(name, measure(&folder, spans));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
