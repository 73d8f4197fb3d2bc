//! The rate limits of failed logins.

use std::time::Duration;

use serde_json::json;

use crate::http::Request;
use crate::server::{TestServer, password_of};

fn fail(server: &TestServer, name: &str, times: usize) -> Vec<u16> {
    (0..times).map(|_| server.anon().log_in(name, "wrong").status).collect()
}

#[test]
fn five_failures_do_not_block_a_login() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    assert_eq!(fail(&server, "alice", 5), [404; 5]);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
}

#[test]
fn the_eleventh_failure_is_throttled_with_the_message_of_drf_until_time_has_passed() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    assert_eq!(fail(&server, "alice", 10), [404; 10]);
    let reply = server.anon().log_in("alice", &password_of("alice"));
    assert_eq!(reply.status, 429, "the right password has the answer of a wrong one");
    let wait: u64 = reply.header("Retry-After").unwrap().parse().unwrap();
    assert_eq!(
        reply.json(),
        json!({"detail": format!("Request was throttled. Expected available in {wait} seconds.")})
    );
    assert!((25..=30).contains(&wait), "{wait}");
    server.advance(Duration::from_secs(wait));
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
}

#[test]
fn an_identifier_is_throttled_in_any_letter_case_also_if_no_user_has_it() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    fail(&server, "Alice", 5);
    fail(&server, "aLICE", 5);
    assert_eq!(fail(&server, "alice", 1), [429]);
    fail(&server, "nobody", 10);
    assert_eq!(fail(&server, "nobody", 1), [429]);
    assert_eq!(fail(&server, "bob", 1), [404], "other accounts are not throttled");
}

#[test]
fn failures_for_many_accounts_from_one_address_are_throttled() {
    let server = TestServer::with(&[("limits.failed_logins_per_address", "5")]);
    server.add("alice", |_| ());
    let tries: Vec<u16> = (0..6).flat_map(|n| fail(&server, &format!("user{n}"), 1)).collect();
    assert_eq!(tries, [404, 404, 404, 404, 404, 429]);
}

#[test]
fn behind_a_trusted_proxy_each_client_has_its_own_limit() {
    let settings = [("limits.failed_logins_per_address", "2"), ("trusted_proxies", "127.0.0.1")];
    let server = TestServer::with(&settings);
    let try_from = |address: &str, name: &str| {
        let body = json!({"username": name, "password": "x"});
        let request = Request::post("/api/login/").json(&body).header("X-Forwarded-For", address);
        server.anon().send(request).status
    };
    assert_eq!([try_from("198.51.100.1", "a"), try_from("198.51.100.1", "b")], [404, 404]);
    assert_eq!(try_from("198.51.100.1", "c"), 429);
    assert_eq!(try_from("198.51.100.2", "c"), 404);
}

#[test]
fn a_client_cannot_change_its_address_by_a_header() {
    let server = TestServer::with(&[("limits.failed_logins_per_address", "2")]);
    let statuses: Vec<u16> = (0..3)
        .map(|n| {
            let body = json!({"username": format!("user{n}"), "password": "x"});
            let request =
                Request::post("/api/login/").json(&body).header("X-Forwarded-For", format!("198.51.100.{n}"));
            server.anon().send(request).status
        })
        .collect();
    assert_eq!(statuses, [404, 404, 429]);
}

#[test]
fn concurrent_guesses_count_like_consecutive_ones() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "3"), ("password.cost", "8")]);
    server.add("alice", |_| ());
    let address = server.address;
    let threads: Vec<_> = (0..24)
        .map(|n| {
            std::thread::spawn(move || {
                let body = json!({"username": "alice", "password": format!("guess-{n}")});
                crate::http::send(address, &Request::post("/api/login/").json(&body)).unwrap().status
            })
        })
        .collect();
    let answers: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(answers.iter().filter(|status| **status == 404).count(), 3, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 21, "{answers:?}");
}

#[test]
fn disabled_limits_throttle_no_request() {
    let settings = [("limits.enabled", "false"), ("limits.failed_logins_per_account", "1")];
    let server = TestServer::with(&settings);
    assert_eq!(fail(&server, "alice", 5), [404; 5]);
}
