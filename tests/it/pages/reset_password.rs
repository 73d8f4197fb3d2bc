//! `/reset-password/{key}`: setting a new password.

use crate::http::{Reply, Request};
use crate::outbox::reset_key;
use crate::server::{TestServer, password_of};

const NEW: &str = "quite-Long-pass-3";

fn submit(server: &TestServer, path: &str, password: &str, again: &str) -> Reply {
    server.anon().send(Request::post(path).form(&[("password", password), ("password_again", again)]))
}

#[test]
fn the_reset_link_sets_the_password_once() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let path = format!("/reset-password/{}", reset_key(&server, "alice"));
    let page = server.anon().get(&path).text();
    assert!(page.contains("autocomplete=\"new-password\"") && page.contains("value=\"alice\""), "{page}");
    let sent = submit(&server, &path, NEW, NEW);
    assert_eq!((sent.status, sent.header("Location").as_deref()), (303, Some("/reset-password/done")));
    assert_eq!(server.anon().get("/reset-password/done").status, 200);
    assert_eq!(server.anon().log_in("alice", NEW).status, 200);
    assert_eq!(submit(&server, &path, "another-Long-one-4", "another-Long-one-4").status, 404);
    assert_eq!(server.anon().log_in("alice", NEW).status, 200);
}

#[test]
fn invalid_fields_have_errors_and_the_link_stays_valid() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let path = format!("/reset-password/{}", reset_key(&server, "alice"));
    for (password, again, message) in [
        ("1234", "1234", "This password is too common."),
        ("alice@example", "alice@example", "too similar to the email"),
        (NEW, "something-else-5", "match"),
        ("", "", "This field may not be blank."),
    ] {
        let reply = submit(&server, &path, password, again);
        assert_eq!(reply.status, 422, "{message}");
        let text = reply.text();
        assert!(text.contains(message), "{message}: {text}");
        assert!(text.contains("aria-invalid=\"true\"") && text.contains("aria-describedby"), "{text}");
        assert!(!text.contains(NEW), "a password came back");
        assert_eq!(reply.header("Referrer-Policy").as_deref(), Some("no-referrer"));
    }
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
    assert_eq!(submit(&server, &path, NEW, NEW).status, 303);
}
