//! Cross-origin resource sharing: what is shared, with which origins, and which headers they may set.

use serde_json::json;

use crate::http::{Reply, Request, send};
use crate::server::{TestServer, password_of};
use crate::tokens::text;

const APP: &str = "https://app.example.com";

fn preflight(server: &TestServer, path: &str, origin: &str, headers: &str) -> Reply {
    let request = Request::options(path)
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", headers);
    send(server.address, &request).unwrap()
}

fn shared_with(reply: &Reply) -> Option<String> {
    reply.header("Access-Control-Allow-Origin")
}

#[test]
fn pages_of_a_listed_origin_may_set_the_headers_of_django_cors_headers_and_those_of_the_setting() {
    let server =
        TestServer::with(&[("cors.allowed_origins", APP), ("cors.allowed_headers", "Sentry-Trace, baggage")]);
    let all =
        "accept,authorization,content-type,user-agent,x-csrftoken,X-Requested-With,sentry-trace,baggage";
    let reply = preflight(&server, "/api/login/", APP, all);
    assert_eq!((reply.status, shared_with(&reply).as_deref()), (200, Some(APP)));
    assert_eq!(reply.header("Access-Control-Allow-Credentials").as_deref(), Some("true"));
    let allowed = reply.header("Access-Control-Allow-Headers").unwrap();
    assert!(all.split(',').all(|name| allowed.contains(&name.to_lowercase())), "{allowed}");
    assert_eq!(reply.header("Vary").as_deref(), Some("Origin"));
}

#[test]
fn a_refused_preflight_names_the_setting_that_would_allow_it() {
    let server = TestServer::with(&[("cors.allowed_origins", APP)]);
    let reply = preflight(&server, "/api/user/", APP, "content-type,traceparent, cache-control");
    assert_eq!(reply.status, 400);
    let words = text(&reply, "detail");
    assert!(
        words.contains("traceparent, cache-control") && words.contains("cors.allowed_headers"),
        "{words}"
    );
    assert_eq!(shared_with(&reply).as_deref(), Some(APP), "the origin is not what is wrong");
    for server in [server, TestServer::start()] {
        let reply = preflight(&server, "/api/user/", "https://evil.example", "content-type");
        assert_eq!((reply.status, shared_with(&reply)), (400, None));
        let words = text(&reply, "detail");
        assert!(words.contains("https://evil.example") && words.contains("cors.allowed_origins"), "{words}");
    }
}

#[test]
fn a_preflight_for_another_method_is_refused_with_the_methods_that_pages_may_use() {
    let server = TestServer::with(&[("cors.allowed_origins", APP)]);
    let ask = |method: &str| {
        let request = Request::options("/api/user/").header("Origin", APP);
        send(server.address, &request.header("Access-Control-Request-Method", method)).unwrap()
    };
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        assert_eq!(ask(method).status, 200, "{method}");
    }
    for method in ["PURGE", "patch", "GET, PUT"] {
        let reply = ask(method);
        assert_eq!((reply.status, shared_with(&reply).as_deref()), (400, Some(APP)), "{method}");
        let words = text(&reply, "detail");
        assert!(words.contains("may use these methods: GET, HEAD, POST, PUT"), "{words}");
    }
}

#[test]
fn options_without_a_preflights_header_still_answers_the_metadata() {
    let server = TestServer::with(&[("cors.allowed_origins", APP)]);
    let reply = send(server.address, &Request::options("/api/login/").header("Origin", APP)).unwrap();
    assert_eq!((reply.status, reply.json()["name"].clone()), (200, json!("Login")));
    assert_eq!(shared_with(&reply).as_deref(), Some(APP));
}

#[test]
fn only_the_api_and_the_well_known_paths_are_shared() {
    let server = TestServer::with(&[("cors.allowed_origins", APP)]);
    let browser = server.signed_in("root");
    for path in [
        "/admin/",
        "/admin/users/",
        "/admin/users/export.json",
        "/admin/settings",
        "/admin/audit",
        "/reset-password/x",
        "/confirm-email/done",
        "/healthz",
        "/static/doorward.css",
        "/",
        "/nowhere",
    ] {
        let reply =
            browser.send(Request::get(path).header("Origin", APP).header("Sec-Fetch-Site", "same-site"));
        let vary = path.starts_with("/static/").then(|| "Accept-Encoding".to_owned());
        assert_eq!((shared_with(&reply), reply.header("Vary")), (None, vary), "{path}");
        let reply = preflight(&server, path, APP, "content-type");
        assert!(shared_with(&reply).is_none() && reply.status >= 400, "{path} {}", reply.status);
    }
    for path in ["/api/user/", "/.well-known/nothing"] {
        let reply = server.anon().send(Request::get(path).header("Origin", APP));
        assert_eq!(shared_with(&reply).as_deref(), Some(APP), "{path}");
    }
}

#[test]
fn errors_are_shared_too_so_that_the_page_can_read_them() {
    let server = TestServer::with(&[
        ("cors.allowed_origins", APP),
        ("limits.max_body", "2048"),
        ("limits.failed_logins_per_account", "1"),
    ]);
    server.add("alice", |_| ());
    let login = |body: &serde_json::Value| Request::post("/api/login/").json(body);
    let wrong = json!({"username": "alice", "password": "wrong-guess-1"});
    let foreign = Request::post("/api/logout/").cookie("access_token", "x").header("Sec-Fetch-Site", "x");
    let requests = [
        (404, login(&wrong)),
        (429, login(&wrong)),
        (413, login(&json!({"username": "a".repeat(4000), "password": "x"}))),
        (400, Request::post("/api/login/").body("application/json", "{")),
        (401, Request::get("/api/user/")),
        (405, Request::delete("/api/login/")),
        (406, Request::get("/api/user/").header("Accept", "text/csv")),
        (404, Request::get("/api/nothing/")),
        (200, foreign),
    ];
    for (status, request) in requests {
        let target = request.target.clone();
        let reply = server.anon().send(request.header("Origin", APP));
        assert_eq!(reply.status, status, "{target}");
        assert_eq!(shared_with(&reply).as_deref(), Some(APP), "{target} {status}");
        assert_eq!(reply.header("Access-Control-Allow-Credentials").as_deref(), Some("true"));
        assert_eq!(reply.all("Vary"), ["Origin"], "{target} {status}");
        assert!(reply.header("Access-Control-Expose-Headers").unwrap().contains("Retry-After"));
    }
}

#[test]
fn answers_vary_by_origin_where_one_is_listed_whether_or_not_the_request_has_one() {
    let server = TestServer::with(&[("cors.allowed_origins", APP)]);
    for request in [
        Request::get("/api/user/"),
        Request::get("/api/user/").header("Origin", "https://evil.example"),
        Request::get("/api/user/").header("Origin", "null"),
    ] {
        let reply = server.anon().send(request);
        assert_eq!((reply.all("Vary"), shared_with(&reply)), (vec!["Origin"], None));
    }
}

#[test]
fn apps_in_a_web_view_log_in_and_read_the_answer() {
    let origins = "capacitor://localhost, tauri://localhost, app://., file://, chrome-extension://abcdef";
    let server = TestServer::with(&[("cors.allowed_origins", origins)]);
    server.add("alice", |_| ());
    for origin in origins.split(", ") {
        assert_eq!(preflight(&server, "/api/login/", origin, "content-type").status, 200, "{origin}");
        let login = Request::post("/api/login/")
            .json(&json!({"username": "alice", "password": password_of("alice")}))
            .header("Origin", origin)
            .header("Sec-Fetch-Site", "cross-site");
        let reply = server.anon().send(login);
        assert_eq!((reply.status, shared_with(&reply).as_deref()), (200, Some(origin)));
    }
    assert_eq!(preflight(&server, "/api/login/", "ionic://localhost", "content-type").status, 400);
}
