//! Logins a second by the number of clients, against what the engine does without HTTP and against
//! what the `bcrypt` crate would allow on these cores. Both ideals are measured before and after.

use std::path::Path;

use serde_json::{Value, json};

use crate::load::client::login;
use crate::load::loads::closed;
use crate::load::numbers::Spread;
use crate::load::report::cores;
use crate::load::server::Server;
use crate::load::users::{fill, hash};
use crate::{Spans, engine};

const COST: u32 = 10;
const CLIENTS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

pub(crate) fn measure(folder: &Path, spans: Spans) -> Value {
    fill(folder, COST, CLIENTS[CLIENTS.len() - 1]);
    let server = Server::start(folder, COST);
    let idle = server.resident();
    let before = Ideal::measure(spans);
    let counted: Vec<_> = CLIENTS.into_iter().map(|clients| at(&server, clients, spans)).collect();
    let ideal = before.mean(&Ideal::measure(spans));
    let bcrypt = cores() as f64 * 1e3 / ideal.bcrypt_ms;
    println!(
        "cost {COST}, {} cores: engine {:.1}/s with a deep queue; bcrypt::verify {:.2} ms, so {bcrypt:.1}/s; \
         ratio {:.2}",
        cores(),
        ideal.engine,
        ideal.bcrypt_ms,
        ideal.engine / bcrypt
    );
    let levels: Vec<Value> = CLIENTS.into_iter().zip(counted).map(|level| ideal.compare(level)).collect();
    let peak = server.peak();
    println!("resident memory: {idle:.1} MB idle, {peak:.1} MB at most during logins");
    json!({
        "cost": COST, "engine_per_second": ideal.engine, "bcrypt_ms": ideal.bcrypt_ms,
        "bcrypt_per_second": bcrypt, "levels": levels, "idle_mb": idle, "peak_mb": peak,
    })
}

/// Logins a second and how long they took.
fn at(server: &Server, clients: usize, spans: Spans) -> (f64, Spread) {
    let span = spans.seconds(3, 10);
    let answers = closed(server.address, clients, span, |client, _| login(client));
    assert_eq!(answers.other_than(&[200, 503]), 0, "a login failed");
    if answers.count(503) > 0 {
        println!("{clients} clients: {} logins were refused", answers.count(503));
    }
    (answers.steady(200, span), Spread::of(&answers.times(200)))
}

struct Ideal {
    engine: f64,
    bcrypt_ms: f64,
}

impl Ideal {
    fn measure(spans: Spans) -> Self {
        let engine = engine::per_second(&hash(COST), COST, spans.seconds(4, 10));
        Self { engine, bcrypt_ms: engine::bcrypt_ms(COST) }
    }

    fn mean(&self, other: &Self) -> Self {
        Self {
            engine: f64::midpoint(self.engine, other.engine),
            bcrypt_ms: f64::midpoint(self.bcrypt_ms, other.bcrypt_ms),
        }
    }

    fn compare(&self, (clients, (per_second, spread)): (usize, (f64, Spread))) -> Value {
        let ratio = per_second / self.engine;
        println!("{clients:2} clients: {per_second:6.1} logins/s, {ratio:.3} of the engine; {spread}");
        json!({ "clients": clients, "per_second": per_second, "of_engine": ratio, "times": spread })
    }
}
