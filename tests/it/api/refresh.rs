//! `POST /api/token/refresh/`: with and without rotation, reuse, and concurrent requests.

use std::time::Duration;

use doorward::testing::accounts::{Actor, deactivate};
use serde_json::json;

use crate::http::{Reply, Request, send};
use crate::server::TestServer;
use crate::tokens::{claims, error_of, obtain, refresh, status, text, verify};

const ROTATING: [(&str, &str); 2] = [("tokens.rotate_refresh", "true"), ("tokens.reuse_grace", "10s")];

fn with_rotation() -> TestServer {
    let server = TestServer::with(&ROTATING);
    server.add("alice", |_| ());
    server
}

#[test]
fn by_default_a_refresh_token_is_valid_until_it_expires() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    for _ in 0..3 {
        let reply = refresh(&server, &pair.refresh);
        assert_eq!(reply.json().as_object().unwrap().len(), 1, "{}", reply.text());
        assert_eq!(status(&server, &text(&reply, "access")), 200);
        server.advance(Duration::from_secs(3 * 86_400));
    }
    server.advance(Duration::from_secs(86_401));
    assert_eq!(refresh(&server, &pair.refresh).status, 401);
}

#[test]
fn rotation_issues_a_successor_with_its_own_times() {
    let server = with_rotation();
    let pair = obtain(&server, "alice");
    server.advance(Duration::from_secs(86_400));
    let next = text(&refresh(&server, &pair.refresh), "refresh");
    let (old, new) = (claims(&pair.refresh), claims(&next));
    let seconds = |name: &str| new[name].as_i64().unwrap() - old[name].as_i64().unwrap();
    assert!((86_400..86_410).contains(&seconds("iat")) && seconds("exp") == seconds("iat"));
    assert_eq!(new["user_id"], old["user_id"]);
    assert_eq!(new.as_object().unwrap().len(), 5);
    assert_eq!(refresh(&server, &next).status, 200);
}

#[test]
fn reuse_within_the_grace_period_gets_the_same_successor() {
    let server = with_rotation();
    let pair = obtain(&server, "alice");
    let first = text(&refresh(&server, &pair.refresh), "refresh");
    server.advance(Duration::from_secs(8));
    let again = refresh(&server, &pair.refresh);
    assert_eq!(text(&again, "refresh"), first);
    assert_eq!(status(&server, &text(&again, "access")), 200);
    // Also after the successor was replaced.
    let second = text(&refresh(&server, &first), "refresh");
    assert_eq!(text(&refresh(&server, &pair.refresh), "refresh"), first);
    assert_eq!(text(&refresh(&server, &first), "refresh"), second);
}

#[test]
fn reuse_within_the_grace_period_is_refused_if_the_successor_was_made_with_another_key() {
    let server = with_rotation();
    let pair = obtain(&server, "alice");
    let access = text(&refresh(&server, &pair.refresh), "access");
    // As after an upgrade: the computed id differs from that of the successor.
    server.database().execute("DELETE FROM refresh_tokens WHERE replaced_at IS NULL");
    let replayed = error_of(&refresh(&server, &pair.refresh));
    assert_eq!(replayed, (401, json!("Token is blacklisted"), json!("token_not_valid")));
    assert_eq!(status(&server, &access), 200, "the session goes on");
}

#[test]
fn reuse_after_the_grace_period_ends_the_session_and_no_other() {
    let server = with_rotation();
    let id = server.find("alice").unwrap().id;
    let (pair, other) = (obtain(&server, "alice"), obtain(&server, "alice"));
    let renewed = refresh(&server, &pair.refresh);
    let (access, next) = (text(&renewed, "access"), text(&renewed, "refresh"));
    assert_eq!(verify(&server, &pair.refresh).1, "Token is blacklisted", "verifying is not a reuse");
    assert_eq!(verify(&server, &next).0, 200);
    server.advance(Duration::from_secs(11));
    let reused = error_of(&refresh(&server, &pair.refresh));
    assert_eq!(reused, (401, json!("Token is blacklisted"), json!("token_not_valid")));
    assert_eq!([status(&server, &access), status(&server, &pair.access)], [401, 401]);
    assert_eq!(refresh(&server, &next).status, 401);
    assert_eq!(refresh(&server, &other.refresh).status, 200);
    assert_eq!(server.audit(id)[..2], ["refreshed", "refresh-reused"]);
}

#[test]
fn without_a_grace_period_every_reuse_ends_the_session() {
    let server = TestServer::with(&[ROTATING[0], ("tokens.reuse_grace", "0s")]);
    server.add("alice", |_| ());
    let pair = obtain(&server, "alice");
    let next = text(&refresh(&server, &pair.refresh), "refresh");
    assert_eq!(refresh(&server, &pair.refresh).status, 401);
    assert_eq!(refresh(&server, &next).status, 401);
}

#[test]
fn a_session_keeps_the_tokens_of_the_grace_period_only_and_recognises_older_ones_all_the_same() {
    let server = with_rotation();
    let first = obtain(&server, "alice").refresh;
    let mut tokens = vec![first];
    for _ in 0..20 {
        tokens.push(text(&refresh(&server, tokens.last().unwrap()), "refresh"));
        server.advance(Duration::from_secs(6));
    }
    let rows = server.database().lines("SELECT 'x' AS line FROM refresh_tokens");
    assert!((2..=4).contains(&rows.len()), "{}", rows.len());
    for old in [19, 5, 0] {
        let server = with_rotation();
        let mut tokens = vec![obtain(&server, "alice").refresh];
        for _ in 0..20 {
            tokens.push(text(&refresh(&server, tokens.last().unwrap()), "refresh"));
            server.advance(Duration::from_secs(6));
        }
        server.advance(Duration::from_secs(6));
        assert_eq!(refresh(&server, &tokens[old]).status, 401);
        assert_eq!(refresh(&server, &tokens[20]).status, 401, "a reuse of token {old} ends the session");
    }
}

/// `many` concurrent requests, to the servers in turn.
pub(crate) fn in_parallel(servers: &[&TestServer], many: usize, request: &Request) -> Vec<Reply> {
    std::thread::scope(|scope| {
        let sending: Vec<_> = (0..many)
            .map(|n| {
                let address = servers[n % servers.len()].address;
                scope.spawn(move || send(address, request).unwrap())
            })
            .collect();
        sending.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn fifty_parallel_refreshes_of_one_token_have_one_successor() {
    let server = with_rotation();
    let pair = obtain(&server, "alice");
    let request = Request::post("/api/token/refresh/").json(&json!({"refresh": pair.refresh}));
    let replies = in_parallel(&[&server], 50, &request);
    let next = text(&replies[0], "refresh");
    for reply in &replies {
        assert_eq!((reply.status, text(reply, "refresh")), (200, next.clone()));
        assert_eq!(status(&server, &text(reply, "access")), 200);
    }
    let rows = |query| server.database().lines(query);
    assert_eq!(rows("SELECT handle AS line FROM sessions").len(), 1);
    assert_eq!(rows("SELECT 'x' AS line FROM refresh_tokens").len(), 2);
    assert_eq!(rows("SELECT 'x' AS line FROM refresh_tokens WHERE replaced_at IS NULL").len(), 1);
}

#[test]
fn a_deactivation_ends_tokens_of_concurrent_refreshes() {
    for settings in [&ROTATING[..], &[]] {
        let server = TestServer::with(settings);
        let id = server.add("alice", |_| ());
        let pair = obtain(&server, "alice");
        let request = Request::post("/api/token/refresh/").json(&json!({"refresh": pair.refresh}));
        let replies = std::thread::scope(|scope| {
            let renewing = scope.spawn(|| in_parallel(&[&server], 30, &request));
            std::thread::sleep(Duration::from_millis(15));
            server.wait(deactivate(&server.app, id, None, &Actor::command_line())).unwrap();
            renewing.join().unwrap()
        });
        server.wait(doorward::testing::accounts::activate(&server.app, id, &Actor::command_line())).unwrap();
        for reply in replies {
            assert!([200, 401].contains(&reply.status), "{}", reply.text());
            if reply.status == 200 {
                assert_eq!(status(&server, &text(&reply, "access")), 401);
            }
        }
        assert_eq!(refresh(&server, &pair.refresh).status, 401);
    }
}
