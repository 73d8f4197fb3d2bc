//! An administrator's view of a user's account.

use std::time::Duration;

use crate::browser::{Browser, value_of};
use crate::server::{TestServer, password_of};

const PAGES: [&str; 5] =
    ["/account", "/account/security", "/account/sessions", "/account/activity", "/account/data"];

/// Begins a view of the account of `name`.
fn view(server: &TestServer, browser: &Browser, name: &str) {
    let id = server.find(name).unwrap().id;
    assert_eq!(browser.submit(&format!("/admin/users/{id}/view"), &[]).leads_to(), "/account");
}

#[test]
fn an_administrator_sees_every_page_of_a_user_with_a_banner_and_stops() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let root = server.signed_in("root");
    assert!(root.page(&format!("/admin/users/{alice}")).contains("View as this user"));
    view(&server, &root, "alice");
    for path in PAGES {
        let page = root.page(path);
        assert!(page.contains("You are viewing the account of alice"), "{path}: {page}");
        assert!(!page.contains("href=\"/admin/\""), "as alice sees it: {page}");
        let forms = page.matches("<form").count();
        assert_eq!((forms, page.contains("action=\"/admin/view/stop\"")), (1, true), "{path}: {page}");
    }
    assert!(root.page("/account").contains("alice@example.com"));
    let token = value_of(&root.page("/account"), "form_token");
    let stop = root.post("/admin/view/stop", &[("form_token", &token)]);
    assert_eq!(stop.leads_to(), format!("/admin/users/{alice}"));
    assert!(root.page("/account").contains("root@example.com"), "one's own account again");
    assert_eq!(server.audit(alice)[..2], ["view-ended", "view-begun"]);
    let by = "SELECT actor AS line FROM audit WHERE action = 'view-begun'";
    assert_eq!(server.database().lines(by), ["administrator"]);
}

#[test]
fn each_page_of_a_view_says_what_is_not_available_in_it() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let root = server.signed_in("root");
    let sentences = [
        ("/account", "changing these details"),
        ("/account/security", "changing the password"),
        ("/account/sessions", "ending sessions"),
        ("/account/data", "reading and downloading the data"),
        ("/account/data", "deleting the account"),
    ];
    for (path, what) in sentences {
        assert!(!root.page(path).contains("Not available in a view"), "{path} of one's own");
        view(&server, &root, "alice");
        let page = root.page(path);
        assert!(page.contains(&format!("Not available in a view: {what}")), "{path}: {page}");
        root.get("/admin/account");
    }
    view(&server, &root, "alice");
    root.get("/?language=de");
    assert!(root.page("/account/security").contains("In einer Ansicht nicht verfügbar"));
}

#[test]
fn a_view_changes_nothing() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let root = server.signed_in("root");
    server.log_in("alice");
    view(&server, &root, "alice");
    let before = server.find("alice").unwrap();
    let token = value_of(&root.page("/account"), "form_token");
    let password = password_of("alice");
    let fields = [
        ("form_token", token.as_str()),
        ("username", "alicia"),
        ("email", "new@example.com"),
        ("old_password", &password),
        ("password", "another-Secret-9"),
        ("password_again", "another-Secret-9"),
        ("session", "1"),
    ];
    for path in [
        "/account/name",
        "/account/email",
        "/account/email/resend",
        "/account/security",
        "/account/sessions/end",
        "/account/sessions/end-others",
        "/account/confirm-password",
        "/account/data/delete",
        "/sign-out",
    ] {
        let reply = root.post(path, &fields);
        assert_eq!(reply.status, 403, "{path}");
        assert!(reply.text().contains("read-only"), "{path}: {}", reply.text());
    }
    for path in ["/account/name", "/account/email"] {
        assert_eq!(root.get(path).status, 403, "{path}");
    }
    let after = server.find("alice").unwrap();
    assert_eq!((before.updated_at, before.username), (after.updated_at, after.username));
    assert_eq!(server.audit(alice)[0], "view-begun");
    assert_eq!(server.database().lines("SELECT 'x' AS line FROM sessions WHERE ended_at IS NULL").len(), 1);
}

#[test]
fn a_view_begins_with_a_recent_password_and_ends_after_a_while_and_with_the_session() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let root = server.signed_in("root");
    let token = root.form_token();
    server.advance(Duration::from_secs(16 * 60));
    let path = format!("/admin/users/{alice}/view");
    assert_eq!(root.post(&path, &[("form_token", &token)]).status, 403, "the password comes first");
    let password = password_of("root");
    let fields = [("form_token", token.as_str()), ("reauthentication", &password)];
    assert_eq!(root.post(&path, &fields).leads_to(), "/account");
    assert!(root.page("/account").contains("alice@example.com"));
    server.advance(Duration::from_secs(16 * 60));
    assert!(root.page("/account").contains("root@example.com"), "the view is over");
    root.submit("/admin/prove", &[("password", &password), ("next", "/admin/")]);
    view(&server, &root, "alice");
    root.submit("/admin/sign-out", &[]);
    assert_eq!(root.get("/account").status, 303);
}

#[test]
fn only_an_administrator_views_and_only_existing_users() {
    let server = TestServer::start();
    let alice = server.at_account("alice");
    server.add("bob", |_| ());
    let token = value_of(&alice.page("/account"), "form_token");
    let reply = alice.post("/admin/users/1/view", &[("form_token", &token)]);
    assert!(reply.leads_to().starts_with("/admin/sign-in"));
    assert!(alice.page("/account").contains("alice@example.com"));
    let root = server.signed_in("root");
    assert_eq!(root.submit("/admin/users/999/view", &[]).status, 404);
    view(&server, &root, "bob");
    assert_eq!(root.get("/admin/account").leads_to(), "/account");
    assert!(root.page("/account").contains("root@example.com"), "the own name ends the view");
}
