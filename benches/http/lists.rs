//! The administrators' list of users, its search and the page of one user, among a thousand and
//! among a million. Two servers run at once and take turns, so that a noisy minute meets both.

use std::path::Path;
use std::time::Duration;

use rand::RngExt as _;
use serde_json::{Value, json};

use crate::Spans;
use crate::load::client::{form, get};
use crate::load::loads::closed;
use crate::load::numbers::Spread;
use crate::load::server::Server;
use crate::load::users::{PASSWORD, add, hash, id, user};

const COST: u32 = 4;
const FEW: usize = 1_000;
const MANY: usize = 1_000_000;
const ROUNDS: usize = 5;

const GIVEN: [&str; 40] = [
    "alice", "bjorn", "carla", "deniz", "emeka", "fatma", "goran", "hanna", "ivan", "jorge", "katya", "lena",
    "marek", "nadia", "oscar", "paula", "quentin", "rosa", "sofia", "tomas", "ulrike", "vera", "wanda",
    "xavier", "yusuf", "zoe", "anton", "birgit", "chen", "dilara", "erik", "frida", "gita", "hugo", "ines",
    "jonas", "kofi", "lucia", "mina", "noah",
];
const FAMILY: [&str; 50] = [
    "adams", "becker", "costa", "dahl", "endo", "fischer", "garcia", "haddad", "ito", "jansen", "kaya",
    "lopez", "meyer", "novak", "okafor", "petrov", "quinn", "rossi", "silva", "tanaka", "ueda", "vogel",
    "weber", "xu", "yilmaz", "zimmer", "arslan", "brandt", "chavez", "duarte", "eriksen", "ferrari", "gomez",
    "horvat", "ivanov", "jung", "khan", "larsen", "moreau", "nguyen", "olsen", "park", "ramos", "santos",
    "torres", "ulrich", "varga", "wolf", "yamada", "ziegler",
];

/// Like the names that people choose: a name, a family, and a number where both are taken.
fn name(number: usize) -> String {
    let (given, family) = (GIVEN[number % GIVEN.len()], FAMILY[number / GIVEN.len() % FAMILY.len()]);
    format!("{given}.{family}{}", number / (GIVEN.len() * FAMILY.len()))
}

/// What an administrator opens; makes the path for one of `users` users.
type Ask = fn(users: usize) -> String;

const ASKS: [(&str, Ask); 9] = [
    ("list, first page", |_| "/admin/users/".to_owned()),
    ("list, somewhere inside", |users| format!("/admin/users/?after={}", name(any(users)))),
    ("list, latest first", |_| "/admin/users/?sort=-added".to_owned()),
    ("search: a whole name", |users| search(&name(any(users)))),
    ("search: a beginning", |users| {
        let name = name(any(users));
        search(
            name.split_once('.').map_or("", |(given, family)| &name[..given.len() + 1 + family.len().min(3)]),
        )
    }),
    ("search: two letters", |users| search(&name(any(users))[..2])),
    ("search: a part", |users| {
        let name = name(any(users));
        search(&name[name.len().saturating_sub(5)..])
    }),
    ("search: nobody", |users| search(&format!("{}@nowhere", name(any(users))))),
    ("one user", |users| format!("/admin/users/{}", id(any(users)))),
];

fn search(text: &str) -> String {
    format!("/admin/users/?q={text}")
}

pub fn measure(folder: &Path, spans: Spans) -> Value {
    let towns = [FEW, MANY].map(|users| Town::found(folder, users));
    let mut told = Vec::new();
    for (what, ask) in ASKS {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (town, times) in towns.iter().zip(&mut times) {
                times.extend(town.times(ask, spans));
            }
        }
        let [few, many] = times.map(|times| Spread::of(&times));
        let (p50, p99) = (many.p50_ms / few.p50_ms, many.p99_ms / few.p99_ms);
        println!(
            "{what}\n  {FEW:7} users: {few}\n  {MANY} users: {many}\n  ratio: p50 {p50:.2} x, p99 {p99:.2} x"
        );
        told.push(json!({ "what": what, "few": few, "many": many, "p50_ratio": p50, "p99_ratio": p99 }));
    }
    json!({ "users": [FEW, MANY], "asks": told })
}

/// A server, and an administrator who is signed in.
struct Town {
    server: Server,
    users: usize,
    cookie: String,
}

impl Town {
    fn found(folder: &Path, users: usize) -> Self {
        let folder = folder.join(users.to_string());
        std::fs::create_dir(&folder).unwrap();
        let hash = hash(COST);
        add(&folder, move |number| {
            let mut new = (number < users).then(|| user(&name(number), &hash, true))?;
            new.is_admin = number == 0;
            Some(new)
        });
        let server = Server::start(&folder, COST);
        let cookie = sign_in(&server);
        Self { server, users, cookie }
    }

    /// One administrator, one page after the other.
    fn times(&self, ask: Ask, spans: Spans) -> Vec<Duration> {
        let headers = format!("Cookie: {}\r\n", self.cookie);
        let pages =
            closed(self.server.address, 1, spans.seconds(1, 3), |_, _| get(&ask(self.users), &headers));
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

/// Any of so many.
fn any(count: usize) -> usize {
    rand::rng().random_range(0..count)
}
