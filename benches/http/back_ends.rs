//! Token checks and logins on SQLite and on PostgreSQL. Two servers run at once and take turns, so that
//! noise of the machine affects both.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Spans;
use crate::load::client::{get_user, login};
use crate::load::loads::closed;
use crate::load::numbers::{Spread, median};
use crate::load::postgres::Postgres;
use crate::load::server::{Server, token};
use crate::load::users::{file_in, fill_at, id};

const USERS: usize = 1_000;
/// A realistic bcrypt cost, and the lowest one, at which the store dominates.
const COSTS: [u32; 2] = [10, 4];
const CHECKING: usize = 16;
const LOGGING_IN: usize = 32;
const ROUNDS: usize = 3;

pub(crate) fn measure(folder: &Path, spans: Spans) -> Value {
    if !Postgres::is_installed() {
        println!("not measured: PostgreSQL is not installed");
        return Value::Null;
    }
    let postgres = Postgres::version();
    println!("{postgres} against SQLite");
    let [earnest, cheap] = COSTS.map(|cost| Both::start(folder, cost));
    let check = |end: &End| end.load(CHECKING, spans, |client, _| end.checks[client].clone());
    let log_in = |end: &End| end.load(LOGGING_IN, spans, |client, _| login(client));
    let checks = cheap.compare(&format!("GET /api/user/ with {CHECKING} clients"), check);
    let logins = [&earnest, &cheap]
        .map(|both| both.compare(&format!("logins at cost {} with {LOGGING_IN} clients", both.cost), log_in));
    json!({
        "postgres": postgres, "users": USERS, "checking": CHECKING, "logging_in": LOGGING_IN,
        "checks": checks, "logins": logins,
    })
}

/// A server on each back end, with the same users.
struct Both {
    cost: u32,
    sqlite: End,
    postgres: End,
    _running: Postgres,
}

/// A server, and the token checks that its clients send.
struct End {
    server: Server,
    checks: Vec<String>,
}

/// The outcome of a load: requests a second, and the time of each.
type LoadResult = (f64, Vec<Duration>);

impl Both {
    fn start(folder: &Path, cost: u32) -> Self {
        let folder = folder.join(cost.to_string());
        std::fs::create_dir(&folder).unwrap();
        let running = Postgres::start(&folder.join("postgres"));
        let (sqlite, postgres) = (End::start(&file_in(&folder), cost), End::start(&running.url, cost));
        Self { cost, sqlite, postgres, _running: running }
    }

    /// The same load on both, in turns.
    fn compare(&self, what: &str, load: impl Fn(&End) -> LoadResult) -> Value {
        let mut seen = [const { Vec::new() }; 2];
        for _ in 0..ROUNDS {
            for (seen, end) in seen.iter_mut().zip([&self.sqlite, &self.postgres]) {
                seen.push(load(end));
            }
        }
        let [(sqlite, on_sqlite), (postgres, on_postgres)] = seen.map(|rounds| {
            let (rates, times): (Vec<f64>, Vec<Vec<Duration>>) = rounds.into_iter().unzip();
            (median(rates), Spread::of(&times.concat()))
        });
        let ratio = postgres / sqlite;
        println!("{what}: SQLite {sqlite:.1}/s, PostgreSQL {postgres:.1}/s; ratio {ratio:.3}");
        println!("  SQLite {on_sqlite}\n  PostgreSQL {on_postgres}");
        json!({
            "cost": self.cost, "ratio": ratio,
            "sqlite": { "per_second": sqlite, "times": on_sqlite },
            "postgres": { "per_second": postgres, "times": on_postgres },
        })
    }
}

impl End {
    fn start(database_url: &str, cost: u32) -> Self {
        fill_at(database_url, cost, USERS);
        let checks = (0..CHECKING).map(|client| get_user(&token(id(client)))).collect();
        Self { server: Server::start_on(database_url, cost), checks }
    }

    fn load(
        &self,
        clients: usize,
        spans: Spans,
        request: impl Fn(usize, usize) -> String + Sync,
    ) -> LoadResult {
        let span = spans.seconds(2, 10);
        let answers = closed(self.server.address, clients, span, request);
        assert_eq!(answers.other_than(&[200, 503]), 0, "a request failed");
        if answers.count(503) > 0 {
            println!("{} requests were refused", answers.count(503));
        }
        (answers.steady(200, span), answers.times(200))
    }
}
