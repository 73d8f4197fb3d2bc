//! `/accept-invite/{key}`: accepting an invitation.

use std::time::Duration;

use doorward::testing::accounts::Actor;
use doorward::testing::accounts::invite;
use doorward::testing::types::Email;

use crate::http::{Reply, Request};
use crate::outbox::keys;
use crate::server::TestServer;

const GOOD: [(&str, &str); 3] =
    [("username", "dora"), ("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];

fn link(server: &TestServer) -> String {
    let email = Email::parse("dora@example.com").unwrap();
    let key = server.wait(invite(&server.app, email, None, &Actor::command_line())).unwrap();
    assert_eq!(keys(server, "invite", "dora@example.com").pop().unwrap(), key.expose());
    format!("/accept-invite/{}", key.expose())
}

fn submit(server: &TestServer, path: &str, change: &[(&str, &str)]) -> Reply {
    let mut fields = GOOD;
    for (name, value) in change {
        fields.iter_mut().find(|(field, _)| field == name).unwrap().1 = value;
    }
    server.anon().send(Request::post(path).form(&fields))
}

#[test]
fn an_invitation_creates_one_account_with_a_confirmed_email() {
    let server = TestServer::start();
    let path = link(&server);
    assert!(server.anon().get(&path).text().contains("dora@example.com"));
    let made = submit(&server, &path, &[]);
    assert_eq!((made.status, made.header("Location").as_deref()), (303, Some("/accept-invite/done")));
    assert_eq!(server.anon().get("/accept-invite/done").status, 200);
    let dora = server.find("dora").unwrap();
    assert_eq!(dora.email.as_str(), "dora@example.com");
    assert!(dora.is_email_confirmed && dora.is_active && !dora.is_admin);
    assert_eq!(server.audit(dora.id), ["created"]);
    assert_eq!(server.anon().log_in("dora", "quite-Long-pass-3").status, 200);
    assert_eq!(submit(&server, &path, &[("username", "second")]).status, 404);
    assert!(server.find("second").is_none());
}

#[test]
fn invalid_fields_have_errors_and_the_link_stays_valid() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let path = link(&server);
    for (change, message) in [
        (&[("username", "no spaces")][..], "Enter a valid username."),
        (&[("username", "Alice")], "A user with that username already exists."),
        (&[("username", "alice@example.com")], "another user’s email"),
        (&[("password", "1234"), ("password_again", "1234")], "This password is too common."),
        (&[("password_again", "something-else-5")], "match"),
    ] {
        let reply = submit(&server, &path, change);
        assert_eq!(reply.status, 422, "{message}");
        assert!(reply.text().to_lowercase().contains(&message.to_lowercase()), "{message}: {}", reply.text());
        assert!(!reply.text().contains("quite-Long-pass-3"), "a password came back");
    }
    assert_eq!(submit(&server, &path, &[]).status, 303);
}

#[test]
fn a_newer_invitation_replaces_the_older_and_expires_after_seven_days() {
    let server = TestServer::start();
    let old = link(&server);
    let path = link(&server);
    assert_eq!(server.anon().get(&old).status, 404);
    server.advance(Duration::from_secs(7 * 24 * 3600 - 60));
    assert_eq!(server.anon().get(&path).status, 200);
    server.advance(Duration::from_secs(61));
    assert_eq!(submit(&server, &path, &[]).status, 404);
    assert!(server.find("dora").is_none());
}

#[test]
fn an_invitation_to_a_registered_email_does_nothing() {
    let server = TestServer::start();
    let path = link(&server);
    server.add_as("earlier", "dora@example.com", |_| ());
    assert_eq!(submit(&server, &path, &[]).status, 404);
    assert!(server.find("dora").is_none());
    let email = Email::parse("DORA@example.com").unwrap();
    let again = server.wait(invite(&server.app, email, None, &Actor::command_line()));
    assert!(again.unwrap_err().to_string().contains("already exists"));
}

#[test]
fn two_simultaneous_requests_create_one_account() {
    let server = TestServer::start();
    let (path, address) = (link(&server), server.address);
    let threads: Vec<_> = (0..4)
        .map(|n| {
            let name = format!("dora-{n}");
            let request = Request::post(&path).form(&[("username", name.as_str()), GOOD[1], GOOD[2]]);
            std::thread::spawn(move || crate::http::send(address, &request).unwrap().status)
        })
        .collect();
    let mut statuses: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404, 404, 404]);
}

#[test]
fn an_invitation_to_an_email_registered_since_opens_nothing() {
    let server = TestServer::start();
    let path = link(&server);
    server.add("dora", |_| ());
    assert_eq!(server.anon().get(&path).status, 404);
}
