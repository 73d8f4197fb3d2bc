//! Sliding tokens (`tokens.sliding`): what Simple JWT answers, as recorded in `tests/contract/sliding/`, and how they
//! end.

use std::time::Duration;

use doorward::testing::accounts::{Actor, KeyStart, deactivate, revoke_key, rotate_keys};
use doorward::testing::types::{ApiScope, Password};
use serde_json::{Value, json};

use super::keys::kid;
use crate::http::{Reply, Request};
use crate::server::{TestServer, password_of};
use crate::tokens::{claims, error_of, minted_elsewhere, obtain, second, status, text, verify};

const CASES: &str = include_str!("../../contract/sliding/cases.json");
const OBTAIN: &str = "/api/token/sliding/";
const REFRESH: &str = "/api/token/sliding/refresh/";
const ON: (&str, &str) = ("tokens.sliding", "true");
const MINUTE: Duration = Duration::from_secs(60);

/// Where doorward departs on purpose, as it does for refresh tokens: it looks at the user.
const DEPARTURES: [(&str, &str, &str); 5] = [
    ("refresh/no-user", "Token contained no recognizable user identification", "token_not_valid"),
    ("refresh/unknown-user", "No active account found for the given token.", "no_active_account"),
    ("refresh/inactive-user", "No active account found for the given token.", "no_active_account"),
    ("verify/unknown-user", "User not found", "user_not_found"),
    ("verify/inactive-user", "User is inactive", "user_inactive"),
];

fn with_alice(settings: &[(&str, &str)]) -> TestServer {
    let server = TestServer::with(settings);
    server.add("alice", |_| ());
    server
}

fn log_in(server: &TestServer) -> String {
    let body = json!({"username": "alice", "password": password_of("alice")});
    text(&server.anon().post(OBTAIN, &body), "token")
}

fn refresh(server: &TestServer, token: &str) -> Reply {
    server.anon().post(REFRESH, &json!({"token": token}))
}

/// Users of the cases by name, with the ids that they have here.
struct Users<'a> {
    server: &'a TestServer,
    ids: [(&'a str, i64); 2],
}

impl Users<'_> {
    /// The token of a case, whose times are from now.
    fn token(&self, recipe: &Value, has_id: bool) -> String {
        let mut changes = recipe.clone();
        let map = changes.as_object_mut().unwrap();
        let (user, is_forged) = (map.remove("user"), map.remove("key").is_some());
        for name in ["exp", "iat", "refresh_exp"] {
            if let Some(time) = map.get(name).and_then(Value::as_i64) {
                map.insert(name.to_owned(), json!(time + second(self.server)));
            } else {
                map.insert(name.to_owned(), Value::Null);
            }
        }
        map.entry("token_type").or_insert(Value::Null);
        if let Some(user) = user {
            let id = self.ids.iter().find(|(name, _)| user == *name).map_or(999_999, |(_, id)| *id);
            map.insert("user_id".to_owned(), json!(id));
        }
        if !has_id {
            map.insert("jti".to_owned(), Value::Null);
        }
        let token = minted_elsewhere(self.server, "sliding", &changes);
        if is_forged { format!("{}AAAA", &token[..token.len() - 4]) } else { token }
    }

    /// An answer as the cases have it: what its token says, with times in minutes from now.
    fn described(&self, answer: Value) -> Value {
        let Some(token) = answer["token"].as_str() else { return answer };
        let mut claims = claims(token);
        claims["jti"] = json!(claims["jti"].as_str().unwrap().len());
        if let Some(id) = claims.get("user_id").cloned() {
            claims["user_id"] = json!(self.ids.iter().find(|(_, own)| id == *own).unwrap().0);
        }
        for name in ["exp", "iat", "refresh_exp"] {
            let left = claims[name].as_i64().unwrap() - second(self.server);
            claims[name] = json!((left + 30).div_euclid(60));
        }
        json!({"token": {"$token": claims}})
    }
}

#[test]
fn what_simple_jwt_answers_about_sliding_tokens_holds() {
    let server = TestServer::with(&[ON, ("limits.enabled", "false")]);
    let ids = [("alice", "correct-horse-7", true), ("carol", "inactive-but-right-9", false)];
    let ids = ids.map(|(name, password, is_active)| {
        let id = server.add(name, |account| {
            account.password = Password::new(password.to_owned());
            account.is_active = is_active;
        });
        (name, id.get())
    });
    let users = Users { server: &server, ids };
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    assert_eq!(cases.len(), 64);
    for case in cases {
        let (name, path) = (case["name"].as_str().unwrap(), case["path"].as_str().unwrap());
        let token = case.get("token").map(|recipe| users.token(recipe, !name.ends_with("no-jti")));
        let request = match case["method"].as_str().unwrap() {
            "GET" => Request::get(path),
            "PUT" => Request::put(path),
            "OPTIONS" => Request::options(path),
            _ => Request::post(path),
        };
        let request = match (case.get("body"), token) {
            (Some(body), token) => {
                let mut body = body.clone();
                if let Some(token) = token {
                    body["token"] = json!(token);
                }
                request.json(&body)
            }
            (None, Some(token)) => request.bearer(&token),
            (None, None) => request,
        };
        let reply = server.anon().send(request);
        if let Some((_, detail, code)) = DEPARTURES.iter().find(|(departs, ..)| *departs == name) {
            assert_eq!(error_of(&reply), (401, json!(detail), json!(code)), "{name}");
            continue;
        }
        assert_eq!(reply.status, case["status"], "{name}: {}", reply.text());
        match (reply.status, path) {
            // doorward's own view says more of the user.
            (200, "/api/user/") => assert_eq!(reply.json()["username"], case["answer"]["username"], "{name}"),
            _ => assert_eq!(users.described(reply.json()), case["answer"], "{name}"),
        }
        if path.starts_with(OBTAIN) {
            assert_eq!(reply.header("Allow").as_deref(), case["allow"].as_str(), "{name}");
        }
    }
}

#[test]
fn a_sliding_token_is_refreshed_until_its_refresh_period_ends_and_belongs_to_one_session() {
    let server =
        with_alice(&[ON, ("tokens.sliding_lifetime", "5m"), ("tokens.sliding_refresh_lifetime", "12m")]);
    let mut token = log_in(&server);
    let first = claims(&token);
    for _ in 0..2 {
        server.advance(4 * MINUTE);
        assert_eq!(status(&server, &token), 200);
        let next = text(&refresh(&server, &token), "token");
        let (old, new) = (claims(&token), claims(&next));
        assert_eq!((&old["jti"], &old["refresh_exp"]), (&new["jti"], &new["refresh_exp"]));
        assert_eq!(new["exp"].as_i64().unwrap() - old["exp"].as_i64().unwrap(), 240);
        token = next;
    }
    assert_eq!(first["user_id"], claims(&token)["user_id"]);
    assert_eq!(server.database().lines("SELECT handle AS line FROM sessions").len(), 1);
    server.advance(4 * MINUTE);
    assert_eq!(status(&server, &token), 200);
    let late = (401, json!("Token 'refresh_exp' claim has expired"), json!("token_not_valid"));
    assert_eq!(error_of(&refresh(&server, &token)), late);
    server.advance(MINUTE);
    assert_eq!((status(&server, &token), refresh(&server, &token).status), (401, 401), "expired");
}

#[test]
fn the_end_of_its_session_ends_a_sliding_token() {
    let server = with_alice(&[ON]);
    let (one, two) = (log_in(&server), log_in(&server));
    let logout = Request::post("/api/logout/").bearer(&one).json(&json!({}));
    assert!(server.anon().send(logout).status < 300);
    assert_eq!((status(&server, &one), verify(&server, &one).0), (401, 401));
    let ended = error_of(&refresh(&server, &one));
    assert_eq!(ended.0, 401, "{ended:?}");
    assert_eq!((status(&server, &two), refresh(&server, &two).status), (200, 200));
}

#[test]
fn without_the_setting_a_sliding_token_opens_nothing_and_its_endpoints_are_not_there() {
    let on = with_alice(&[ON]);
    let token = log_in(&on);
    let off = TestServer::beside(&on, &[]);
    assert_eq!((status(&on, &token), status(&off, &token)), (200, 401));
    let reply = off.anon().send(Request::get("/api/user/").bearer(&token));
    let message =
        json!([{"token_class": "AccessToken", "token_type": "access", "message": "Token has wrong type"}]);
    assert_eq!(reply.json()["messages"], message);
    for path in [OBTAIN, REFRESH] {
        assert_eq!(off.anon().post(path, &json!({})).status, 404, "{path}");
        assert!(off.anon().get("/api/schema/").json()["paths"].get(path).is_none());
    }
    let pair = obtain(&on, "alice");
    assert_eq!((status(&on, &pair.access), status(&on, &pair.refresh)), (200, 401));
}

#[test]
fn a_sliding_token_is_signed_and_checked_with_key_pairs_too() {
    let server = with_alice(&[ON, ("tokens.algorithm", "ES256"), ("tokens.claims", "username")]);
    let token = log_in(&server);
    assert_eq!((status(&server, &token), verify(&server, &token).0), (200, 200));
    let next = text(&refresh(&server, &token), "token");
    assert_eq!((status(&server, &next), &claims(&next)["username"]), (200, &json!("alice")));
}

#[test]
fn introspection_says_of_a_sliding_token_what_it_says_of_an_access_token_until_its_session_ends() {
    let server = with_alice(&[ON, ("tokens.sliding_lifetime", "5m")]);
    let machine = server.machine(&[ApiScope::TokensIntrospect]);
    let verdict = |token: &str| machine.post("/api/token/introspect/", &json!({"token": token})).json();
    let inactive = json!({"active": false});
    let first = log_in(&server);
    let active = |token: &str| {
        let own = claims(token);
        json!({
            "active": true, "token_type": "Bearer", "sub": own["user_id"].to_string(), "username": "alice",
            "exp": own["exp"], "iat": own["iat"], "jti": own["jti"],
        })
    };
    assert_eq!(verdict(&first), active(&first));
    server.advance(4 * MINUTE);
    let second = text(&refresh(&server, &first), "token");
    assert_ne!(claims(&first)["exp"], claims(&second)["exp"]);
    server.advance(2 * MINUTE);
    assert_eq!((verdict(&first), verdict(&second)), (inactive.clone(), active(&second)), "the first expired");
    let hinted = json!({"token": second, "token_type_hint": "refresh_token"});
    assert_eq!(
        machine.post("/api/token/introspect/", &hinted).json(),
        active(&second),
        "it is no refresh token"
    );
    let logout = Request::post("/api/logout/").bearer(&second).json(&json!({}));
    assert!(server.anon().send(logout).status < 300);
    assert_eq!(verdict(&second), inactive, "logged out");
    let third = log_in(&server);
    assert_eq!(verdict(&third), active(&third));
    let alice = server.find("alice").unwrap().id;
    server.wait(deactivate(&server.app, alice, None, &Actor::command_line())).unwrap();
    assert_eq!(verdict(&third), inactive, "deactivated");
}

#[test]
fn the_revocation_of_a_key_counts_the_sessions_of_sliding_tokens_that_it_signed_last() {
    let server = with_alice(&[ON, ("tokens.algorithm", "ES256")]);
    let (kept, left) = (log_in(&server), log_in(&server));
    let by = Actor::command_line();
    let first = kid(&kept);
    server.advance(MINUTE);
    let second = server.wait(rotate_keys(&server.app, KeyStart::Now, &by)).unwrap().kid;
    server.advance(MINUTE);
    let renewed = text(&refresh(&server, &kept), "token");
    server.advance(MINUTE);
    let renewed = text(&refresh(&server, &renewed), "token");
    assert_eq!(server.wait(revoke_key(&server.app, &first, &by)).unwrap().sessions, 1);
    assert_eq!((status(&server, &left), status(&server, &kept), status(&server, &renewed)), (401, 401, 200));
    assert_eq!(server.wait(revoke_key(&server.app, &second, &by)).unwrap().sessions, 1);
    assert_eq!(status(&server, &renewed), 401);
}
