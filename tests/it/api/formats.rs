//! Logging in with a password that another server hashed: every format, and what happens to the hash afterwards.

use std::time::{Duration, Instant};

use doorward::testing::accounts::{Actor, wrap_weak_hashes};
use serde_json::Value;

use crate::server::TestServer;

/// A password and its hashes, made by Django 4.2 with few rounds where it takes them.
const PASSWORD: &str = "correct horse battery";

/// The first vector of Django with this password for each algorithm, cheap ones last.
fn hashes() -> Vec<(String, String)> {
    let text = include_str!("../../vectors/django_versions.json");
    let vectors: Vec<Value> = serde_json::from_str(text).unwrap();
    let field = |vector: &Value, name: &str| vector[name].as_str().unwrap().to_owned();
    let mut hashes: Vec<(String, String)> = Vec::new();
    for vector in vectors.iter().filter(|vector| vector["password"] == PASSWORD) {
        let encoded = field(vector, "encoded");
        let kind = encoded.split(['$', ',']).take(2).collect::<Vec<_>>().join(" ");
        let algorithm = field(vector, "alg");
        let name = if algorithm == "argon2" { kind } else { algorithm };
        if hashes.iter().all(|(known, _)| *known != name) {
            hashes.push((name, encoded));
        }
    }
    hashes
}

fn until(condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the condition never came true");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_user_of_every_format_logs_in_and_gets_a_hash_of_the_current_format() {
    let server = TestServer::start();
    let hashes = hashes();
    assert_eq!(hashes.len(), 12, "{hashes:?}");
    for (number, (format, hash)) in hashes.iter().enumerate() {
        let name = format!("user{number}");
        let id = server.add(&name, |_| ());
        server.overwrite_hash(id, hash);
        assert_eq!(server.anon().log_in(&name, "wrong horse battery").status, 404, "{format}");
        assert_eq!(server.hash_of(&name), *hash, "a wrong password replaces nothing");
        assert_eq!(server.anon().log_in(&name, PASSWORD).status, 200, "{format}");
        if format != "bcrypt_sha256" {
            until(|| server.hash_of(&name) != *hash);
            assert!(server.audit(id).contains(&"password-rehashed".to_owned()), "{format}");
        }
        assert!(server.hash_of(&name).starts_with("bcrypt_sha256$$2b$04$"), "{format}");
        assert_eq!(server.anon().log_in(&name, PASSWORD).status, 200, "{format}, the new hash");
        assert_eq!(server.anon().log_in(&name, "wrong horse battery").status, 404, "{format}");
    }
}

/// The hash that is stored meanwhile is not of the password, as if it had been changed.
#[test]
fn a_hash_that_was_changed_before_its_replacement_came_stays() {
    // One lane that a costly hash occupies: the replacement has to wait.
    let server = TestServer::with(&[("password.cost", "9"), ("password.threads", "1")]);
    let id = server.add("alice", |_| ());
    let (_, md5) = hashes().into_iter().find(|(format, _)| format == "pbkdf2_sha1").unwrap();
    server.overwrite_hash(id, &md5);
    assert_eq!(server.anon().log_in("alice", PASSWORD).status, 200);
    server.overwrite_hash(id, "!changed");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(server.hash_of("alice"), "!changed");
    assert!(!server.audit(id).contains(&"password-rehashed".to_owned()));
}

#[test]
fn two_logins_at_the_same_time_both_succeed_while_the_hash_is_replaced() {
    let server = TestServer::start();
    let (_, hash) = hashes().into_iter().find(|(format, _)| format == "pbkdf2_sha256").unwrap();
    for round in 0..5 {
        let name = format!("user{round}");
        let id = server.add(&name, |_| ());
        server.overwrite_hash(id, &hash);
        std::thread::scope(|scope| {
            let logins: Vec<_> =
                (0..4).map(|_| scope.spawn(|| server.anon().log_in(&name, PASSWORD).status)).collect();
            for login in logins {
                assert_eq!(login.join().unwrap(), 200);
            }
        });
    }
}

#[test]
fn a_hash_that_asks_for_too_much_accepts_no_password_and_costs_nothing_more() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let digest = "A".repeat(86);
    for hash in [
        format!("scrypt$67108864$salt$8$1${digest}=="),
        "argon2$argon2id$v=19$m=4194304,t=2,p=8$c2FsdHNhbHQ$AAAAAA".to_owned(),
        "argon2$argon2id$v=19$m=1048576,t=2,p=8$c2FsdHNhbHQ$AAAAAA".to_owned(),
        format!("pbkdf2_sha256$4000000000$salt${}=", "A".repeat(43)),
        "pbkdf2_sha256$1000$sält$ünïcode".to_owned(),
        "$2b$31$abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW".to_owned(),
    ] {
        server.overwrite_hash(id, &hash);
        let begun = Instant::now();
        assert_eq!(server.anon().log_in("alice", PASSWORD).status, 404, "{hash}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{hash}");
    }
}

#[test]
fn the_admin_says_which_format_a_hash_has_and_why_it_cannot_be_checked() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    let b64 = |bytes: usize| "A".repeat(bytes);
    for (hash, text) in [
        (format!("pbkdf2_sha256$600000$salt${}=", b64(43)), "pbkdf2_sha256, 600,000 iterations"),
        (format!("scrypt$16384$salt$8$1${}==", b64(86)), "scrypt, N=16384, r=8, p=1"),
        (format!("md5$salt${}", "0".repeat(32)), "After the next login, bcrypt_sha256 replaces it."),
        (
            format!("scrypt$67108864$salt$8$1${}==", b64(86)),
            "the scrypt hash asks for too much work (N is above 131072)",
        ),
        (
            "argon2$argon2id$v=19$m=1048576,t=2,p=8$c2FsdHNhbHQ$AAAAAA".to_owned(),
            "takes 1024 MiB of memory, and password.foreign_memory is 256 MiB",
        ),
        ("pbkdf2_sha256$1000$salt$x".to_owned(), "the pbkdf2_sha256 hash is malformed"),
    ] {
        server.overwrite_hash(id, &hash);
        for page in [browser.user_page(id), browser.page("/admin/login-help?who=alice")] {
            let is_help_alone = text.starts_with("After");
            assert!(page.contains(text) || is_help_alone, "{text}: {page}");
            assert!(!page.contains("c2FsdHNhbHQ") && !page.contains(&b64(30)), "no hash");
        }
        assert!(browser.page("/admin/login-help?who=alice").contains(text), "{text}");
    }
}

#[test]
fn weak_digests_are_wrapped_at_once_and_their_users_log_in() {
    let server = TestServer::start();
    let weak: Vec<_> = hashes().into_iter().filter(|(_, hash)| !hash.contains("$2b$")).collect();
    let mut expected = 0;
    for (number, (format, hash)) in weak.iter().enumerate() {
        let id = server.add(&format!("user{number}"), |_| ());
        server.overwrite_hash(id, hash);
        expected +=
            u64::from(format.contains("md5") || format.contains("sha1") && !format.contains("pbkdf2"));
    }
    assert_eq!(expected, 4);
    let mut steps = Vec::new();
    let by = Actor::command_line();
    let wrapping = wrap_weak_hashes(&server.app, &by, |count| steps.push(count));
    assert_eq!(server.wait(wrapping).unwrap(), expected);
    assert_eq!(steps.last(), Some(&expected));
    for (number, (format, hash)) in weak.iter().enumerate() {
        let name = format!("user{number}");
        let stored = server.hash_of(&name);
        assert_eq!(
            stored.starts_with("doorward_wrap$"),
            !hash.contains('$') || hash.starts_with("md5$") || hash.starts_with("sha1$"),
            "{format}"
        );
        assert_eq!(server.anon().log_in(&name, "wrong horse battery").status, 404, "{format}");
        assert_eq!(server.anon().log_in(&name, PASSWORD).status, 200, "{format}");
        until(|| server.hash_of(&name).starts_with("bcrypt_sha256$"));
        assert_eq!(server.anon().log_in(&name, PASSWORD).status, 200, "{format}");
    }
    let again = wrap_weak_hashes(&server.app, &by, |_| ());
    assert_eq!(server.wait(again).unwrap(), 0);
}

#[test]
fn a_failed_login_takes_the_time_of_the_slowest_format_for_every_account() {
    let server = TestServer::start();
    let slow = server.add("slow", |_| ());
    server.add("plain", |_| ());
    server.add("idle", |account| account.is_active = false);
    let digest = format!("{}=", "A".repeat(43));
    server.overwrite_hash(slow, &format!("pbkdf2_sha256$300000$salt${digest}"));
    let odd = server.add("odd", |_| ());
    server.overwrite_hash(odd, "pbkdf2_sha256$300000$salt$x");
    let time = |name: &str| {
        let begun = Instant::now();
        assert_eq!(server.anon().log_in(name, "wrong-guess-1").status, 404);
        begun.elapsed()
    };
    time("nobody"); // Measures the format.
    let slowest = time("slow");
    for name in ["nobody", "plain", "idle", "odd"] {
        let took = time(name);
        assert!(took * 2 > slowest, "{name}: {took:?} against {slowest:?}");
    }
}

#[test]
fn the_formats_of_a_database_are_read_from_an_index() {
    let server = TestServer::start();
    let b64 = |bytes: usize| "A".repeat(bytes);
    for (number, hash) in [
        format!("pbkdf2_sha256$600000$one${}=", b64(43)),
        format!("pbkdf2_sha256$600000$two${}=", b64(43)),
        format!("pbkdf2_sha1$7$salt${}=", b64(27)),
        "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHQ$AAAAAA".to_owned(),
        format!("scrypt$16384$salt$8$1${}==", b64(86)),
        format!("scrypt$16384$salt$8$10${}==", b64(86)),
        format!("doorward_wrap$md5$salt$$2b$12${}", b64(53)),
        "argon2$".to_owned(),
        "scrypt$".to_owned(),
        "pbkdf2_".to_owned(),
        "md5$$x".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        let id = server.add(&format!("user{number}"), |_| ());
        server.overwrite_hash(id, &hash);
    }
    let read = server.app.store.read(doorward::testing::store::users::hash_shapes);
    let shapes = server.wait(read).unwrap();
    for expected in [
        "argon2$argon2id$v=19$m=102400,t=2,p=8$",
        "doorward_wrap$12",
        "pbkdf2_sha1$7$",
        "pbkdf2_sha256$600000$",
        "scrypt$16384$$8$1$",
        "scrypt$16384$8$10$",
    ] {
        assert_eq!(shapes.iter().filter(|shape| *shape == expected).count(), 1, "{expected}: {shapes:?}");
    }
}
