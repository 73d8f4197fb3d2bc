//! The setup link of the first start.

use std::time::Duration;

use doorward::testing::accounts::issue_setup_key;
use serde_json::json;

use crate::http::{Reply, Request};
use crate::server::{Client, TestServer};

const GOOD: [(&str, &str); 4] = [
    ("username", "root-of-all"),
    ("email", "root@example.com"),
    ("password", "quite-Long-pass-3"),
    ("password_again", "quite-Long-pass-3"),
];

/// The path of a new setup link.
fn link(server: &TestServer) -> String {
    let key = server.wait(issue_setup_key(&server.app)).unwrap().unwrap();
    format!("/admin/setup/{}", key.expose())
}

fn submit(server: &TestServer, path: &str, change: &[(&str, &str)]) -> Reply {
    let mut fields = GOOD;
    for (name, value) in change {
        fields.iter_mut().find(|(field, _)| field == name).unwrap().1 = value;
    }
    server.anon().send(Request::post(path).form(&fields))
}

#[test]
fn the_setup_link_creates_one_administrator() {
    let server = TestServer::start();
    let path = link(&server);
    let form = server.anon().get(&path);
    assert_eq!(form.status, 200);
    assert!(form.text().contains("name=\"password_again\""));
    let made = submit(&server, &path, &[]);
    assert_eq!((made.status, made.header("Location").as_deref()), (303, Some("/admin/setup/done")));
    assert_eq!(server.anon().get("/admin/setup/done").status, 200);
    let root = server.find("root-of-all").unwrap();
    assert!(root.is_admin && root.is_active && root.is_email_confirmed);
    assert_eq!(server.audit(root.id), ["signed-in", "created"]);
    assert_eq!(server.anon().log_in("root@example.com", "quite-Long-pass-3").status, 200);
    assert_eq!(server.anon().get(&path).status, 404);
    assert_eq!(submit(&server, &path, &[("username", "second"), ("email", "s@example.com")]).status, 404);
    assert!(server.find("second").is_none());
}

#[test]
fn the_new_administrator_is_signed_in_with_a_session_of_this_moment() {
    let server = TestServer::start();
    let browser = server.browser();
    browser.set_cookie("doorward_admin", &"A".repeat(43));
    assert_eq!(browser.post(&link(&server), &GOOD).leads_to(), "/admin/setup/done");
    assert_ne!(
        browser.cookie("doorward_admin").unwrap(),
        "A".repeat(43),
        "an older session is not taken over"
    );
    let done = browser.page("/admin/setup/done");
    assert!(done.contains("href=\"/admin/\">Go to overview</a>"), "{done}");
    assert!(done.contains("username=root-of-all \\") && !done.contains("YOUR-USERNAME"), "{done}");
    assert!(browser.page("/admin/").contains("root-of-all"));
    assert_eq!(browser.get("/admin/users/add").status, 200, "the password was typed a moment ago");
    assert_eq!(server.browser().get("/admin/").status, 303);
}

#[test]
fn the_setup_link_works_with_a_trailing_slash() {
    let server = TestServer::start();
    let path = link(&server) + "/";
    assert_eq!(server.anon().get(&path).status, 200);
    assert_eq!(submit(&server, &path, &[]).status, 303);
    assert!(server.find("root-of-all").unwrap().is_admin);
}

#[test]
fn invalid_fields_have_errors_and_the_link_stays_valid() {
    let server = TestServer::start();
    let path = link(&server);
    for (change, message) in [
        (&[("username", "no spaces")][..], "Enter a valid username."),
        (&[("email", "nowhere")], "Enter a valid email address."),
        (&[("password", "1234"), ("password_again", "1234")], "This password is too common."),
        (&[("password_again", "something-else-5")], "match"),
        (&[("username", "")], "This field may not be blank."),
    ] {
        let reply = submit(&server, &path, change);
        assert_eq!(reply.status, 422, "{message}");
        let text = reply.text();
        let without_case = text.to_lowercase();
        assert!(without_case.contains(&message.to_lowercase()), "{message}: {text}");
        assert!(!text.contains("quite-Long-pass-3"), "a password came back");
    }
    assert!(submit(&server, &path, &[("email", "nowhere")]).text().contains("value=\"root-of-all\""));
    assert_eq!(submit(&server, &path, &[]).status, 303);
}

#[test]
fn an_unknown_replaced_or_expired_link_opens_nothing() {
    let server = TestServer::start();
    let old = link(&server);
    let path = link(&server);
    for path in [old.as_str(), "/admin/setup/nonsense", &"/admin/setup/A".repeat(2)] {
        assert_eq!(server.anon().get(path).status, 404, "{path}");
        assert_eq!(submit(&server, path, &[]).status, 404, "{path}");
    }
    server.advance(Duration::from_secs(24 * 3600 + 1));
    assert_eq!(server.anon().get(&path).status, 404);
    assert_eq!(submit(&server, &path, &[]).status, 404);
    assert!(server.find("root-of-all").is_none());
}

#[test]
fn an_administrator_ends_the_setup_link_and_users_do_not() {
    let server = TestServer::start();
    let path = link(&server);
    let register = json!({"username": "eve", "email": "eve@example.com", "password": "quite-Long-pass-3"});
    assert_eq!(server.anon().post("/api/register/", &register).status, 201);
    server.add("alice", |_| ());
    assert_eq!(server.anon().get(&path).status, 200);
    let path = link(&server);
    assert_eq!(submit(&server, &path, &[("username", "eve")]).status, 422, "the name is taken");
    server.add("boss", |account| account.is_admin = true);
    assert_eq!(server.anon().get(&path).status, 404);
    assert_eq!(submit(&server, &path, &[]).status, 404);
    assert!(server.wait(issue_setup_key(&server.app)).unwrap().is_none());
}

#[test]
fn two_simultaneous_requests_create_one_administrator() {
    let server = TestServer::start();
    let path = link(&server);
    let threads: Vec<_> = (0..4)
        .map(|n| {
            let (address, path) = (server.address, path.clone());
            std::thread::spawn(move || {
                let (name, email) = (format!("root-{n}"), format!("root-{n}@example.com"));
                let fields = [("username", name.as_str()), ("email", &email), GOOD[2], GOOD[3]];
                crate::http::send(address, &Request::post(&path).form(&fields)).unwrap().status
            })
        })
        .collect();
    let mut statuses: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404, 404, 404]);
}

#[test]
fn the_setup_pages_load_only_from_this_server_and_send_no_referrer() {
    let server = TestServer::start();
    let path = link(&server);
    let pages: [(&str, &Client); 4] = [
        (&path, &server.anon()),
        ("/admin/sign-in", &server.anon()),
        ("/admin/setup/done", &server.admin()),
        ("/x", &server.anon()),
    ];
    for (path, client) in pages {
        let reply = client.get(path);
        let policy = reply.header("Content-Security-Policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        let stored = if ["/admin/sign-in", "/x"].contains(&path) { "private, no-cache" } else { "no-store" };
        assert_eq!(reply.header("Cache-Control").as_deref(), Some(stored), "{path}");
        let text = reply.text();
        assert!(
            !text.replace("<script src=\"/static/", "").contains("<script")
                && !text.contains("style=\"")
                && !text.contains("<style"),
            "{path}"
        );
        assert!(text.len() < 50_000);
    }
    assert_eq!(server.anon().get("/static/doorward.css").status, 200);
    assert_eq!(
        server.anon().get("/static/icon.svg").header("Content-Type").as_deref(),
        Some("image/svg+xml; charset=utf-8")
    );
    assert_eq!(server.anon().get("/static/../Cargo.toml").status, 404);
}

#[test]
fn a_setup_link_from_before_the_first_administrator_stays_ended_without_one() {
    let server = TestServer::start();
    let path = link(&server);
    server.add("boss", |account| account.is_admin = true);
    assert!(server.wait(issue_setup_key(&server.app)).unwrap().is_none());
    server.database().execute("UPDATE users SET is_admin = FALSE");
    assert_eq!(server.anon().get(&path).status, 404);
    assert_eq!(submit(&server, &path, &[]).status, 404);
    assert_eq!(server.anon().get(&link(&server)).status, 200, "a new one works");
}
