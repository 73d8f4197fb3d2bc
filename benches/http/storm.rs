//! How a storm of logins affects other requests: token checks at a steady pace, alone, then while 64 clients
//! log in without pause, then at three times the logins that can be served.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Spans;
use crate::load::client::{get, get_user, login};
use crate::load::loads::{Answers, closed, open, paced};
use crate::load::numbers::Spread;
use crate::load::server::{Server, token};
use crate::load::users::{fill, id};

const COST: u32 = 10;
const USERS: usize = 10_000;
/// The clients that log in without pause.
pub(crate) const CLIENTS: usize = 64;
const TOO_MANY: f64 = 3.0;
/// Token checks a second: a thousandth of what the server can do.
const CHECKS: usize = 200;
const SECOND: Duration = Duration::from_secs(1);

pub(crate) fn measure(folder: &Path, spans: Spans) -> Value {
    fill(folder, COST, USERS);
    let storm = Storm { server: Server::start(folder, COST), check: get_user(&token(id(0))) };
    let alone = storm.checks(spans.seconds(5, 60));
    let alone = print_checks("unloaded", &alone, None);
    let (full, capacity) = storm.full(spans.seconds(10, 30), &alone, |client, _| login(client));
    let over = storm.over(spans.seconds(10, 60), capacity, &alone);
    assert_eq!(storm.server.connection().send(&get("/healthz", "")).unwrap(), 200);
    json!({
        "cost": COST, "checks_per_second": CHECKS, "unloaded": alone.1, "full": full, "over": over,
        "peak_mb": storm.server.peak(),
    })
}

/// A server, and the token check that is sent to it.
pub(crate) struct Storm {
    pub server: Server,
    pub check: String,
}

impl Storm {
    pub(crate) fn checks(&self, span: Duration) -> Answers {
        paced(self.server.address, CHECKS, span, |_, _| self.check.clone())
    }

    /// Every client logs in again at once, with the request of `log_in` for a client and a count. Returns the numbers
    /// of the storm, and the capacity in logins a second.
    pub(crate) fn full(
        &self,
        span: Duration,
        alone: &CheckNumbers,
        log_in: impl Fn(usize, usize) -> String + Sync,
    ) -> (Value, f64) {
        let (checks, logins) = thread::scope(|scope| {
            let checks = scope.spawn(|| self.checks(span));
            let logins = closed(self.server.address, CLIENTS, span, log_in);
            (checks.join().unwrap(), logins)
        });
        let capacity = logins.steady(200, span);
        let (refused, failed) = (logins.count(503), logins.other_than(&[200, 503]));
        let spread = Spread::of(&logins.times(200));
        println!("{CLIENTS} clients: {capacity:.1} logins/s, {refused} refused, {failed} failed; {spread}");
        let checks = print_checks("meanwhile", &checks, Some(alone)).1;
        let numbers = json!({
            "clients": CLIENTS, "per_second": capacity, "refused": refused, "failed": failed, "times": spread, "checks": checks,
        });
        (numbers, capacity)
    }

    /// More logins than can be served.
    fn over(&self, span: Duration, capacity: f64, alone: &CheckNumbers) -> Value {
        let offered = TOO_MANY * capacity;
        let over = AtomicBool::new(false);
        let (checks, memory, logins) = thread::scope(|scope| {
            let checks = scope.spawn(|| self.checks(span));
            let memory = scope.spawn(|| self.resident_until(&over));
            let logins = open(self.server.address, offered, span, |number| login(number % USERS));
            over.store(true, Ordering::Relaxed);
            (checks.join().unwrap(), memory.join().unwrap(), logins)
        });
        let goodput = logins.steady(200, span);
        let (served, refused) = (Spread::of(&logins.times(200)), Spread::of(&logins.times(503)));
        let failed = logins.other_than(&[200, 503]);
        let [start, middle, end] =
            [0, memory.len() / 2, memory.len().saturating_sub(1)].map(|at| memory.get(at).copied());
        let ratio = goodput / capacity;
        println!("{offered:.0} logins/s offered: {goodput:.1}/s served, {ratio:.3} of capacity; {served}");
        println!("  {} refused; {refused}; {failed} failed in another way", refused.count);
        let [a, b, c] = [start, middle, end].map(Option::unwrap_or_default);
        println!("  resident memory {a:.1} MB at the start, {b:.1} MB in the middle, {c:.1} MB at the end");
        let checks = print_checks("meanwhile", &checks, Some(alone)).1;
        json!({
            "offered_per_second": offered, "per_second": goodput, "of_capacity": ratio, "served": served,
            "refused": refused, "failed": failed, "checks": checks,
            "memory_mb": { "start": start, "middle": middle, "end": end },
            "seconds": seconds(&logins, &memory, span),
        })
    }

    /// The resident memory of each second, until `over` is true.
    fn resident_until(&self, over: &AtomicBool) -> Vec<f64> {
        let begun = Instant::now();
        let mut memory = Vec::new();
        while !over.load(Ordering::Relaxed) {
            memory.push(self.server.resident());
            thread::sleep((SECOND * memory.len() as u32).saturating_sub(begun.elapsed()));
        }
        memory
    }
}

/// The numbers of each second, for a plot.
fn seconds(logins: &Answers, memory: &[f64], span: Duration) -> Vec<Value> {
    let tell = |second: u32, memory: f64| {
        let count = |status| logins.per_second(status, SECOND * second, SECOND * (second + 1));
        json!({ "served": count(200), "refused": count(503), "memory_mb": memory })
    };
    (0..span.as_secs() as u32).zip(memory).map(|(second, memory)| tell(second, *memory)).collect()
}

/// The p99 of token checks in milliseconds, and all their numbers.
pub(crate) type CheckNumbers = (f64, Value);

/// Prints the times of token checks, with those of an idle server for comparison.
pub(crate) fn print_checks(when: &str, checks: &Answers, alone: Option<&CheckNumbers>) -> CheckNumbers {
    let (spread, failed) = (Spread::of(&checks.times(200)), checks.other_than(&[200]));
    let ratio = alone.map(|(p99, _)| spread.p99_ms / p99);
    let against = ratio.map_or(String::new(), |ratio| format!("; p99 {ratio:.1} x unloaded"));
    println!("  GET /api/user/ {when}, {CHECKS}/s: {spread}; {failed} failed{against}");
    (spread.p99_ms, json!({ "times": spread, "failed": failed, "p99_ratio": ratio }))
}
