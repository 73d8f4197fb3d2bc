//! The worker: when the server is down, refuses, or is silent, and when the worker dies.

use std::time::Duration;

use doorward::testing::mail::DeliveryError;
use doorward::testing::mail::Lang;
use doorward::testing::store::mails::{DeliveryState, Mail};
use serde_json::json;

use super::{Working, notice, only, outbox, queue, reset_mail, sending_to};
use crate::server::TestServer;
use crate::smtp::{SmtpServer, wait_until};

/// The explanation of the last error in English.
fn last_error(mail: &Mail) -> Option<String> {
    mail.last_error.as_deref().map(|line| DeliveryError::of_stored(line).explain(Lang::English).to_string())
}

/// Advances the clock to a retry.
fn advance(server: &TestServer, span: Duration) {
    server.advance(span);
    server.app.mailer.wake();
}

#[test]
fn a_mail_is_sent_as_soon_as_the_worker_is_woken() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let _worker = Working::start(&server);
    queue(&server, vec![notice("bob@example.com")]);
    let mails = smtp.wait_for(1);
    assert_eq!(
        (mails[0].from.as_str(), mails[0].to.as_str()),
        ("<accounts@example.com>", "<bob@example.com>")
    );
    assert_eq!(mails[0].header("Subject"), Some("Your password at doorward was changed"));
    assert_eq!(mails[0].header("Auto-Submitted"), Some("auto-generated"));
}

#[test]
fn a_mail_of_another_process_is_sent_without_a_wake_up() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let _worker = Working::start(&server);
    let beside = TestServer::beside(&server, &[]);
    queue(&beside, vec![notice("bob@example.com")]);
    smtp.wait_for(1);
}

#[test]
fn many_mails_share_a_connection() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    queue(&server, (0..20).map(|n| notice(&format!("u{n}@example.com"))).collect());
    let _worker = Working::start(&server);
    smtp.wait_for(20);
    assert_eq!(smtp.connections(), 1);
}

#[test]
fn after_an_outage_all_mails_are_sent_and_none_was_given_up() {
    let port = SmtpServer::start().port;
    let server = sending_to(port, &[("mail.attempts", "1")]);
    queue(&server, (0..10).map(|n| notice(&format!("u{n}@example.com"))).collect());
    let _worker = Working::start(&server);
    wait_until(|| outbox(&server).iter().any(|mail| mail.last_error.is_some()));
    let waiting = outbox(&server);
    assert!(
        waiting.iter().all(|mail| mail.state == DeliveryState::Waiting && mail.attempts == 0),
        "{waiting:?}"
    );
    let said = waiting.iter().find_map(last_error).unwrap();
    assert_eq!(said, format!("localhost:{port} refused the connection"));
    std::thread::sleep(Duration::from_millis(1500));
    let back = SmtpServer::on(port);
    back.wait_for(10);
    wait_until(|| outbox(&server).iter().all(|mail| mail.state == DeliveryState::Sent));
    assert_eq!(back.mails().len(), 10);
}

#[test]
fn a_mail_whose_link_expired_during_an_outage_is_not_sent() {
    let port = SmtpServer::start().port;
    let server = sending_to(port, &[]);
    queue(&server, vec![reset_mail()]);
    server.advance(Duration::from_secs(3601));
    queue(&server, vec![notice("bob@example.com"), reset_mail()]);
    let back = SmtpServer::on(port);
    let _worker = Working::start(&server);
    back.wait_for(2);
    wait_until(|| outbox(&server).iter().all(|mail| mail.state != DeliveryState::Waiting));
    let states: Vec<DeliveryState> = outbox(&server).iter().map(|mail| mail.state).collect();
    assert_eq!(states, [DeliveryState::Dropped, DeliveryState::Sent, DeliveryState::Sent]);
    let dropped = outbox(&server).remove(0);
    assert!(dropped.content.key.is_none() && dropped.due_at.is_none() && dropped.ended_at.is_some());
    assert!(last_error(&dropped).unwrap().starts_with("its link no longer works"));
    assert_eq!((dropped.attempts, back.mails().len()), (0, 2));
}

#[test]
fn of_four_links_for_the_same_purpose_the_oldest_is_not_sent() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    server.add("alice", |_| ());
    let ask = || server.anon().post("/api/password/reset/", &json!({"email": "alice@example.com"}));
    for number in 1..=4 {
        assert_eq!(ask().status, 202);
        wait_until(|| outbox(&server).len() == number);
        server.advance(Duration::from_secs(60));
    }
    let _worker = Working::start(&server);
    wait_until(|| outbox(&server).iter().all(|mail| mail.state != DeliveryState::Waiting));
    let states: Vec<DeliveryState> = outbox(&server).iter().map(|mail| mail.state).collect();
    let sent = DeliveryState::Sent;
    assert_eq!(states, [DeliveryState::Dropped, sent, sent, sent]);
    assert_eq!(smtp.wait_for(3).len(), 3);
}

#[test]
fn a_permanent_refusal_kills_one_mail_and_the_others_are_sent() {
    let smtp = SmtpServer::start();
    smtp.answers("RCPT", "550 5.1.1 no such user here");
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![reset_mail()]);
    let _worker = Working::start(&server);
    wait_until(|| only(&server).state == DeliveryState::Dead);
    let dead = only(&server);
    assert_eq!(dead.attempts, 1);
    let said = last_error(&dead).unwrap();
    assert!(said.contains("rejected the recipient: 550 5.1.1 no such user here"), "{said}");
    assert!(dead.content.key.is_some() && dead.due_at.is_none());
    smtp.is_kind();
    queue(&server, vec![notice("bob@example.com")]);
    smtp.wait_for(1);
}

#[test]
fn a_temporary_refusal_is_retried_later_and_given_up_in_the_end() {
    let smtp = SmtpServer::start();
    smtp.answers("RCPT", "451 4.7.1 greylisted");
    let server = sending_to(smtp.port, &[("mail.attempts", "3")]);
    queue(&server, vec![notice("bob@example.com")]);
    let _worker = Working::start(&server);
    for attempt in 1..3 {
        wait_until(|| only(&server).attempts == attempt);
        let mail = only(&server);
        assert_eq!(mail.state, DeliveryState::Waiting);
        let pause = mail.due_at.unwrap().since(server.app.clock.now());
        let usual = Duration::from_secs([30, 120][attempt as usize - 1]);
        assert!(pause > usual.mul_f64(0.8) && pause < usual.mul_f64(1.11), "{attempt}: {pause:?}");
        server.app.mailer.wake();
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(only(&server).attempts, attempt, "not before its time");
        advance(&server, pause + Duration::from_secs(1));
    }
    wait_until(|| only(&server).state == DeliveryState::Dead);
    assert_eq!(only(&server).attempts, 3);
    assert!(last_error(&only(&server)).unwrap().contains("greylisted"));
}

#[test]
fn a_mail_that_was_refused_for_now_is_sent_by_a_retry() {
    let smtp = SmtpServer::start();
    smtp.answers("BODY", "452 4.2.2 no room");
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![reset_mail()]);
    let _worker = Working::start(&server);
    wait_until(|| only(&server).attempts == 1);
    assert!(only(&server).content.key.is_some(), "it is needed yet");
    smtp.is_kind();
    advance(&server, Duration::from_secs(60));
    let mails = smtp.wait_for(1);
    wait_until(|| only(&server).state == DeliveryState::Sent);
    let sent = only(&server);
    assert_eq!((sent.attempts, sent.last_error), (2, None));
    assert_eq!(mails[0].header("Message-ID").unwrap(), format!("<{}@example.com>", sent.content.message_id));
}

#[test]
fn a_server_that_refuses_every_mail_kills_none() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[("mail.attempts", "1")]);
    for (command, reply) in [
        ("GREETING", "554 5.3.2 closed"),
        ("MAIL", "550 5.7.1 you may not send as this"),
        ("RCPT", "530 5.7.0 log in first"),
        ("RCPT", "421 4.3.2 going down"),
    ] {
        smtp.is_kind();
        smtp.answers(command, reply);
        let worker = Working::start(&server);
        queue(&server, vec![notice("bob@example.com")]);
        wait_until(|| {
            outbox(&server).iter().any(|mail| last_error(mail).is_some_and(|said| said.contains(reply)))
        });
        worker.finish();
    }
    assert!(outbox(&server).iter().all(|mail| mail.state == DeliveryState::Waiting && mail.attempts == 0));
    smtp.is_kind();
    let _worker = Working::start(&server);
    smtp.wait_for(4);
}

#[test]
fn a_key_that_the_server_quotes_is_not_stored_in_the_outbox() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let mail = reset_mail();
    let key = mail.message.key().unwrap().expose().to_owned();
    smtp.answers("BODY", &format!("550 5.6.0 bad link http://x/reset-password/{key} in it"));
    queue(&server, vec![mail]);
    let _worker = Working::start(&server);
    wait_until(|| only(&server).state == DeliveryState::Dead);
    let kept = only(&server).last_error.unwrap();
    assert!(kept.contains("/reset-password/… in it") && !kept.contains(&key), "{kept}");
}

#[test]
fn a_silent_server_costs_the_timeout_and_one_attempt() {
    let smtp = SmtpServer::start();
    smtp.answers("BODY", "hang");
    let server = sending_to(smtp.port, &[("mail.smtp.timeout", "1s")]);
    queue(&server, vec![notice("bob@example.com")]);
    let _worker = Working::start(&server);
    wait_until(|| only(&server).attempts == 1);
    let said = last_error(&only(&server)).unwrap();
    assert!(said.contains("did not answer in time during the transfer of the email"), "{said}");
}

#[test]
fn a_mail_whose_worker_died_is_sent_again_after_the_lease_under_the_same_id() {
    let smtp = SmtpServer::start();
    smtp.answers("GREETING", "hang");
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![notice("bob@example.com")]);
    let worker = Working::start(&server);
    wait_until(|| only(&server).lease.is_some());
    worker.kill();
    smtp.is_kind();
    let taken = only(&server);
    assert_eq!(taken.state, DeliveryState::Waiting);

    let _worker = Working::start(&server);
    server.app.mailer.wake();
    std::thread::sleep(Duration::from_millis(300));
    assert!(smtp.mails().is_empty(), "the dead one's lease still holds");
    // The lease: the server's five seconds, and a minute.
    advance(&server, Duration::from_secs(66));
    let mails = smtp.wait_for(1);
    assert_eq!(mails[0].header("Message-ID").unwrap(), format!("<{}@example.com>", taken.content.message_id));
    wait_until(|| only(&server).state == DeliveryState::Sent);
}

#[test]
fn a_mail_that_is_sent_twice_has_the_same_message_id() {
    let smtp = SmtpServer::start();
    // The server has the mail, but its reply never comes.
    smtp.takes_and_falls_silent();
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![notice("bob@example.com")]);
    let worker = Working::start(&server);
    smtp.wait_for(1);
    worker.kill();
    smtp.is_kind();
    let _worker = Working::start(&server);
    advance(&server, Duration::from_secs(66));
    let mails = smtp.wait_for(2);
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
}

#[test]
fn a_worker_that_stops_finishes_the_current_mail_and_no_other() {
    let smtp = SmtpServer::start();
    smtp.takes_and_falls_silent();
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![notice("bob@example.com"), notice("carol@example.com")]);
    let worker = Working::start(&server);
    smtp.wait_for(1);
    let ending = std::thread::spawn(move || worker.finish());
    std::thread::sleep(Duration::from_millis(100));
    smtp.is_kind();
    ending.join().unwrap();
    let states: Vec<DeliveryState> = outbox(&server).iter().map(|mail| mail.state).collect();
    assert_eq!(states, [DeliveryState::Sent, DeliveryState::Waiting]);
}

#[test]
fn without_a_server_mails_wait() {
    let server = TestServer::start();
    queue(&server, vec![reset_mail()]);
    let worker = Working::start(&server);
    std::thread::sleep(Duration::from_millis(200));
    worker.finish();
    let mail = only(&server);
    assert!(mail.state == DeliveryState::Waiting && mail.attempts == 0 && mail.content.key.is_some());
}
