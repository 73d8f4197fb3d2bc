//! The list of one's own sessions, and one's own activity.

use crate::account::submit;
use crate::browser::value_of;
use crate::server::{TestServer, password_of};

#[test]
fn the_list_has_all_sessions_and_that_of_this_browser_cannot_be_ended_there() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let page = browser.page("/account/sessions");
    assert!(page.contains("this session") && !page.contains("/account/sessions/end"), "{page}");
    let client = server.log_in("alice");
    let page = browser.page("/account/sessions");
    let one = value_of(&page, "session");
    assert_eq!(
        submit(&browser, "/account/sessions/end", &[("session", &one)]).leads_to(),
        "/account/sessions"
    );
    assert_eq!(client.get("/api/user/").status, 401);
    assert_eq!(
        submit(&browser, "/account/sessions/end", &[("session", &one)]).leads_to(),
        "/account/sessions"
    );
    assert!(browser.page("/account/sessions").contains("had already ended"), "a second click");
    assert_eq!(submit(&browser, "/account/sessions/end", &[]).status, 404);
    assert_eq!(server.audit(server.find("alice").unwrap().id)[0], "session-ended");
}

#[test]
fn no_user_ends_a_session_of_another() {
    let server = TestServer::start();
    let (alice, bob) = (server.at_account("alice"), server.at_account("bob"));
    let client = server.log_in("bob");
    let session = value_of(&bob.page("/account/sessions"), "session");
    submit(&alice, "/account/sessions/end", &[("session", &session)]);
    assert_eq!(client.get("/api/user/").status, 200);
}

#[test]
fn all_other_sessions_end_and_those_of_this_browser_stay() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert_eq!(crate::account::sign_in(&browser, "root", &password_of("root")).status, 303);
    let (other, admin, client) = (server.at_account("root"), server.signed_in("root"), server.log_in("root"));
    let page = browser.page("/account/sessions");
    assert_eq!(page.matches("this session").count(), 2, "{page}");
    assert_eq!(submit(&browser, "/account/sessions/end-others", &[]).leads_to(), "/account/sessions");
    assert_eq!([browser.get("/account").status, browser.get("/admin/").status], [200, 200]);
    assert_eq!([other.get("/account").status, admin.get("/admin/").status], [303, 303]);
    assert_eq!(client.get("/api/user/").status, 401);
    let id = server.find("root").unwrap().id;
    assert_eq!(server.audit(id)[0], "other-sessions-ended");
}

#[test]
fn the_session_is_one_of_those_that_the_api_lists_and_ends() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let client = server.log_in("alice");
    let sessions = client.get("/api/sessions/").json();
    let other = sessions.as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/api/sessions/{}/", other["id"].as_str().unwrap());
    assert_eq!(client.send(crate::http::Request::delete(&path)).status, 204);
    assert_eq!(browser.get("/account").status, 303);
}

#[test]
fn the_activity_has_the_own_entries_without_what_identifies_others() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let alice = server.find("alice").unwrap().id;
    let root = server.signed_in("root");
    root.submit(&format!("/admin/users/{alice}/confirm"), &[("address", "alice@example.com")]);
    root.submit("/admin/users/1/unconfirm", &[]);
    let page = browser.page("/account/activity");
    for part in ["Email address confirmed", "an administrator", "Logged in", ">you<"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("root"), "{page}");
    let row = page.split("<tr").find(|row| row.contains("Email address confirmed")).unwrap();
    assert!(!row.contains("127.0.0.1"), "{row}");
}

#[test]
fn the_activity_is_paged_and_each_entry_is_on_one_page() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    for _ in 0..60 {
        server.anon().log_in("alice", &password_of("alice"));
    }
    let (mut path, mut rows, mut pages) = ("/account/activity".to_owned(), 0, 0);
    loop {
        let page = browser.page(&path);
        rows += page.matches("role=\"rowheader\"").count();
        pages += 1;
        let Some(next) = page.split("rel=\"next\" href=\"").nth(1) else { break };
        path = next.split('"').next().unwrap().replace("&#38;", "&");
    }
    assert_eq!((rows, pages), (62, 3));
    assert_eq!(browser.get("/account/activity?after=1-1").leads_to(), "/account/activity");
    assert_eq!(browser.get("/account/activity?after=x").status, 200);
}
