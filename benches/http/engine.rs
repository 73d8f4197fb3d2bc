//! The password engine without HTTP, in this process: the upper bound for logins over HTTP.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use doorward::testing::passwords::{EngineOptions, Passwords, Requester};
use doorward::testing::types::{Password, PasswordHash};
use futures_util::future::join_all;

use crate::load::numbers::{median, ms};
use crate::load::report::cores;
use crate::load::users::{PASSWORD, runtime};

/// How many passwords wait for each core: a deep queue.
const WAITING: usize = 32;

/// So long that no login is refused.
const MAX_WAIT: Duration = Duration::from_secs(3600);

/// Passwords checked a second on all cores with a deep queue, for `span`.
pub(crate) fn per_second(hash: &PasswordHash, cost: u32, span: Duration) -> f64 {
    let deep = cores() * WAITING;
    let passwords = Passwords::start(EngineOptions {
        cost,
        threads: cores(),
        queue: deep,
        max_wait: MAX_WAIT,
        foreign_memory: 0,
    })
    .unwrap();
    let begun = Instant::now();
    let done = RefCell::new(Vec::new());
    let clients = (0..deep).map(async |_| {
        loop {
            let password = Password::new(PASSWORD.to_owned());
            passwords
                .verify(Requester::default(), &password.into(), Some(hash.clone()), passwords.level(None))
                .await
                .unwrap();
            done.borrow_mut().push(begun.elapsed());
        }
    });
    let load = async { tokio::time::timeout(span, join_all(clients)).await.map(|_: Vec<()>| ()) };
    let _ = runtime().block_on(load);
    let from = span / 10;
    let within = done.borrow().iter().filter(|at| **at > from && **at <= span).count();
    within as f64 / (span - from).as_secs_f64()
}

/// The time of one check with the `bcrypt` crate, alone, in milliseconds.
pub(crate) fn bcrypt_ms(cost: u32) -> f64 {
    let hash = bcrypt::hash(PASSWORD, cost).unwrap();
    let times = (0..15).map(|_| {
        let begun = Instant::now();
        assert!(bcrypt::verify(PASSWORD, &hash).unwrap());
        ms(begun.elapsed())
    });
    median(times.collect())
}
