//! The list of sessions, ending one, logging out, and the deletion of expired sessions.

use std::time::Duration;

use doorward::testing::accounts::{record_last_seen, sweep_sessions};
use serde_json::{Value, json};

use crate::http::Request;
use crate::server::{TestServer, password_of};
use crate::tokens::{blacklist, holder, minted_elsewhere, obtain, refresh, status, text};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// Logs alice in with a browser, and answers the access token.
fn log_in_with(server: &TestServer, user_agent: &str) -> String {
    let body = json!({"username": "alice", "password": password_of("alice")});
    let request = Request::post("/api/login/").json(&body).header("User-Agent", user_agent);
    server.anon().send(request).cookie("access_token").unwrap().value
}

fn list(server: &TestServer, access: &str) -> Vec<Value> {
    holder(server, access).get("/api/sessions/").json().as_array().unwrap().clone()
}

#[test]
fn the_list_has_address_times_client_and_the_current_session() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.user("bob");
    let laptop = log_in_with(&server, FIREFOX);
    server.advance(Duration::from_secs(5));
    let script = log_in_with(&server, "curl/8.5.0");
    let sessions = list(&server, &laptop);
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let [second, first] = [&sessions[0], &sessions[1]];
    assert_eq!((&first["client"], &second["client"]), (&json!("Firefox on Linux"), &json!("curl")));
    assert_eq!((&first["current"], &second["current"]), (&json!(true), &json!(false)));
    assert_eq!((&first["address"], &first["user_agent"]), (&json!("127.0.0.1"), &json!(FIREFOX)));
    let started = first["started_at"].as_str().unwrap();
    assert!(
        started.len() == 20 && started.ends_with('Z') && started < second["started_at"].as_str().unwrap()
    );
    assert_eq!(first["last_seen_at"], first["started_at"]);
    assert!(list(&server, &script)[0]["current"] == true);
}

#[test]
fn last_seen_is_exact_to_the_minute_and_written_in_the_background() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let last_seen = || {
        server.wait(record_last_seen(&server.app)).unwrap();
        alice.get("/api/sessions/").json()[0]["last_seen_at"].clone()
    };
    let at_first = last_seen();
    server.advance(Duration::from_secs(50));
    alice.get("/api/user/");
    assert_eq!(last_seen(), at_first);
    server.advance(Duration::from_secs(20));
    alice.get("/api/user/");
    // The background task of the server may have taken the values and not written them yet.
    let is_seen = (0..20).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        last_seen().as_str() > at_first.as_str()
    });
    assert!(is_seen);
}

#[test]
fn a_session_ends_for_the_next_request() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let (lost, current) = (obtain(&server, "alice"), obtain(&server, "alice"));
    let sessions = list(&server, &current.access);
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/api/sessions/{}/", other["id"].as_str().unwrap());
    let reply = holder(&server, &current.access).send(Request::delete(&path));
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!([status(&server, &lost.access), status(&server, &current.access)], [401, 200]);
    assert_eq!(refresh(&server, &lost.refresh).status, 401);
    assert_eq!(list(&server, &current.access).len(), 1);
    assert_eq!(server.audit(id)[0], "session-ended");
    let again = holder(&server, &current.access).send(Request::delete(&path));
    assert_eq!((again.status, again.json()), (404, json!({"detail": "Not found."})));
}

#[test]
fn the_id_of_a_session_tells_neither_its_number_nor_anything_of_a_token() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let tokens = obtain(&server, "alice");
    let session = list(&server, &tokens.access)[0].clone();
    let id = session["id"].as_str().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    let jti = crate::tokens::claims(&tokens.access)["jti"].as_str().unwrap().to_owned();
    assert!(!id.contains(&jti[..8]) && !jti.contains(&id[..8]), "{id} {jti}");
    assert_eq!(list(&server, &tokens.access)[0]["id"], session["id"], "it stays");
}

#[test]
fn a_session_of_another_user_or_an_unknown_one_is_404() {
    let server = TestServer::start();
    let (alice, bob) = (server.user("alice"), server.user("bob"));
    let theirs = bob.get("/api/sessions/").json()[0]["id"].as_str().unwrap().to_owned();
    for id in [
        theirs.clone(),
        "0".into(),
        "1".into(),
        "2".into(),
        "-1".into(),
        "x".into(),
        "99999999999999999999".into(),
    ] {
        let reply = alice.send(Request::delete(&format!("/api/sessions/{id}/")));
        assert_eq!((reply.status, reply.json()), (404, json!({"detail": "Not found."})), "{id}");
    }
    assert_eq!(bob.get("/api/user/").status, 200);
    assert_eq!(server.anon().get("/api/sessions/").status, 401);
    assert_eq!(server.anon().send(Request::delete(&format!("/api/sessions/{theirs}/"))).status, 401);
    assert_eq!(alice.get(&format!("/api/sessions/{theirs}/")).status, 405);
}

#[test]
fn logging_out_ends_the_current_session_and_its_refresh_tokens_alone() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let (pair, other) = (obtain(&server, "alice"), obtain(&server, "alice"));
    let renewed = text(&refresh(&server, &pair.refresh), "access");
    let reply = holder(&server, &renewed).post("/api/logout/", &json!({}));
    assert_eq!((reply.status, reply.json()), (200, json!({"Success": "Logout successfully"})));
    assert_eq!([status(&server, &pair.access), status(&server, &renewed)], [401, 401]);
    assert_eq!(
        [refresh(&server, &pair.refresh).status, blacklist(&server, &pair.refresh).status],
        [401, 401]
    );
    assert_eq!(status(&server, &other.access), 200);
    assert_eq!(server.audit(id)[0], "logged-out");
}

#[test]
fn logging_out_everywhere_ends_all_sessions_but_not_the_next_login() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let pairs = [(); 3].map(|()| obtain(&server, "alice"));
    let bob = server.user("bob");
    let form = Request::post("/api/logout").form(&[("all", "true")]).bearer(&pairs[0].access);
    assert_eq!(server.anon().send(form).status, 200);
    for pair in &pairs {
        assert_eq!([status(&server, &pair.access), refresh(&server, &pair.refresh).status], [401, 401]);
    }
    assert_eq!(bob.get("/api/user/").status, 200);
    assert_eq!(server.audit(id)[0], "logged-out-everywhere");
    assert_eq!(status(&server, &obtain(&server, "alice").access), 200);
}

#[test]
fn logging_out_needs_a_token_and_a_valid_body() {
    let server = TestServer::start();
    assert_eq!(server.anon().post("/api/logout/", &json!({})).status, 401);
    let alice = server.user("alice");
    let refused = alice.post("/api/logout/", &json!({"all": "perhaps"}));
    assert_eq!((refused.status, refused.json()), (400, json!({"all": ["Must be a valid boolean."]})));
    assert_eq!(alice.get("/api/logout/").status, 405);
    assert_eq!(alice.get("/api/user/").status, 200);
    assert_eq!(alice.send(Request::post("/api/logout/")).status, 200, "without a body");
    assert_eq!(alice.get("/api/user/").status, 401);
}

/// Deletes expired sessions until `expected` are left. The server does the same in the background, and each
/// skips rows that the other has locked.
fn left_after_sweeping(server: &TestServer, expected: usize) -> usize {
    let sweep = || {
        server.wait(sweep_sessions(&server.app)).unwrap();
        server.database().lines("SELECT handle AS line FROM sessions").len()
    };
    for _ in 0..20 {
        if sweep() == expected {
            return expected;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    sweep()
}

#[test]
fn a_session_is_deleted_a_day_after_its_last_token_expired() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ()).get();
    let left = |expected| left_after_sweeping(&server, expected);
    let (ended, renewed) = (obtain(&server, "alice"), obtain(&server, "alice"));
    let foreign = minted_elsewhere(&server, "refresh", &json!({"user_id": id}));
    for token in [&ended.refresh, &foreign] {
        assert_eq!(blacklist(&server, token).status, 200);
    }
    server.advance(Duration::from_secs(10 * 86_400 - 60));
    assert_eq!(left(3), 3);
    assert_eq!(refresh(&server, &ended.refresh).status, 401, "still stored as revoked");
    assert_eq!(refresh(&server, &foreign).status, 401, "still stored as revoked");
    let access = text(&refresh(&server, &renewed.refresh), "access");
    server.advance(Duration::from_secs(86_300));
    assert_eq!(status(&server, &access), 200, "the last token of its session");
    assert_eq!(left(3), 3);
    server.advance(Duration::from_secs(180));
    assert_eq!(left(1), 1);
    server.advance(Duration::from_secs(86_400));
    assert_eq!(left(0), 0);
    assert!(server.database().lines("SELECT 'x' AS line FROM refresh_tokens").is_empty());
}

#[test]
fn many_expired_sessions_are_deleted_in_small_steps() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ()).get();
    let rows: Vec<String> = (0..450).map(|n| format!("({id}, 'h{n}', 1, 1, 1)")).collect();
    server.database().execute(&format!(
        "INSERT INTO sessions (user_id, handle, started_at, last_seen_at, expires_at) VALUES {}",
        rows.join(", ")
    ));
    assert_eq!(left_after_sweeping(&server, 0), 0);
}
