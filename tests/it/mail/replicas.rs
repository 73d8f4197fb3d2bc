//! Several workers on one database.

use std::collections::BTreeSet;

use doorward::testing::store::mails::DeliveryState;

use super::{Working, notice, outbox, queue, sending_to};
use crate::server::TestServer;
use crate::smtp::{self, SmtpServer, wait_until};

#[test]
fn two_replicas_send_each_of_a_hundred_mails_once() {
    let smtp = SmtpServer::start();
    let one = sending_to(smtp.port, &[]);
    let settings = smtp::settings(smtp.port);
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let two = TestServer::beside(&one, &settings);
    let workers = [Working::start(&one), Working::start(&two)];
    queue(&one, (0..100).map(|n| notice(&format!("u{n}@example.com"))).collect());
    two.app.mailer.wake();
    wait_until(|| outbox(&one).iter().all(|mail| mail.state == DeliveryState::Sent));
    for worker in workers {
        worker.finish();
    }
    let mails = smtp.mails();
    let readers: BTreeSet<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!((mails.len(), readers.len()), (100, 100));
    let ids: BTreeSet<_> = mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(ids.len(), 100);
    assert!(smtp.connections() >= 2, "both had a part in it");
    assert!(outbox(&one).iter().all(|mail| mail.attempts == 1));
}
