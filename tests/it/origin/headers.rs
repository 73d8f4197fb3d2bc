//! Headers that keep answers out of caches, frames and plain HTTP.

use serde_json::json;

use crate::http::{Reply, Request};
use crate::server::{TestServer, password_of};

const HTTPS: (&str, &str) = ("public_url", "https://accounts.example.com");

/// The answers that say nothing about a person.
const IMPERSONAL: [&str; 7] =
    ["no page below /api", "no page", "no file", "foreign form", "sign-in", "sign-up", "forgotten password"];

/// An answer of every kind, by the name of its kind. The last is a static file.
fn answers(server: &TestServer) -> Vec<(&'static str, Reply)> {
    let alice = server.user("alice");
    let browser = server.signed_in("root");
    let credentials = json!({"username": "alice", "password": password_of("alice")});
    let anon = server.anon();
    vec![
        ("user", alice.get("/api/user/")),
        ("sessions", alice.get("/api/sessions/")),
        ("login", anon.post("/api/login/", &credentials)),
        ("tokens", anon.post("/api/token/", &credentials)),
        ("error", anon.get("/api/user/")),
        ("method", anon.get("/api/login/")),
        ("metadata", anon.send(Request::options("/api/login/"))),
        ("no page below /api", anon.get("/api/nothing/")),
        ("page", browser.get("/admin/users/")),
        ("redirect", browser.get("/admin/sign-in")),
        ("sign-in redirect with a cookie", browser.sign_in("root", &password_of("root"))),
        ("to the sign-in page", server.browser().get("/admin/users/")),
        ("export", browser.get("/admin/users/export.csv")),
        ("link page", anon.get("/reset-password/x")),
        ("done page", anon.get("/reset-password/done")),
        ("foreign form", anon.send(Request::post("/admin/sign-in").header("Sec-Fetch-Site", "cross-site"))),
        ("sign-in", server.anon().get("/sign-in")),
        ("sign-up", server.anon().get("/sign-up")),
        ("forgotten password", server.anon().get("/forgot-password")),
        ("no page", anon.get("/nowhere")),
        ("no file", anon.get("/static/nothing.css")),
        ("health", anon.get("/healthz")),
        ("file", anon.get("/static/doorward.css")),
    ]
}

#[test]
fn what_is_about_a_person_is_never_stored_and_no_page_by_a_cache_between() {
    let mut answers = answers(&TestServer::start());
    let (_, file) = answers.pop().unwrap();
    assert_eq!(file.header("Cache-Control").as_deref(), Some("public, no-cache"));
    for (what, reply) in answers {
        let is_impersonal = IMPERSONAL.contains(&what);
        let expected = if is_impersonal { "private, no-cache" } else { "no-store" };
        assert_eq!(reply.header("Cache-Control").as_deref(), Some(expected), "{what}");
    }
}

#[test]
fn every_answer_says_what_a_browser_may_make_of_it() {
    for (what, reply) in answers(&TestServer::start()) {
        let policy = reply.header("Content-Security-Policy").unwrap_or_default();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{what}"
        );
        assert_eq!(reply.header("X-Content-Type-Options").as_deref(), Some("nosniff"), "{what}");
        assert!(reply.header("Referrer-Policy").is_some(), "{what}");
        assert_eq!(reply.header("Strict-Transport-Security"), None, "{what}: public_url is http");
        let file = reply.header("Content-Disposition");
        let is_api = ["user", "sessions", "login", "tokens", "error", "method", "metadata"].contains(&what);
        let is_named = file.as_deref() == Some("attachment; filename=\"api.json\"");
        assert_eq!(is_named, is_api, "{what}: {file:?}");
    }
}

#[test]
fn under_https_browsers_learn_to_stay_there() {
    for (what, reply) in answers(&TestServer::with(&[HTTPS])) {
        assert_eq!(reply.header("Strict-Transport-Security").as_deref(), Some("max-age=31536000"), "{what}");
    }
    let sent = |settings: &[(&str, &str)], forwarded: &str| {
        let server = TestServer::with(settings);
        let request = Request::get("/api/user/").header("X-Forwarded-Proto", forwarded);
        server.anon().send(request).header("Strict-Transport-Security")
    };
    assert_eq!(sent(&[HTTPS, ("server.hsts", "1h")], "https").as_deref(), Some("max-age=3600"));
    for off in ["off", "0s"] {
        assert_eq!(sent(&[HTTPS, ("server.hsts", off)], "https"), None);
    }
    assert_eq!(sent(&[("server.hsts", "1h")], "https"), None, "public_url is http");
    let local = ("public_url", "https://localhost:8443");
    assert_eq!(sent(&[local], "https"), None, "it would be for every other server on this machine");
    let proxied = [HTTPS, ("trusted_proxies", "127.0.0.1")];
    assert_eq!(sent(&proxied, "http"), None, "RFC 6797 §7.2");
    assert!(sent(&proxied, "https").is_some() && sent(&[HTTPS], "http").is_some());
}
