//! What is in the outbox, and what is not.

use doorward::mail::{Message, Outgoing};
use doorward::store::{StoreError, mails};
use doorward::types::{Email, OneTimeKey, Username};

use crate::server::TestServer;

fn reset(key: OneTimeKey) -> Outgoing {
    let message = Message::ResetPassword { username: Username::parse("alice").unwrap(), key };
    Outgoing { user: None, to: Email::parse("alice@example.com").unwrap(), message }
}

/// `recipient kind secret`, for each mail.
fn lines(server: &TestServer) -> Vec<String> {
    let all =
        "SELECT recipient || ' ' || kind || ' ' || coalesce(secret, '-') AS line FROM mails ORDER BY id";
    server.database().lines(all)
}

#[test]
fn a_mail_is_there_with_its_key_once_its_transaction_is_committed() {
    let server = TestServer::start();
    let (key, now) = (OneTimeKey::random(), server.app.clock.now());
    let line = format!("alice@example.com reset_password {}", key.expose());
    let write = server.app.store.write(move |tx| mails::queue(tx, &reset(key), now));
    server.wait(write).unwrap();
    assert_eq!(lines(&server), [line]);
}

#[test]
fn a_mail_of_a_transaction_that_was_rolled_back_is_not_there() {
    let server = TestServer::start();
    let now = server.app.clock.now();
    let write = server.app.store.write(move |tx| {
        mails::queue(tx, &reset(OneTimeKey::random()), now)?;
        Err::<(), _>(StoreError::Interrupted)
    });
    server.wait(write).unwrap_err();
    assert!(lines(&server).is_empty());
}
