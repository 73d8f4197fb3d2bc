//! What one answer, one recipient or one server can do to the other mails of the outbox (RFC 5321 §4.5.4, §5.1).

use std::time::{Duration, Instant};

use doorward::testing::accounts::{Actor, retry_all_mails};
use doorward::testing::mail::DeliveryError;
use doorward::testing::mail::Lang;
use doorward::testing::mail::NewMail;
use doorward::testing::store::mails::{DeliveryState, Mail};

use super::{Working, notice, outbox, queue, reset_mail, sending_to};
use crate::server::TestServer;
use crate::smtp::{SmtpServer, wait_until};

fn explanation(mail: &Mail) -> String {
    let error = mail.last_error.as_deref().map(DeliveryError::of_stored);
    error.map(|error| error.explain(Lang::English).to_string()).unwrap_or_default()
}

fn to(server: &TestServer, recipient: &str) -> Mail {
    outbox(server).into_iter().find(|mail| mail.content.to.as_str() == recipient).unwrap()
}

fn is_sent(server: &TestServer, recipient: &str) -> bool {
    to(server, recipient).state == DeliveryState::Sent
}

/// Answers that are about the sender, this machine or the server, and the words for what was refused.
const ABOUT_ALL: &[(&str, &str, &str)] = &[
    ("RCPT", "553 5.7.1 <a@b.c>: Sender address rejected: not owned by user", "the sender address"),
    ("RCPT", "553 not owned by user", "the sender address"),
    ("RCPT", "554 5.7.1 Relay access denied", "relaying the email"),
    ("RCPT", "554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", "the IP address"),
    ("RCPT", "550 authentication required", "an email without a login"),
    ("RCPT", "504 5.5.2 Helo command rejected: need fully-qualified hostname", "the name of this machine"),
    ("RCPT", "530 5.7.0 log in first", "an email without a login"),
    ("RCPT", "421 4.3.2 going down", "the SMTP session"),
    ("RCPT", "452 4.3.1 insufficient system storage", "the SMTP session"),
    ("DATA", "550 5.4.5 daily quota exceeded", "more emails for now"),
    ("BODY", "550 5.4.5 daily quota exceeded", "more emails for now"),
    ("BODY", "550 5.7.60 client does not have permissions to send as this sender", "the sender address"),
];

#[test]
fn an_answer_about_everybody_pauses_all_mails_and_costs_none_an_attempt() {
    let smtp = SmtpServer::start();
    for (command, reply, words) in ABOUT_ALL {
        smtp.is_kind();
        smtp.answers(command, reply);
        let server = sending_to(smtp.port, &[("mail.attempts", "1"), ("mail.smtp.timeout", "30s")]);
        queue(&server, vec![reset_mail(), notice("bob@example.com"), notice("carol@example.org")]);
        let worker = Working::start(&server);
        wait_until(|| outbox(&server).iter().any(|mail| mail.last_error.is_some()));
        worker.finish();
        for mail in outbox(&server) {
            assert_eq!((mail.state, mail.attempts), (DeliveryState::Waiting, 0), "{reply}: {mail:?}");
        }
        let said = outbox(&server).iter().map(explanation).find(|said| !said.is_empty()).unwrap();
        assert!(said.contains(&format!("rejected {words}")) && said.contains(reply), "{said}");
        smtp.is_kind();
        let before = smtp.mails().len();
        let _worker = Working::start(&server);
        let begun = Instant::now();
        while smtp.mails().len() < before + 3 {
            assert!(begun.elapsed() < Duration::from_secs(30), "{reply}: {:?}", outbox(&server));
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn several_recipients_that_are_refused_alike_in_a_row_mean_us_and_none_is_lost() {
    let smtp = SmtpServer::start();
    smtp.answers("RCPT", "550 Rejected");
    let server = sending_to(smtp.port, &[]);
    queue(&server, (0..6).map(|n| notice(&format!("u{n}@example.com"))).collect());
    queue(&server, vec![reset_mail()]);
    let _worker = Working::start(&server);
    wait_until(|| outbox(&server).iter().filter(|mail| mail.refused_at.is_some()).count() >= 4);
    assert!(outbox(&server).iter().all(|mail| mail.state == DeliveryState::Waiting && mail.attempts == 0));
    smtp.is_kind();
    smtp.wait_for(7);
    wait_until(|| outbox(&server).iter().all(|mail| mail.state == DeliveryState::Sent));
}

#[test]
fn temporary_refusals_alike_are_not_counted_either() {
    let smtp = SmtpServer::start();
    smtp.answers("RCPT", "450 try again");
    let server = sending_to(smtp.port, &[("mail.attempts", "2")]);
    queue(&server, (0..4).map(|n| notice(&format!("u{n}@example.com"))).collect());
    let _worker = Working::start(&server);
    wait_until(|| outbox(&server).iter().filter(|mail| mail.refused_at.is_some()).count() >= 3);
    assert!(outbox(&server).iter().all(|mail| mail.attempts == 0));
}

/// Bogus recipients at a domain each, with a good one among them.
fn among_bogus(smtp: &SmtpServer, count: usize, good_at: usize, reply: &str) -> Vec<NewMail> {
    let mut recipients: Vec<String> = (0..count).map(|n| format!("u{n}@d{n}.example.com")).collect();
    for bogus in &recipients {
        smtp.answers_to(bogus, "RCPT", reply);
    }
    recipients.insert(good_at, "bob@example.org".to_owned());
    recipients.iter().map(|recipient| notice(recipient)).collect()
}

#[test]
fn mailboxes_and_domains_that_do_not_exist_cost_their_own_mails_an_attempt_and_pause_nothing() {
    for (reply, state) in [
        ("550 5.1.1 User unknown", DeliveryState::Dead),
        ("550 5.1.2 Domain not found", DeliveryState::Dead),
        ("553 5.1.3 bad address syntax", DeliveryState::Dead),
        ("556 5.1.10 null MX", DeliveryState::Dead),
        ("550 5.2.1 mailbox disabled", DeliveryState::Dead),
        ("550 No such user here", DeliveryState::Dead),
        ("450 4.1.2 Domain not found", DeliveryState::Waiting),
        ("450 4.1.1 unverified address", DeliveryState::Waiting),
        ("452 4.2.2 mailbox full", DeliveryState::Waiting),
    ] {
        let smtp = SmtpServer::start();
        let server = sending_to(smtp.port, &[]);
        queue(&server, among_bogus(&smtp, 12, 12, reply));
        let _worker = Working::start(&server);
        let tried = || outbox(&server).iter().filter(|mail| mail.attempts == 1).count();
        wait_until(|| is_sent(&server, "bob@example.org") && tried() == 13);
        let as_expected = outbox(&server).iter().filter(|mail| mail.state == state).count();
        assert!(outbox(&server).iter().all(|mail| mail.refused_at.is_none()), "{reply}: no pause");
        assert_eq!(as_expected, 12, "{reply}");
    }
}

#[test]
fn a_good_mail_among_many_refused_ones_is_sent_soon() {
    for reply in ["421 4.7.0 try later", "550 5.7.1 rejected by policy", "450 try again", "550 no thanks"] {
        let smtp = SmtpServer::start();
        let server = sending_to(smtp.port, &[]);
        queue(&server, among_bogus(&smtp, 16, 8, reply));
        let begun = Instant::now();
        let _worker = Working::start(&server);
        wait_until(|| is_sent(&server, "bob@example.org"));
        assert!(begun.elapsed() < Duration::from_secs(20), "{reply}: {:?}", begun.elapsed());
    }
}

#[test]
fn a_new_mail_does_not_wait_for_the_pause_of_those_that_are_refused() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let mut bogus = among_bogus(&smtp, 40, 40, "421 4.7.0 try later");
    bogus.pop();
    queue(&server, bogus);
    let _worker = Working::start(&server);
    wait_until(|| outbox(&server).iter().filter(|mail| mail.refused_at.is_some()).count() >= 9);
    let begun = Instant::now();
    queue(&server, vec![notice("carol@example.org")]);
    wait_until(|| is_sent(&server, "carol@example.org"));
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
}

#[test]
fn a_recipient_that_was_accepted_before_is_tried_first_among_those_that_are_refused() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![notice("bob@example.org")]);
    let worker = Working::start(&server);
    wait_until(|| is_sent(&server, "bob@example.org"));
    worker.finish();
    queue(&server, among_bogus(&smtp, 40, 20, "421 4.7.0 try later"));
    let begun = Instant::now();
    let _worker = Working::start(&server);
    smtp.wait_for(2);
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
}

#[test]
fn domains_that_never_answer_do_not_hold_up_a_new_mail() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[("mail.smtp.timeout", "3s")]);
    queue(&server, among_bogus(&smtp, 10, 10, "hang"));
    let begun = Instant::now();
    let _worker = Working::start(&server);
    wait_until(|| is_sent(&server, "bob@example.org"));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn a_recipient_that_is_refused_with_421_each_time_does_not_stop_others_and_is_given_up() {
    let smtp = SmtpServer::start();
    smtp.answers_to("odd@example.com", "RCPT", "421 4.7.0 try later");
    let server = sending_to(smtp.port, &[("mail.attempts", "2")]);
    queue(&server, vec![notice("odd@example.com")]);
    let _worker = Working::start(&server);
    wait_until(|| smtp.offers_to("odd@example.com") >= 2);
    assert_eq!(to(&server, "odd@example.com").attempts, 0, "all may be refused");
    let begun = Instant::now();
    queue(&server, vec![notice("bob@example.com"), notice("carol@example.com")]);
    wait_until(|| is_sent(&server, "bob@example.com") && is_sent(&server, "carol@example.com"));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    wait_until(|| to(&server, "odd@example.com").attempts == 1);
    server.advance(Duration::from_secs(40));
    server.app.mailer.wake();
    wait_until(|| to(&server, "odd@example.com").state == DeliveryState::Dead);
    let before = smtp.offers_to("odd@example.com");
    queue(&server, vec![notice("dora@example.com")]);
    wait_until(|| is_sent(&server, "dora@example.com"));
    assert_eq!(smtp.offers_to("odd@example.com"), before);
}

#[test]
fn a_mail_at_which_the_connection_is_dropped_each_time_is_counted_and_others_are_sent() {
    let smtp = SmtpServer::start();
    for command in ["RCPT", "BODY"] {
        smtp.is_kind();
        smtp.answers_to("odd@example.com", command, "drop");
        let server = sending_to(smtp.port, &[("mail.attempts", "1")]);
        queue(&server, vec![notice("odd@example.com"), notice("bob@example.com")]);
        let _worker = Working::start(&server);
        wait_until(|| is_sent(&server, "bob@example.com"));
        assert_eq!(to(&server, "odd@example.com").state, DeliveryState::Dead, "{command}");
    }
}

#[test]
fn a_giant_reply_costs_one_mail_an_attempt() {
    let smtp = SmtpServer::start();
    let line = format!("550-5.1.1 {}\r\n", "no such user here ".repeat(50));
    let giant = format!("{}550 5.1.1 end", line.repeat(2000));
    smtp.answers_to("odd@example.com", "RCPT", &giant);
    let server = sending_to(smtp.port, &[("mail.attempts", "1")]);
    queue(&server, vec![notice("odd@example.com"), notice("bob@example.com")]);
    let _worker = Working::start(&server);
    wait_until(|| is_sent(&server, "bob@example.com"));
    let odd = to(&server, "odd@example.com");
    assert_eq!(odd.state, DeliveryState::Dead);
    assert!(odd.last_error.unwrap().len() < 2000);
}

#[test]
fn a_reply_of_many_short_lines_ends_the_attempt_soon() {
    let smtp = SmtpServer::start();
    let endless = format!("{}550 x", "550-x\r\n".repeat(2_000));
    smtp.answers_to("odd@example.com", "RCPT", &endless);
    let server = sending_to(smtp.port, &[("mail.attempts", "1")]);
    queue(&server, vec![notice("odd@example.com"), notice("bob@example.com")]);
    let _worker = Working::start(&server);
    wait_until(|| is_sent(&server, "bob@example.com"));
    assert!(explanation(&to(&server, "odd@example.com")).contains("too long"));
}

#[test]
fn an_address_that_needs_smtputf8_is_not_offered_to_a_server_without() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    queue(&server, vec![notice("jurgen@example.com"), notice("bob@bücher.example")]);
    // Registration refuses such an address; an import may have brought it.
    server.database().execute("UPDATE mails SET recipient = 'jürgen@example.com' WHERE id = 1");
    let _worker = Working::start(&server);
    wait_until(|| is_sent(&server, "bob@bücher.example"));
    let odd = to(&server, "jürgen@example.com");
    assert_eq!(odd.state, DeliveryState::Dead);
    assert!(explanation(&odd).contains("does not accept addresses with letters outside ASCII"), "{odd:?}");
    assert_eq!(smtp.offers_to("jürgen@example.com"), 0);
    smtp.answers("EHLO", "250-test\r\n250-8BITMIME\r\n250 SMTPUTF8");
    server.wait(retry_all_mails(&server.app, &Actor::command_line())).unwrap();
    smtp.wait_for(2);
}

#[test]
fn a_mailbox_that_is_full_waits_for_itself() {
    for (reply, state) in
        [("452 4.2.2 full", DeliveryState::Waiting), ("552 5.2.2 full", DeliveryState::Dead)]
    {
        let smtp = SmtpServer::start();
        smtp.answers_to("odd@example.com", "RCPT", reply);
        let server = sending_to(smtp.port, &[]);
        queue(&server, vec![notice("odd@example.com"), notice("bob@example.com")]);
        let _worker = Working::start(&server);
        wait_until(|| is_sent(&server, "bob@example.com"));
        let odd = to(&server, "odd@example.com");
        assert_eq!((odd.state, odd.attempts), (state, 1), "{reply}");
    }
}

#[test]
fn a_domain_that_never_answers_takes_turns_with_others() {
    let smtp = SmtpServer::start();
    let slow: Vec<String> = (0..4).map(|n| format!("u{n}@slow.example")).collect();
    for recipient in &slow {
        smtp.answers_to(recipient, "RCPT", "hang");
    }
    let server = sending_to(smtp.port, &[("mail.smtp.timeout", "6s")]);
    queue(&server, slow.iter().map(|recipient| notice(recipient)).collect());
    queue(&server, vec![notice("bob@example.com")]);
    let begun = Instant::now();
    let _worker = Working::start(&server);
    wait_until(|| is_sent(&server, "bob@example.com"));
    assert!(begun.elapsed() < Duration::from_secs(11), "{:?}", begun.elapsed());
}

#[test]
fn the_name_in_ehlo_is_the_host_of_the_public_url_or_a_setting() {
    let greeting = |settings: &[(&str, &str)]| {
        let smtp = SmtpServer::start();
        let server = sending_to(smtp.port, settings);
        queue(&server, vec![notice("bob@example.com")]);
        let _worker = Working::start(&server);
        smtp.wait_for(1);
        smtp.greeted_by().unwrap()
    };
    assert_eq!(greeting(&[("public_url", "https://accounts.example.com")]), "accounts.example.com");
    assert_eq!(greeting(&[("mail.smtp.helo_name", "mail.example.com")]), "mail.example.com");
    assert_eq!(greeting(&[("mail.smtp.helo_name", "2001:db8::1")]), "[IPv6:2001:db8::1]");
    assert_eq!(greeting(&[("mail.smtp.helo_name", "192.0.2.1")]), "[192.0.2.1]");
}
