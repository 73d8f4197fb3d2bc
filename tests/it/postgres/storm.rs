//! Clients that log in and register without pause, and record which requests were acknowledged.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::cli::Place;
use crate::database::lines;
use crate::http::{Request, send};

/// How many log in, and how many register.
const PEOPLE: usize = 4;
const NEWCOMERS: usize = 2;

const PASSWORD: &str = "correct-horse-7";

/// The traces of logins and registrations in the database.
const LOGINS: &str =
    "SELECT user_agent AS line FROM audit WHERE action = 'logged-in' AND user_agent IS NOT NULL";
const REGISTRATIONS: &str =
    "SELECT username AS line FROM users JOIN mails ON recipient = email WHERE kind = 'confirm_email'";

/// One attempt.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub began: Instant,
    pub ended: Instant,
    /// What the database has of it after success: of a login the user agent, of a registration the username.
    trace: String,
    /// `None` if the connection broke.
    pub status: Option<u16>,
}

impl Attempt {
    pub(crate) fn is_acknowledged(&self) -> bool {
        matches!(self.status, Some(200 | 201))
    }
}

/// The attempts of a storm.
#[derive(Debug)]
pub(crate) struct Aftermath {
    logins: Vec<Attempt>,
    registrations: Vec<Attempt>,
}

/// Sends logins and registrations to `address`, whose database is that of `place`, while `meanwhile` runs. No
/// request is sent twice.
pub(crate) fn storm(place: &Place, address: SocketAddr, meanwhile: impl FnOnce()) -> Aftermath {
    for person in 0..PEOPLE {
        place.add(&format!("person-{person}"), PASSWORD, &[]);
    }
    let (logins, registrations) = (Mutex::default(), Mutex::default());
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for person in 0..PEOPLE {
            let (logins, over) = (&logins, &over);
            scope.spawn(move || {
                repeat(over, logins, "browser", person, |trace| log_in(address, person, trace))
            });
        }
        for newcomer in 0..NEWCOMERS {
            let (registrations, over) = (&registrations, &over);
            scope.spawn(move || {
                repeat(over, registrations, "newcomer", newcomer, |trace| register(address, trace))
            });
        }
        let _over = SetOnDrop(&over);
        meanwhile();
    });
    Aftermath { logins: logins.into_inner().unwrap(), registrations: registrations.into_inner().unwrap() }
}

/// Ends the loops of other threads, also if this one panics.
struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn repeat(
    over: &AtomicBool,
    attempts: &Mutex<Vec<Attempt>>,
    kind: &str,
    who: usize,
    act: impl Fn(&str) -> Option<u16>,
) {
    for number in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let trace = format!("{kind}-{who}-{number}");
        let began = Instant::now();
        let attempt = Attempt { status: act(&trace), trace, began, ended: Instant::now() };
        if !attempt.is_acknowledged() {
            std::thread::sleep(Duration::from_millis(20));
        }
        attempts.lock().unwrap().push(attempt);
    }
}

fn log_in(address: SocketAddr, person: usize, browser: &str) -> Option<u16> {
    let body = json!({"username": format!("person-{person}"), "password": PASSWORD});
    let request = Request::post("/api/login/").json(&body).header("User-Agent", browser);
    send(address, &request).ok().map(|reply| reply.status)
}

fn register(address: SocketAddr, name: &str) -> Option<u16> {
    let email = format!("{name}@example.com");
    let body = json!({"username": name, "email": email, "password": PASSWORD});
    send(address, &Request::post("/api/register/").json(&body)).ok().map(|reply| reply.status)
}

impl Aftermath {
    /// All attempts.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.logins.iter().chain(&self.registrations)
    }

    /// Fails if a response was neither a success nor a 503.
    pub(crate) fn assert_nothing_but_refused(&self) {
        for attempt in self.attempts() {
            assert!(matches!(attempt.status, Some(200 | 201 | 503) | None), "{attempt:?}");
        }
    }

    /// How many logins and registrations were acknowledged between two moments.
    pub(crate) fn acknowledged(&self, from: Instant, to: Instant) -> (usize, usize) {
        let [logins, registrations] = [&self.logins, &self.registrations].map(|attempts| {
            let within = attempts.iter().filter(|attempt| (from..to).contains(&attempt.ended));
            within.filter(|attempt| attempt.is_acknowledged()).count()
        });
        (logins, registrations)
    }

    /// The first successful login after `then`.
    pub(crate) fn first_login_after(&self, then: Instant) -> Option<Instant> {
        let after = self.logins.iter().filter(|attempt| attempt.is_acknowledged() && attempt.ended > then);
        after.map(|attempt| attempt.ended).min()
    }

    /// Fails unless the database has every acknowledged attempt.
    pub(crate) fn assert_acknowledged_is_stored(&self, url: &str) {
        for (attempts, there) in self.with_traces(url) {
            let missing = attempts.iter().filter(|one| one.is_acknowledged() && !there.contains(&one.trace));
            let missing: Vec<&Attempt> = missing.collect();
            assert!(missing.is_empty(), "acknowledged and lost: {missing:#?}");
            assert!(attempts.iter().any(Attempt::is_acknowledged), "nothing was acknowledged at all");
        }
    }

    /// Fails if the database has an attempt that was not acknowledged.
    pub(crate) fn assert_stored_is_acknowledged(&self, url: &str) {
        for (attempts, there) in self.with_traces(url) {
            let unacknowledged =
                attempts.iter().filter(|one| !one.is_acknowledged() && there.contains(&one.trace));
            let unacknowledged: Vec<&Attempt> = unacknowledged.collect();
            assert!(unacknowledged.is_empty(), "done and not acknowledged: {unacknowledged:#?}");
        }
    }

    /// The attempts of each kind, and their traces in the database. One transaction inserts an account and its
    /// confirmation mail, so the mail is the trace.
    fn with_traces(&self, url: &str) -> [(&[Attempt], HashSet<String>); 2] {
        let traces = |query| lines(url, query).into_iter().collect();
        [(&self.logins, traces(LOGINS)), (&self.registrations, traces(REGISTRATIONS))]
    }
}
