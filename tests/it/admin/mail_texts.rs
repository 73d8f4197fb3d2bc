//! Editing the texts of mails.

use crate::browser::{Browser, value_of};
use crate::http::Reply;
use crate::mail::{Working, notice, queue, sending_to};
use crate::server::TestServer;
use crate::smtp::{SmtpServer, wait_until};

const CHANGED: &str = "/admin/mail/texts/password_changed/en";
const RESET: &str = "/admin/mail/texts/reset_password/en";

fn save(browser: &Browser, path: &str, subject: &str, body: &str) -> Reply {
    let version = value_of(&browser.page(path), "version");
    submit(browser, path, subject, body, &version, "save")
}

fn submit(browser: &Browser, path: &str, subject: &str, body: &str, version: &str, action: &str) -> Reply {
    browser.submit(path, &[("subject", subject), ("body", body), ("version", version), ("do", action)])
}

/// The details of the latest audit entries with an action, the latest first.
fn audited(server: &TestServer, action: &str) -> Vec<String> {
    let of = format!("SELECT detail AS line FROM audit WHERE action = '{action}' ORDER BY id DESC");
    server.database().lines(&of)
}

#[test]
fn every_text_is_listed_in_every_language_and_only_for_administrators() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let page = browser.page("/admin/mail/texts");
    for path in
        [RESET, "/admin/mail/texts/reset_password_by_administrator/de", "/admin/mail/texts/new_place/de"]
    {
        assert!(page.contains(&format!("href=\"{path}\"")), "{page}");
        assert_eq!(browser.get(path).status, 200, "{path}");
        assert_eq!(browser.get(&format!("{path}/preview")).status, 200, "{path}");
        assert!(server.browser().get(path).leads_to().starts_with("/admin/sign-in"), "{path}");
    }
    for path in ["/admin/mail/texts/spam/en", "/admin/mail/texts/reset_password/fr"] {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
    assert_eq!(browser.post(RESET, &[("subject", "x")]).status, 403, "a form without its token");
}

#[test]
fn an_edited_text_is_what_is_sent_until_it_is_reset() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let browser = server.signed_in("root");
    let reply = save(&browser, CHANGED, "News for {{ username }}", "Dear <b>{{ username }}</b>,\r\n\r\nbye");
    assert_eq!(reply.status, 303, "{}", reply.text());
    let page = browser.page(&reply.leads_to());
    assert!(page.contains("was saved") && page.contains(">edited<"), "{page}");
    assert!(browser.page("/admin/mail/texts").contains("edited"));
    queue(&server, vec![notice("bob@example.com")]);
    let _working = Working::start(&server);
    wait_until(|| smtp.mails().len() == 1);
    let mail = &smtp.mails()[0];
    assert_eq!(mail.header("Subject"), Some("News for alice"));
    assert!(mail.data.contains("Dear &lt;b&gt;alice&lt;"), "{}", mail.data);
    let detail = audited(&server, "mail-text-edited").remove(0);
    assert!(
        detail.starts_with("password_changed (en): “Your password at {{ site }} was changed")
            && detail.contains("→ “News for {{ username }} / Dear"),
        "{detail}"
    );
    let version = value_of(&browser.page(&format!("{CHANGED}/reset")), "version");
    let reply = browser.submit(&format!("{CHANGED}/reset"), &[("version", &version)]);
    assert_eq!(reply.status, 303, "{}", reply.text());
    assert!(browser.page(CHANGED).contains("Your password at {{ site }} was changed"));
    assert_eq!(audited(&server, "mail-text-reset").len(), 1);
    let stored = "SELECT name AS line FROM mail_texts";
    assert!(server.database().lines(stored).is_empty());
}

#[test]
fn words_that_cannot_be_used_are_refused_with_line_and_name() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for (subject, body, error) in [
        ("", "{{ link }}", "Enter a subject."),
        (
            "x",
            "Hello {{ usrname }}\n\n{{ link }}",
            "Line 1: {{ usrname }} is not a placeholder of this email.",
        ),
        ("x", "Hello", "The placeholder for the link is missing"),
        ("x", "{{ link }}\n{% if x %}", "Line 2: Only placeholders are allowed"),
        ("x", "{{ link }}\n\n{{ site", "Line 3: A placeholder begins with two braces"),
        ("{{ link }}", "{{ link }}", "The link belongs in the message"),
    ] {
        let reply = save(&browser, RESET, subject, body);
        assert_eq!(reply.status, 422, "{body}");
        assert!(reply.text().contains(error), "{error}: {}", reply.text());
    }
    assert!(server.database().lines("SELECT name AS line FROM mail_texts").is_empty());
    assert!(audited(&server, "mail-text-edited").is_empty());
}

#[test]
fn a_preview_saves_nothing() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let version = value_of(&browser.page(CHANGED), "version");
    let page =
        submit(&browser, CHANGED, "Draft {{ site }}", "Dear {{ username }}", &version, "preview").text();
    assert!(page.contains("Preview (not saved)") && page.contains("Dear alice"), "{page}");
    assert!(browser.page(CHANGED).contains("Your password at {{ site }} was changed"));
}

#[test]
fn saving_a_text_asks_for_the_password_some_time_after_it_was_typed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let version = value_of(&browser.page(CHANGED), "version");
    server.advance(server.app.config.admin.reauthenticate_after);
    let reply = submit(&browser, CHANGED, "News", "Dear {{ username }}", &version, "save");
    assert!(reply.text().contains("name=\"reauthentication\""), "{}", reply.text());
    assert!(audited(&server, "mail-text-edited").is_empty());
}

#[test]
fn two_administrators_do_not_overwrite_each_others_text() {
    let server = TestServer::start();
    let (one, two) = (server.signed_in("root"), server.signed_in("eve"));
    let version = value_of(&one.page(CHANGED), "version");
    assert_eq!(submit(&two, CHANGED, "Hers", "hers", &version, "save").status, 303);
    let reply = submit(&one, CHANGED, "His", "his", &version, "save");
    assert_eq!(reply.status, 422);
    let page = reply.text();
    assert!(
        page.contains("Another administrator has changed this text")
            && page.contains("value=\"His\"")
            && page.contains("Text saved by the other administrator"),
        "{page}"
    );
    let again = submit(&one, CHANGED, "His", "his", &value_of(&page, "version"), "save");
    assert_eq!(again.status, 303);
}

#[test]
fn a_stored_text_that_is_broken_falls_back_to_the_original() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    server.database().execute(
        "INSERT INTO mail_texts (name, language, subject, body) \
         VALUES ('password_changed', 'en', 'Broken {{ gone }}', 'x')",
    );
    queue(&server, vec![notice("bob@example.com")]);
    let _working = Working::start(&server);
    wait_until(|| smtp.mails().len() == 1);
    assert_eq!(smtp.mails()[0].header("Subject"), Some("Your password at doorward was changed"));
}

#[test]
fn a_file_of_the_operator_comes_before_an_edited_text() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password_changed.txt"), "Subject: Mine\n\nMine.\n").unwrap();
    let server = TestServer::with(&[("mail.templates", folder.path().to_str().unwrap())]);
    let browser = server.signed_in("root");
    assert!(browser.page(CHANGED).contains("The file password_changed.txt in the folder"));
    let reply = save(&browser, CHANGED, "x", "x");
    assert_eq!(reply.status, 422);
    assert!(server.database().lines("SELECT name AS line FROM mail_texts").is_empty());
}
