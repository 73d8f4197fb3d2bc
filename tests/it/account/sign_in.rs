//! Signing in and out, the session, and where it counts.

use std::time::Duration;

use doorward::testing::accounts::{self, Actor, Rules};
use doorward::testing::types::Password;

use crate::account::{COOKIE, sign_in, submit};
use crate::browser::value_of;
use crate::http::Request;
use crate::server::{TestServer, password_of};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn a_user_signs_in_by_name_or_email_and_sees_the_account() {
    let server = TestServer::start();
    let alice = server.add("alice", |account| account.is_email_confirmed = true);
    for identifier in ["alice", "alice@example.com"] {
        let browser = server.browser();
        assert_eq!(browser.get("/account").leads_to(), "/sign-in?next=%2Faccount%2F");
        assert_eq!(sign_in(&browser, identifier, &password_of("alice")).leads_to(), "/account");
        let page = browser.page("/account");
        for part in ["alice", "alice@example.com", "confirmed"] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    assert_eq!(server.audit(alice)[..2], ["logged-in", "logged-in"]);
    assert!(server.find("alice").unwrap().last_login_at.is_some());
}

#[test]
fn a_wrong_password_is_an_error_that_keeps_the_name_and_is_the_same_for_every_name() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.add("idle", |account| account.is_active = false);
    let texts: Vec<String> = ["alice", "unknown", "idle"]
        .into_iter()
        .map(|name| {
            let password = if name == "idle" { password_of("idle") } else { "wrong-guess-1".to_owned() };
            let browser = server.browser();
            let reply = sign_in(&browser, name, &password);
            assert!(reply.status == 422 && browser.cookie(COOKIE).is_none());
            let text = reply.text();
            assert!(text.contains(&format!("value=\"{name}\"")) && !text.contains(&password), "{text}");
            text.replace(name, "NAME")
        })
        .collect();
    assert!(texts[0].contains("Incorrect username or password."), "{}", texts[0]);
    assert!(texts.iter().all(|text| *text == texts[0]));
}

#[test]
fn missing_fields_are_named_and_no_login_is_tried() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    for (name, password) in [("", ""), ("alice", ""), ("", "wrong-guess-1")] {
        let reply = sign_in(&server.browser(), name, password);
        assert!(reply.status == 422 && reply.text().contains("This field is required."), "{name}");
    }
    assert_eq!(server.audit(alice), ["created"]);
}

#[test]
fn the_limits_of_the_api_count_here_and_the_page_says_how_long_to_wait() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "2")]);
    server.add("alice", |_| ());
    assert_eq!(server.anon().log_in("alice", "wrong-guess-1").status, 404);
    assert_eq!(sign_in(&server.browser(), "alice", "wrong-guess-1").status, 422);
    let reply = sign_in(&server.browser(), "alice", &password_of("alice"));
    assert_eq!(reply.status, 429);
    let text = reply.text();
    assert!(reply.header("Retry-After").is_some() && text.contains("minute"), "{text}");
    assert!(text.contains("value=\"alice\""), "the input stays: {text}");
}

#[test]
fn the_parameter_next_leads_to_pages_of_this_server_and_of_listed_origins_only() {
    let server = TestServer::with(&[("cors.allowed_origins", "https://app.example.com")]);
    server.add("alice", |_| ());
    for (next, target) in [
        ("/account/language/de", "/account/language/de"),
        ("/admin/", "/admin/"),
        ("https://app.example.com/x?y=z", "https://app.example.com/x?y=z"),
        ("https://evil.example/", "/account"),
        ("//evil.example/", "/account"),
        ("/\\evil.example", "/account"),
        ("javascript:alert(1)", "/account"),
        ("", "/account"),
    ] {
        let browser = server.browser();
        let path = format!("/sign-in?next={}", next.replace('?', "%3F").replace('=', "%3D"));
        let page = browser.page(&path);
        let is_dropped = target == "/account";
        assert_eq!(page.contains("name=\"next\""), !is_dropped, "{next}: {page}");
        assert!(!page.contains("evil"), "{page}");
        let fields = [("username", "alice"), ("password", &password_of("alice")), ("next", next)];
        assert_eq!(browser.post("/sign-in", &fields).leads_to(), target, "{next}");
        assert_eq!(browser.get(&path).leads_to(), target, "signed in already");
    }
    let policy = |next: &str| {
        let page = server.anon().get(&format!("/sign-in?next={next}"));
        page.header("Content-Security-Policy").unwrap()
    };
    assert!(policy("https://app.example.com/x").contains("form-action 'self' https://app.example.com;"));
    assert!(policy("https://evil.example/x").contains("form-action 'self';"));
}

#[test]
fn the_session_is_no_access_to_the_api_and_a_token_opens_no_page() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let key = browser.cookie(COOKIE).unwrap();
    let api = |request: Request| server.anon().send(request).status;
    for cookie in ["access_token", "refresh_token", COOKIE] {
        assert_eq!(api(Request::get("/api/user/").cookie(cookie, &key)), 401, "{cookie}");
    }
    assert_eq!(api(Request::get("/api/user/").header("Authorization", format!("Bearer {key}"))), 401);
    let token = server.log_in("alice").token.unwrap();
    for cookie in [COOKIE, "doorward_admin", "access_token"] {
        let reply = server.anon().send(Request::get("/account").cookie(cookie, &token));
        assert!(reply.leads_to().starts_with("/sign-in"), "{cookie}");
    }
    let reply = server.anon().send(Request::get("/admin/").cookie("doorward_admin", &key));
    assert!(reply.leads_to().starts_with("/admin/sign-in"));
}

#[test]
fn the_cookie_is_bound_to_the_host_and_new_at_each_sign_in() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let first = browser.cookie(COOKIE).unwrap();
    let cookie = sign_in(&browser, "alice", &password_of("alice")).cookie(COOKIE).unwrap();
    assert_ne!(cookie.value, first);
    assert_eq!(cookie.attributes["samesite"].as_deref(), Some("Lax"));
    assert!(cookie.attributes.contains_key("httponly") && !cookie.attributes.contains_key("domain"));
    browser.set_cookie(COOKIE, &first);
    assert_eq!(browser.get("/account").status, 303, "the session before it ended");
    let secure = TestServer::with(&[
        ("public_url", "https://accounts.example.com"),
        ("cookies.domain", "example.com"),
    ]);
    secure.add("alice", |_| ());
    let cookie = sign_in(&secure.browser(), "alice", &password_of("alice")).cookie("__Host-doorward_session");
    let cookie = cookie.unwrap();
    assert!(cookie.attributes.contains_key("secure") && !cookie.attributes.contains_key("domain"));
}

#[test]
fn a_session_ends_when_it_is_not_used_and_at_the_end_of_its_lifetime() {
    let server = TestServer::with(&[("refresh_token_lifetime", "10d"), ("tokens.session_lifetime", "30d")]);
    let idle = server.at_account("alice");
    server.advance(10 * DAY - HOUR);
    assert_eq!(idle.get("/account").status, 200);
    server.wait(accounts::record_last_seen(&server.app)).unwrap();
    server.advance(10 * DAY + HOUR);
    assert_eq!(idle.get("/account").status, 303);
    let busy = server.at_account("alice");
    for _ in 0..4 {
        server.advance(7 * DAY);
        assert_eq!(busy.get("/account").status, 200);
        server.wait(accounts::record_last_seen(&server.app)).unwrap();
        server.wait(accounts::sweep_sessions(&server.app)).unwrap();
    }
    server.advance(3 * DAY);
    assert_eq!(busy.get("/account").status, 303, "30 days after its beginning");
}

#[test]
fn the_session_ends_with_all_others_of_its_user() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let by = Actor::command_line();
    let root = server.signed_in("root");
    let ended = |name: &str, end: &dyn Fn(&doorward::testing::types::User)| {
        let browser = server.at_account(name);
        end(&server.find(name).unwrap());
        assert_eq!(browser.get("/account").status, 303, "{name}");
    };
    ended("inactive", &|user| {
        drop(server.wait(accounts::deactivate(&server.app, user.id, None, &by)).unwrap());
    });
    ended("deleted", &|user| drop(server.wait(accounts::delete_user(&server.app, user.id, &by)).unwrap()));
    ended("renewed", &|user| {
        let password = Password::new("another-secret-9".to_owned());
        drop(
            server.wait(accounts::set_password(&server.app, user.id, password, Rules::Waived, &by)).unwrap(),
        );
    });
    ended("by.admin", &|user| {
        assert_eq!(root.submit(&format!("/admin/users/{}/end-sessions", user.id), &[]).status, 303);
    });
    ended("one.by.admin", &|user| {
        let page = root.user_page(user.id);
        let session = value_of(&page, "session");
        let path = format!("/admin/users/{}/end-session", user.id);
        assert_eq!(root.submit(&path, &[("session", &session)]).status, 303);
    });
    ended("by.api", &|user| {
        let client = server.log_in(user.username.as_str());
        assert!(client.post("/api/logout/", &serde_json::json!({"all": true})).status < 300);
    });
}

#[test]
fn signing_out_ends_the_session_and_clears_the_browser_cache() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let stored = browser.cookie(COOKIE).unwrap();
    assert_eq!(server.browser().get("/sign-out").leads_to(), "/sign-in");
    let page = browser.page("/sign-out");
    assert!(page.contains("Sign out?") && browser.get("/account").status == 200, "{page}");
    let reply = submit(&browser, "/sign-out", &[]);
    assert_eq!(reply.header("Clear-Site-Data").as_deref(), Some("\"cache\""));
    assert_eq!(reply.leads_to(), "/sign-in?out=1");
    assert!(browser.cookie(COOKIE).is_none());
    assert!(browser.page("/sign-in?out=1").contains("You are signed out."));
    browser.set_cookie(COOKIE, &stored);
    assert_eq!(browser.get("/account").status, 303);
    assert_eq!(server.audit(server.find("alice").unwrap().id), ["logged-out", "logged-in", "created"]);
}

#[test]
fn no_other_site_signs_a_browser_in_or_out() {
    let server = TestServer::with(&[("cors.allowed_origins", "https://app.example.com")]);
    let browser = server.at_account("alice");
    let fields = [("username", "alice"), ("password", &password_of("alice"))];
    for (name, value) in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://app.example.com")] {
        let request = Request::post("/sign-in").form(&fields).header(name, value);
        assert_eq!(server.browser().send(request).status, 403, "{name}");
    }
    let other = server.at_account("bob");
    let foreign = value_of(&other.page("/account"), "form_token");
    for fields in [&[][..], &[("form_token", "")], &[("form_token", foreign.as_str())]] {
        assert_eq!(browser.post("/sign-out", fields).status, 403, "{fields:?}");
    }
    assert_eq!(browser.get("/account").status, 200);
}

#[test]
fn without_account_pages_their_addresses_are_not_found() {
    let server = TestServer::with(&[("account.pages", "false")]);
    let root = server.signed_in("root");
    for path in ["/sign-in", "/sign-out", "/account", "/account/", "/account/language/de"] {
        assert_eq!(root.get(path).status, 404, "{path}");
    }
    let own = root.get("/admin/account").leads_to();
    assert!(
        root.page("/admin/").contains("/admin/account") && root.page(&own).contains("root@example.com"),
        "{own}"
    );
    assert_eq!(sign_in(&server.browser(), "root", &password_of("root")).status, 404);
}

#[test]
fn a_session_of_a_clock_that_was_ahead_does_not_outlive_its_time() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let wrong = TestServer::beside(&server, &[]);
    wrong.advance(400 * DAY);
    let browser = server.browser();
    let ahead = wrong.at_account("alice").cookie(COOKIE).unwrap();
    browser.set_cookie(COOKIE, &ahead);
    server.wait(accounts::correct_moments(&server.app, accounts::LinkKeys::Unchanged)).unwrap();
    assert_eq!(browser.get("/account").status, 303);
    assert!(server.database().lines("SELECT 'x' AS line FROM sessions").is_empty());
}
