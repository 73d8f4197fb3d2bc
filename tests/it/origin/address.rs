//! A browser at another address than `public_url`, which does not store `Secure` cookies there.

use std::sync::atomic::Ordering;

use serde_json::json;

use crate::http::Request;
use crate::server::{TestServer, password_of};

const PUBLIC: &str = "https://accounts.example.com";
const HTTPS: (&str, &str) = ("public_url", PUBLIC);

fn sign_in_page(server: &TestServer, headers: &[(&str, &str)]) -> String {
    let request = Request::get("/admin/sign-in?next=%2Fadmin%2Fusers%2F");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    server.browser().send(request).text()
}

fn names_the_address(page: &str) -> bool {
    page.contains("href=\"https://accounts.example.com/admin/users/\"")
}

#[test]
fn the_sign_in_page_names_the_address_that_works() {
    let server = TestServer::with(&[HTTPS]);
    let page = sign_in_page(&server, &[("Host", "nas.lan:8000")]);
    assert!(names_the_address(&page) && page.contains("at another address"), "{page}");
    let german = [("Host", "nas.lan:8000"), ("Accept-Language", "de")];
    assert!(sign_in_page(&server, &german).contains("unter einer anderen Adresse"));
    for fine in [
        &[("Host", "accounts.example.com")][..],
        &[("Host", "Accounts.Example.com:443")],
        // A browser at https, whose proxy replaced the host, or one on this machine.
        &[("Host", "backend:8000"), ("Sec-Fetch-Site", "none")],
    ] {
        let page = sign_in_page(&server, fine);
        assert!(!page.contains("at another address") && !names_the_address(&page), "{fine:?}");
    }
    let plain = TestServer::start();
    assert!(!sign_in_page(&plain, &[("Host", "nas.lan:8000")]).contains("at another address"));
}

#[test]
fn plain_http_is_known_from_a_trusted_proxy_or_because_there_is_none_in_between() {
    let behind = |proxy: &str, forwarded: &str| {
        let server = TestServer::with(&[HTTPS, ("trusted_proxies", proxy)]);
        let headers = [("Host", "accounts.example.com"), ("X-Forwarded-Proto", forwarded)];
        names_the_address(&sign_in_page(&server, &headers))
    };
    assert!(behind("127.0.0.1", "http"));
    assert!(!behind("127.0.0.1", "https"));
    assert!(behind("10.0.0.1", "https"), "not by way of the proxy");
}

#[test]
fn signing_in_over_plain_http_begins_no_session_that_the_browser_would_lose() {
    let server = TestServer::with(&[HTTPS]);
    let root = server.add("root", |account| account.is_admin = true);
    let password = password_of("root");
    let from = |host: &str, origin: &str, language: &str| {
        let form = [("username", "root"), ("password", password.as_str()), ("next", "/admin/users/")];
        let request = Request::post("/admin/sign-in").form(&form).header("Host", host);
        server.browser().send(request.header("Origin", origin).header("Accept-Language", language))
    };
    for host in ["nas.lan:8000", "accounts.example.com", "10.0.0.7"] {
        let reply = from(host, &format!("http://{host}"), "en");
        let page = reply.text();
        assert_eq!((reply.status, reply.cookies().len()), (422, 0), "{host}: {page}");
        assert!(names_the_address(&page) && page.contains("opened without https"), "{page}");
        assert!(!page.contains(&password));
    }
    assert!(from("nas.lan:8000", "http://nas.lan:8000", "de").text().contains("ohne HTTPS"));
    assert_eq!(server.audit(root), ["created"], "neither signed in nor a failed login");
    assert_eq!(from("nas.lan:8000", "http://evil.example", "en").status, 403);
    assert_eq!(from("accounts.example.com", PUBLIC, "en").leads_to(), "/admin/users/");
    // On their own machine, browsers store Secure cookies over plain HTTP, and say so by this header.
    let local = Request::post("/admin/sign-in")
        .form(&[("username", "root"), ("password", password.as_str())])
        .header("Host", "localhost:8000")
        .header("Origin", "http://localhost:8000")
        .header("Sec-Fetch-Site", "same-origin");
    assert_eq!(server.browser().send(local).status, 303);
}

#[test]
fn a_login_to_another_address_is_logged_once() {
    let server = TestServer::with(&[HTTPS]);
    server.add("alice", |_| ());
    let log_in = |host: &str| {
        let body = json!({"username": "alice", "password": password_of("alice")});
        server.anon().send(Request::post("/api/login/").json(&body).header("Host", host)).status
    };
    let is_logged = || server.app.handlers.is_elsewhere_logged.load(Ordering::Relaxed);
    assert_eq!((log_in("accounts.example.com"), is_logged()), (200, false));
    assert_eq!((log_in("nas.lan:8000"), is_logged()), (200, true), "it works for what is no browser");
}
