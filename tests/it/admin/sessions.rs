//! The page of a user: sessions, mails with links, reset links, and the history of the email.

use std::time::Duration;

use crate::browser::{Browser, value_of};
use crate::http::Request;
use crate::outbox::keys;
use crate::server::TestServer;

fn page_of(browser: &Browser, id: impl std::fmt::Display) -> String {
    browser.user_page(id)
}

/// Sends a form of the user's page, and returns the page that follows.
fn click(
    browser: &Browser,
    id: impl std::fmt::Display + Copy,
    action: &str,
    fields: &[(&str, &str)],
) -> String {
    let next = browser.submit(&format!("/admin/users/{id}/{action}"), fields).leads_to();
    browser.page(&next) + &browser.user_page(id)
}

#[test]
fn ending_one_api_session_keeps_the_other() {
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
fn ending_all_sessions_ends_those_of_the_admin_too() {
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
fn ending_one_admin_session_keeps_the_others() {
    let server = TestServer::start();
    let mine = server.signed_in("root");
    server.advance(Duration::from_secs(1));
    let first = server.signed_in("other");
    server.advance(Duration::from_secs(1));
    let second = server.signed_in("other");
    let id = server.find("other").unwrap().id;
    // The latest session is the first of the list.
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
fn ending_ones_own_sessions_keeps_the_current_one() {
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
fn a_confirmation_mail_is_sent_only_to_an_unconfirmed_user() {
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
fn with_a_mail_server_the_message_says_sent() {
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
fn a_reset_link_works_once_by_mail_and_by_hand() {
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
    assert!(
        !page.contains("?language=") && !page.contains("?theme="),
        "a switch would lose the link: {page}"
    );
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
fn sending_the_reset_link_form_again_does_not_revoke_the_link() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let (browser, other) = (server.signed_in("root"), server.signed_in("other"));
    let path = format!("/admin/users/{id}/reset-link");
    let displayed = value_of(&browser.page(&path), "version");
    server.advance(Duration::from_secs(1));
    assert_eq!(other.submit(&path, &[("version", &displayed)]).status, 200);
    let again = browser.submit(&path, &[("version", &displayed)]);
    let page = again.text();
    assert_eq!(again.status, 422);
    assert!(page.contains("A link was created") && !page.contains("/reset-password/"), "{page}");
    server.advance(Duration::from_secs(1));
    assert_eq!(
        browser.submit(&path, &[("version", &value_of(&page, "version"))]).status,
        200,
        "but by a new one"
    );
}

#[test]
fn an_inactive_user_gets_no_reset_link() {
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
fn changes_of_the_email_are_listed_apart_from_logins() {
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
fn an_email_changed_in_the_meantime_is_not_confirmed_unseen() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let displayed = value_of(&page_of(&browser, id), "address");
    assert_eq!(displayed, "alice@example.com");
    server.database().execute(&format!(
        "UPDATE users SET email = 'new@x.example', email_key = 'new@x.example' WHERE id = {id}"
    ));
    for action in ["confirm", "send-confirmation", "send-reset"] {
        let page = click(&browser, id, action, &[("address", &displayed)]);
        assert!(page.contains("This account changed after the page was loaded"), "{action}: {page}");
    }
    assert!(!server.find("alice").unwrap().is_email_confirmed);
    assert!(server.database().lines("SELECT recipient AS line FROM mails").is_empty());
    click(&browser, id, "confirm", &[("address", "new@x.example")]);
    assert!(server.find("alice").unwrap().is_email_confirmed);
    assert!(click(&browser, id, "unconfirm", &[("address", &displayed)]).contains("Nothing was done"));
}

#[test]
fn a_form_for_an_older_version_of_an_account_is_refused() {
    let server = TestServer::start();
    let (one, other) = (server.signed_in("one"), server.signed_in("other"));
    let password = [("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    for (name, action, more) in [
        ("anna", "password", &password[..]),
        ("berta", "deactivate", &[("reason", "gone")]),
        ("clara", "make-admin", &[]),
        ("dora", "delete", &[("name", "dora")]),
        ("emil", "revoke-admin", &[]),
    ] {
        let id = server.add(name, |account| account.is_admin = name == "emil");
        let path = format!("/admin/users/{id}/{action}");
        let displayed = value_of(&one.page(&path), "version");
        let before = server.audit(id).len();
        click(&other, id, "confirm", &[]);
        let mut fields = vec![("version", displayed.as_str())];
        fields.extend_from_slice(more);
        let reply = one.submit(&path, &fields);
        assert_eq!(reply.status, 422, "{action}");
        let page = reply.text();
        let change = "other confirmed the email address just now. Nothing was done.";
        assert!(page.contains(change), "{action}: {page}");
        assert_eq!(server.audit(id).len(), before + 1, "{action}: nothing but the other's");
        let displayed = value_of(&page, "version");
        let mut fields = vec![("version", displayed.as_str())];
        fields.extend_from_slice(more);
        assert_eq!(one.submit(&path, &fields).status, 303, "{action}: seen, and decided anew");
    }
    let id = server.add("frieda", |account| account.is_active = false);
    let displayed = value_of(&page_of(&one, id), "version");
    click(&other, id, "activate", &[("version", &displayed)]);
    assert_eq!(other.submit(&format!("/admin/users/{id}/deactivate"), &[("reason", "still")]).status, 303);
    assert!(click(&one, id, "activate", &[("version", &displayed)]).contains("Nothing was done"));
    assert!(!server.find("frieda").unwrap().is_active);
}

#[test]
fn every_action_requires_a_session_and_its_form_token() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    for action in ["send-confirmation", "send-reset", "end-session", "end-sessions", "reset-link"] {
        let path = format!("/admin/users/{id}/{action}");
        let sign_in = server.browser().get(&path).leads_to();
        assert_eq!(sign_in, format!("/admin/sign-in?next=%2Fadmin%2Fusers%2F{id}%2F{action}"));
        assert_eq!(browser.post(&path, &[("session", "1")]).status, 403, "{action}");
        assert_eq!(
            browser.submit(&format!("/admin/users/999/{action}"), &[("session", "1")]).status,
            404,
            "{action}"
        );
    }
    assert_eq!(server.audit(id), ["created"]);
    assert_eq!(browser.submit(&format!("/admin/users/{id}/end-session"), &[("session", "x")]).status, 404);
    server.advance(Duration::from_secs(16 * 60));
    assert!(browser.get(&format!("/admin/users/{id}/reset-link")).leads_to().starts_with("/admin/prove"));
}
