//! Logins and token checks of random users among a thousand and among a million. Two servers run
//! at once and take turns, so that noise of the machine affects both.

use std::path::Path;
use std::time::Duration;

use rand::RngExt as _;
use serde_json::{Value, json};

use crate::Spans;
use crate::load::client::{get_user, login};
use crate::load::loads::closed;
use crate::load::numbers::{Spread, median};
use crate::load::server::{Server, token};
use crate::load::users::{fill, id};

/// The lowest cost of bcrypt, at which the store dominates.
const COST: u32 = 4;
const FEW: usize = 1_000;
const MANY: usize = 1_000_000;
const CLIENTS: usize = 8;
/// The number of users with prepared tokens.
const TOKENS: usize = 5_000;
const ROUNDS: usize = 5;

pub(crate) fn measure(folder: &Path, spans: Spans) -> Value {
    let (mut few, mut many) = (Population::start(folder, FEW), Population::start(folder, MANY));
    for _ in 0..ROUNDS {
        few.round(spans);
        many.round(spans);
    }
    let (few, many) = (few.results(), many.results());
    let logins = many.logins.p50_ms / few.logins.p50_ms;
    let checks = few.checks_per_second / many.checks_per_second;
    println!(
        "a million against a thousand: login {logins:.3} x the time, GET /api/user/ {checks:.3} x the time"
    );
    json!({
        "cost": COST, "few": few.json(), "many": many.json(), "login_ratio": logins, "check_ratio": checks,
    })
}

/// A server and its measurements.
struct Population {
    server: Server,
    users: usize,
    checks: Vec<String>,
    check_rates: Vec<f64>,
    check_times: Vec<Duration>,
    login_times: Vec<Duration>,
}

impl Population {
    fn start(folder: &Path, users: usize) -> Self {
        let folder = folder.join(users.to_string());
        std::fs::create_dir(&folder).unwrap();
        fill(&folder, COST, users);
        let checks = (0..TOKENS).map(|_| get_user(&token(id(any(users))))).collect();
        let server = Server::start(&folder, COST);
        Self { server, users, checks, check_rates: vec![], check_times: vec![], login_times: vec![] }
    }

    fn round(&mut self, spans: Spans) {
        let span = spans.seconds(1, 5);
        let logins = closed(self.server.address, 1, span, |_, _| login(any(self.users)));
        let checks = closed(self.server.address, CLIENTS, span, |_, _| self.checks[any(TOKENS)].clone());
        assert_eq!(logins.other_than(&[200]) + checks.other_than(&[200]), 0, "a request failed");
        self.login_times.extend(logins.times(200));
        self.check_rates.push(checks.steady(200, span));
        self.check_times.extend(checks.times(200));
    }

    fn results(&self) -> Results {
        let results = Results {
            users: self.users,
            logins: Spread::of(&self.login_times),
            checks: Spread::of(&self.check_times),
            checks_per_second: median(self.check_rates.clone()),
        };
        println!("{:7} users: one client's login at cost {COST}: {}", results.users, results.logins);
        println!(
            "  GET /api/user/ with {CLIENTS} clients: {:.0}/s; {}",
            results.checks_per_second, results.checks
        );
        results
    }
}

struct Results {
    users: usize,
    logins: Spread,
    checks: Spread,
    checks_per_second: f64,
}

impl Results {
    fn json(&self) -> Value {
        json!({
            "users": self.users, "logins": self.logins, "checks": self.checks,
            "checks_per_second": self.checks_per_second,
        })
    }
}

/// A random number below `count`.
fn any(count: usize) -> usize {
    rand::rng().random_range(0..count)
}
