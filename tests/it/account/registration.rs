//! Registering, and a forgotten password.

use crate::account::SMTP;
use crate::browser::value_of;
use crate::http::{Reply, Request};
use crate::server::TestServer;
use crate::smtp::wait_until;

const PASSWORD: &str = "quite-Long-pass-3";

fn register(server: &TestServer, name: &str, email: &str, password: &str) -> Reply {
    let fields = [("username", name), ("email", email), ("password", password), ("password_again", password)];
    server.browser().post("/sign-up", &fields)
}

#[test]
fn everybody_registers_where_registration_is_open() {
    let server = TestServer::start();
    let page = server.browser().page("/sign-up?next=%2Faccount%2Fsecurity");
    assert_eq!(value_of(&page, "next"), "/account/security");
    for token in ["autocomplete=\"username\"", "autocomplete=\"email\"", "autocomplete=\"new-password\""] {
        assert!(page.contains(token), "{page}");
    }
    assert!(server.browser().page("/sign-in").contains("href=\"/sign-up\""));
    assert_eq!(register(&server, "alice", "alice@example.com", PASSWORD).leads_to(), "/sign-up/done");
    let alice = server.find("alice").unwrap();
    assert!(!alice.is_email_confirmed && !alice.is_admin);
    assert_eq!(server.audit(alice.id), ["registered"]);
    let browser = server.browser();
    assert_eq!(crate::account::sign_in(&browser, "alice", PASSWORD).status, 303);
}

#[test]
fn the_page_to_go_to_stays_with_the_language_and_on_the_way_to_signing_in() {
    let server = TestServer::start();
    for path in ["/sign-up", "/forgot-password"] {
        let page = server.browser().page(&format!("{path}?next=%2Faccount%2Fsecurity%3Fa%3Db"));
        assert!(page.contains("href=\"?next=%2Faccount%2Fsecurity%3Fa%3Db&#38;language=de\""), "{page}");
        assert!(page.contains("href=\"/sign-in?next=%2Faccount%2Fsecurity%3Fa%3Db\""), "{page}");
    }
}

#[test]
fn no_page_says_that_an_email_was_sent_by_a_server_without_mail() {
    for (settings, sends) in [(SMTP, true), (&[], false)] {
        let server = TestServer::with(settings);
        let alice = server.at_account("alice");
        for (path, sent) in [
            ("/sign-up/done", "We have sent you an email"),
            ("/account", "Open the link in the confirmation email."),
            ("/account/email", "We will send an email to the new address"),
            ("/account/data/deleted", "A confirmation is sent"),
        ] {
            let page = alice.page(path);
            assert_eq!(page.contains(sent), sends, "{path}: {page}");
        }
        assert_eq!(alice.page("/account").contains("action=\"/account/email/resend\""), sends);
    }
}

#[test]
fn a_refused_registration_keeps_all_but_the_passwords() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let reply = register(&server, "alice", "no email", "12345678");
    assert_eq!(reply.status, 422);
    let text = reply.text();
    for part in ["already exists", "valid email", "value=\"alice\"", "value=\"no email\""] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("12345678"), "{text}");
    assert_eq!(register(&server, "bob", "bob@example.com", "12345678").status, 422, "a weak password");
    assert!(server.find("bob").is_none());
    let foreign = Request::post("/sign-up").header("Sec-Fetch-Site", "cross-site");
    assert_eq!(server.browser().send(foreign).status, 403);
}

#[test]
fn two_clicks_register_one_account() {
    let server = TestServer::start();
    for _ in 0..2 {
        register(&server, "alice", "alice@example.com", PASSWORD);
    }
    let count = "SELECT count(*) || '' AS line FROM users";
    assert_eq!(server.database().lines(count), ["1"]);
}

#[test]
fn where_registration_is_by_invitation_or_closed_the_page_says_so() {
    for (mode, text) in [("invite", "You need an invitation"), ("closed", "Registration is closed")] {
        let server = TestServer::with(&[("registration.mode", mode)]);
        let page = server.browser().page("/sign-up");
        assert!(page.contains(text) && !page.contains("<form"), "{page}");
        assert!(!server.browser().page("/sign-in").contains("/sign-up"));
        let reply = register(&server, "alice", "alice@example.com", PASSWORD);
        assert!(reply.status == 403 && reply.text().contains(text), "{}", reply.text());
        assert!(server.find("alice").is_none());
    }
}

#[test]
fn where_accounts_are_hidden_a_taken_email_is_answered_as_a_free_one() {
    let server = TestServer::with(&[("registration.hide_existing", "true")]);
    server.add("alice", |_| ());
    for (name, email) in [("new1", "alice@example.com"), ("new2", "free@example.com")] {
        assert_eq!(register(&server, name, email, PASSWORD).leads_to(), "/sign-up/done", "{email}");
        let reply = crate::account::sign_in(&server.browser(), name, PASSWORD);
        assert!(reply.status == 422 && reply.text().contains("Incorrect username or password."), "{email}");
    }
}

#[test]
fn too_many_registrations_are_answered_with_the_time_to_wait() {
    let server = TestServer::with(&[("limits.registrations_per_address", "1")]);
    assert_eq!(register(&server, "alice", "alice@example.com", PASSWORD).status, 303);
    let reply = register(&server, "bob", "bob@example.com", PASSWORD);
    assert_eq!(reply.status, 429);
    let text = reply.text();
    assert!(reply.header("Retry-After").is_some() && text.contains("Try again in"), "{text}");
    assert!(text.contains("value=\"bob\""), "{text}");
}

#[test]
fn a_forgotten_password_is_answered_the_same_for_every_address() {
    let server = TestServer::with(SMTP);
    let alice = server.add("alice", |_| ());
    let texts = ["alice@example.com", "unknown@example.com"].map(|email| {
        let reply = server.browser().post("/forgot-password", &[("email", email)]);
        assert_eq!(reply.leads_to(), "/forgot-password/done");
        server.browser().page("/forgot-password/done")
    });
    assert!(texts[0].contains("If there is an account") && texts[0] == texts[1], "{}", texts[0]);
    server.wait(doorward::testing::accounts::send_requested_mails(&server.app));
    // The server itself may be sending it.
    wait_until(|| server.audit(alice)[0] == "reset-asked");
    let reply = server.browser().post("/forgot-password", &[("email", "no email")]);
    assert!(reply.status == 422 && reply.text().contains("value=\"no email\""), "{}", reply.text());
}

#[test]
fn without_a_mail_server_the_page_says_who_can_help() {
    let server = TestServer::with(&[("site.name", "Beispielverein")]);
    let page = server.browser().page("/forgot-password");
    assert!(page.contains("Contact") && page.contains("Beispielverein") && !page.contains("<form"), "{page}");
}

#[test]
fn too_many_requested_emails_are_answered_with_the_time_to_wait() {
    let server = TestServer::with(&[SMTP, &[("limits.mails_per_account", "1")]].concat());
    let ask = || server.browser().post("/forgot-password", &[("email", "alice@example.com")]);
    assert_eq!(ask().status, 303);
    let reply = ask();
    assert!(reply.status == 429 && reply.text().contains("Try again in"), "{}", reply.text());
    assert!(reply.header("Retry-After").is_some());
}

#[test]
fn password_managers_are_led_to_the_security_page() {
    let server = TestServer::start();
    let reply = server.anon().get("/.well-known/change-password");
    assert_eq!((reply.status, reply.header("Location").as_deref()), (302, Some("/account/security")));
}

#[test]
fn the_pages_speak_german() {
    let server = TestServer::start();
    let browser = server.at_account("alice");
    assert_eq!(
        browser.get("/account/language/de?next=%2Faccount%2Fsessions").leads_to(),
        "/account/sessions"
    );
    for (path, text) in [
        ("/account", "Ihr Konto"),
        ("/account/security", "Passwort ändern"),
        ("/account/sessions", "Sitzungen"),
        ("/account/activity", "Verlauf"),
        ("/account/name", "Neuer Benutzername"),
        ("/account/email", "Neue E-Mail-Adresse"),
        ("/sign-up", "Konto erstellen"),
        ("/forgot-password", "Passwort vergessen?"),
    ] {
        let page = browser.page(path);
        assert!(page.contains(text) && page.contains("lang=\"de\""), "{path}: {page}");
    }
    assert_eq!(browser.get("/account/language/xx").status, 404);
}
