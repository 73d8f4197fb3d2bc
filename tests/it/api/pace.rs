//! What one account may do often: refresh, log in, change its name. Ordinary clients never notice.

use std::time::Duration;

use doorward::testing::accounts::{Actor, deactivate, sweep_unconfirmed};
use serde_json::json;

use crate::http::Request;
use crate::server::TestServer;
use crate::tokens::{obtain, refresh, status, text};

const PASSWORD: &str = "quite-Long-pass-3";
const MINUTE: Duration = Duration::from_secs(60);

fn count(server: &TestServer, action: &str) -> usize {
    let query = format!("SELECT action AS line FROM audit WHERE action = '{action}'");
    server.database().lines(&query).len()
}

#[test]
fn a_session_refreshes_as_often_as_the_limit_says() {
    let settings = [("limits.refreshes_per_session", "3"), ("limits.refreshes_window", "1h")];
    let server = TestServer::with(&settings);
    server.add("alice", |_| ());
    let (pair, other) = (obtain(&server, "alice"), obtain(&server, "alice"));
    let statuses: Vec<u16> = (0..4).map(|_| refresh(&server, &pair.refresh).status).collect();
    assert_eq!(statuses, [200, 200, 200, 429]);
    let refused = refresh(&server, &pair.refresh);
    let wait: u64 = refused.header("Retry-After").unwrap().parse().unwrap();
    assert!((1..=1200).contains(&wait), "{wait}");
    assert!(refused.json()["detail"].as_str().unwrap().starts_with("Request was throttled."));
    assert_eq!(refresh(&server, &other.refresh).status, 200, "another session");
    assert_eq!(status(&server, &pair.access), 200, "the session goes on");
    server.advance(Duration::from_secs(wait));
    assert_eq!(refresh(&server, &pair.refresh).status, 200);
}

#[test]
fn a_throttled_refresh_is_no_bad_token() {
    let settings = [("limits.refreshes_per_session", "1"), ("limits.bad_tokens_per_address", "2")];
    let server = TestServer::with(&settings);
    server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    let statuses: Vec<u16> = (0..4).map(|_| refresh(&server, &pair.refresh).status).collect();
    assert_eq!(statuses, [200, 429, 429, 429]);
    let statuses: Vec<u16> = (0..3).map(|_| refresh(&server, "bad").status).collect();
    assert_eq!(statuses, [401, 401, 429]);
}

#[test]
fn an_account_refreshes_as_often_as_the_limit_says_over_all_its_sessions() {
    let settings = [("limits.refreshes_per_account", "3"), ("limits.refreshes_window", "1h")];
    let server = TestServer::with(&settings);
    for name in ["alice", "bob"] {
        server.add(name, |_| ());
    }
    let statuses: Vec<u16> =
        (0..4).map(|_| refresh(&server, &obtain(&server, "alice").refresh).status).collect();
    assert_eq!(statuses, [200, 200, 200, 429]);
    assert_eq!(refresh(&server, &obtain(&server, "bob").refresh).status, 200);
    server.advance(20 * MINUTE);
    assert_eq!(refresh(&server, &obtain(&server, "alice").refresh).status, 200);
}

#[test]
fn the_first_refreshes_of_many_sessions_are_recorded_once_a_minute() {
    let server = TestServer::with(&[("limits.recorded_logins_per_account", "5")]);
    server.add("alice", |_| ());
    for _ in 0..15 {
        assert_eq!(refresh(&server, &obtain(&server, "alice").refresh).status, 200);
    }
    assert!((5..=7).contains(&count(&server, "refreshed")), "{}", count(&server, "refreshed"));
    server.advance(2 * MINUTE);
    let before = count(&server, "refreshed");
    assert_eq!(refresh(&server, &obtain(&server, "alice").refresh).status, 200);
    assert_eq!(count(&server, "refreshed"), before + 1);
}

#[test]
fn many_tabs_that_refresh_at_once_do_not_notice_the_limit() {
    let server = TestServer::with(&[("tokens.rotate_refresh", "true")]);
    server.add("alice", |_| ());
    let first = obtain(&server, "alice").refresh;
    assert!((0..50).all(|_| refresh(&server, &first).status == 200));
}

#[test]
fn a_refused_refresh_replaces_nothing() {
    let server = TestServer::with(&[
        ("tokens.rotate_refresh", "true"),
        ("limits.refreshes_per_session", "2"),
        ("limits.refreshes_window", "1h"),
    ]);
    server.add("alice", |_| ());
    let first = obtain(&server, "alice").refresh;
    let second = text(&refresh(&server, &first), "refresh");
    let third = text(&refresh(&server, &second), "refresh");
    assert_eq!(refresh(&server, &third).status, 429);
    server.advance(30 * MINUTE);
    assert_eq!(refresh(&server, &third).status, 200);
}

#[test]
fn refreshes_of_a_session_are_recorded_once_an_hour_with_their_number() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let (pair, other) = (obtain(&server, "alice"), obtain(&server, "alice"));
    for _ in 0..5 {
        assert_eq!(refresh(&server, &pair.refresh).status, 200);
    }
    assert_eq!(count(&server, "refreshed"), 1);
    assert_eq!(refresh(&server, &other.refresh).status, 200);
    assert_eq!(count(&server, "refreshed"), 2, "each session for itself");
    server.advance(60 * MINUTE);
    refresh(&server, &pair.refresh);
    refresh(&server, &other.refresh);
    let query = "SELECT coalesce(detail, '') AS line FROM audit WHERE action = 'refreshed' ORDER BY id";
    assert_eq!(server.database().lines(query), ["", "", "and 4 times since the entry before", ""]);
}

#[test]
fn without_limits_refreshes_are_not_stopped() {
    let server = TestServer::with(&[("limits.enabled", "false"), ("limits.refreshes_per_session", "1")]);
    server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    assert!((0..4).all(|_| refresh(&server, &pair.refresh).status == 200));
}

#[test]
fn a_username_is_changed_ten_times_an_hour() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let rename = |name: &str| alice.send(Request::put("/api/user/").json(&json!({"username": name})));
    for number in 0..10 {
        assert_eq!(rename(&format!("alice{number}")).status, 200);
    }
    for _ in 0..3 {
        assert_eq!(rename("alice9").status, 200, "the same name is no change");
    }
    let refused = rename("alice-again");
    assert_eq!(refused.status, 429, "{}", refused.text());
    assert_eq!(server.find("alice9").map(|user| user.username.to_string()), Some("alice9".to_owned()));
    let email = json!({"email": "other@example.com"});
    assert_eq!(alice.send(Request::put("/api/user/").json(&email)).status, 200, "counted apart");
    server.advance(6 * MINUTE);
    assert_eq!(rename("alice-again").status, 200);
    assert_eq!(count(&server, "renamed"), 11);
}

#[test]
fn names_of_others_cannot_be_tried_without_a_limit() {
    let server = TestServer::start();
    server.add("bob", |_| ());
    let alice = server.user("alice");
    let rename = |name: &str| alice.send(Request::put("/api/user/").json(&json!({"username": name}))).status;
    assert_eq!((0..10).map(|_| rename("bob")).collect::<Vec<_>>(), [400; 10]);
    assert_eq!(rename("bob"), 429);
}

#[test]
fn beyond_the_most_sessions_the_one_that_was_not_used_for_longest_ends() {
    let server = TestServer::with(&[("limits.sessions_per_account", "3")]);
    server.add("alice", |_| ());
    server.add("bob", |_| ());
    let others = obtain(&server, "bob");
    let mut pairs = Vec::new();
    for _ in 0..3 {
        server.advance(MINUTE);
        pairs.push(obtain(&server, "alice"));
    }
    server.advance(MINUTE);
    assert_eq!(refresh(&server, &pairs[0].refresh).status, 200, "the oldest is used");
    server.advance(MINUTE);
    pairs.push(obtain(&server, "alice"));
    let states: Vec<u16> = pairs.iter().map(|pair| status(&server, &pair.access)).collect();
    assert_eq!(states, [200, 401, 200, 200]);
    assert_eq!(refresh(&server, &pairs[1].refresh).status, 401);
    assert_eq!(status(&server, &pairs[1].access), 401, "and the refresh has not brought it back");
    assert_eq!(status(&server, &others.access), 200);
    let query = "SELECT CAST(count(*) AS TEXT) AS line FROM sessions";
    assert_eq!(server.database().lines(query), ["4"], "nothing is left of it");
}

#[test]
fn sessions_that_have_ended_go_first() {
    let server = TestServer::with(&[("limits.sessions_per_account", "2")]);
    server.add("alice", |_| ());
    let first = obtain(&server, "alice");
    server.advance(MINUTE);
    let ended = server.log_in("alice");
    assert_eq!(ended.post("/api/logout/", &json!({})).status, 200);
    server.advance(MINUTE);
    let third = obtain(&server, "alice");
    assert_eq!([status(&server, &first.access), status(&server, &third.access)], [200, 200]);
    assert_eq!(ended.get("/api/user/").status, 401);
}

#[test]
fn of_many_logins_of_one_account_the_audit_log_records_one_a_minute() {
    let server = TestServer::with(&[("limits.recorded_logins_per_account", "3")]);
    server.add("alice", |_| ());
    for _ in 0..6 {
        server.log_in("alice");
    }
    server.user("bob");
    assert_eq!(count(&server, "logged-in"), 3 + 1);
    server.advance(MINUTE);
    server.log_in("alice");
    server.log_in("alice");
    let query = "SELECT detail AS line FROM audit WHERE action = 'logged-in' AND detail IS NOT NULL";
    assert_eq!(server.database().lines(query), ["one of many: one a minute is recorded"]);
    server.advance(61 * MINUTE);
    server.log_in("alice");
    server.log_in("alice");
    assert_eq!(count(&server, "logged-in"), 5 + 2, "an hour later each is recorded again");
}

#[test]
fn of_many_logouts_of_one_account_the_audit_log_records_one_a_minute() {
    let server = TestServer::with(&[("limits.recorded_logins_per_account", "3")]);
    server.add("alice", |_| ());
    for _ in 0..6 {
        assert_eq!(server.log_in("alice").post("/api/logout/", &json!({})).status, 200);
    }
    assert_eq!(count(&server, "logged-out"), 3);
    server.advance(MINUTE);
    server.log_in("alice").post("/api/logout/", &json!({}));
    assert_eq!(count(&server, "logged-out"), 4);
}

#[test]
fn a_password_is_changed_ten_times_an_hour() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let passwords: Vec<String> = (0..12).map(|number| format!("quite-Long-pass-{number}")).collect();
    let change = |old: &str, new: &str| {
        let body = json!({"oldPassword": old, "newPassword": new});
        alice.send(Request::put("/api/user/change-password").json(&body)).status
    };
    let mut old = crate::server::password_of("alice");
    for new in &passwords[..10] {
        assert_eq!(change(&old, new), 200);
        old = new.clone();
    }
    assert_eq!(change(&old, &passwords[10]), 429);
    assert_eq!(server.anon().log_in("alice", &old).status, 200, "the password is the last one");
    server.advance(6 * MINUTE);
    assert_eq!(change(&old, &passwords[11]), 200);
}

fn register(server: &TestServer, name: &str) {
    let email = format!("{name}@example.com");
    let body = json!({"username": name, "email": email, "password": PASSWORD});
    assert_eq!(server.anon().post("/api/register/", &body).status, 201);
}

#[test]
fn accounts_that_registered_and_were_never_used_are_deleted_after_the_retention() {
    let server = TestServer::with(&[("registration.unconfirmed_retention", "30d")]);
    for name in ["unused", "confirmed", "inactive", "used"] {
        register(&server, name);
    }
    server.add("created", |_| ());
    server.add("root", |account| account.is_admin = true);
    let id = |name: &str| server.find(name).unwrap().id;
    let by = Actor::command_line();
    server.wait(doorward::testing::accounts::confirm_email(&server.app, id("confirmed"), &by)).unwrap();
    server.wait(deactivate(&server.app, id("inactive"), None, &by)).unwrap();
    assert_eq!(server.anon().log_in("used", PASSWORD).status, 200);
    server.advance(Duration::from_secs(29 * 86_400));
    register(&server, "young");
    assert_eq!(server.wait(sweep_unconfirmed(&server.app)).unwrap(), 0);
    server.advance(Duration::from_secs(2 * 86_400));
    assert_eq!(server.wait(sweep_unconfirmed(&server.app)).unwrap(), 1);
    let left = ["confirmed", "inactive", "used", "created", "root", "young"];
    assert!(server.find("unused").is_none() && left.iter().all(|name| server.find(name).is_some()));
    let query = "SELECT actor || ' ' || coalesce(subject, '') AS line FROM audit WHERE action = 'deleted'";
    assert_eq!(server.database().lines(query), ["server "]);
    register(&server, "unused");
}

#[test]
fn by_default_unconfirmed_accounts_stay() {
    let server = TestServer::start();
    register(&server, "unused");
    server.advance(Duration::from_secs(3000 * 86_400));
    assert_eq!(server.wait(sweep_unconfirmed(&server.app)).unwrap(), 0);
}

#[test]
fn a_clock_that_was_ahead_does_not_stop_refreshes_later() {
    let settings = [("limits.refreshes_per_session", "2"), ("limits.refreshes_window", "1h")];
    let server = TestServer::with(&settings);
    server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    let ahead = server.app.clock.now().plus(48 * 60 * MINUTE).micros();
    server.database().execute(&format!(
        "UPDATE sessions SET refreshes_empty_at = {ahead}, refresh_recorded_at = {ahead}, started_at = {ahead}"
    ));
    let statuses: Vec<u16> = (0..3).map(|_| refresh(&server, &pair.refresh).status).collect();
    assert_eq!(statuses, [200, 200, 429]);
    assert_eq!(count(&server, "refreshed"), 1);
}
