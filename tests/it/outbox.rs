//! Reads the mails with links from the outbox, before they are sent.

use std::time::{Duration, Instant};

use doorward::testing::store::one_time_keys;
use doorward::testing::store::one_time_keys::NewKey;
use doorward::testing::types::Email;
use doorward::testing::types::Link;
use serde_json::json;

use crate::http::Reply;
use crate::server::{TestServer, email_of};

/// The keys of all mails of a kind to an address, oldest first; `-` where a mail has none.
pub(crate) fn keys(server: &TestServer, kind: &str, to: &str) -> Vec<String> {
    wait_for_mail_requests(server);
    server.database().lines(&format!(
        "SELECT coalesce(secret, '-') AS line FROM mails WHERE kind = '{kind}' AND recipient = '{to}' ORDER BY id"
    ))
}

/// The number of mails in the outbox.
pub(crate) fn count(server: &TestServer) -> usize {
    wait_for_mail_requests(server);
    server.database().lines("SELECT recipient AS line FROM mails").len()
}

/// Waits until all requested mails are in the outbox or were found to have no recipient.
pub(crate) fn wait_for_mail_requests(server: &TestServer) {
    let begun = Instant::now();
    while !server.database().lines("SELECT purpose AS line FROM mail_requests").is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(20), "requested mails are still pending");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// `POST /api/password/reset/`.
pub(crate) fn ask_reset(server: &TestServer, email: &str) -> Reply {
    server.anon().post("/api/password/reset/", &json!({"email": email}))
}

/// `POST /api/email/resend/`.
pub(crate) fn ask_confirmation(server: &TestServer, email: &str) -> Reply {
    server.anon().post("/api/email/resend/", &json!({"email": email}))
}

/// The key from the mail that resets a user's password.
pub(crate) fn reset_key(server: &TestServer, name: &str) -> String {
    assert_eq!(ask_reset(server, &email_of(name)).status, 202);
    keys(server, "reset_password", &email_of(name)).pop().unwrap()
}

/// The key from the mail that confirms a user's email.
pub(crate) fn confirm_key(server: &TestServer, name: &str) -> String {
    assert_eq!(ask_confirmation(server, &email_of(name)).status, 202);
    keys(server, "confirm_email", &email_of(name)).pop().unwrap()
}

/// A key as the use cases make them, for the current email of a user.
pub(crate) fn issue(server: &TestServer, name: &str, link: Link, lifetime: Duration) -> String {
    let (user, now) = (server.find(name).unwrap(), server.app.clock.now());
    let new =
        NewKey { purpose: link, user: Some(user.id), email: Some(user.email), expires: now.plus(lifetime) };
    let write = server.app.store.write(move |tx| one_time_keys::issue(tx, &new, now));
    server.wait(write).unwrap().expose().to_owned()
}

/// Changes the email of a user as a thief would, and answers the key of the undo link for the old one.
pub(crate) fn change_email(server: &TestServer, name: &str, email: &str) -> String {
    let key = issue(server, name, Link::UndoEmail, Duration::from_secs(7 * 24 * 3600));
    let email = Email::parse(email).unwrap();
    server.database().execute(&format!(
        "UPDATE users SET email = '{email}', email_key = '{}', is_email_confirmed = false, \
         recovery_email = CASE WHEN is_email_confirmed THEN email ELSE recovery_email END, \
         recovery_email_key = CASE WHEN is_email_confirmed THEN email_key ELSE recovery_email_key END \
         WHERE username = '{name}'",
        email.key().as_str()
    ));
    key
}
