//! People who log in and register without pause, and remember what they were told.

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

/// The marks of logins and registrations in the database.
const LOGINS: &str =
    "SELECT user_agent AS line FROM audit WHERE action = 'logged-in' AND user_agent IS NOT NULL";
const REGISTRATIONS: &str =
    "SELECT username AS line FROM users JOIN mails ON recipient = email WHERE kind = 'confirm_email'";

/// What became of one attempt.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub began: Instant,
    pub ended: Instant,
    /// What the database holds of it if it worked: of a login the browser's name, of a registration
    /// the account's.
    mark: String,
    /// `None` if the connection broke.
    pub status: Option<u16>,
}

impl Attempt {
    pub(crate) fn is_acknowledged(&self) -> bool {
        matches!(self.status, Some(200 | 201))
    }
}

/// What happened in a storm.
#[derive(Debug)]
pub(crate) struct Aftermath {
    logins: Vec<Attempt>,
    registrations: Vec<Attempt>,
}

/// Sends logins and registrations to `address`, whose database is that of `place`, for as long as
/// `meanwhile` runs. Nothing is sent twice.
pub(crate) fn storm(place: &Place, address: SocketAddr, meanwhile: impl FnOnce()) -> Aftermath {
    for person in 0..PEOPLE {
        place.add(&format!("person-{person}"), PASSWORD, &[]);
    }
    let (logins, registrations) = (Mutex::default(), Mutex::default());
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for person in 0..PEOPLE {
            let (logins, over) = (&logins, &over);
            scope
                .spawn(move || repeat(over, logins, "browser", person, |mark| log_in(address, person, mark)));
        }
        for newcomer in 0..NEWCOMERS {
            let (registrations, over) = (&registrations, &over);
            scope.spawn(move || {
                repeat(over, registrations, "newcomer", newcomer, |mark| register(address, mark))
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

    /// Fails if anything was answered that is neither a yes nor a 503.
    pub(crate) fn assert_nothing_but_refused(&self) {
        for attempt in self.attempts() {
            assert!(matches!(attempt.status, Some(200 | 201 | 503) | None), "{attempt:?}");
        }
    }

    /// How many logins and registrations were acknowledged within a span.
    pub(crate) fn acknowledged(&self, from: Instant, to: Instant) -> (usize, usize) {
        let [logins, registrations] = [&self.logins, &self.registrations].map(|attempts| {
            let within = attempts.iter().filter(|attempt| (from..to).contains(&attempt.ended));
            within.filter(|attempt| attempt.is_acknowledged()).count()
        });
        (logins, registrations)
    }

    /// The first login after `then` that worked.
    pub(crate) fn first_login_after(&self, then: Instant) -> Option<Instant> {
        let after = self.logins.iter().filter(|attempt| attempt.is_acknowledged() && attempt.ended > then);
        after.map(|attempt| attempt.ended).min()
    }

    /// Fails unless the database of this URL has all that was acknowledged.
    pub(crate) fn assert_kept(&self, url: &str) {
        for (attempts, there) in self.beside_what_is_there(url) {
            let missing = attempts.iter().filter(|one| one.is_acknowledged() && !there.contains(&one.mark));
            let missing: Vec<&Attempt> = missing.collect();
            assert!(missing.is_empty(), "acknowledged and lost: {missing:#?}");
            assert!(attempts.iter().any(Attempt::is_acknowledged), "nothing was acknowledged at all");
        }
    }

    /// Fails if the database of this URL has anything that was not acknowledged.
    pub(crate) fn assert_nothing_untold(&self, url: &str) {
        for (attempts, there) in self.beside_what_is_there(url) {
            let untold = attempts.iter().filter(|one| !one.is_acknowledged() && there.contains(&one.mark));
            let untold: Vec<&Attempt> = untold.collect();
            assert!(untold.is_empty(), "done and not acknowledged: {untold:#?}");
        }
    }

    /// The attempts of each kind, and the marks of that kind in the database of this URL. An account is
    /// there when the mail that asks for confirmation is: one write makes both.
    fn beside_what_is_there(&self, url: &str) -> [(&[Attempt], HashSet<String>); 2] {
        let marks = |query| lines(url, query).into_iter().collect();
        [(&self.logins, marks(LOGINS)), (&self.registrations, marks(REGISTRATIONS))]
    }
}
