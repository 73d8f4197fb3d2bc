//! The outbox: its list, the page of a mail, the actions on a mail.

use std::time::Duration;

use doorward::testing::types::MailId;

use crate::browser::Browser;
use crate::http::Request;
use crate::mail::{Working, notice, outbox, queue, reset_mail, sending_to};
use crate::server::TestServer;
use crate::smtp::{SmtpServer, wait_until};

/// The ids of the mails on a page of the list, in their order.
fn listed(page: &str) -> Vec<i64> {
    let links = page.match_indices("<a href=\"/admin/mail/").map(|(at, _)| &page[at..]);
    links.filter_map(|link| link.split(['/', '"']).nth(4)?.parse().ok()).collect()
}

fn give_up(server: &TestServer, id: i64, why: &str) {
    let dead = format!(
        "UPDATE mails SET state = 'dead', secret = NULL, due_at = NULL, ended_at = created_at, attempts = 8, \
         last_error = '{why}' WHERE id = {id}"
    );
    server.database().execute(&dead);
}

/// The latest audit entry: action and actor.
fn last_audit(server: &TestServer) -> String {
    let last = "SELECT action || ' by ' || actor AS line FROM audit ORDER BY id DESC LIMIT 1";
    server.database().lines(last).remove(0)
}

/// Four mails: 1 a waiting reset, 2 a dead notice, 3 a waiting notice, 4 a dropped notice.
fn furnished() -> (TestServer, Browser) {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let all = ["bob@example.com", "Carol@Example.com", "bob@example.com"].map(notice);
    queue(&server, [reset_mail()].into_iter().chain(all).collect());
    give_up(&server, 2, "550 no such mailbox");
    assert_eq!(browser.submit("/admin/mail/4/drop", &[]).status, 303);
    (server, browser)
}

#[test]
fn only_administrators_see_the_outbox() {
    let (server, browser) = furnished();
    let paths =
        ["/admin/mail", "/admin/mail/1", "/admin/mail/1/preview", "/admin/mail/1/drop", "/admin/mail/test"];
    for path in paths {
        assert_eq!(browser.get(path).status, 200, "{path}");
        let next = format!("/admin/sign-in?next={}", path.replace('/', "%2F"));
        assert_eq!(server.browser().get(path).leads_to(), next);
        assert!(server.user("alice").get(path).leads_to().starts_with("/admin/sign-in"), "{path}");
    }
    for path in ["/admin/mail/1/retry", "/admin/mail/1/drop", "/admin/mail/test"] {
        assert_eq!(browser.post(path, &[]).status, 403, "{path}: a form without its token");
        assert_eq!(browser.post(path, &[("form_token", "forged")]).status, 403, "{path}");
        assert!(server.browser().post(path, &[]).leads_to().ends_with("&ended=1"), "{path}");
    }
    assert_eq!(browser.get("/admin/mail/1/retry").leads_to(), "/admin/mail/1");
    for path in ["/admin/mail/99", "/admin/mail/99/preview", "/admin/mail/99/drop", "/admin/mail/x"] {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
    for path in ["/admin/mail/99/drop", "/admin/mail/99/retry"] {
        assert_eq!(browser.submit(path, &[]).status, 404, "{path}");
    }
    assert_eq!(outbox(&server)[0].state.as_str(), "waiting");
}

#[test]
fn mails_are_listed_newest_first_and_filtered_by_state_and_recipient() {
    let (server, browser) = furnished();
    assert_eq!(listed(&browser.page("/admin/mail")), [4, 3, 2, 1]);
    for (query, ids) in [
        ("state=waiting", &[3, 1][..]),
        ("state=dead", &[2]),
        ("state=dropped", &[4]),
        ("state=sent", &[]),
        ("state=sending", &[]),
        ("to=bob@example.com", &[4, 2]),
        ("to=+BOB%40example.com+", &[4, 2]),
        ("to=carol@example.com", &[3]),
        ("to=bob@example.com&state=dead", &[2]),
        ("to=bob", &[]),
        ("to=nobody@example.com", &[]),
        ("state=nonsense", &[]),
    ] {
        assert_eq!(listed(&browser.page(&format!("/admin/mail?{query}"))), ids, "{query}");
    }
    let page = browser.page("/admin/mail?to=bob");
    assert!(page.contains("Enter a valid email address.") && page.contains("value=\"bob\""), "{page}");
    let page = browser.page("/admin/mail?state=dead");
    assert!(page.contains(">failed</span>") && page.contains("550 no such mailbox"), "{page}");
    server.database().execute("UPDATE mails SET lease = 'x', due_at = 9000000000000000 WHERE id = 3");
    assert_eq!(listed(&browser.page("/admin/mail?state=sending")), [3]);
    assert!(browser.page("/admin/mail").contains(">sending</span>"));
}

#[test]
fn a_long_outbox_has_pages_with_stable_positions() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert!(browser.page("/admin/mail").contains("No emails yet"));
    queue(&server, (0..120).map(|_| notice("bob@example.com")).collect());
    let page = browser.page("/admin/mail?to=bob@example.com");
    assert_eq!(listed(&page), (71..=120).rev().collect::<Vec<_>>());
    assert!(!page.contains("Newer"));
    let link = |page: &str, rel: &str| {
        let at = page.find(&format!("rel=\"{rel}\" href=\"")).unwrap_or_else(|| panic!("no {rel} in {page}"));
        page[at..].split('"').nth(3).unwrap().replace("&#38;", "&")
    };
    let second = link(&page, "next");
    assert_eq!(second, "/admin/mail?to=bob%40example.com&before=71");
    queue(&server, vec![notice("bob@example.com")]);
    let page = browser.page(&second);
    assert_eq!(listed(&page), (21..=70).rev().collect::<Vec<_>>());
    let last = browser.page(&link(&page, "next"));
    assert_eq!(listed(&last), (1..=20).rev().collect::<Vec<_>>());
    assert!(!last.contains("Older"));
    assert_eq!(listed(&browser.page(&link(&last, "prev"))), (21..=70).rev().collect::<Vec<_>>());
    assert!(page.len() < 50_000);
}

#[test]
fn the_preview_is_the_mail_without_its_key() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let mail = reset_mail();
    let key = mail.message.key().unwrap().expose().to_owned();
    queue(&server, vec![mail]);
    let page = browser.page("/admin/mail/1");
    for text in [
        "Password reset",
        "alice@example.com",
        "as soon as a mail server is available",
        "Hello alice",
        "/reset-password/(hidden)",
        "<iframe class=\"preview\" src=\"/admin/mail/1/preview\" sandbox title=\"",
        "Auto-Submitted",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let policy = |path: &str| browser.get(path).header("Content-Security-Policy").unwrap();
    assert!(policy("/admin/mail/1").ends_with("frame-src 'self'"), "{}", policy("/admin/mail/1"));
    assert!(!policy("/admin/mail").contains("frame-src"));

    let preview = browser.get("/admin/mail/1/preview");
    let html = preview.text();
    assert!(html.contains("data-href=") && !html.contains(" href="), "{html}");
    assert!(html.contains("(hidden)"), "{html}");
    let policy = policy("/admin/mail/1/preview");
    for rule in ["sandbox;", "default-src 'none'", "form-action 'none'", "frame-ancestors 'self'"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("allow-") && !policy.contains("script"), "{policy}");
    assert_eq!(preview.header("X-Frame-Options").as_deref(), Some("SAMEORIGIN"));
    assert_eq!(browser.get("/admin/mail/1").header("X-Frame-Options").as_deref(), Some("DENY"));
    for text in [page, html, browser.page("/admin/mail")] {
        assert!(!text.contains(&key), "the key is the reader's alone");
    }
}

#[test]
fn dropping_a_mail_asks_for_confirmation() {
    let (server, browser) = furnished();
    let page = browser.page("/admin/mail/1/drop");
    assert!(page.contains("Drop the email to alice@example.com?"), "{page}");
    assert_eq!(outbox(&server)[0].state.as_str(), "waiting", "asking does nothing");
    let next = browser.submit("/admin/mail/1/drop", &[]).leads_to();
    let page = browser.page(&next);
    assert!(page.contains("The email to alice@example.com was dropped and will not be sent."), "{page}");
    assert!(!page.contains("id=\"actions\""), "nothing can be done with it any more: {page}");
    let mail = outbox(&server).remove(0);
    assert_eq!((mail.id, mail.state.as_str(), mail.content.key.is_none()), (MailId::new(1), "dropped", true));
    assert_eq!(last_audit(&server), "mail-dropped by administrator");
    let again = browser.submit("/admin/mail/1/drop", &[]);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("this email is already dropped"), "{}", again.text());
    let retried = browser.submit("/admin/mail/1/retry", &[]);
    assert_eq!(retried.status, 422);
    assert!(retried.text().contains("this email is already dropped"), "{}", retried.text());
}

#[test]
fn a_dead_mail_can_be_sent_again() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let browser = server.signed_in("root");
    queue(&server, vec![notice("bob@example.com")]);
    give_up(&server, 1, "550 no such mailbox");
    let page = browser.page("/admin/mail/1");
    assert!(page.contains("550 no such mailbox") && page.contains("<dt>Attempts</dt><dd>8</dd>"), "{page}");
    let _working = Working::start(&server);
    let next = browser.submit("/admin/mail/1/retry", &[]).leads_to();
    assert!(browser.page(&next).contains("The email to bob@example.com is being sent now."));
    assert_eq!(last_audit(&server), "mail-retried by administrator");
    wait_until(|| smtp.mails().len() == 1);
    let note = "the email that was sent may differ";
    wait_until(|| browser.page("/admin/mail/1").contains(">sent</span>"));
    assert!(browser.page("/admin/mail/1").contains(note));
    let again = browser.submit("/admin/mail/1/retry", &[]);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("this email is already sent"), "{}", again.text());
}

#[test]
fn a_mail_without_its_key_cannot_be_sent_again() {
    let (server, browser) = furnished();
    give_up(&server, 1, "550 no such mailbox");
    let page = browser.page("/admin/mail/1");
    assert!(page.contains("its link no longer works"), "{page}");
    assert!(!page.contains("/retry\""), "{page}");
    let reply = browser.submit("/admin/mail/1/retry", &[]);
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("its link no longer works"), "{}", reply.text());
}

#[test]
fn a_mail_that_is_being_sent_has_no_actions() {
    let (server, browser) = furnished();
    server.database().execute("UPDATE mails SET lease = 'x', due_at = 9000000000000000 WHERE id = 3");
    let page = browser.page("/admin/mail/3");
    assert!(
        page.contains("This email is being sent right now.") && !page.contains("/admin/mail/3/drop\""),
        "{page}"
    );
    for action in ["retry", "drop"] {
        let reply = browser.submit(&format!("/admin/mail/3/{action}"), &[]);
        assert_eq!(reply.status, 422, "{action}");
        assert!(reply.text().contains("This email is being sent right now."), "{}", reply.text());
    }
}

#[test]
fn without_a_mail_server_a_retried_mail_waits() {
    let (_server, browser) = furnished();
    let next = browser.submit("/admin/mail/2/retry", &[]).leads_to();
    assert!(browser.page(&next).contains("as soon as a mail server is configured"));
    assert_eq!(listed(&browser.page("/admin/mail?state=waiting")), [3, 2, 1]);
}

#[test]
fn a_test_mail_is_sent_at_once_or_displays_its_error() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let browser = server.signed_in("root");
    assert!(browser.page("/admin/mail/test").contains("value=\"root@example.com\""));
    let test = |to: &str| browser.submit("/admin/mail/test", &[("to", to)]);
    let reply = test("nobody");
    assert_eq!(reply.status, 422);
    assert!(
        reply.text().contains("Enter a valid email address.") && reply.text().contains("value=\"nobody\"")
    );

    let next = test(" you@example.com ").leads_to();
    assert!(browser.page(&next).contains("The mail server accepted the test email to you@example.com"));
    let mails = smtp.mails();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, "<you@example.com>"));
    assert!(outbox(&server).is_empty(), "it goes past the outbox");
    assert_eq!(last_audit(&server), "mail-tested by administrator");

    smtp.answers("MAIL", "530 5.7.0 log in first");
    let reply = test("you@example.com");
    assert_eq!(reply.status, 422);
    let text = reply.text();
    assert!(
        text.contains("The test email could not be sent: ") && text.contains("530 5.7.0 log in first"),
        "{text}"
    );
    assert!(text.contains("Suggestion: ") && text.contains("mail.smtp.username"), "{text}");
}

/// The reply is marked as text of another language, and has lost its bidirectional control characters.
#[test]
fn a_delivery_error_is_translated_and_the_servers_reply_is_not() {
    let smtp = SmtpServer::start();
    smtp.answers("RCPT", "550 5.1.1 <no> such\u{202e}\u{200b} user");
    let server = sending_to(smtp.port, &[]);
    let browser = server.signed_in("root");
    queue(&server, vec![notice("bob@example.com")]);
    let _working = Working::start(&server);
    wait_until(|| outbox(&server)[0].state.as_str() == "dead");
    let in_language = |path: &str, tag: &str| {
        browser
            .send(Request::get(path).header("Accept-Language", tag))
            .text()
            .replace(&smtp.port.to_string(), "25")
    };
    let reply = "<bdi lang=\"\">550 5.1.1 &#60;no&#62; such user</bdi>";
    for path in ["/admin/mail", "/admin/mail/1"] {
        let (english, german) = (in_language(path, "en"), in_language(path, "de"));
        assert!(
            english.contains(&format!("localhost:25 rejected the recipient: {reply}")),
            "{path}: {english}"
        );
        assert!(
            german.contains(&format!("localhost:25 hat den Empfänger abgelehnt: {reply}")),
            "{path}: {german}"
        );
    }
}

#[test]
fn an_outage_is_explained_in_german_with_advice() {
    let server = sending_to(SmtpServer::start().port, &[]);
    let browser = server.signed_in("root");
    assert_eq!(browser.get("/admin/language/de").status, 303);
    queue(&server, vec![notice("bob@example.com")]);
    let _working = Working::start(&server);
    wait_until(|| outbox(&server)[0].last_error.is_some());
    let hint = "Dort lauscht kein Server: Prüfen Sie mail.smtp.host und mail.smtp.port";
    let page = browser.page("/admin/mail/1");
    assert!(page.contains(" hat die Verbindung abgelehnt</dd>") && page.contains(hint), "{page}");
    server.advance(Duration::from_secs(20 * 60));
    let overview = browser.page("/admin/");
    assert!(overview.contains("Der letzte Versuch ist fehlgeschlagen: localhost:"), "{overview}");
    assert!(overview.contains(" hat die Verbindung abgelehnt."), "{overview}");
    let tested = browser.submit("/admin/mail/test", &[("to", "you@example.com")]).text();
    assert!(
        tested.contains("Die Test-E-Mail konnte nicht gesendet werden: localhost:") && tested.contains(hint),
        "{tested}"
    );
}

#[test]
fn a_test_mail_without_a_mail_server_names_the_setting() {
    let server = TestServer::start();
    let reply = server.signed_in("root").submit("/admin/mail/test", &[("to", "you@example.com")]);
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("No mail server is configured. Set it and the sender"), "{}", reply.text());
}

#[test]
fn the_page_of_a_user_has_the_last_mails() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let (alice, bob) = (server.add("alice", |_| ()), server.add("bob", |_| ()));
    let mut mail = notice("alice@example.com");
    mail.user = Some(alice);
    queue(&server, vec![mail, notice("bob@example.com")]);
    assert_eq!(listed(&browser.user_page(alice)), [1]);
    let page = browser.user_page(bob);
    assert!(listed(&page).is_empty() && page.contains("No emails to this user."), "{page}");
    assert!(browser.page("/admin/mail/1").contains(&format!("<a href=\"/admin/users/{alice}\">alice</a>")));
}

#[test]
fn the_next_attempt_is_displayed_as_a_future_time() {
    let (server, browser) = furnished();
    let due = server.app.clock.now().plus(Duration::from_secs(20 * 60)).micros();
    server.database().execute(&format!("UPDATE mails SET due_at = {due} WHERE id = 3"));
    let page = browser.page("/admin/mail/3");
    let next = page.split_once("Next attempt").unwrap().1;
    assert!(next[..400].contains("in 20 minutes"), "{next}");
}

#[test]
fn a_sent_mail_has_no_form_to_drop_it() {
    let (server, browser) = furnished();
    server.database().execute("UPDATE mails SET state = 'sent', due_at = NULL WHERE id = 3");
    assert_eq!(browser.get("/admin/mail/3/drop").leads_to(), "/admin/mail/3");
}

#[test]
fn the_form_for_a_test_mail_says_beforehand_that_there_is_no_mail_server() {
    let server = TestServer::start();
    let page = server.signed_in("root").page("/admin/mail/test");
    assert!(page.contains("No mail server is configured.") && !page.contains("name=\"to\""), "{page}");
    assert!(page.contains("<a href=\"/admin/settings/mail\">"), "{page}");
}
