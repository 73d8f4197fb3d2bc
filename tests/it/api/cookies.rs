//! The cookies: they are set and removed with the same attributes. And the refresh cookie.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use crate::http::{Cookie, Reply, Request};
use crate::server::{TestServer, password_of};
use crate::tokens::{obtain, status, text};

fn log_in(server: &TestServer) -> Reply {
    server.anon().log_in("alice", &password_of("alice"))
}

/// The attributes by which a browser identifies a cookie and chooses its receivers.
fn place(cookie: &Cookie) -> BTreeMap<String, Option<String>> {
    let mut place = cookie.attributes.clone();
    place.retain(|name, _| !["max-age", "expires"].contains(&name.as_str()));
    place
}

fn is_removed(cookie: &Cookie) -> bool {
    cookie.value.is_empty() && cookie.attributes["max-age"].as_deref() == Some("0")
}

fn with_refresh(more: &[(&str, &str)]) -> TestServer {
    let settings: Vec<_> = [("cookies.refresh", "true")].iter().chain(more).copied().collect();
    let server = TestServer::with(&settings);
    server.add("alice", |_| ());
    server
}

#[test]
fn logging_out_removes_the_cookies_of_the_login_under_every_setting() {
    let https = ("public_url", "https://accounts.example.com");
    for settings in [
        vec![],
        vec![https, ("cookies.domain", "example.com"), ("cookies.same_site", "None")],
        vec![("cookies.access_name", "a"), ("cookies.refresh_name", "b"), ("cookies.same_site", "Strict")],
    ] {
        let server = with_refresh(&settings);
        let set = log_in(&server).cookies();
        assert_eq!(set.len(), 2);
        let name = if set.contains_key("a") { "a" } else { "access_token" };
        let request = Request::post("/api/logout/").cookie(name, &set[name].value);
        let removed = server.anon().send(request).cookies();
        assert_eq!(set.keys().collect::<Vec<_>>(), removed.keys().collect::<Vec<_>>());
        for (name, cookie) in &set {
            assert_eq!(place(cookie), place(&removed[name]), "{name}");
            assert!(is_removed(&removed[name]), "{name}");
        }
    }
}

#[test]
fn the_host_prefix_is_on_both_cookies_and_they_are_read_by_it() {
    let https = ("public_url", "https://accounts.example.com");
    let server = with_refresh(&[https, ("cookies.host_prefix", "true")]);
    let set = log_in(&server).cookies();
    let names = ["__Host-access_token", "__Host-refresh_token"];
    assert_eq!(set.keys().collect::<Vec<_>>(), names);
    for cookie in set.values() {
        assert_eq!(cookie.attributes["path"].as_deref(), Some("/"));
        assert!(cookie.attributes.contains_key("secure") && !cookie.attributes.contains_key("domain"));
    }
    let [access, refresh] = names.map(|name| set[name].value.clone());
    let status = |request: Request| server.anon().send(request).status;
    assert_eq!(status(Request::get("/api/user/").cookie(names[0], &access)), 200);
    assert_eq!(status(Request::get("/api/user/").cookie("access_token", &access)), 401, "another host's");
    assert_eq!(status(Request::post("/api/token/refresh/").cookie(names[1], &refresh)), 200);
    let removed = server.anon().send(Request::post("/api/logout/").cookie(names[1], &refresh)).cookies();
    assert!(
        names.iter().all(|name| is_removed(&removed[*name]) && place(&removed[*name]) == place(&set[*name]))
    );
    assert_eq!(
        status(Request::post("/api/token/refresh/").cookie(names[1], &refresh)),
        401,
        "its session ended"
    );
}

#[test]
fn logging_out_with_an_expired_cookie_ends_the_session_and_removes_both_cookies() {
    let server = with_refresh(&[("access_token_lifetime", "1h")]);
    let set = log_in(&server).cookies();
    let id = server.find("alice").unwrap().id;
    server.advance(Duration::from_secs(2 * 3600));
    let log_out = || Request::post("/api/logout/").cookie("access_token", &set["access_token"].value);
    let refused = server.anon().send(log_out().header("Sec-Fetch-Site", "cross-site"));
    assert_eq!((refused.status, refused.cookies().len()), (403, 0));
    let reply = server.anon().send(log_out());
    assert_eq!((reply.status, reply.json()), (200, json!({"Success": "Logout successfully"})));
    let removed = reply.cookies();
    assert!(is_removed(&removed["access_token"]) && is_removed(&removed["refresh_token"]));
    let refresh = Request::post("/api/token/refresh/").cookie("refresh_token", &set["refresh_token"].value);
    assert_eq!(server.anon().send(refresh).status, 401);
    assert_eq!(server.audit(id)[0], "logged-out");
    assert_eq!(server.anon().send(log_out()).status, 200, "and once more");
    assert_eq!(server.audit(id).iter().filter(|action| *action == "logged-out").count(), 1);
}

#[test]
fn logging_out_removes_cookies_whatever_they_hold() {
    let server = with_refresh(&[]);
    let token = log_in(&server).cookie("access_token").unwrap().value;
    let forged = format!("{}x", &token[..token.len() - 2]);
    for (name, value) in [("access_token", "x"), ("access_token", &forged), ("refresh_token", "x")] {
        let reply = server.anon().send(Request::post("/api/logout/").cookie(name, value));
        assert_eq!((reply.status, reply.cookies().len()), (200, 2), "{name}={value}");
    }
    assert_eq!(status(&server, &token), 200, "a forged token ends no session");
    let all = Request::post("/api/logout/").cookie("access_token", "x").json(&json!({"all": true}));
    let reply = server.anon().send(all);
    assert_eq!((reply.status, reply.cookies().len()), (401, 2), "not all sessions ended, and it says so");
    assert_eq!(status(&server, &token), 200);
}

#[test]
fn logging_out_without_a_cookie_or_with_a_header_is_refused_as_before() {
    let server = with_refresh(&[]);
    let elsewhere = Request::post("/api/logout/").header("Sec-Fetch-Site", "cross-site");
    let plain = TestServer::start();
    for request in [Request::post("/api/logout/"), elsewhere.clone()] {
        let reply = plain.anon().send(request);
        assert_eq!((reply.status, reply.cookies().len()), (401, 0));
    }
    for request in [
        elsewhere,
        Request::post("/api/logout/").bearer("x"),
        Request::post("/api/logout/").bearer("x").cookie("access_token", "y"),
        Request::get("/api/logout/").cookie("access_token", "y"),
    ] {
        let reply = server.anon().send(request);
        assert_eq!((reply.status, reply.cookies().len()), (401, 0));
    }
    // After the browser was closed only the refresh cookie is left, and it is not sent to this path.
    for request in [Request::post("/api/logout/"), Request::post("/api/logout/").cookie("access_token", "")] {
        let reply = server.anon().send(request.body("text/plain", "x"));
        assert_eq!((reply.status, reply.cookies().len()), (401, 2));
    }
}

#[test]
fn a_late_answer_does_not_remove_the_newer_refresh_cookie_of_a_session_that_goes_on() {
    let server = with_refresh(&[("tokens.rotate_refresh", "true"), ("refresh_token_lifetime", "1h")]);
    let first = log_in(&server).cookie("refresh_token").unwrap().value;
    let show =
        |token: &str| server.anon().send(Request::post("/api/token/refresh/").cookie("refresh_token", token));
    server.advance(Duration::from_secs(50 * 60));
    let second = show(&first).cookie("refresh_token").unwrap().value;
    server.advance(Duration::from_secs(20 * 60));
    let late = show(&first);
    assert_eq!((late.status, late.cookies().len()), (401, 0), "expired, while its successor lives");
    let logging_out = Request::post("/api/token/blacklist/").cookie("refresh_token", &first);
    assert_eq!(server.anon().send(logging_out).cookies().len(), 1, "this browser does not go on");
    assert_eq!(show(&second).status, 200);
}

#[test]
fn the_refresh_cookie_is_set_for_the_path_of_the_token_endpoints() {
    let server = with_refresh(&[]);
    let body = json!({"username": "alice", "password": password_of("alice")});
    for reply in [log_in(&server), server.anon().post("/api/token/", &body)] {
        let cookie = reply.cookie("refresh_token").unwrap();
        assert_eq!(cookie.attributes["path"].as_deref(), Some("/api/token/"));
        assert!(cookie.attributes.contains_key("httponly"));
        assert_eq!(cookie.attributes["max-age"].as_deref(), Some("864000"), "the lifetime of the token");
    }
}

#[test]
fn a_browser_refreshes_with_the_cookie_alone() {
    let server = with_refresh(&[]);
    let cookie = log_in(&server).cookie("refresh_token").unwrap().value;
    let reply = server.anon().send(Request::post("/api/token/refresh/").cookie("refresh_token", &cookie));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.cookie("access_token").unwrap().value, text(&reply, "access"));
    assert_eq!(status(&server, &text(&reply, "access")), 200);
    assert_eq!(reply.cookies().len(), 1, "without rotation the other cookie stays");
}

#[test]
fn a_refresh_cookie_is_replaced_by_one_that_scripts_cannot_read() {
    let server = with_refresh(&[("tokens.rotate_refresh", "true")]);
    let cookie = log_in(&server).cookie("refresh_token").unwrap().value;
    let reply = server.anon().send(Request::post("/api/token/refresh/").cookie("refresh_token", &cookie));
    let next = reply.cookie("refresh_token").unwrap().value;
    assert!(next != cookie && !reply.text().contains(&next));
    let in_body = server.anon().post("/api/token/refresh/", &json!({"refresh": next}));
    assert!(in_body.cookies().is_empty() && in_body.json()["refresh"].is_string());
}

#[test]
fn the_cookie_is_ignored_where_the_body_has_the_field() {
    let server = with_refresh(&[]);
    let cookie = log_in(&server).cookie("refresh_token").unwrap().value;
    let with = |body| Request::post("/api/token/refresh/").json(&body).cookie("refresh_token", &cookie);
    let status = |body| server.anon().send(with(body)).status;
    assert_eq!(status(json!({"refresh": "x"})), 401);
    assert_eq!(status(json!({"refresh": ""})), 400);
    assert_eq!(status(json!({"refresh": null})), 400);
    assert_eq!(status(json!({"other": 1})), 200);
}

#[test]
fn a_request_of_another_site_cannot_use_the_refresh_cookie() {
    let server = with_refresh(&[("cors.allowed_origins", "https://app.example.com")]);
    let cookie = log_in(&server).cookie("refresh_token").unwrap().value;
    for path in ["/api/token/refresh/", "/api/token/blacklist/"] {
        let request = || Request::post(path).cookie("refresh_token", &cookie);
        for refused in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
            let reply = server.anon().send(request().header(refused.0, refused.1));
            assert_eq!(reply.status, 403, "{path} {refused:?}");
            assert!(text(&reply, "detail").starts_with("CSRF Failed: "));
        }
        let reply = server.anon().send(request().header("Origin", "https://app.example.com"));
        assert_eq!(reply.status, 200, "{path}");
    }
}

#[test]
fn blacklisting_the_refresh_cookie_removes_both_cookies() {
    let server = with_refresh(&[]);
    let set = log_in(&server).cookies();
    let request = Request::post("/api/token/blacklist/").cookie("refresh_token", &set["refresh_token"].value);
    let reply = server.anon().send(request);
    assert_eq!((reply.status, reply.json()), (200, json!({})));
    let removed = reply.cookies();
    assert!(is_removed(&removed["access_token"]) && is_removed(&removed["refresh_token"]));
    assert_eq!(status(&server, &set["access_token"].value), 401);
}

#[test]
fn by_default_a_refresh_cookie_is_neither_set_nor_read() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    assert_eq!(log_in(&server).cookies().len(), 1);
    let token = obtain(&server, "alice").refresh;
    let reply = server.anon().send(Request::post("/api/token/refresh/").cookie("refresh_token", &token));
    assert_eq!((reply.status, reply.json()), (400, json!({"refresh": ["This field is required."]})));
}

#[test]
fn an_invalid_refresh_cookie_is_removed_and_the_access_cookie_stays() {
    for path in ["/api/token/refresh/", "/api/token/blacklist/"] {
        let server = with_refresh(&[]);
        let set = log_in(&server).cookies();
        let (access, cookie) = (&set["access_token"].value, &set["refresh_token"]);
        let show = || server.anon().send(Request::post(path).cookie("refresh_token", &cookie.value));
        server.anon().send(Request::post("/api/logout/").cookie("access_token", access));
        let refused = show();
        assert_eq!((refused.status, text(&refused, "detail")), (401, "Token is blacklisted".to_owned()));
        assert!(refused.header("WWW-Authenticate").is_some());
        let removed = refused.cookies();
        assert_eq!(removed.keys().collect::<Vec<_>>(), ["refresh_token"]);
        assert!(is_removed(&removed["refresh_token"]));
        assert_eq!(place(&removed["refresh_token"]), place(cookie));
    }
}

#[test]
fn a_refresh_cookie_stays_if_too_many_tokens_were_bad() {
    let server = with_refresh(&[("limits.bad_tokens_per_address", "1")]);
    let cookie = log_in(&server).cookie("refresh_token").unwrap().value;
    let show = |request: Request| server.anon().send(request);
    let in_body = show(Request::post("/api/token/refresh/").json(&json!({"refresh": "x"})));
    assert_eq!((in_body.status, in_body.cookies().len()), (401, 0), "a body's token is no cookie");
    let throttled = show(Request::post("/api/token/refresh/").cookie("refresh_token", "x"));
    assert_eq!((throttled.status, throttled.cookies().len()), (429, 0));
    let good = show(Request::post("/api/token/refresh/").cookie("refresh_token", &cookie));
    assert_eq!(good.status, 200);
}
