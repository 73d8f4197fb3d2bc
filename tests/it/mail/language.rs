//! The language of a mail, and the cause that it names.

use doorward::testing::accounts::send_requested_mails;
use serde_json::json;

use crate::http::Request;
use crate::outbox::{ask_reset, wait_for_mail_requests};
use crate::server::{TestServer, email_of, password_of};

/// The language of the last mail of a kind to a user; empty if none was known.
fn language(server: &TestServer, kind: &str, name: &str) -> String {
    param(server, kind, name, "language")
}

fn param(server: &TestServer, kind: &str, name: &str, param: &str) -> String {
    wait_for_mail_requests(server);
    let to = email_of(name);
    let params = server.database().lines(&format!(
        "SELECT params AS line FROM mails WHERE kind = '{kind}' AND recipient = '{to}' ORDER BY id"
    ));
    let params: serde_json::Value = serde_json::from_str(params.last().expect("a mail")).unwrap();
    params[param].as_str().unwrap_or_default().to_owned()
}

fn german(request: Request) -> Request {
    request.header("Accept-Language", "de-AT,de;q=0.9,en;q=0.5")
}

fn register(server: &TestServer, name: &str, speaking: impl FnOnce(Request) -> Request) {
    let body = json!({"username": name, "email": email_of(name), "password": password_of(name)});
    assert_eq!(server.anon().send(speaking(Request::post("/api/register/").json(&body))).status, 201);
}

fn log_in(server: &TestServer, name: &str, speaking: impl FnOnce(Request) -> Request) {
    let body = json!({"username": name, "password": password_of(name)});
    assert_eq!(server.anon().send(speaking(Request::post("/api/login/").json(&body))).status, 200);
}

#[test]
fn a_new_account_speaks_the_language_of_its_registration() {
    let server = TestServer::start();
    register(&server, "anna", german);
    assert_eq!(language(&server, "confirm_email", "anna"), "de");
    ask_reset(&server, &email_of("anna"));
    assert_eq!(language(&server, "reset_password", "anna"), "de", "and it is remembered");
    register(&server, "bob", |request| request);
    assert_eq!(language(&server, "confirm_email", "bob"), "");
    register(&server, "chloe", |request| request.header("Accept-Language", "fr"));
    assert_eq!(language(&server, "confirm_email", "chloe"), "");
}

#[test]
fn a_login_changes_the_language_and_one_without_a_language_does_not() {
    let server = TestServer::start();
    register(&server, "anna", german);
    log_in(&server, "anna", |request| request);
    ask_reset(&server, &email_of("anna"));
    assert_eq!(language(&server, "reset_password", "anna"), "de");
    log_in(&server, "anna", |request| request.header("Accept-Language", "en"));
    ask_reset(&server, &email_of("anna"));
    assert_eq!(language(&server, "reset_password", "anna"), "en");
}

#[test]
fn the_language_of_a_request_counts_only_while_none_of_the_account_is_known() {
    let server = TestServer::start();
    server.add("bob", |_| ());
    let ask = |name: &str| {
        let body = json!({"email": email_of(name)});
        let request = german(Request::post("/api/password/reset/").json(&body));
        assert_eq!(server.anon().send(request).status, 202);
    };
    ask("bob");
    assert_eq!(language(&server, "reset_password", "bob"), "de");
    ask_reset(&server, &email_of("bob"));
    assert_eq!(language(&server, "reset_password", "bob"), "", "a request is not remembered");
    register(&server, "anna", |request| request.header("Accept-Language", "en"));
    ask("anna");
    assert_eq!(language(&server, "reset_password", "anna"), "en");
}

#[test]
fn a_mail_names_an_administrator_only_if_one_caused_it() {
    let server = TestServer::start();
    let bob = server.add("bob", |_| ());
    let cause = |kind: &str| param(&server, kind, "bob", "cause");
    ask_reset(&server, &email_of("bob"));
    assert_eq!(cause("reset_password"), "");
    let browser = server.signed_in("root");
    for (action, kind) in [("send-reset", "reset_password"), ("send-confirmation", "confirm_email")] {
        let path = format!("/admin/users/{}/{action}", bob.get());
        assert_eq!(browser.submit(&path, &[]).status, 303, "{action}");
        assert_eq!(cause(kind), "administrator");
    }
    server.wait(send_requested_mails(&server.app));
}

#[test]
fn a_language_that_an_administrator_chose_on_the_pages_comes_first() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert_eq!(browser.get("/admin/language/de?next=/admin").status, 303);
    ask_reset(&server, &email_of("root"));
    assert_eq!(language(&server, "reset_password", "root"), "de");
    log_in(&server, "root", |request| request.header("Accept-Language", "en"));
    ask_reset(&server, &email_of("root"));
    assert_eq!(language(&server, "reset_password", "root"), "de");
    assert_eq!(server.browser().get("/admin/language/en").status, 303, "and a stranger can choose, too");
}
