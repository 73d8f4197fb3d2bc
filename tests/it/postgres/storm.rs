//! People who log in and open accounts without pause, and remember what they were told.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::cli::Place;
use crate::database::lines;
use crate::http::{Request, send};

/// How many log in, and how many open accounts.
const PEOPLE: usize = 4;
const NEWCOMERS: usize = 2;

const PASSWORD: &str = "correct-horse-7";

/// What became of one attempt.
#[derive(Debug)]
pub struct Attempt {
    pub began: Instant,
    pub ended: Instant,
    /// What the database holds of it if it worked: of a login the browser's name, of a new account
    /// its own.
    mark: String,
    /// `None` if the connection broke.
    pub status: Option<u16>,
}

impl Attempt {
    pub fn is_acknowledged(&self) -> bool {
        matches!(self.status, Some(200 | 201))
    }
}

/// What happened in a storm.
#[derive(Debug)]
pub struct Aftermath {
    logins: Vec<Attempt>,
    accounts: Vec<Attempt>,
}

/// Sends logins and new accounts to `address`, whose database is that of `place`, for as long as
/// `meanwhile` runs.
pub fn storm(place: &Place, address: SocketAddr, meanwhile: impl FnOnce()) -> Aftermath {
    for person in 0..PEOPLE {
        place.add(&format!("person-{person}"), PASSWORD, &[]);
    }
    let (logins, accounts) = (Mutex::default(), Mutex::default());
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for person in 0..PEOPLE {
            let (logins, over) = (&logins, &over);
            scope
                .spawn(move || repeat(over, logins, "browser", person, |mark| log_in(address, person, mark)));
        }
        for newcomer in 0..NEWCOMERS {
            let (accounts, over) = (&accounts, &over);
            scope.spawn(move || repeat(over, accounts, "newcomer", newcomer, |mark| open(place, mark)));
        }
        let _over = SetOnDrop(&over);
        meanwhile();
    });
    Aftermath { logins: logins.into_inner().unwrap(), accounts: accounts.into_inner().unwrap() }
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
        let mark = format!("{kind}-{who}-{number}");
        let began = Instant::now();
        let attempt = Attempt { status: act(&mark), mark, began, ended: Instant::now() };
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

fn open(place: &Place, name: &str) -> Option<u16> {
    let email = format!("{name}@example.com");
    let arguments = ["user", "add", "--username", name, "--email", &email, "--password-stdin", "--force"];
    let said =
        place.pipe(PASSWORD.as_bytes(), &[&arguments[..], &["--set", "database.wait_for=0s"]].concat());
    (said.code == 0).then_some(201)
}

impl Aftermath {
    /// All attempts.
    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.logins.iter().chain(&self.accounts)
    }

    /// Fails if anything was answered that is neither a yes nor a 503.
    pub fn assert_nothing_but_refused(&self) {
        for attempt in self.attempts() {
            assert!(matches!(attempt.status, Some(200 | 201 | 503) | None), "{attempt:?}");
        }
    }

    /// How many logins and accounts were acknowledged within a span.
    pub fn acknowledged(&self, from: Instant, to: Instant) -> (usize, usize) {
        let [logins, accounts] = [&self.logins, &self.accounts].map(|attempts| {
            let within = attempts.iter().filter(|attempt| (from..to).contains(&attempt.ended));
            within.filter(|attempt| attempt.is_acknowledged()).count()
        });
        (logins, accounts)
    }

    /// The first login after `then` that worked.
    pub fn first_login_after(&self, then: Instant) -> Option<Instant> {
        let after = self.logins.iter().filter(|attempt| attempt.is_acknowledged() && attempt.ended > then);
        after.map(|attempt| attempt.ended).min()
    }

    /// Fails unless the database of this URL has all that was acknowledged.
    pub fn assert_kept(&self, url: &str) {
        let logins = lines(
            url,
            "SELECT user_agent AS line FROM audit WHERE action = 'logged-in' AND user_agent IS NOT NULL",
        );
        let accounts = lines(url, "SELECT username AS line FROM users");
        for (attempts, there) in [(&self.logins, logins), (&self.accounts, accounts)] {
            let there: std::collections::HashSet<String> = there.into_iter().collect();
            let missing = attempts.iter().filter(|one| one.is_acknowledged() && !there.contains(&one.mark));
            let missing: Vec<&Attempt> = missing.collect();
            assert!(missing.is_empty(), "acknowledged and lost: {missing:#?}");
            assert!(attempts.iter().any(Attempt::is_acknowledged), "nothing was acknowledged at all");
        }
    }
}
