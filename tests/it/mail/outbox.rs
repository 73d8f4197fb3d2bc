//! The outbox, and what an operator can do with its mails.

use std::collections::BTreeSet;
use std::time::Duration;

use doorward::testing::accounts::{
    Actor, MailError, Retried, drop_mail, retry_all_mails, retry_mail, tidy_outbox,
};
use doorward::testing::store::StoreError;
use doorward::testing::store::mails;
use doorward::testing::store::mails::DeliveryState;
use serde_json::json;

use super::{Working, notice, only, outbox, queue, reset_mail, sending_to};
use crate::database::is_postgres;
use crate::outbox::ask_reset;
use crate::server::TestServer;
use crate::smtp::{SmtpServer, wait_until};

#[test]
fn a_mail_is_in_the_outbox_with_its_key_after_the_commit() {
    let server = TestServer::start();
    let mail = reset_mail();
    let key = mail.message.key().unwrap().expose().to_owned();
    queue(&server, vec![mail]);
    let mail = only(&server);
    assert_eq!(
        (mail.state, mail.attempts, mail.content.to.as_str()),
        (DeliveryState::Waiting, 0, "alice@example.com")
    );
    assert_eq!(mail.content.key.unwrap().expose(), key);
}

#[test]
fn a_mail_of_a_transaction_that_was_rolled_back_is_not_in_the_outbox() {
    let server = TestServer::start();
    let now = server.app.clock.now();
    let write = server.app.store.write(move |tx| {
        mails::insert(tx, &reset_mail(), now)?;
        Err::<(), _>(StoreError::Interrupted)
    });
    server.wait(write).unwrap_err();
    assert!(outbox(&server).is_empty());
}

#[test]
fn the_key_is_nowhere_in_the_database_after_the_mail_was_sent() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let mail = reset_mail();
    let key = mail.message.key().unwrap().expose().to_owned();
    queue(&server, vec![mail]);
    let _worker = Working::start(&server);
    assert!(smtp.wait_for(1)[0].data.replace("=\r\n", "").contains(&key), "the reader needs it");
    wait_until(|| only(&server).state == DeliveryState::Sent);
    if !is_postgres() {
        // The checkpoint writes the log into the file, over the old pages.
        server.database().execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    assert!(!server.database().holds(&key));
}

#[test]
fn a_dropped_mail_is_not_sent_and_loses_its_key() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![reset_mail(), notice("bob@example.com")]);
    let first = outbox(&server)[0].id;
    server.wait(drop_mail(&server.app, first, &Actor::command_line())).unwrap();
    let _worker = Working::start(&server);
    smtp.wait_for(1);
    wait_until(|| outbox(&server)[1].state == DeliveryState::Sent);
    let dropped = outbox(&server).remove(0);
    assert!(dropped.state == DeliveryState::Dropped && dropped.content.key.is_none());
    assert_eq!(smtp.mails().len(), 1);
    let again = server.wait(retry_mail(&server.app, first, &Actor::command_line()));
    assert!(matches!(again, Err(MailError::Ended(_, DeliveryState::Dropped))), "{again:?}");
}

#[test]
fn a_mail_that_is_being_sent_cannot_be_dropped_or_retried() {
    let smtp = SmtpServer::start();
    smtp.answers("BODY", "hang");
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![notice("bob@example.com")]);
    let _worker = Working::start(&server);
    wait_until(|| only(&server).lease.is_some());
    let (id, by) = (only(&server).id, Actor::command_line());
    assert!(matches!(server.wait(drop_mail(&server.app, id, &by)), Err(MailError::BeingSent(_))));
    assert!(matches!(server.wait(retry_mail(&server.app, id, &by)), Err(MailError::BeingSent(_))));
}

#[test]
fn a_dead_mail_can_be_retried_as_long_as_its_link_works() {
    let smtp = SmtpServer::start();
    smtp.answers("RCPT", "550 5.1.1 no such user");
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![reset_mail(), notice("bob@example.com")]);
    let _worker = Working::start(&server);
    wait_until(|| outbox(&server).iter().all(|mail| mail.state == DeliveryState::Dead));
    smtp.is_kind();
    let retry_all = || server.wait(retry_all_mails(&server.app, &Actor::command_line())).unwrap();
    assert_eq!(retry_all(), Retried { retried: 2, lost: 0 });
    let to: BTreeSet<String> = smtp.wait_for(2).into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["<alice@example.com>", "<bob@example.com>"].map(str::to_owned).into());

    smtp.answers("RCPT", "550 5.1.1 no such user");
    queue(&server, vec![reset_mail()]);
    wait_until(|| outbox(&server)[2].state == DeliveryState::Dead);
    server.advance(Duration::from_secs(3601));
    assert_eq!(retry_all(), Retried { retried: 0, lost: 1 });
    assert!(outbox(&server)[2].content.key.is_some());
    server.wait(tidy_outbox(&server.app)).unwrap();
    let tidied = outbox(&server).remove(2);
    assert!(tidied.state == DeliveryState::Dead && tidied.content.key.is_none(), "{tidied:?}");
}

#[test]
fn a_sent_mail_is_swept_after_the_retention_and_a_waiting_mail_is_not() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[("mail.retention", "1d")]);
    queue(&server, vec![notice("bob@example.com")]);
    let worker = Working::start(&server);
    wait_until(|| only(&server).state == DeliveryState::Sent);
    worker.finish();
    server.advance(Duration::from_secs(25 * 3600));
    smtp.answers("RCPT", "450 later");
    queue(&server, vec![notice("carol@example.com")]);
    server.advance(Duration::from_secs(2));
    server.wait(tidy_outbox(&server.app)).unwrap();
    assert_eq!(only(&server).content.to.as_str(), "carol@example.com");
}

#[test]
fn without_a_server_mails_go_when_their_link_expires_or_they_waited_for_the_retention() {
    let server = TestServer::with(&[("mail.retention", "2d")]);
    let reset = reset_mail();
    let key = reset.message.key().unwrap().expose().to_owned();
    queue(&server, vec![reset, notice("bob@example.com")]);
    let tidy = || server.wait(tidy_outbox(&server.app)).unwrap();
    let states = || outbox(&server).iter().map(|mail| mail.state).collect::<Vec<_>>();
    tidy();
    assert_eq!(states(), [DeliveryState::Waiting, DeliveryState::Waiting]);
    server.advance(Duration::from_secs(3601));
    tidy();
    assert_eq!(states(), [DeliveryState::Dropped, DeliveryState::Waiting]);
    let text = format!("SELECT 1 || '' AS line FROM mails WHERE secret = '{key}'");
    assert!(server.database().lines(&text).is_empty());
    server.advance(Duration::from_secs(3 * 24 * 3600));
    tidy();
    assert_eq!(states(), [DeliveryState::Waiting], "seven days at least");
    server.advance(Duration::from_secs(4 * 24 * 3600));
    tidy();
    assert!(outbox(&server).is_empty());
}

#[test]
fn with_a_server_a_waiting_mail_outlives_the_retention() {
    let server = sending_to(SmtpServer::start().port, &[("mail.retention", "1d")]);
    queue(&server, vec![notice("bob@example.com")]);
    server.advance(Duration::from_secs(25 * 3600));
    server.wait(tidy_outbox(&server.app)).unwrap();
    assert_eq!(only(&server).state, DeliveryState::Waiting);
}

#[test]
fn mails_about_a_user_can_be_deleted_with_the_account() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let about = |user| doorward::testing::mail::NewMail { user, ..notice("alice@example.com") };
    queue(&server, vec![about(Some(id)), about(None)]);
    let write = server.app.store.write(move |tx| mails::delete_about(tx, id));
    assert_eq!(server.wait(write).unwrap(), 1);
    assert_eq!(only(&server).user, None);
}

#[test]
fn an_administrator_changes_who_can_use_an_account_and_its_owner_is_notified() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("alice", |account| account.is_email_confirmed = true);
    let page = |path: &str, fields: &[(&str, &str)]| {
        let reply = browser.submit(&format!("/admin/users/{id}/{path}"), fields);
        assert!(reply.status < 400, "{path}: {}", reply.text());
    };
    page("password", &[("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")]);
    page("reset-link", &[]);
    page("make-admin", &[]);
    page("revoke-admin", &[]);
    page("confirm", &[]);
    let changes: Vec<String> =
        outbox(&server).iter().map(|mail| mail.content.params["change"].clone()).collect();
    assert_eq!(changes, ["password-set", "reset-link-made", "admin-granted", "admin-revoked"]);
    let line = "SELECT recipient || ' ' || kind AS line FROM mails";
    let all = server.database().lines(line);
    assert!(all.iter().all(|line| line == "alice@example.com changed_by_administrator"), "{all:?}");
}

#[test]
fn a_mail_to_an_unconfirmed_address_shows_no_username_that_could_become_a_link() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let body = json!({
        "username": "www.free-money.example.com",
        "email": "victim@example.com",
        "password": "quite-Long-pass-3",
    });
    assert_eq!(server.anon().post("/api/register/", &body).status, 201);
    assert_eq!(ask_reset(&server, "victim@example.com").status, 202);
    wait_until(|| outbox(&server).len() == 2);
    for mail in outbox(&server) {
        let preview = browser.page(&format!("/admin/mail/{}/preview", mail.id));
        assert!(preview.contains("www…") && !preview.contains("free-money"), "{preview}");
    }
}
