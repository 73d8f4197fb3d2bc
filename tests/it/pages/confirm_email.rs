//! `/confirm-email/{key}`: confirming an email.

use crate::http::Request;
use crate::outbox::confirm_key;
use crate::server::{TestServer, email_of};

#[test]
fn opening_the_page_changes_nothing_and_the_button_confirms_once() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let path = format!("/confirm-email/{}", confirm_key(&server, "alice"));
    let page = server.anon().get(&path);
    assert_eq!(page.status, 200);
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
