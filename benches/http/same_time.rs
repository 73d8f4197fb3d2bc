//! Unknown user against wrong password, interleaved: a quick check. `benches/timing.rs` compares all five
//! kinds with a statistical test.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::Spans;
use crate::load::client::login_as;
use crate::load::numbers::{median, ms};
use crate::load::server::Server;
use crate::load::users::{fill, name};

const COST: u32 = 8;
const ROUNDS: usize = 200;

pub(crate) fn measure(folder: &Path, _: Spans) -> Value {
    fill(folder, COST, 1);
    let server = Server::start(folder, COST);
    let mut connection = server.connection();
    let (mut unknown, mut wrong) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (number, times) in [(1, &mut unknown), (0, &mut wrong)] {
            let request = login_as(&name(number), "incorrect-horse", 0);
            let begun = Instant::now();
            assert_eq!(connection.send(&request).unwrap(), 404);
            times.push(ms(begun.elapsed()));
        }
    }
    let (unknown, wrong) = (median(unknown), median(wrong));
    let ratio = unknown / wrong;
    println!(
        "failed login at cost {COST}, median of {ROUNDS}: unknown user {unknown:.3} ms, wrong password \
         {wrong:.3} ms, ratio {ratio:.4}"
    );
    json!({ "cost": COST, "unknown_ms": unknown, "wrong_ms": wrong, "ratio": ratio })
}
