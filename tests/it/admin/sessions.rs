//! One user: their sessions, the mails and links they can be given, and what became of their email.

use std::time::Duration;

use crate::browser::{Browser, value_of};
use crate::http::Request;
use crate::outbox::keys;
use crate::server::TestServer;

fn page_of(browser: &Browser, id: impl std::fmt::Display) -> String {
    browser.page(&format!("/admin/users/{id}"))
}

/// Presses a button of the user's page, and answers the page that follows.
fn click(browser: &Browser, id: impl std::fmt::Display, deed: &str, fields: &[(&str, &str)]) -> String {
    let next = browser.submit(&format!("/admin/users/{id}/{deed}"), fields).leads_to();
    browser.page(&next)
}

#[test]
fn one_session_is_ended_and_the_other_goes_on() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let first = server.log_in("alice");
    let browser = server.signed_in("root");
    let session = value_of(&page_of(&browser, id), "session");
    let second = server.log_in("alice");
    let page = click(&browser, id, "end-session", &[("session", &session)]);
    assert!(page.contains("Session of alice ended."), "{page}");
    assert_eq!((first.get("/api/user/").status, second.get("/api/user/").status), (401, 200));
    assert_eq!(server.audit(id)[0], "session-ended");
    let again = click(&browser, id, "end-session", &[("session", &session)]);
    assert!(again.contains("That session had already ended.") && again.contains("notice-warn"), "{again}");
    let other = server.add("bob", |_| ());
    let session = value_of(&page_of(&browser, id), "session");
    click(&browser, other, "end-session", &[("session", &session)]);
    assert_eq!(second.get("/api/user/").status, 200, "another user's session has another page");
}

#[test]
fn all_sessions_are_ended_those_in_the_admin_too() {
    let server = TestServer::start();
    let (mine, other) = (server.signed_in("root"), server.signed_in("other"));
    let id = server.find("other").unwrap().id;
    let api = server.log_in("other");
    let page = page_of(&mine, id);
    assert!(page.contains("badge\">admin</span>") && page.contains("End all sessions"), "{page}");
    let page = click(&mine, id, "end-sessions", &[]);
    assert!(page.contains("All sessions of other ended.") && page.contains("No active sessions."), "{page}");
    assert_eq!((api.get("/api/user/").status, other.get("/admin/users/").status), (401, 303));
    assert_eq!(server.audit(id)[0], "sessions-ended");
    let again = server.browser();
    assert_eq!(again.sign_in("other", &crate::server::password_of("other")).status, 303);
    assert_eq!(again.get("/admin/users/").status, 200, "within the same second");
}

#[test]
fn one_session_in_the_admin_is_ended_and_the_others_go_on() {
    let server = TestServer::start();
    let mine = server.signed_in("root");
    server.advance(Duration::from_secs(1));
    let first = server.signed_in("other");
    server.advance(Duration::from_secs(1));
    let second = server.signed_in("other");
    let id = server.find("other").unwrap().id;
    // The latest is the first of the list.
    let session = value_of(&page_of(&mine, id), "admin-session");
    let page = click(&mine, id, "end-session", &[("admin-session", &session)]);
    assert!(page.contains("Session of other ended."), "{page}");
    assert_eq!((first.get("/admin/users/").status, second.get("/admin/users/").status), (200, 303));
    assert_eq!(server.audit(id)[0], "session-ended");
    let again = click(&mine, id, "end-session", &[("admin-session", &session)]);
    assert!(again.contains("That session had already ended."), "{again}");
    let own = page_of(&mine, server.find("root").unwrap().id);
    assert!(own.contains("this session") && !own.contains("admin-session"), "signing out ends this one");
}

#[test]
fn who_ends_their_own_sessions_stays_where_they_are() {
    let server = TestServer::start();
    let (mine, elsewhere) = (server.signed_in("root"), server.signed_in("root"));
    let id = server.find("root").unwrap().id;
    let api = server.log_in("root");
    let page = page_of(&mine, id);
    assert!(page.contains("this session") && page.contains("End all other sessions"), "{page}");
    let page = click(&mine, id, "end-sessions", &[]);
    assert!(page.contains("All sessions of root ended, except this one."), "{page}");
    assert_eq!((api.get("/api/user/").status, elsewhere.get("/admin/users/").status), (401, 303));
    server.advance(Duration::from_secs(60));
    assert_eq!(mine.get("/admin/users/").status, 200);
}

#[test]
fn a_confirmation_mail_is_sent_again_only_to_who_needs_it() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let address = [("address", "alice@example.com")];
    assert!(page_of(&browser, id).contains("/send-confirmation\""));
    let page = click(&browser, id, "send-confirmation", &address);
    assert!(page.contains("queued: no mail server is configured."), "{page}");
    assert!(page.contains("Confirmation email requested"), "{page}");
    let key = keys(&server, "confirm_email", "alice@example.com").remove(0);
    assert_eq!(server.anon().send(Request::post(&format!("/confirm-email/{key}"))).status, 303);
    let page = page_of(&browser, id);
    assert!(!page.contains("/send-confirmation\"") && page.contains("Email address confirmed"), "{page}");
    let page = click(&browser, id, "send-confirmation", &address);
    assert!(page.contains("No email sent: the email address is already confirmed."), "{page}");
    assert_eq!(keys(&server, "confirm_email", "alice@example.com").len(), 1);
}

#[test]
fn with_a_mail_server_the_mail_is_on_its_way() {
    let server = TestServer::with(&[
        ("mail.smtp.host", "127.0.0.1"),
        ("mail.smtp.port", "9"),
        ("mail.from", "a@x.example"),
    ]);
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    assert!(click(&browser, id, "send-reset", &[]).contains("Password reset email sent to alice."));
}

#[test]
fn a_link_by_mail_and_one_by_hand_set_a_password_once() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    click(&browser, id, "send-reset", &[("address", "alice@example.com")]);
    let mailed =
        format!("/reset-password/{}", keys(&server, "reset_password", "alice@example.com").remove(0));
    let path = format!("/admin/users/{id}/reset-link");
    assert!(browser.page(&path).contains("Create a password reset link for alice?"));
    let reply = browser.submit(&path, &[]);
    let page = reply.text();
    assert_eq!(reply.status, 200);
    assert!(reply.header("Cache-Control").unwrap().contains("no-store"));
    assert!(page.contains("in 1 hour") && page.contains("readonly"), "{page}");
    let at = page.find("/reset-password/").unwrap();
    let made = page[at..].split(['"', '<']).next().unwrap();
    assert_eq!(server.anon().get(&mailed).status, 404, "the earlier link stopped working");
    let fields = [("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    assert_eq!(server.anon().send(Request::post(made).form(&fields)).status, 303);
    assert_eq!(server.anon().send(Request::post(made).form(&fields)).status, 404);
    assert_eq!(server.anon().log_in("alice", "quite-Long-pass-3").status, 200);
    assert!(!page_of(&browser, id).contains(made), "shown once");
}

#[test]
fn a_link_that_was_made_is_not_ended_by_its_own_form_once_more() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let (browser, other) = (server.signed_in("root"), server.signed_in("other"));
    let path = format!("/admin/users/{id}/reset-link");
    let seen = value_of(&browser.page(&path), "seen");
    server.advance(Duration::from_secs(1));
    assert_eq!(other.submit(&path, &[("seen", &seen)]).status, 200);
    let again = browser.submit(&path, &[("seen", &seen)]);
    let page = again.text();
    assert_eq!(again.status, 422);
    assert!(page.contains("A link was created") && !page.contains("/reset-password/"), "{page}");
    server.advance(Duration::from_secs(1));
    assert_eq!(browser.submit(&path, &[("seen", &value_of(&page, "seen"))]).status, 200, "but by a new one");
}

#[test]
fn an_inactive_account_is_given_no_link() {
    let server = TestServer::start();
    let id = server.add("alice", |account| account.is_active = false);
    let browser = server.signed_in("root");
    let page = page_of(&browser, id);
    assert!(!page.contains("reset-link") && !page.contains("send-reset"), "{page}");
    assert!(click(&browser, id, "send-reset", &[]).contains("No email sent: the account is inactive"));
    let reply = browser.submit(&format!("/admin/users/{id}/reset-link"), &[]);
    assert!(
        reply.text().contains("Activate the account first.") && !reply.text().contains("/reset-password/")
    );
    assert!(server.database().lines("SELECT recipient AS line FROM mails").is_empty());
}

#[test]
fn what_became_of_the_email_is_not_lost_among_logins() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    click(&browser, id, "confirm", &[("address", "alice@example.com")]);
    let rows: Vec<String> = (0..250)
        .map(|_| format!("INSERT INTO audit (at, action, actor, subject_id) VALUES (1, 'login-failed', 'anonymous', {id})"))
        .collect();
    rows.iter().for_each(|row| server.database().execute(row));
    let page = page_of(&browser, id);
    let history = page.split("class=\"history\"").nth(1).unwrap().split("</ol>").next().unwrap();
    assert!(history.contains("Email address confirmed") && history.contains("Account created"), "{history}");
    assert!(!history.contains("Login failed"), "{history}");
}

#[test]
fn an_address_that_was_changed_meanwhile_is_not_confirmed_unseen() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let seen = value_of(&page_of(&browser, id), "address");
    assert_eq!(seen, "alice@example.com");
    server.database().execute(&format!(
        "UPDATE users SET email = 'new@x.example', email_key = 'new@x.example' WHERE id = {id}"
    ));
    for deed in ["confirm", "send-confirmation", "send-reset"] {
        let page = click(&browser, id, deed, &[("address", &seen)]);
        assert!(page.contains("This account changed after the page was loaded"), "{deed}: {page}");
    }
    assert!(!server.find("alice").unwrap().is_email_confirmed);
    assert!(server.database().lines("SELECT recipient AS line FROM mails").is_empty());
    click(&browser, id, "confirm", &[("address", "new@x.example")]);
    assert!(server.find("alice").unwrap().is_email_confirmed);
    assert!(click(&browser, id, "unconfirm", &[("address", &seen)]).contains("Nothing was done"));
}

#[test]
fn no_form_of_one_administrator_undoes_what_another_did_meanwhile() {
    let server = TestServer::start();
    let (one, other) = (server.signed_in("one"), server.signed_in("other"));
    let password = [("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    for (name, deed, more) in [
        ("anna", "password", &password[..]),
        ("berta", "deactivate", &[("reason", "gone")]),
        ("clara", "make-admin", &[]),
        ("dora", "delete", &[("name", "dora")]),
        ("emil", "revoke-admin", &[]),
    ] {
        let id = server.add(name, |account| account.is_admin = name == "emil");
        let path = format!("/admin/users/{id}/{deed}");
        let seen = value_of(&one.page(&path), "seen");
        let before = server.audit(id).len();
        click(&other, id, "confirm", &[]);
        let mut fields = vec![("seen", seen.as_str())];
        fields.extend_from_slice(more);
        let reply = one.submit(&path, &fields);
        assert_eq!(reply.status, 422, "{deed}");
        let page = reply.text();
        assert!(page.contains("This account changed after the page was loaded"), "{deed}: {page}");
        assert_eq!(server.audit(id).len(), before + 1, "{deed}: nothing but the other's");
        let seen = value_of(&page, "seen");
        let mut fields = vec![("seen", seen.as_str())];
        fields.extend_from_slice(more);
        assert_eq!(one.submit(&path, &fields).status, 303, "{deed}: seen, and decided anew");
    }
    let id = server.add("frieda", |account| account.is_active = false);
    let seen = value_of(&page_of(&one, id), "seen");
    click(&other, id, "activate", &[("seen", &seen)]);
    assert_eq!(other.submit(&format!("/admin/users/{id}/deactivate"), &[("reason", "still")]).status, 303);
    assert!(click(&one, id, "activate", &[("seen", &seen)]).contains("Nothing was done"));
    assert!(!server.find("frieda").unwrap().is_active);
}

#[test]
fn each_of_these_pages_is_for_administrators_and_their_own_forms() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    for deed in ["send-confirmation", "send-reset", "end-session", "end-sessions", "reset-link"] {
        let path = format!("/admin/users/{id}/{deed}");
        let sign_in = server.browser().get(&path).leads_to();
        assert_eq!(sign_in, format!("/admin/sign-in?next=%2Fadmin%2Fusers%2F{id}%2F{deed}"));
        assert_eq!(browser.post(&path, &[("session", "1")]).status, 403, "{deed}");
        assert_eq!(
            browser.submit(&format!("/admin/users/999/{deed}"), &[("session", "1")]).status,
            404,
            "{deed}"
        );
    }
    assert_eq!(server.audit(id), ["created"]);
    assert_eq!(browser.submit(&format!("/admin/users/{id}/end-session"), &[("session", "x")]).status, 404);
    server.advance(Duration::from_secs(16 * 60));
    assert!(browser.get(&format!("/admin/users/{id}/reset-link")).leads_to().starts_with("/admin/prove"));
}
