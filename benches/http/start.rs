//! The time from the start of the process to its first answer, with an existing database.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::Spans;
use crate::load::client::get;
use crate::load::numbers::{median, ms};
use crate::load::server::{DOORWARD, Server};

const COST: u32 = 4;
const STARTS: usize = 10;

pub(crate) fn measure(folder: &Path, _: Spans) -> Value {
    drop(Server::start(folder, COST));
    let binary = std::fs::metadata(DOORWARD).unwrap().len() as f64 / 1e6;
    let mut idle = 0.0;
    let times = (0..STARTS).map(|_| {
        let begun = Instant::now();
        let server = Server::start(folder, COST);
        assert_eq!(server.connection().send(&get("/healthz", "")).unwrap(), 200);
        let time = ms(begun.elapsed());
        idle = server.resident();
        time
    });
    let time = median(times.collect());
    println!("start to first answer, existing database: median {time:.1} ms");
    println!("binary {binary:.1} MB; resident memory after start {idle:.1} MB");
    json!({ "first_answer_ms": time, "idle_mb": idle, "binary_mb": binary })
}
