//! Invitations: sending them, and the list of open ones.

use std::time::Duration;

use doorward::testing::accounts;
use doorward::testing::app::store_settings;
use doorward::testing::store::audit;

use crate::browser::{Browser, value_of};
use crate::http::{Reply, Request};
use crate::outbox::keys;
use crate::server::{TestServer, password_of};

const INVITE: &str = "/admin/users/invite";
const OPEN: &str = "/admin/users/invitations";

fn check(browser: &Browser, list: &str) -> Reply {
    browser.submit(INVITE, &[("addresses", list)])
}

/// Checks a list and sends it.
fn send(browser: &Browser, list: &str) -> String {
    let checked = value_of(&check(browser, list).text(), "checked");
    send_checked(browser, list, &checked).leads_to()
}

fn send_checked(browser: &Browser, list: &str, checked: &str) -> Reply {
    browser.submit(INVITE, &[("addresses", list), ("checked", checked), ("do", "send")])
}

fn action(browser: &Browser, action: &str, address: &str) -> String {
    let list = browser.submit(&format!("{OPEN}/{action}"), &[("address", address)]).leads_to();
    browser.page(&list)
}

#[test]
fn the_page_lists_the_recipients_before_invitations_are_sent() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let list = "new@x.example\nAda <ada@x.example>, ADA@x.example\nALICE@example.com\nnobody <at home>";
    let page = check(&browser, list).text();
    for text in [
        "2 invitations will be sent",
        "<li>new@x.example</li>",
        "<li>ada@x.example</li>",
        "1 duplicate was removed.",
        &format!("ALICE@example.com: <a href=\"/admin/users/{alice}\">alice</a>"),
        "Line 4: <q>nobody &#60;at home&#62;</q>",
        "Enter a valid email address.",
        "No mail server is configured",
    ] {
        assert!(page.to_lowercase().contains(&text.to_lowercase()), "{text}: {page}");
    }
    assert!(server.database().lines("SELECT recipient AS line FROM mails").is_empty());
    let next = send_checked(&browser, list, &value_of(&page, "checked")).leads_to();
    assert!(browser.page(&next).contains("2 invitations queued: no mail server is configured."));
    assert_eq!(
        (keys(&server, "invite", "new@x.example").len(), keys(&server, "invite", "ada@x.example").len()),
        (1, 1)
    );
}

#[test]
fn an_invitation_is_accepted_from_the_list_to_the_login() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    send(&browser, "dora@example.com");
    let page = browser.page(OPEN);
    assert!(page.contains("dora@example.com") && page.contains("in 7 days"), "{page}");
    let link = format!("/accept-invite/{}", keys(&server, "invite", "dora@example.com")[0]);
    assert!(server.anon().get(&link).text().contains("dora@example.com"));
    let fields =
        [("username", "dora"), ("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    assert_eq!(server.anon().send(Request::post(&link).form(&fields)).status, 303);
    assert_eq!(server.anon().log_in("dora@example.com", "quite-Long-pass-3").status, 200);
    assert!(server.find("dora").unwrap().is_email_confirmed);
    assert!(browser.page(OPEN).contains("No open invitations"));
    assert!(
        action(&browser, "again", "dora@example.com")
            .contains("an account with this email address already exists")
    );
}

#[test]
fn an_email_registered_after_the_check_is_skipped() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let list = "dora@example.com\nemil@example.com";
    let checked = value_of(&check(&browser, list).text(), "checked");
    server.add("dora", |_| ());
    let page = browser.page(&send_checked(&browser, list, &checked).leads_to());
    assert!(page.contains("1 invitation queued") && page.contains("1 skipped."), "{page}");
    assert!(keys(&server, "invite", "dora@example.com").is_empty());
}

#[test]
fn an_invitation_is_sent_again_with_a_new_link_and_withdrawn() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    send(&browser, "dora@example.com");
    let first = keys(&server, "invite", "dora@example.com").remove(0);
    assert!(action(&browser, "again", "dora@example.com").contains("Invitation to dora@example.com queued"));
    let all = keys(&server, "invite", "dora@example.com");
    assert_eq!((all.len(), all[0].as_str()), (2, "-"), "the first mail will not be sent");
    let link = |key: &str| server.anon().get(&format!("/accept-invite/{key}")).status;
    assert_eq!((link(&first), link(&all[1])), (404, 200));
    assert!(
        action(&browser, "withdraw", "dora@example.com")
            .contains("Invitation to dora@example.com withdrawn.")
    );
    assert_eq!(link(&all[1]), 404);
    assert_eq!(keys(&server, "invite", "dora@example.com"), ["-", "-"]);
    assert!(action(&browser, "withdraw", "dora@example.com").contains("was no longer open"));
    let root = server.find("root").unwrap().id;
    let actions =
        format!("SELECT action AS line FROM audit WHERE actor_id = {root} ORDER BY id DESC LIMIT 3");
    assert_eq!(server.database().lines(&actions), ["invite-withdrawn", "invited", "invited"]);
}

#[test]
fn the_state_of_an_invitation_is_in_list_audit_and_login_help() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    send(&browser, "dora@example.com");
    let help = || browser.page("/admin/login-help?who=Dora%40example.com");
    assert!(help().contains("it has an open invitation (sent just now, expires in 7 days)"), "{}", help());
    assert!(
        help().contains("That email has not been sent yet.") && help().contains(&format!("href=\"{OPEN}\""))
    );
    let dead = "UPDATE mails SET state = 'dead', secret = NULL, due_at = NULL, ended_at = created_at, \
                last_error = 'x' WHERE id = 1";
    server.database().execute(dead);
    assert!(help().contains("That email failed"), "{}", help());
    let list = browser.page(OPEN);
    assert!(
        list.contains("<a href=\"/admin/mail/1\"><span class=\"badge badge-bad\">failed</span>"),
        "{list}"
    );
    let mail = browser.page("/admin/mail/1");
    assert!(mail.contains("Send the invitation again under Open invitations"), "{mail}");
    assert!(
        mail.contains(&format!("<a href=\"{OPEN}\">Open invitations</a>")) && !mail.contains("ask the user")
    );
    assert!(browser.page("/admin/").contains("or under Open invitations"));
    action(&browser, "withdraw", "dora@example.com");
    assert!(help().contains("No user has this username or email address."));
}

#[test]
fn the_audit_log_names_the_invited_email_until_the_account_is_deleted() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    send(&browser, "Dora@example.com, emil@example.com");
    action(&browser, "withdraw", "emil@example.com");
    let about = |who: &str| {
        let page = browser.page(&format!("/admin/audit?who={who}"));
        (
            page.matches("<tr role=\"row\" id=").count(),
            page.matches(&format!("<span class=\"detail\">{who}")).count(),
        )
    };
    assert_eq!((about("dora@example.com"), about("emil@example.com")), ((1, 1), (2, 2)));
    let link = format!("/accept-invite/{}", keys(&server, "invite", "Dora@example.com")[0]);
    let fields =
        [("username", "dora"), ("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    assert_eq!(server.anon().send(Request::post(&link).form(&fields)).status, 303);
    assert_eq!(about("dora@example.com"), (2, 1), "the invitation and the account");
    let id = server.find("dora").unwrap().id;
    let verified = || {
        server.wait(accounts::seal_audit(&server.app)).unwrap();
        let url = &server.app.config.database_url;
        audit::verify(url, store_settings(&server.app.config), &[]).unwrap().is_whole()
    };
    assert!(verified());
    assert_eq!(browser.submit(&format!("/admin/users/{id}/delete"), &[("name", "dora")]).status, 303);
    assert_eq!(about("dora@example.com").0, 0);
    let details = "SELECT coalesce(detail, '-') AS line FROM audit WHERE action = 'invited' ORDER BY id";
    assert_eq!(server.database().lines(details), ["-", "emil@example.com"]);
    assert!(verified(), "the chain holds without the address");
}

#[test]
fn open_invitations_are_paged_by_email_until_they_expire() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let many: Vec<String> = (0..40).map(|n| format!("guest-{n:02}@example.com")).collect();
    send(&browser, &many.join("; "));
    let page = browser.page(OPEN);
    assert!(page.len() < 50_000, "{} bytes", page.len());
    assert!(page.contains("guest-24@") && !page.contains("guest-25@"));
    assert!(page.contains("Invitations (40)"), "{page}");
    assert!(browser.page("/admin/users/").contains("Invitations (40)"));
    let next = browser.page(&format!("{OPEN}?after=guest-24%40example.com"));
    assert!(
        page.contains("?after=guest-24%40example.com")
            && next.contains("guest-25@")
            && next.contains("guest-39@")
    );
    server.advance(Duration::from_secs(7 * 24 * 3600 + 1));
    assert!(server.signed_in("root").page(OPEN).contains("No open invitations"));
}

#[test]
fn an_empty_list_and_one_with_too_many_emails_are_refused() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let empty = check(&browser, " ,\n");
    assert!(empty.status == 422 && empty.text().contains("This field may not be blank."));
    let long: Vec<String> = (0..1001).map(|n| format!("guest-{n}@x.example")).collect();
    let refused = check(&browser, &long.join("\n"));
    assert_eq!(refused.status, 422);
    assert!(
        refused.text().contains("more than 1,000 email addresses") && refused.text().contains("guest-1000@")
    );
    assert!(server.database().lines("SELECT recipient AS line FROM mails").is_empty());
}

#[test]
fn a_list_that_is_too_long_keeps_its_beginning() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let long: Vec<String> = (0..400).map(|n| format!("{n:03}-{}@x.example", "a".repeat(100))).collect();
    let refused = check(&browser, &long.join("\n"));
    let page = refused.text();
    assert!(refused.status == 422 && page.len() < 50_000, "{} of {}", refused.status, page.len());
    let beginning =
        page.split_once("<textarea").unwrap().1.split_once(">\n").unwrap().1.split_once('<').unwrap().0;
    let count = beginning.lines().count();
    assert!(count > 100 && beginning.lines().eq(&long[..count]), "{count}");
    assert!(page.contains(&format!("starting with “{count:03}-aaa")), "{page}");
    for junk in ["x".repeat(100_000), "&".repeat(100_000)] {
        let refused = check(&browser, &junk);
        assert!(refused.status == 422 && refused.text().len() < 50_000, "{}", refused.text().len());
        server.advance(Duration::from_secs(16 * 60));
        let late = browser.submit(INVITE, &[("addresses", &junk)]).leads_to();
        assert!(browser.page(&late).contains("is too long to keep"), "{late}");
        browser.sign_in("root", &password_of("root"));
    }
}

#[test]
fn the_largest_list_fits_the_page_and_is_sent_completely() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let wide = "&".repeat(25);
    let mut lines: Vec<String> = (0..60).map(|n| format!("{wide}{n}@x.example")).collect();
    for n in 0..25 {
        let (name, email) = (format!("{}{n}", "é".repeat(140)), format!("{wide}user{n}@x.example"));
        server.add_as(&name, &email, |_| ());
        lines.push(email);
        lines.push(format!("\0{}", "y".repeat(254)));
    }
    let size: usize = lines.iter().map(|line| line.len() + 4 * line.matches('&').count() + 1).sum();
    lines.push("&".repeat((24_000 - size) / 5));
    let list = lines.join("\n");
    browser.set_cookie("doorward_language", "de");
    let page = check(&browser, &list).text();
    assert!(page.len() < 50_000, "{} bytes", page.len());
    for text in [
        "60 Einladungen werden gesendet",
        "25 haben bereits ein Konto",
        "26 ungültige E-Mail-Adressen",
        "und 10 weitere",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert_eq!(page.matches("und 5 weitere").count(), 1);
    assert_eq!(page.matches("und 6 weitere").count(), 1);
    let list = browser.page(&send_checked(&browser, &list, &value_of(&page, "checked")).leads_to());
    assert!(list.contains("60 Einladungen in der Warteschlange"), "{list}");
}

#[test]
fn an_unchecked_list_is_not_sent() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let checked = value_of(&check(&browser, "dora@example.com").text(), "checked");
    for (list, checked) in [("dora@example.com emil@example.com", &*checked), ("dora@example.com", "")] {
        let reply = send_checked(&browser, list, checked);
        assert_eq!(reply.status, 422, "{list}");
        assert!(reply.text().contains("changed after the check. Nothing was sent."), "{}", reply.text());
    }
    assert!(server.database().lines("SELECT recipient AS line FROM mails").is_empty());
}

#[test]
fn inviting_requires_a_session_and_its_form_token() {
    let server = TestServer::start();
    for path in [INVITE, OPEN, "/admin/users/invitations/withdraw"] {
        assert!(server.browser().get(path).leads_to().starts_with("/admin/sign-in?next="), "{path}");
        assert!(server.user("alice").get(path).leads_to().starts_with("/admin/sign-in?next="), "{path}");
    }
    let browser = server.signed_in("root");
    for path in [INVITE, "/admin/users/invitations/again", "/admin/users/invitations/withdraw"] {
        assert_eq!(
            browser.post(path, &[("addresses", "a@x.example"), ("address", "a@x.example")]).status,
            403
        );
    }
    assert_eq!(browser.submit("/admin/users/invitations/again", &[("address", "nowhere")]).status, 404);
    assert_eq!(browser.get("/admin/users/invitations/withdraw").leads_to(), OPEN);
    assert!(server.database().lines("SELECT recipient AS line FROM mails").is_empty());
    server.advance(Duration::from_secs(16 * 60));
    assert!(browser.get(INVITE).leads_to().starts_with("/admin/prove?next="));
}

#[test]
fn a_second_click_sends_no_second_invitation() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let checked = value_of(&check(&browser, "dora@example.com").text(), "checked");
    assert_eq!(send_checked(&browser, "dora@example.com", &checked).leads_to(), OPEN);
    let again = send_checked(&browser, "dora@example.com", &checked);
    assert_eq!(again.status, 422);
    let page = again.text();
    assert!(page.contains("1 already invited (the earlier link stops working)"), "{page}");
    assert!(page.contains("Send 1 invitation"), "whoever means it can do it: {page}");
    assert_eq!(server.database().lines("SELECT recipient AS line FROM mails").len(), 1);
    assert_eq!(send_checked(&browser, "dora@example.com", &value_of(&page, "checked")).leads_to(), OPEN);
}

#[test]
fn the_link_of_an_invitation_can_be_copied_while_its_mail_waits_and_afterwards() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    send(&browser, "dora@example.com");
    let waiting = keys(&server, "invite", "dora@example.com").remove(0);
    let copy = || browser.submit("/admin/users/invitations/link", &[("address", "dora@example.com")]);
    let page = copy().text();
    assert!(page.contains(&format!("/accept-invite/{waiting}</textarea>")), "{page}");
    assert!(page.contains("Invitation link</label>") && !page.contains("Password reset link"), "{page}");
    assert!(
        !page.contains("?language=") && !page.contains("?theme="),
        "a switch would lose the link: {page}"
    );
    assert_eq!(
        server.anon().get(&format!("/accept-invite/{waiting}")).status,
        200,
        "the mail's link still works"
    );
    server.database().execute("UPDATE mails SET secret = NULL, state = 'sent', due_at = NULL");
    let page = copy().text();
    let link = page.split("/accept-invite/").nth(1).unwrap().split('<').next().unwrap();
    assert_ne!(link, waiting);
    assert_eq!(server.anon().get(&format!("/accept-invite/{link}")).status, 200);
    assert_eq!(server.anon().get(&format!("/accept-invite/{waiting}")).status, 404);
    let audited = "SELECT detail AS line FROM audit WHERE action = 'invite-link-made'";
    assert_eq!(server.database().lines(audited), ["dora@example.com", "dora@example.com"]);
    server.advance(Duration::from_secs(16 * 60));
    assert!(copy().text().contains("type=\"password\""), "an old session is asked for the password");
}

#[test]
fn withdrawing_an_invitation_asks_first() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    send(&browser, "dora@example.com");
    let page = browser.page(OPEN);
    assert!(page.contains("Invitations (1)"), "{page}");
    let path = "/admin/users/invitations/withdraw?address=dora%40example.com";
    assert!(page.contains(&format!("href=\"{path}\"")), "{page}");
    let page = browser.page(path);
    assert!(page.contains("Withdraw the invitation of dora@example.com?"), "{page}");
    assert!(browser.page(OPEN).contains("dora@example.com"), "asking does nothing");
}

#[test]
fn an_invitation_is_in_the_chosen_language_and_so_is_the_next_one() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert!(browser.page(INVITE).contains("<option value=\"en\" selected>"), "the default is mail.language");
    let checked = browser.submit(INVITE, &[("addresses", "dora@example.com"), ("language", "de")]).text();
    assert!(checked.contains("<option value=\"de\" selected>"), "{checked}");
    let digest = value_of(&checked, "checked");
    let fields =
        [("addresses", "dora@example.com"), ("language", "de"), ("checked", &digest), ("do", "send")];
    assert_eq!(browser.submit(INVITE, &fields).status, 303);
    action(&browser, "again", "dora@example.com");
    let params = server.database().lines("SELECT params AS line FROM mails WHERE kind = 'invite'");
    assert_eq!(params, ["{\"language\":\"de\"}", "{\"language\":\"de\"}"]);
}
