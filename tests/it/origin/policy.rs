//! The one rule about which site sent a request, asked of everything that it protects.

use serde_json::json;

use crate::http::{Request, send};
use crate::server::{TestServer, password_of};

const LISTED: &str = "https://app.example.com";

/// The headers that a browser sends of itself: `Sec-Fetch-Site`, `Origin` and `Host`.
type Sent<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn with(request: Request, (site, origin, host): Sent<'_>) -> Request {
    let headers = [("Sec-Fetch-Site", site), ("Origin", origin), ("Host", host)];
    headers.into_iter().fold(request, |request, (name, value)| match value {
        Some(value) => request.header(name, value),
        None => request,
    })
}

fn passes(server: &TestServer, request: &Request) -> bool {
    let reply = send(server.address, request).unwrap();
    assert!(reply.status < 500, "{}", reply.text());
    if reply.status == 403 {
        assert!(reply.cookies().is_empty(), "a refused request sets no cookie");
    }
    reply.status != 403
}

/// Whether each request that an API cookie is sent with, or set by, passes. They have to agree.
fn api_passes(server: &TestServer, sent: Sent<'_>) -> bool {
    let login = send(
        server.address,
        &Request::post("/api/login/").json(&json!({"username": "alice", "password": password_of("alice")})),
    );
    let cookies = login.unwrap().cookies();
    let (access, refresh) = (&cookies["access_token"].value, &cookies["refresh_token"].value);
    let credentials = json!({"username": "alice", "password": password_of("alice")});
    let requests = [
        Request::put("/api/user/").json(&json!({"username": "alice"})).cookie("access_token", access),
        Request::delete("/api/sessions/99/").cookie("access_token", access),
        Request::post("/api/token/refresh/").cookie("refresh_token", refresh),
        Request::post("/api/login/").json(&credentials),
        Request::post("/api/token/").json(&credentials),
        Request::post("/api/logout/").cookie("access_token", "stale"),
        Request::post("/api/logout/").cookie("access_token", access),
    ];
    let verdicts: Vec<bool> =
        requests.into_iter().map(|request| passes(server, &with(request, sent))).collect();
    assert!(verdicts.windows(2).all(|pair| pair[0] == pair[1]), "{sent:?}: {verdicts:?}");
    verdicts[0]
}

/// The same of the forms of the admin.
fn page_passes(server: &TestServer, sent: Sent<'_>) -> bool {
    let browser = server.signed_in("root");
    let token = browser.form_token();
    let form = Request::post("/admin/prove").form(&[("form_token", token.as_str()), ("password", "")]);
    let form = browser.send(with(form, sent)).status != 403;
    let sign_in = passes(server, &with(Request::post("/admin/sign-in").form(&[("username", "")]), sent));
    assert_eq!(form, sign_in, "{sent:?}");
    form
}

/// The same of the pages whose URL holds a key.
fn link_passes(server: &TestServer, sent: Sent<'_>) -> bool {
    let paths =
        ["/confirm-email/x", "/undo-email/x", "/reset-password/x", "/accept-invite/x", "/admin/setup/x"];
    let requests = paths.map(|path| with(Request::post(path).form(&[("password", "x")]), sent));
    let verdicts = requests.map(|request| passes(server, &request));
    assert!(verdicts.windows(2).all(|pair| pair[0] == pair[1]), "{sent:?}: {verdicts:?}");
    verdicts[0]
}

#[test]
fn every_cookie_and_every_page_has_the_same_rule() {
    let server = TestServer::with(&[
        ("cors.allowed_origins", LISTED),
        ("cookies.refresh", "true"),
        ("limits.enabled", "false"),
    ]);
    server.add("alice", |_| ());
    let public = server.app.config.public_url.origin().to_owned();
    let public = Some(public.as_str());
    let (same_origin, cross_site, same_site) = (Some("same-origin"), Some("cross-site"), Some("same-site"));
    let (dev, https) = ("http://localhost:5173", "https://www.example.com");
    let table: &[(&str, Sent<'_>, [bool; 3])] = &[
        ("no browser", (None, None, None), [true; 3]),
        ("the browser knows better than Host", (same_origin, Some(dev), None), [true; 3]),
        ("a page without a referrer", (same_origin, Some("null"), None), [true; 3]),
        ("typed by the user", (Some("none"), None, None), [true; 3]),
        ("another site", (cross_site, None, None), [false; 3]),
        ("another host of the site", (same_site, None, None), [false; 3]),
        ("a word of the future", (Some("x"), None, None), [false; 3]),
        ("several words", (Some("same-origin, cross-site"), None, None), [false; 3]),
        ("a listed origin", (cross_site, Some(LISTED), None), [true, false, false]),
        ("a listed origin of the site", (same_site, Some(LISTED), None), [true, false, false]),
        (
            "like a listed origin",
            (cross_site, Some("https://app.example.com.evil.example"), None),
            [false; 3],
        ),
        ("the browser denies its own origin", (cross_site, public, None), [false; 3]),
        ("the browser denies the host", (cross_site, Some(dev), Some("localhost:5173")), [false; 3]),
        ("a sandboxed frame", (cross_site, Some("null"), None), [false; 3]),
        ("old browser, own name", (None, Some(dev), Some("localhost:5173")), [true; 3]),
        ("old browser, own name in capitals", (None, Some(dev), Some("LocalHost:5173")), [true; 3]),
        ("old browser, TLS in front", (None, Some(https), Some("www.example.com")), [true; 3]),
        ("old browser, port of the scheme", (None, Some(https), Some("www.example.com:443")), [true; 3]),
        ("old browser, another port", (None, Some(dev), Some("localhost:8000")), [false; 3]),
        ("old browser, another host", (None, Some(https), Some("example.com")), [false; 3]),
        ("old browser, Host replaced", (None, public, Some("backend:1")), [true; 3]),
        ("old browser, listed", (None, Some(LISTED), None), [true, false, false]),
        ("old browser, another site", (None, Some("https://evil.example"), None), [false; 3]),
        ("old browser, no origin", (None, Some("null"), None), [false, false, true]),
        ("old browser, empty origin", (None, Some(""), Some("")), [false; 3]),
        ("two origins", (None, Some("http://localhost:5173, null"), Some("localhost:5173")), [false; 3]),
        ("an app", (None, Some("capacitor://localhost"), Some("localhost")), [false; 3]),
    ];
    for (what, sent, expected) in table {
        let verdicts = [api_passes(&server, *sent), page_passes(&server, *sent), link_passes(&server, *sent)];
        assert_eq!(verdicts, *expected, "{what}: {sent:?}");
    }
}

#[test]
fn the_scheme_is_that_of_a_trusted_proxy_or_https_where_cookies_are_secure() {
    let behind_proxy = [("public_url", "https://accounts.example.com"), ("trusted_proxies", "127.0.0.1")];
    let verdict = |settings: &[(&str, &str)], forwarded: Option<&str>, origin: &str| {
        let server = TestServer::with(settings);
        server.add("alice", |_| ());
        let login = Request::post("/api/login/")
            .json(&json!({"username": "alice", "password": password_of("alice")}))
            .header("Origin", origin)
            .header("Host", "www.example.com");
        let login = match forwarded {
            Some(scheme) => login.header("X-Forwarded-Proto", scheme),
            None => login,
        };
        passes(&server, &login)
    };
    let (http, https) = ("http://www.example.com", "https://www.example.com");
    assert!(verdict(&behind_proxy, Some("https"), https));
    assert!(verdict(&behind_proxy, Some("HTTPS, http"), https), "the first of a list, as in Django");
    assert!(!verdict(&behind_proxy, Some("https"), http));
    assert!(!verdict(&behind_proxy, Some("http"), https));
    assert!(verdict(&behind_proxy, None, https));
    assert!(!verdict(&behind_proxy, None, http));
    assert!(verdict(&behind_proxy, Some("http"), "https://accounts.example.com"), "public_url always");
    let stranger = [("public_url", "https://accounts.example.com"), ("trusted_proxies", "10.0.0.1")];
    assert!(!verdict(&stranger, Some("http"), http), "not a trusted proxy's word");
    assert!(verdict(&[], None, http) && verdict(&[], None, https));
}

#[test]
fn a_login_of_another_site_is_refused_in_djangos_words_before_the_password_is_checked() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    for password in [password_of("alice"), "wrong-guess-1".to_owned()] {
        let login = Request::post("/api/login/")
            .form(&[("username", "alice"), ("password", &password)])
            .header("Origin", "https://evil.example")
            .header("Sec-Fetch-Site", "cross-site");
        let reply = server.anon().send(login);
        let words =
            "CSRF Failed: Origin checking failed - https://evil.example does not match any trusted origins.";
        assert_eq!((reply.status, reply.json()), (403, json!({"detail": words})));
    }
    assert_eq!(server.audit(alice), ["created"]);
}

#[test]
fn a_request_for_tokens_that_sets_no_cookie_may_come_from_any_page() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let obtain = Request::post("/api/token/")
        .json(&json!({"username": "alice", "password": password_of("alice")}))
        .header("Origin", "https://evil.example");
    assert_eq!(server.anon().send(obtain).status, 200);
}
