//! `doorward copy` from SQLite to PostgreSQL and back: time and memory.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Spans;
use crate::load::postgres::Postgres;
use crate::load::server::{DOORWARD, memory};
use crate::load::users::{file_in, fill};

const USERS: usize = 100_000;
const USERS_WHEN_LONG: usize = 1_000_000;
const LOOK: Duration = Duration::from_millis(20);

pub(crate) fn measure(folder: &Path, spans: Spans) -> Value {
    if !Postgres::is_installed() {
        println!("not measured: PostgreSQL is not installed");
        return Value::Null;
    }
    let users = if spans.long { USERS_WHEN_LONG } else { USERS };
    let back = folder.join("back");
    std::fs::create_dir(&back).unwrap();
    fill(folder, 4, users);
    let postgres = Postgres::start(&folder.join("postgres"));
    let up = copy(&file_in(folder), &postgres.url, &format!("{users} users to PostgreSQL"));
    let down = copy(&postgres.url, &file_in(&back), &format!("{users} users to SQLite"));
    json!({ "postgres": Postgres::version(), "users": users, "up": up, "down": down })
}

fn copy(from: &str, to: &str, what: &str) -> Value {
    let begun = Instant::now();
    let mut child = Command::new(DOORWARD)
        .args(["copy", "--from", from, "--to", to])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak: f64 = 0.0;
    let status = loop {
        peak = peak.max(memory(child.id(), "VmHWM:"));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(LOOK);
    };
    let seconds = begun.elapsed().as_secs_f64();
    assert!(status.success(), "the copy failed");
    println!("{what}: {seconds:.1} s, resident memory {peak:.1} MB at most");
    json!({ "seconds": seconds, "peak_mb": peak })
}
