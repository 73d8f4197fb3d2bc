//! `/confirm-email/{key}`: confirming an email.

use crate::http::Request;
use crate::outbox::{ask_confirmation, change_email, confirm_key, keys};
use crate::server::{TestServer, email_of, password_of};

#[test]
fn opening_the_page_changes_nothing_and_the_button_confirms_once() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let path = format!("/confirm-email/{}", confirm_key(&server, "alice"));
    let page = server.anon().get(&path);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("action=\"?choose-password\""), "{}", page.text());
    assert!(page.text().contains(&email_of("alice")) && page.text().contains("alice</strong>"));
    assert!(!server.find("alice").unwrap().is_email_confirmed);
    let pressed = server.anon().send(Request::post(&path));
    assert_eq!((pressed.status, pressed.header("Location").as_deref()), (303, Some("/confirm-email/done")));
    assert!(server.find("alice").unwrap().is_email_confirmed);
    assert_eq!(server.audit(id)[0], "email-confirmed");
    assert_eq!(server.anon().get("/confirm-email/done").status, 200);
    let again = server.anon().send(Request::post(&path));
    assert_eq!(again.status, 404);
    assert!(
        again.text().contains("Your email address is confirmed"),
        "a second click is told that all is well"
    );
}

/// Another person may have registered with the address, and knows the password.
#[test]
fn the_owner_of_the_mailbox_can_choose_a_new_password_at_once() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let before = server.log_in("alice");
    let path = format!("/confirm-email/{}", confirm_key(&server, "alice"));
    let next = server.anon().send(Request::post(&format!("{path}?choose-password"))).leads_to();
    assert!(server.find("alice").unwrap().is_email_confirmed);
    assert_eq!(before.get("/api/user/").status, 401);
    let fields = [("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    assert_eq!(server.anon().send(Request::post(&next).form(&fields)).status, 303);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
    assert_eq!(server.anon().log_in("alice", "quite-Long-pass-3").status, 200);
    assert_eq!(server.anon().send(Request::post(&format!("{path}?choose-password"))).status, 404);
}

#[test]
fn a_new_address_of_an_account_is_only_confirmed() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    change_email(&server, "alice", "new@example.com");
    ask_confirmation(&server, "new@example.com");
    let key = keys(&server, "confirm_email", "new@example.com").pop().unwrap();
    assert!(!server.anon().get(&format!("/confirm-email/{key}")).text().contains("choose-password"));
}
