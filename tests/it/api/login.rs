//! `POST /api/login/` beyond the recorded contract.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use doorward::testing::passwords::MAX_LANES;
use serde_json::json;

use crate::http::{Part, Reply, Request, send};
use crate::server::{TestServer, email_of, password_of};

#[test]
fn a_name_or_an_email_logs_in_as_form_json_and_multipart() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    for identifier in ["alice".to_owned(), email_of("alice"), "ALICE@Example.COM".to_owned()] {
        let password = password_of("alice");
        let (name, secret) = (identifier.as_str(), password.as_str());
        for request in [
            Request::post("/api/login/").form(&[("username", name), ("password", secret)]),
            Request::post("/api/login/").json(&json!({"username": name, "password": secret})),
            Request::post("/api/login/").json(&json!({"email": name, "password": secret})),
            Request::post("/api/login/")
                .multipart(&[Part::field("username", name), Part::field("password", secret)]),
        ] {
            let reply = server.anon().send(request);
            assert_eq!(reply.status, 200, "{identifier}: {}", reply.text());
            assert_eq!(reply.json()["user"]["username"], "alice");
            assert!(reply.cookie("access_token").is_some());
        }
    }
}

#[test]
fn the_cookie_is_lax_and_with_an_https_public_url_secure() {
    let server = TestServer::with(&[("public_url", "https://accounts.example.com")]);
    server.add("alice", |_| ());
    let cookie = server.anon().log_in("alice", &password_of("alice")).cookie("access_token").unwrap();
    let mut names: Vec<&str> = cookie.attributes.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["httponly", "path", "samesite", "secure"]);
    assert_eq!(cookie.attributes["samesite"].as_deref(), Some("Lax"));
    assert_eq!(cookie.attributes["path"].as_deref(), Some("/"));
}

/// A hash of alice's password that takes the engine most of a second in a debug build, and is replaced at a login.
const SLOW: &str = "pbkdf2_sha256$1000000$salt0123456789$TT8xO5Ozem9tFpKDj3xuEfIn4fGol0jVoVn5zjIls7Y=";

/// The answer to a login of alice, in the middle of which her hash is replaced.
fn log_in_while_the_hash_becomes(server: &TestServer, hash: &str) -> Reply {
    let id = server.find("alice").unwrap().id;
    log_in_while(server, || server.overwrite_hash(id, hash))
}

/// The answer to a login of alice, in the middle of which something changes.
fn log_in_while(server: &TestServer, change: impl FnOnce()) -> Reply {
    let address = server.address;
    std::thread::scope(|scope| {
        let login = scope.spawn(move || {
            let body = json!({"username": "alice", "password": password_of("alice")});
            send(address, &Request::post("/api/login/").json(&body)).unwrap()
        });
        std::thread::sleep(Duration::from_millis(100));
        change();
        login.join().unwrap()
    })
}

#[test]
fn a_login_whose_password_changes_meanwhile_is_refused() {
    let server = TestServer::with(&[("password.cost", "11")]);
    server.add("alice", |_| ());
    let mut changed = server.hash_of("alice");
    let last = if changed.pop() == Some('y') { 'x' } else { 'y' };
    changed.push(last);
    assert_eq!(log_in_while_the_hash_becomes(&server, &changed).status, 404);
}

#[test]
fn a_login_while_another_one_replaces_the_outdated_hash_succeeds() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let new = server.hash_of("alice");
    server.overwrite_hash(id, SLOW);
    assert_eq!(log_in_while_the_hash_becomes(&server, &new).status, 200);
}

#[test]
fn a_login_of_an_account_that_changes_meanwhile_is_refused() {
    for change in ["is_active = FALSE", "updated_at = updated_at + 1"] {
        let server = TestServer::start();
        let id = server.add("alice", |_| ());
        let new = server.hash_of("alice");
        server.overwrite_hash(id, SLOW);
        let reply = log_in_while(&server, || {
            server.overwrite_hash(id, &new);
            server.database().execute(&format!("UPDATE users SET {change}"));
        });
        assert_eq!(reply.status, 404, "{change}");
        assert_eq!(server.audit(id)[0], "login-failed", "{change}");
    }
}

#[test]
fn where_hashes_are_slow_a_failed_login_takes_their_time_for_each_form_of_the_password() {
    let server = TestServer::start();
    server.overwrite_hash(server.add("alice", |_| ()), SLOW);
    let time = |name: &str, password: &str| {
        let begun = std::time::Instant::now();
        assert_eq!(server.anon().log_in(name, password).status, 404);
        begun.elapsed()
    };
    time("nobody", "the first one measures");
    let one = time("nobody-1", "composed-\u{e9}").min(time("nobody-2", "composed-\u{e9}"));
    let two = time("nobody-3", "decomposed-e\u{301}");
    assert!(two > one + one / 2, "{one:?} {two:?}");
}

#[test]
fn unknown_and_inactive_users_and_wrong_passwords_have_the_same_answer() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.add("carol", |account| account.is_active = false);
    let unknown = server.anon().log_in("nobody", "x");
    let wrong = server.anon().log_in("alice", "x");
    let inactive = server.anon().log_in("carol", &password_of("carol"));
    for reply in [&unknown, &wrong, &inactive] {
        assert_eq!(reply.status, 404);
        assert_eq!(reply.json(), json!({"Invalid": "Invalid username or password"}));
        assert!(reply.cookies().is_empty());
        let mut names: Vec<String> = reply.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        let mut first: Vec<String> = unknown.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
        first.sort();
        assert_eq!(names, first);
    }
}

#[test]
fn every_login_is_recorded_in_the_audit_log_and_as_last_login() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    assert!(server.find("alice").unwrap().last_login_at.is_none());
    server.anon().log_in("alice", "wrong");
    server.log_in("alice");
    assert_eq!(server.audit(id), ["logged-in", "login-failed", "created"]);
    assert!(server.find("alice").unwrap().last_login_at.is_some());
}

#[test]
fn a_name_that_no_user_has_is_not_stored() {
    let server = TestServer::start();
    server.anon().log_in("my-password-in-the-wrong-field", "x");
    assert!(!server.database().holds("my-password-in-the-wrong-field"));
    assert!(server.database().holds("login-failed"), "the search works");
}

#[test]
fn a_hash_of_a_lower_cost_is_replaced_at_the_next_login() {
    let server = TestServer::with(&[("password.cost", "5")]);
    let id = server.add("alice", |_| ());
    // Made by Django at cost 4, of the password "the-secret-of-alice-7".
    let cheap = bcrypt_sha256("the-secret-of-alice-7", 4);
    server.overwrite_hash(id, &cheap);
    server.log_in("alice");
    let begun = std::time::Instant::now();
    while server.hash_of("alice") == cheap {
        assert!(begun.elapsed().as_secs() < 20, "the hash was not replaced");
        std::thread::sleep(Duration::from_millis(5));
    }
    let renewed = server.hash_of("alice");
    assert!(renewed.starts_with("bcrypt_sha256$$2b$05$"), "{renewed}");
    server.log_in("alice");
    assert_eq!(server.hash_of("alice"), renewed);
}

#[test]
fn if_a_name_equals_another_users_email_the_password_decides_and_then_the_name() {
    let server = TestServer::start();
    server.add("victor", |_| ());
    server.add_as("victor@example.com", "impostor@example.com", |_| ());
    let id_of = |password: &str| {
        server.anon().log_in("victor@example.com", password).json()["user"]["username"].clone()
    };
    assert_eq!(id_of(&password_of("victor")), "victor");
    assert_eq!(id_of(&password_of("victor@example.com")), "victor@example.com");
    let same = password_of("victor");
    server.add_as("tie", "tie@example.com", |_| ());
    server.add_as("tie@example.com", "other@example.com", |account| {
        account.password = doorward::testing::types::Password::new(password_of("tie"));
    });
    assert_eq!(
        server.anon().log_in("tie@example.com", &password_of("tie")).json()["user"]["username"],
        "tie@example.com"
    );
    assert_eq!(server.anon().log_in("victor", &same).status, 200);
}

#[test]
fn a_full_queue_is_answered_with_503_and_retry_after() {
    // One thread, a queue of one place, and hashes slow enough to fill both.
    let server =
        TestServer::with(&[("password.cost", "10"), ("password.threads", "1"), ("password.queue", "1")]);
    let address = server.address;
    let threads: Vec<_> = (0..40)
        .map(|_| {
            std::thread::spawn(move || {
                let body = json!({"username": "nobody", "password": "x"});
                send(address, &Request::post("/api/login/").json(&body)).unwrap()
            })
        })
        .collect();
    let replies: Vec<Reply> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    let busy: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 503).collect();
    assert!(!busy.is_empty(), "no login was refused");
    assert!(busy.len() < replies.len(), "no login was served");
    for reply in busy {
        assert_eq!(reply.json()["detail"], "Service temporarily unavailable, try again later.");
        assert!(reply.header("Retry-After").unwrap().parse::<u64>().unwrap() >= 1);
    }
}

#[test]
fn a_closed_connection_frees_its_place_in_the_queue_and_its_lane() {
    // Hashes that take minutes.
    let settings = [
        ("password.cost", "16"),
        ("password.threads", "1"),
        ("password.queue", "64"),
        ("password.max_wait", "1h"),
    ];
    let server = TestServer::with(&settings);
    let login = Request::post("/api/login/").json(&json!({"username": "nobody", "password": "x"}));
    let clients: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut client = TcpStream::connect(server.address).unwrap();
            client.write_all(&login.to_bytes(server.address)).unwrap();
            client
        })
        .collect();
    let passwords = &server.app.passwords;
    eventually(|| passwords.waiting() + MAX_LANES == clients.len());
    drop(clients);
    eventually(|| passwords.waiting() == 0);
    eventually(|| {
        let turns = passwords.turns();
        std::thread::sleep(Duration::from_millis(100));
        turns == passwords.turns()
    });
}

fn eventually(condition: impl Fn() -> bool) {
    let became_true = (0..500).find(|_| {
        std::thread::sleep(Duration::from_millis(20));
        condition()
    });
    assert!(became_true.is_some(), "the condition did not become true");
}

#[test]
fn a_revocation_includes_tokens_of_the_same_second_but_not_the_next_login() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let before = server.log_in("alice");
    let user = server.find("alice").unwrap();
    let password = doorward::testing::types::Password::new("another-secret-9".to_owned());
    server
        .wait(doorward::testing::accounts::set_password(
            &server.app,
            user.id,
            password,
            doorward::testing::accounts::Rules::Enforced,
            &doorward::testing::accounts::Actor::command_line(),
        ))
        .unwrap();
    assert_eq!(before.get("/api/user/").status, 401);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
    let reply = server.anon().log_in("alice", "another-secret-9");
    let token = reply.cookie("access_token").unwrap().value;
    let after = server.anon().send(Request::get("/api/user/").bearer(&token));
    assert_eq!(after.status, 200, "{}", after.text());
    assert!(server.audit(id).contains(&"password-set".to_owned()));
}

#[test]
fn an_access_token_expires_after_a_day() {
    let server = TestServer::start();
    let alice = server.user("alice");
    server.advance(Duration::from_secs(86_390));
    assert_eq!(alice.get("/api/user/").status, 200);
    server.advance(Duration::from_secs(20));
    assert_eq!(alice.get("/api/user/").status, 401);
}

/// The encoding of Django's `BCryptSHA256PasswordHasher`, made with the reference crate.
fn bcrypt_sha256(password: &str, cost: u32) -> String {
    use sha2::Digest as _;
    let digest: String = sha2::Sha256::digest(password).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("bcrypt_sha256${}", bcrypt::hash(digest, cost).unwrap())
}
