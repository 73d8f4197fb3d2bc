//! The administrators' list of users, its search and the page of one user, among a thousand and
//! among a million, on SQLite and on PostgreSQL. Two servers of a back end run at once and take turns, so
//! that noise of the machine affects both.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rand::RngExt as _;
use serde_json::{Value, json};

use crate::Spans;
use crate::load::client::{form, get};
use crate::load::loads::closed;
use crate::load::numbers::Spread;
use crate::load::postgres::Postgres;
use crate::load::server::{DOORWARD, Server};
use crate::load::users::{PASSWORD, add, file_in, hash, id, user};

const COST: u32 = 4;
const FEW: usize = 1_000;
const MANY: usize = 1_000_000;
const ROUNDS: usize = 5;

/// So few that each name fills a page also among a thousand users: else the pages would differ, and not
/// only the queries.
const GIVEN: [&str; 20] = [
    "alice", "bjorn", "carla", "deniz", "emeka", "fatma", "goran", "hanna", "ivan", "jorge", "katya", "lena",
    "marek", "nadia", "oscar", "paula", "quentin", "rosa", "sofia", "tomas",
];
const FAMILY: [&str; 50] = [
    "adams", "becker", "costa", "dahl", "endo", "fischer", "garcia", "haddad", "ito", "jansen", "kaya",
    "lopez", "meyer", "novak", "okafor", "petrov", "quinn", "rossi", "silva", "tanaka", "ueda", "vogel",
    "weber", "xu", "yilmaz", "zimmer", "arslan", "brandt", "chavez", "duarte", "eriksen", "ferrari", "gomez",
    "horvat", "ivanov", "jung", "khan", "larsen", "moreau", "nguyen", "olsen", "park", "ramos", "santos",
    "torres", "ulrich", "varga", "wolf", "yamada", "ziegler",
];

/// A name as people choose it: given name, family name, and a number if both are taken.
fn name(number: usize) -> String {
    let (given, family) = (GIVEN[number % GIVEN.len()], FAMILY[number / GIVEN.len() % FAMILY.len()]);
    format!("{given}.{family}{}", number / (GIVEN.len() * FAMILY.len()))
}

/// A page that an administrator opens, with the path for one of `users` users, and how much longer it may
/// take among a million than among a thousand.
type Ask = (&'static str, f64, fn(users: usize) -> String);

const ASKS: [Ask; 9] = [
    ("list, first page", 1.5, |_| "/admin/users/".to_owned()),
    ("list, somewhere inside", 1.5, |users| {
        // A little before an existing user, so that there is always a next one.
        let name = name(any(users));
        format!("/admin/users/?after={}", &name[..name.len() - 1])
    }),
    ("list, latest first", 1.5, |_| "/admin/users/?sort=-added".to_owned()),
    ("search: a beginning", 1.5, |users| {
        let name = name(any(users));
        search(name.split_inclusive('.').next().unwrap_or_default())
    }),
    ("search: two letters", 1.5, |users| search(&name(any(users))[..2])),
    ("search: a whole name", 5.0, |users| search(&name(any(users)))),
    ("search: a part", 5.0, |users| {
        let name = name(any(users));
        search(&name[name.len().saturating_sub(5)..])
    }),
    ("search: nobody", 1.5, |users| search(&format!("{}@nowhere", name(any(users))))),
    ("one user", 1.5, |users| format!("/admin/users/{}", id(any(users)))),
];

fn search(text: &str) -> String {
    format!("/admin/users/?q={text}")
}

pub(crate) fn measure(folder: &Path, spans: Spans) -> Value {
    let folders = [FEW, MANY].map(|users| {
        let folder = folder.join(users.to_string());
        std::fs::create_dir(&folder).unwrap();
        let hash = hash(COST);
        add(&folder, move |number| {
            let mut new = (number < users).then(|| user(&name(number), &hash, true))?;
            new.is_admin = number == 0;
            Some(new)
        });
        (file_in(&folder), users)
    });
    // Copied before an administrator signs in.
    let postgres =
        Postgres::is_installed().then(|| folders.clone().map(|(url, users)| (copied(&url), users)));
    let mut back_ends = vec![json!({ "name": "SQLite", "asks": compare("SQLite", &folders, spans) })];
    if let Some(copies) = postgres {
        let urls = copies.each_ref().map(|(postgres, users)| (postgres.url.clone(), *users));
        let version = Postgres::version();
        back_ends.push(json!({ "name": version, "asks": compare(&version, &urls, spans) }));
    }
    json!({ "users": [FEW, MANY], "back_ends": back_ends })
}

/// Copies the users into a PostgreSQL.
fn copied(url: &str) -> Postgres {
    let file = url.trim_start_matches("sqlite:");
    let postgres = Postgres::start(&Path::new(file).with_file_name("postgres"));
    let mut copy = Command::new(DOORWARD);
    copy.args(["copy", "--from", url, "--to", &postgres.url]).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(copy.status().unwrap().success(), "the copy failed");
    postgres
}

fn compare(back_end: &str, databases: &[(String, usize)], spans: Spans) -> Vec<Value> {
    let populations: Vec<Population> =
        databases.iter().map(|(url, users)| Population::start(url, *users)).collect();
    let mut results = Vec::new();
    for (what, hold, ask) in ASKS {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (population, times) in populations.iter().zip(&mut times) {
                times.extend(population.times(ask, spans));
            }
        }
        let [few, many] = times.map(|times| Spread::of(&times));
        let (p50, p99) = (many.p50_ms / few.p50_ms, many.p99_ms / few.p99_ms);
        println!("{back_end}, {what}\n  {FEW:7} users: {few}\n  {MANY} users: {many}");
        println!("  ratio: p50 {p50:.2} x, p99 {p99:.2} x, to hold {hold} x");
        results.push(json!({
            "what": what, "hold": hold, "few": few, "many": many, "p50_ratio": p50, "p99_ratio": p99,
        }));
    }
    results
}

/// A server, and an administrator who is signed in.
struct Population {
    server: Server,
    users: usize,
    cookie: String,
}

impl Population {
    fn start(url: &str, users: usize) -> Self {
        let server = Server::start_on(url, COST);
        let cookie = sign_in(&server);
        Self { server, users, cookie }
    }

    /// One administrator, one page after the other.
    fn times(&self, ask: fn(usize) -> String, spans: Spans) -> Vec<Duration> {
        let headers = format!("Cookie: {}\r\n", self.cookie);
        let pages =
            closed(self.server.address, 1, spans.seconds(1, 2), |_, _| get(&ask(self.users), &headers));
        assert_eq!(pages.other_than(&[200]), 0, "a page failed");
        pages.times(200)
    }
}

fn sign_in(server: &Server) -> String {
    let mut browser = server.connection();
    let fields = format!("username={}&password={PASSWORD}", name(0));
    assert_eq!(browser.send(&form("/admin/sign-in", &fields)).unwrap(), 303, "the sign-in failed");
    let cookie = browser.header("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// A random number below `count`.
fn any(count: usize) -> usize {
    rand::rng().random_range(0..count)
}
