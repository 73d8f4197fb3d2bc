//! `PUT /api/user/change-password` beyond the recorded contract.

use serde_json::json;

use super::mails;
use crate::http::{Part, Reply, Request};
use crate::server::{Client, TestServer, password_of};

const NEW: &str = "another-Secret-9";

fn change(client: &Client, old: &str, new: &str) -> Reply {
    let body = json!({"oldPassword": old, "newPassword": new});
    client.send(Request::put("/api/user/change-password").json(&body))
}

#[test]
fn changing_the_password_ends_all_sessions_but_the_current_one() {
    let server = TestServer::start();
    let (here, there) = (server.user("alice"), server.user("alice"));
    let id = server.find("alice").unwrap().id;
    let reply = change(&here, &password_of("alice"), NEW);
    assert_eq!((reply.status, reply.json()), (200, json!({"message": "Password updated successfully"})));
    assert_eq!(here.get("/api/user/").status, 200);
    assert_eq!(there.get("/api/user/").status, 401);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
    assert_eq!(server.anon().log_in("alice", NEW).status, 200);
    assert_eq!(mails(&server), ["alice@example.com password_changed"]);
    assert!(server.audit(id).contains(&"password-changed".to_owned()));
}

#[test]
fn forms_multipart_and_a_slash_at_the_end_are_accepted() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let old = password_of("alice");
    let form = [("oldPassword", old.as_str()), ("newPassword", NEW)];
    assert_eq!(alice.send(Request::put("/api/user/change-password/").form(&form)).status, 200);
    let parts = [Part::field("oldPassword", NEW), Part::field("newPassword", "yet-Another-one-5")];
    assert_eq!(alice.send(Request::put("/api/user/change-password").multipart(&parts)).status, 200);
    assert_eq!(server.anon().log_in("alice", "yet-Another-one-5").status, 200);
}

#[test]
fn the_old_password_is_checked_before_the_password_rules() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let reply = change(&alice, "wrong", "1");
    assert_eq!((reply.status, reply.json()), (400, json!({"old password error": ["Old password is wrong"]})));
    let reply = change(&alice, &password_of("alice"), "Alice@example.com");
    let expected = json!({"new password error": ["The password is too similar to the email."]});
    assert_eq!((reply.status, reply.json()), (400, expected));
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
    assert!(mails(&server).is_empty());
}

#[test]
fn wrong_old_passwords_are_throttled_without_blocking_the_login() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let id = server.find("alice").unwrap().id;
    let statuses: Vec<u16> = (0..10).map(|n| change(&alice, &format!("guess-{n}"), NEW).status).collect();
    assert_eq!(statuses, [400; 10]);
    let reply = change(&alice, &password_of("alice"), NEW);
    assert_eq!(reply.status, 429, "the right password has the answer of a wrong one");
    let wait: u64 = reply.header("Retry-After").unwrap().parse().unwrap();
    assert_eq!(server.log_in("alice").get("/api/user/").status, 200);
    assert_eq!(server.audit(id).iter().filter(|action| *action == "old-password-wrong").count(), 10);
    server.advance(std::time::Duration::from_secs(wait));
    assert_eq!(change(&alice, &password_of("alice"), NEW).status, 200);
}

#[test]
fn concurrent_guesses_count_like_consecutive_ones() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "3"), ("password.cost", "6")]);
    let alice = server.user("alice");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let guessing: Vec<_> = (0..16)
            .map(|n| {
                let alice = &alice;
                scope.spawn(move || change(alice, &format!("guess-{n}"), NEW).status)
            })
            .collect();
        guessing.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 3, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 13, "{statuses:?}");
}

#[test]
fn of_two_concurrent_changes_one_is_refused() {
    let server = TestServer::with(&[("password.cost", "6")]);
    let clients = [server.user("alice"), server.user("alice")];
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let both: Vec<_> = clients
            .iter()
            .map(|client| scope.spawn(|| change(client, &password_of("alice"), NEW).status))
            .collect();
        both.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
}

#[test]
fn a_password_of_megabytes_is_refused_fast() {
    let server = TestServer::with(&[("limits.max_body", "4 MiB")]);
    let alice = server.user("alice");
    let long = "pQ7-é".repeat(400_000);
    let begun = std::time::Instant::now();
    assert_eq!(change(&alice, &password_of("alice"), &long).status, 200);
    assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(server.anon().log_in("alice", &long).status, 200);
}
