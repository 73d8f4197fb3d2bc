//! Tokens that Django issued with the same key. They have no session until one is refreshed or revoked.

use std::time::Duration;

use doorward::testing::accounts::set_password;
use doorward::testing::accounts::{Actor, Rules};
use doorward::testing::types::{CurrentSession, Password};
use serde_json::{Value, json};

use crate::server::{TestServer, password_of};
use crate::tokens::{
    blacklist, claims, error_of, holder, minted_elsewhere, obtain, refresh, second, status, text,
};

fn alice(server: &TestServer) -> i64 {
    server.add("alice", |_| ()).get()
}

fn rows(server: &TestServer) -> usize {
    server.database().lines("SELECT handle AS line FROM sessions").len()
}

fn end_all(server: &TestServer) {
    let user = server.find("alice").unwrap();
    let password = Password::new(password_of("alice"));
    server.wait(set_password(&server.app, user.id, password, Rules::Waived, &Actor::command_line())).unwrap();
}

#[test]
fn a_foreign_token_works_without_a_session_unless_it_was_issued_before_a_revocation() {
    let server = TestServer::start();
    let id = alice(&server);
    let mint = |claims: Value| minted_elsewhere(&server, "access", &claims);
    let old = mint(json!({"user_id": id, "iat": second(&server) - 100}));
    let undated = mint(json!({"user_id": id, "iat": null}));
    let text_id = mint(json!({"user_id": id.to_string(), "jti": 7}));
    assert_eq!([&old, &undated, &text_id].map(|token| status(&server, token)), [200; 3]);
    assert_eq!(rows(&server), 0);
    end_all(&server);
    let same_second =
        mint(json!({"user_id": id, "iat": server.find("alice").unwrap().tokens_valid_from - 1}));
    assert_eq!([&old, &undated, &text_id, &same_second].map(|token| status(&server, token)), [401; 4]);
    // A login here has a session, and works within the second of the revocation.
    assert_eq!(status(&server, &obtain(&server, "alice").access), 200);
    server.advance(Duration::from_secs(1));
    assert_eq!(status(&server, &mint(json!({"user_id": id}))), 200, "issued after the revocation");
    assert_eq!(
        status(&server, &mint(json!({"user_id": id, "iat": null}))),
        401,
        "may be as old as the account"
    );
}

#[test]
fn a_revocation_includes_tokens_of_a_clock_that_is_ahead() {
    let server = TestServer::with(&[("clock_leeway", "10s")]);
    let id = alice(&server);
    let [early, other] = [5, 10].map(|ahead| {
        minted_elsewhere(&server, "access", &json!({"user_id": id, "iat": second(&server) + ahead}))
    });
    assert_eq!([&early, &other].map(|token| status(&server, token)), [200; 2]);
    assert_eq!(holder(&server, &early).post("/api/logout/", &json!({"all": true})).status, 200);
    assert_eq!([&early, &other].map(|token| status(&server, token)), [401; 2]);
    server.advance(Duration::from_secs(10));
    assert_eq!(status(&server, &other), 401, "nor later");
    server.advance(Duration::from_secs(1));
    assert_eq!(status(&server, &minted_elsewhere(&server, "access", &json!({"user_id": id}))), 200);
}

#[test]
fn blacklisting_a_foreign_refresh_token_ends_the_tokens_that_it_refreshed() {
    let server = TestServer::start();
    let id = alice(&server);
    for jti in [json!("0123456789ab4def8123456789abcdef"), json!("one"), json!(12), json!({"a": [null]})] {
        let issued = second(&server) - 1000;
        let claims_of_token = json!({"user_id": id, "jti": jti, "role": "x", "iat": issued});
        let token = minted_elsewhere(&server, "refresh", &claims_of_token);
        let access = text(&refresh(&server, &token), "access");
        let renewed = claims(&access);
        assert_eq!((&renewed["role"], &renewed["iat"]), (&json!("x"), &json!(issued)));
        assert_eq!(renewed["jti"].as_str().unwrap().len(), 32);
        assert_eq!(status(&server, &access), 200);
        assert_eq!(blacklist(&server, &token).status, 200);
        assert_eq!(status(&server, &access), 401);
        assert_eq!(error_of(&refresh(&server, &token)).1, "Token is blacklisted");
        assert_eq!(error_of(&blacklist(&server, &token)).1, "Token is blacklisted");
    }
}

#[test]
fn an_unused_foreign_refresh_token_can_be_blacklisted_also_of_an_inactive_user() {
    let server = TestServer::start();
    let id = server.add("carol", |account| account.is_active = false).get();
    let token = minted_elsewhere(&server, "refresh", &json!({"user_id": id}));
    assert_eq!(error_of(&refresh(&server, &token)).2, "no_active_account");
    assert_eq!(rows(&server), 0, "a refused token gets no session");
    assert_eq!(blacklist(&server, &token).status, 200);
    assert_eq!(blacklist(&server, &token).status, 401);
}

#[test]
fn logging_out_with_a_foreign_token_ends_that_token_or_all_sessions() {
    let server = TestServer::start();
    let id = alice(&server);
    let [one, two] = [(); 2].map(|()| minted_elsewhere(&server, "access", &json!({"user_id": id})));
    assert_eq!(holder(&server, &one).post("/api/logout/", &json!({})).status, 200);
    assert_eq!([status(&server, &one), status(&server, &two)], [401, 200]);
    let ours = obtain(&server, "alice").access;
    assert_eq!(holder(&server, &two).post("/api/logout/", &json!({"all": true})).status, 200);
    assert_eq!([status(&server, &ours), status(&server, &two)], [401, 401]);
}

/// The session of a foreign token, as a use case gets it.
fn current(token: &str) -> CurrentSession {
    let claims = claims(token);
    CurrentSession {
        user: doorward::testing::types::UserId::new(claims["user_id"].as_i64().unwrap()),
        handle: doorward::testing::types::SessionHandle::from_token_id(claims["jti"].as_str().unwrap()),
        id: None,
        issued_at: claims["iat"].as_i64(),
        issued_at_earliest: claims["iat"].as_i64(),
        expires_at: doorward::testing::types::Timestamp::from_seconds(claims["exp"].as_i64().unwrap()),
    }
}

fn end_others(server: &TestServer, current: &CurrentSession) {
    let (current, now) = (current.clone(), server.app.clock.now());
    let end =
        server.app.store.write(move |tx| doorward::testing::store::sessions::end_others(tx, &current, now));
    server.wait(end).unwrap();
}

#[test]
fn ending_all_other_sessions_keeps_the_foreign_token_of_the_request() {
    let server = TestServer::start();
    let id = alice(&server);
    let [used, other] = [(); 2].map(|()| minted_elsewhere(&server, "access", &json!({"user_id": id})));
    let ours = obtain(&server, "alice").access;
    end_others(&server, &current(&used));
    assert_eq!([&used, &other, &ours].map(|token| status(&server, token)), [200, 401, 401]);
    end_others(&server, &current(&used));
    assert_eq!(status(&server, &used), 200, "also the second time");
    end_all(&server);
    end_others(&server, &current(&used));
    assert_eq!(status(&server, &used), 401, "an ended session stays ended");
}

#[test]
fn a_foreign_token_that_was_revoked_meanwhile_gets_no_session() {
    let server = TestServer::start();
    let id = alice(&server);
    let token = minted_elsewhere(&server, "access", &json!({"user_id": id}));
    end_all(&server);
    end_others(&server, &current(&token));
    assert_eq!(status(&server, &token), 401);
    assert_eq!(rows(&server), 0);
}

#[test]
fn two_users_can_have_foreign_tokens_with_the_same_id() {
    let server = TestServer::start();
    let ids = ["alice", "bob"].map(|name| server.add(name, |_| ()).get());
    let [one, two] = ids.map(|id| minted_elsewhere(&server, "refresh", &json!({"user_id": id, "jti": "1"})));
    assert_eq!([refresh(&server, &one).status, refresh(&server, &two).status], [200, 200]);
    assert_eq!(blacklist(&server, &one).status, 200);
    assert_eq!([refresh(&server, &one).status, refresh(&server, &two).status], [401, 200]);
}
