//! Token checks while users log in with the hashes of another server, as on the day of a move: a storm for each
//! format of Django 6.0 with the parameters that it has by default.

use std::path::Path;

use serde_json::{Map, Value};

use crate::Spans;
use crate::load::client::{get_user, login};
use crate::load::server::{Server, token};
use crate::load::users::{add, id, name, user};
use crate::storm::{CLIENTS, Storm, print_checks};
use doorward::testing::types::PasswordHash;

/// The cost of the hashes that replace those of the other server.
const COST: u32 = 10;
/// More than log in within a span, because after the first login a user has a hash of bcrypt.
const USERS: usize = 8_192;

/// Hashes of `correct-horse-7`.
const FORMATS: [(&str, &str); 3] = [
    (
        "pbkdf2_sha256, 1,200,000 rounds",
        "pbkdf2_sha256$1200000$e1glCa7h6XThQ6dadpRZhh$0J6DEdUb+6VvP+p63BaNSQFujeFCI1E/aOr/za8F7KY=",
    ),
    (
        "argon2id, 100 MiB",
        "argon2$argon2id$v=19$m=102400,t=2,p=8$MEo0RzdrUThORFFZVld0Y05vcFp6cw$3VrLIRqbKaxGa/jJnYk4IgI86j/3YHvFuKZWeeH5l5Y",
    ),
    (
        "scrypt, 16 MiB, five times",
        "scrypt$16384$xMAbi3PhmYuXzOcpoF9JiN$8$5$d/Lpqq/MOzdPOHyb7MDUF0UNETxcGPEApMvFFdrrBLqhrUgbCoQLb5n/AH8izpBRWpS8B4aurM5jpRwog7Huog==",
    ),
];

pub(crate) fn measure(folder: &Path, spans: Spans) -> Value {
    let users = USERS * FORMATS.len();
    add(folder, move |number| {
        let (_, hash) = FORMATS.get(number / USERS)?;
        let hash = PasswordHash::from_stored((*hash).to_owned());
        (number < users).then(|| user(&name(number), &hash, true))
    });
    let storm = Storm { server: Server::start(folder, COST), check: get_user(&token(id(0))) };
    let alone = storm.checks(spans.seconds(5, 60));
    let alone = print_checks("unloaded", &alone, None);
    let mut numbers = Map::from_iter([("unloaded".to_owned(), alone.1.clone())]);
    for (place, (format, _)) in FORMATS.iter().enumerate() {
        println!("{format}:");
        let next = |client, count| login(place * USERS + (count * CLIENTS + client) % USERS);
        let (full, _) = storm.full(spans.seconds(10, 30), &alone, next);
        numbers.insert((*format).to_owned(), full);
    }
    numbers.insert("peak_mb".to_owned(), storm.server.peak().into());
    Value::Object(numbers)
}
