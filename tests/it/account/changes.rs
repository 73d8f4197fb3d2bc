//! Changing the name, the email address and the password.

use crate::account::{SMTP, sign_in, submit};
use crate::http::Request;
use crate::server::{TestServer, password_of};

const NEW: &str = "another-Secret-9";

/// The fields of a new password.
fn new_password<'a>(old: &'a str, new: &'a str) -> [(&'a str, &'a str); 3] {
    [("old_password", old), ("password", new), ("password_again", new)]
}

#[test]
fn a_user_changes_the_name_and_the_form_keeps_a_bad_one() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    server.add("bob", |_| ());
    for name in ["a b", "", "bob"] {
        let reply = submit(&browser, "/account/name", &[("username", name)]);
        assert_eq!(reply.status, 422, "{name}");
        assert!(reply.text().contains(&format!("value=\"{name}\"")), "{}", reply.text());
    }
    let alice = server.find("alice").unwrap().id;
    assert_eq!(submit(&browser, "/account/name", &[("username", "alicia")]).leads_to(), "/account");
    let page = browser.page("/account");
    assert!(page.contains("alicia") && page.contains("Username changed."), "{page}");
    assert!(page.contains("<a href=\"/account/security\">Change"), "the way to a new password: {page}");
    assert_eq!(server.audit(alice)[0], "renamed");
    assert_eq!(submit(&browser, "/account/name", &[("username", "alicia")]).leads_to(), "/account");
    assert!(browser.page("/account").contains("Nothing was changed."));
    assert_eq!(server.audit(alice).iter().filter(|action| *action == "renamed").count(), 1);
}

#[test]
fn a_new_email_address_needs_the_password() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let change = |password: &str, email: &str| {
        submit(&browser, "/account/email", &[("email", email), ("old_password", password)])
    };
    for (password, email) in
        [("", "new@example.com"), ("wrong-guess-1", "new@example.com"), ("x", "no email")]
    {
        let reply = change(password, email);
        assert_eq!(reply.status, 422, "{email}");
        let text = reply.text();
        assert!(text.contains(&email.replace('@', "&#64;")) || text.contains(email), "{text}");
        assert!(!text.contains("wrong-guess-1"), "{text}");
    }
    assert_eq!(server.find("alice").unwrap().email.as_str(), "alice@example.com");
    assert_eq!(change(&password_of("alice"), "new@example.com").leads_to(), "/account");
    assert_eq!(server.find("alice").unwrap().email.as_str(), "new@example.com");
    assert!(browser.page("/account").contains("not confirmed"));
}

#[test]
fn the_email_that_confirms_can_be_sent_again() {
    let server = TestServer::with(&[SMTP, &[("limits.mails_per_account", "1")]].concat());
    let browser = server.at_account("alice");
    let alice = server.find("alice").unwrap().id;
    assert!(browser.page("/account").contains("action=\"/account/email/resend\""));
    assert_eq!(submit(&browser, "/account/email/resend", &[]).leads_to(), "/account");
    assert!(browser.page("/account").contains("Email sent."));
    let reply = submit(&browser, "/account/email/resend", &[]);
    assert_eq!(reply.status, 429);
    assert!(
        reply.header("Retry-After").is_some() && reply.text().contains("Try again in"),
        "{}",
        reply.text()
    );
    let by = doorward::testing::accounts::Actor::command_line();
    server.wait(doorward::testing::accounts::confirm_email(&server.app, alice, &by)).unwrap();
    assert!(!browser.page("/account").contains("/account/email/resend"));
}

#[test]
fn a_new_password_ends_all_other_sessions_and_is_recorded_as_ones_own() {
    let server = TestServer::start();
    let (browser, other) = (server.at_account("alice"), server.at_account("alice"));
    let client = server.log_in("alice");
    let alice = server.find("alice").unwrap().id;
    let reply = submit(&browser, "/account/security", &new_password(&password_of("alice"), NEW));
    assert_eq!(reply.leads_to(), "/account/security");
    assert!(browser.page("/account/security").contains("Password changed."));
    assert_eq!(other.get("/account").status, 303);
    assert_eq!(client.get("/api/user/").status, 401);
    assert_eq!(sign_in(&server.browser(), "alice", &password_of("alice")).status, 422);
    assert_eq!(sign_in(&server.browser(), "alice", NEW).status, 303);
    let own = "SELECT actor || ' ' || actor_id AS line FROM audit WHERE action = 'password-changed'";
    assert_eq!(server.database().lines(own), [format!("user {alice}")]);
}

#[test]
fn a_refused_password_is_explained_and_on_no_page() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let own = password_of("alice");
    for (old, new, again, text) in [
        ("", NEW, NEW, "This field is required."),
        ("wrong-guess-1", NEW, NEW, "Incorrect password."),
        (own.as_str(), "12345678", "12345678", "entirely numeric"),
        (own.as_str(), NEW, "other", "match"),
    ] {
        let fields = [("old_password", old), ("password", new), ("password_again", again)];
        let reply = submit(&browser, "/account/security", &fields);
        assert_eq!(reply.status, 422, "{text}");
        let page = reply.text();
        assert!(page.contains(text) && !page.contains(NEW) && !page.contains("wrong-guess-1"), "{page}");
    }
    let page = browser.page("/account/security");
    for token in
        ["autocomplete=\"username\"", "autocomplete=\"current-password\"", "autocomplete=\"new-password\""]
    {
        assert!(page.contains(token), "{page}");
    }
}

#[test]
fn an_administrator_keeps_the_session_in_the_admin_and_changes_the_own_password_as_a_user() {
    let server = TestServer::start();
    let root = server.signed_in("root");
    let id = server.find("root").unwrap().id;
    assert!(root.page("/admin/").contains("href=\"/admin/account\""));
    assert_eq!(root.get("/admin/account").leads_to(), "/account");
    let page = root.page("/account");
    assert!(page.contains("root@example.com"), "no second sign-in");
    assert!(page.contains("<a href=\"/admin/\">Administration</a>"), "the way back: {page}");
    assert_eq!(root.get(&format!("/admin/users/{id}/password")).leads_to(), "/admin/account?next=security");
    assert_eq!(root.get("/admin/account?next=security").leads_to(), "/account/security");
    let reply = submit(&root, "/account/security", &new_password(&password_of("root"), NEW));
    assert_eq!(reply.leads_to(), "/account/security");
    assert_eq!(root.get("/admin/").status, 200, "{:?}", root.get("/admin/").header("Location"));
    assert_eq!(server.audit(id)[0], "password-changed");
}

#[test]
fn a_password_that_administrators_set_themselves_is_recorded_as_changed() {
    let server = TestServer::with(&[("account.pages", "false")]);
    let root = server.signed_in("root");
    let id = server.find("root").unwrap().id;
    let fields = [("password", NEW), ("password_again", NEW), ("notice", "1")];
    assert_eq!(root.submit(&format!("/admin/users/{id}/password"), &fields).status, 303);
    assert_eq!(server.audit(id)[0], "password-changed");
    let kinds = server.database().lines("SELECT kind AS line FROM mails");
    assert_eq!(kinds, ["password_changed"]);
}

#[test]
fn in_a_browser_with_another_user_the_name_in_the_admin_leads_to_the_sign_in() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    server.add("root", |account| account.is_admin = true);
    browser.sign_in("root", &password_of("root"));
    let form = browser.get("/admin/account").leads_to();
    assert_eq!(form, "/sign-in?switch=1&next=%2Faccount");
    assert!(browser.page(&form).contains("signed in as"));
    assert_eq!(sign_in(&browser, "root", &password_of("root")).leads_to(), "/account");
    assert_eq!(browser.get("/admin/account").leads_to(), "/account");
    assert!(browser.page("/account").contains("root@example.com"));
}

#[test]
fn what_users_may_not_change_is_refused_on_the_pages_and_by_the_api() {
    let server = TestServer::with(&[("account.change", "email")]);
    let browser = server.at_account("alice");
    let page = browser.page("/account");
    assert!(page.contains("/account/email") && !page.contains("/account/name"), "{page}");
    assert!(!page.contains("<a href=\"/account/security\">Change"), "{page}");
    assert_eq!(browser.get("/account/name").status, 404);
    assert_eq!(submit(&browser, "/account/name", &[("username", "alicia")]).status, 404);
    let security = browser.page("/account/security");
    assert!(security.contains("cannot be changed here") && !security.contains("old_password"), "{security}");
    let reply = submit(&browser, "/account/security", &new_password(&password_of("alice"), NEW));
    assert_eq!(reply.status, 404);
    let client = server.log_in("alice");
    let send = |request: Request| client.send(request).status;
    assert_eq!(send(Request::put("/api/user/").json(&serde_json::json!({"username": "alicia"}))), 403);
    let body = serde_json::json!({"oldPassword": password_of("alice"), "newPassword": NEW});
    assert_eq!(send(Request::put("/api/user/change-password").json(&body)), 403);
    assert_eq!(
        client.post("/api/user/delete/", &serde_json::json!({"password": password_of("alice")})).status,
        403
    );
    assert!(!browser.page("/account/data").contains("/account/data/delete"));
    assert_eq!(send(Request::put("/api/user/").json(&serde_json::json!({"email": "new@example.com"}))), 200);
    assert_eq!(sign_in(&server.browser(), "alice", &password_of("alice")).status, 303);
}

#[test]
fn a_form_after_the_end_of_the_session_comes_back_with_its_input() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let token = crate::browser::value_of(&browser.page("/account"), "form_token");
    server.database().execute("UPDATE sessions SET ended_at = 1");
    let fields = [("form_token", token.as_str()), ("username", "alicia")];
    let reply = browser.post("/account/name", &fields);
    assert_eq!(reply.status, 403);
    let page = reply.text();
    assert!(page.contains("name=\"pending.username\" value=\"alicia\""), "{page}");
    let again = [
        ("form_token", token.as_str()),
        ("next", "/account/name"),
        ("pending.username", "alicia"),
        ("username", "alice"),
        ("password", &password_of("alice")),
    ];
    let page = browser.post("/sign-in", &again).text();
    assert!(page.contains("action=\"/account/name\"") && page.contains("value=\"alicia\""), "{page}");
}

#[test]
fn a_form_of_an_earlier_session_comes_back_if_the_browser_vouches_for_it() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    let token = crate::browser::value_of(&browser.page("/account"), "form_token");
    sign_in(&browser, "alice", &password_of("alice"));
    let request = || Request::post("/account/name").form(&[("form_token", &*token), ("username", "alicia")]);
    let page = browser.send(request());
    assert!(page.status == 403 && !page.text().contains("alicia"), "{}", page.text());
    let page = browser.send(request().header("Sec-Fetch-Site", "same-origin"));
    assert!(page.status == 403 && page.text().contains("value=\"alicia\""), "{}", page.text());
    assert!(server.find("alicia").is_none());
}
