//! Whether the time of a failed login reveals why it failed: `cargo bench --bench timing`, or with
//! `-- --long` for 2,000 logins of each kind. The kinds are interleaved in random order, and each
//! pair is compared with Welch's t-test; beyond 4.5 the kinds can be distinguished. With `-- --formats` the
//! database has a user of every format, and the kinds are formats by reasons. With `-- --api-keys` the kinds are API
//! keys that are refused, by reasons.
//!
//! The slowest tenth of all samples of all kinds together is dropped. These samples are noise of the
//! machine, and a common threshold favours no kind.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring tool")]

mod load;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use rand::seq::SliceRandom as _;
use serde::Serialize;
use serde_json::json;

use doorward::testing::types::PasswordHash;
use load::client::{get, login_as};
use load::numbers::{Moments, ms};
use load::report::{Report, print_machine};
use load::server::{DOORWARD, Server};
use load::users::{PASSWORD, add, file_in, hash, user};

/// Low, so that a difference of some microseconds is not lost in the time of a hash.
const COST: u32 = 6;
const LOWER_COST: u32 = 4;
const WRONG: &str = "incorrect-horse";
const LIMIT: f64 = 4.5;
const KEEP_SHARE: f64 = 0.9;
const WARM_UP: usize = 20;
/// The pairs that are printed, of the largest |t| first.
const PRINTED_PAIRS: usize = 12;

/// A kind of failed login, or of refused API keys.
struct Kind {
    description: String,
    request: String,
    /// The status of the answer.
    status: u16,
}

impl Kind {
    fn new(description: &str, name: &str, password: &'static str) -> Self {
        Self { description: description.to_owned(), request: login_as(name, password, 0), status: 404 }
    }

    fn of_api_key(description: &str, key: &str) -> Self {
        let request = get("/api/admin/users/", &format!("Authorization: Api-Key {key}\r\n"));
        Self { description: description.to_owned(), request, status: 401 }
    }
}

/// The kinds of a database of bcrypt. All names are equally long, and so are all passwords.
fn kinds() -> Vec<Kind> {
    vec![
        Kind::new("unknown user", "nobody00", WRONG),
        Kind::new("wrong password", "active00", WRONG),
        Kind::new("wrong password, inactive user", "inactive", WRONG),
        Kind::new("right password, inactive user", "inactive", PASSWORD),
        Kind::new("wrong password, hash of a lower cost", "lowcost0", WRONG),
    ]
}

/// Hashes of [`PASSWORD`] in each format of Django, and one that cannot be read. The work of each differs.
const FORMATS: [(&str, &str); 9] = [
    (
        "pbkdf2_sha256, 60000 rounds",
        "pbkdf2_sha256$60000$8NYA9eWTDsThnsiA49i2Rx$jVaEq66l8X/Qmco2BgimbYmSlguBWhqZIwqe8E2sn88=",
    ),
    (
        "pbkdf2_sha256, 20000 rounds",
        "pbkdf2_sha256$20000$Zx6O9wdpjtilgaIBGfg2TE$koRbDBzRZfGN46lkhUABELQVtFOlDrEXOrJ72+cZRz0=",
    ),
    ("pbkdf2_sha1, 20000 rounds", "pbkdf2_sha1$20000$sfgDzoOQBzNgkcJzEMMfho$faPq3zfHiJDHL1X6dfUQKvjbq9Q="),
    (
        "argon2",
        "argon2$argon2id$v=19$m=8192,t=2,p=4$RkVFd1hzYk1CQ09aTzluTmNEeDZ6Rw$lsHujfmg+1bU+C5rpitzPWZLE61uuS3NST5Pm0rrfyE",
    ),
    (
        "scrypt",
        "scrypt$4096$KYGkMOtEJxpKLXkZyQeuhu$8$1$b7c4Jme0/lW8b6r5XAAkB3Z3SNszy9GF/xENisD/DYJHdyUIEPStVL51PDj9dDQq2IFlw/audzGFPCxmTAIZSw==",
    ),
    ("sha1", "sha1$2vryj2uC7th1mLwqZL9Idh$4b560f6206c8c8953842bb722efb579c696a5513"),
    ("md5", "md5$GLdUwsfiFbjAXqUP7PfyMV$615667feda0895ef257abe311ddcea32"),
    ("bcrypt", "bcrypt$$2b$06$BPBchg5670o.MNUDxmJ9J.Ik.L7got7hR1gHIOrCmXFqnZitkX6qG"),
    ("unreadable", "scrypt$67108864$salt$8$1$x"),
];

/// Formats by reasons: two users of each format, the second inactive.
fn kinds_of_formats() -> Vec<Kind> {
    let mut kinds =
        vec![Kind::new("unknown user", "nobody00", WRONG), Kind::new("bcrypt_sha256", "active00", WRONG)];
    for (number, (format, _)) in FORMATS.iter().enumerate() {
        kinds.push(Kind::new(&format!("{format}, wrong"), &format!("active1{number}"), WRONG));
        kinds.push(Kind::new(&format!("{format}, inactive, wrong"), &format!("idle001{number}"), WRONG));
        kinds.push(Kind::new(&format!("{format}, inactive, right"), &format!("idle001{number}"), PASSWORD));
    }
    kinds
}

/// Refused API keys: those whose secret is wrong, and those whose secret is right.
fn kinds_of_api_keys(folder: &Path) -> Vec<Kind> {
    let key = |name, more: &[&str]| {
        let create = ["api-key", "create", name, "--scope", "users:read"];
        run(folder, &[&create, more].concat()).trim().to_owned()
    };
    let active = key("active", &[]);
    let expired = key("expired", &["--expires-in", "1s"]);
    let revoked = key("revoked", &[]);
    let foreign = key("foreign", &["--network", "203.0.113.0/24"]);
    run(folder, &["api-key", "revoke", id_of(&revoked)]);
    std::thread::sleep(Duration::from_secs(2));
    let wrong = |key: &str| format!("dwk_{}_{}", id_of(key), "0".repeat(64));
    vec![
        Kind::of_api_key("unknown id", &format!("dwk_{}_{}", "0".repeat(16), "0".repeat(64))),
        Kind::of_api_key("wrong secret", &wrong(&active)),
        Kind::of_api_key("wrong secret, expired", &wrong(&expired)),
        Kind::of_api_key("wrong secret, revoked", &wrong(&revoked)),
        Kind::of_api_key("wrong secret, another network", &wrong(&foreign)),
        Kind::of_api_key("right secret, expired", &expired),
        Kind::of_api_key("right secret, revoked", &revoked),
        Kind::of_api_key("right secret, another network", &foreign),
    ]
}

/// The id in an API key.
fn id_of(key: &str) -> &str {
    &key[4..20]
}

/// What a command of doorward prints.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(DOORWARD);
    command.args(arguments).env("DOORWARD_DATABASE_URL", file_in(folder));
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The users of all kinds.
fn users(formats: bool) -> Vec<(String, PasswordHash, bool)> {
    let (own, lower) = (hash(COST), hash(LOWER_COST));
    let mut users = vec![("active00".to_owned(), own.clone(), true)];
    if !formats {
        users.extend([("inactive".to_owned(), own, false), ("lowcost0".to_owned(), lower, true)]);
        return users;
    }
    for (number, (_, hash)) in FORMATS.iter().enumerate() {
        let hash = PasswordHash::from_stored((*hash).to_owned());
        users.push((format!("active1{number}"), hash.clone(), true));
        users.push((format!("idle001{number}"), hash, false));
    }
    users
}

/// Measures whether failed logins, or refused API keys, can be distinguished by their time.
#[derive(Parser)]
struct Arguments {
    /// 2,000 requests of each kind instead of 200
    #[arg(long)]
    long: bool,
    /// A user of every format instead of bcrypt alone
    #[arg(long)]
    formats: bool,
    /// API keys that are refused instead of logins
    #[arg(long, conflicts_with = "formats")]
    api_keys: bool,
    /// Requests of each kind
    #[arg(long)]
    rounds: Option<usize>,
    /// Write the numbers into this file, as the part `timing`
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Passed by cargo to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    print_machine();
    let rounds = arguments.rounds.unwrap_or(if arguments.long { 2000 } else { 200 });
    let folder = std::env::temp_dir().join(format!("doorward-timing-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let users = users(arguments.formats);
    add(&folder, move |number| users.get(number).map(|(name, hash, active)| user(name, hash, *active)));
    let (kinds, part, measured) = match (arguments.formats, arguments.api_keys) {
        (_, true) => (kinds_of_api_keys(&folder), "timing_api_keys", "refused API keys".to_owned()),
        (true, false) => (kinds_of_formats(), "timing_formats", format!("failed logins at cost {COST}")),
        (false, false) => (kinds(), "timing", format!("failed logins at cost {COST}")),
    };
    let samples = sample(&folder, &kinds, rounds);
    std::fs::remove_dir_all(&folder).unwrap();

    let cropped = crop(&samples);
    println!("{measured}, {rounds} of each kind; the slowest tenth of all is dropped");
    let means: Vec<_> = kinds
        .iter()
        .zip(&cropped)
        .map(|(Kind { description: name, .. }, kind)| {
            println!("{name:38} {:4} samples, mean {:.4} ms", kind.count, kind.mean);
            json!({ "kind": name, "kept": kind.count, "mean_ms": kind.mean })
        })
        .collect();
    let mut pairs = pairs(&kinds, &cropped);
    pairs.sort_by(|one, other| other.t.abs().total_cmp(&one.t.abs()));
    for Pair { of: [one, other], t, .. } in pairs.iter().take(PRINTED_PAIRS) {
        println!("t {t:7.2}  {one} / {other}");
    }
    let largest = pairs.iter().map(|pair| pair.t.abs()).fold(0.0, f64::max);
    let visible_us = pairs.iter().map(|pair| pair.visible_us).fold(0.0, f64::max);
    let verdict = if largest < LIMIT { "no kind is told apart" } else { "A KIND CAN BE TOLD APART" };
    println!("largest |t| {largest:.2} against {LIMIT}: {verdict}");
    println!("a difference of {visible_us:.0} µs between any two would have been detected");
    let numbers = json!({
        "cost": COST, "lower_cost": LOWER_COST, "rounds": rounds, "kinds": means, "pairs": pairs,
        "largest_t": largest, "limit": LIMIT, "visible_us": visible_us,
    });
    Report::new(arguments.json, arguments.long).write(part, numbers);
}

/// The times of all requests of each kind, in milliseconds.
fn sample(folder: &Path, kinds: &[Kind], rounds: usize) -> Vec<Vec<f64>> {
    let server = Server::start(folder, COST);
    let mut connection = server.connection();
    let mut samples = vec![Vec::new(); kinds.len()];
    let mut order: Vec<usize> = (0..kinds.len()).collect();
    for round in 0..WARM_UP + rounds {
        order.shuffle(&mut rand::rng());
        for &kind in &order {
            let begun = Instant::now();
            let status = connection.send(&kinds[kind].request).unwrap();
            let took = ms(begun.elapsed());
            assert_eq!(status, kinds[kind].status, "{}", kinds[kind].description);
            if round >= WARM_UP {
                samples[kind].push(took);
            }
        }
    }
    samples
}

/// The samples below the common threshold.
fn crop(samples: &[Vec<f64>]) -> Vec<Moments> {
    let mut all: Vec<f64> = samples.concat();
    all.sort_by(f64::total_cmp);
    let threshold = all[(all.len() as f64 * KEEP_SHARE) as usize - 1];
    let crop = |kind: &Vec<f64>| {
        let samples: Vec<f64> = kind.iter().copied().filter(|took| *took <= threshold).collect();
        Moments::of(&samples)
    };
    samples.iter().map(crop).collect()
}

/// Two kinds, compared.
#[derive(Serialize)]
struct Pair<'a> {
    of: [&'a str; 2],
    t: f64,
    /// The difference of means, in microseconds, at which |t| would reach the limit.
    visible_us: f64,
}

fn pairs<'a>(kinds: &'a [Kind], cropped: &[Moments]) -> Vec<Pair<'a>> {
    let pair = |one: usize, other: usize| Pair {
        of: [&kinds[one].description, &kinds[other].description],
        t: cropped[one].welch_t(&cropped[other]),
        visible_us: LIMIT * cropped[one].standard_error(&cropped[other]) * 1e3,
    };
    let numbers = 0..kinds.len();
    numbers
        .flat_map(|one| (one + 1..kinds.len()).map(move |other| (one, other)))
        .map(|(a, b)| pair(a, b))
        .collect()
}
