//! The rules for all pages behind links.

use std::time::Duration;

use doorward::testing::accounts::Actor;
use doorward::testing::accounts::invite;
use doorward::testing::types::{Email, Link, OneTimeKey};

use crate::http::Request;
use crate::outbox::{change_email, confirm_key, issue, reset_key};
use crate::server::TestServer;

const PAGES: [&str; 5] = ["confirm-email", "undo-email", "reset-password", "accept-invite", "not-me"];

/// A valid link of each kind, for different users.
fn links(server: &TestServer) -> [String; 5] {
    for name in ["alice", "bob", "carol", "erin"] {
        server.add(name, |_| ());
    }
    let email = Email::parse("dora@example.com").unwrap();
    let invited = server.wait(invite(&server.app, email, None, &Actor::command_line())).unwrap();
    let keys = [
        confirm_key(server, "alice"),
        change_email(server, "bob", "thief@example.com"),
        reset_key(server, "carol"),
        invited.expose().to_owned(),
        issue(server, "erin", Link::NotMe, Duration::from_secs(7 * 24 * 3600)),
    ];
    let mut pages = PAGES.iter();
    keys.map(|key| format!("/{}/{key}", pages.next().unwrap()))
}

/// The rows that a link could change.
fn state(server: &TestServer) -> Vec<String> {
    let users = "SELECT username || email || password_hash || tokens_valid_from || is_email_confirmed AS line \
                 FROM users ORDER BY id";
    let keys = "SELECT purpose || expires_at AS line FROM one_time_keys ORDER BY key_hash";
    let mails = "SELECT recipient || kind AS line FROM mails ORDER BY id";
    let audit = "SELECT action AS line FROM audit ORDER BY id";
    [users, keys, mails, audit].iter().flat_map(|query| server.database().lines(query)).collect()
}

#[test]
fn a_mail_scanner_that_follows_every_link_changes_nothing() {
    let server = TestServer::start();
    let links = links(&server);
    let before = state(&server);
    for link in &links {
        for request in [Request::get(link), Request::get(link), Request::head(link)] {
            assert_eq!(server.anon().send(request).status, 200, "{link}");
        }
        for method in ["OPTIONS", "PUT", "DELETE", "PATCH"] {
            assert!(server.anon().send(Request::new(method, link)).status >= 400, "{method} {link}");
        }
    }
    assert_eq!(state(&server), before);
    for link in &links {
        assert_eq!(server.anon().get(link).status, 200, "{link} is still good");
    }
}

#[test]
fn every_link_works_with_a_trailing_slash() {
    let server = TestServer::start();
    let form =
        [("username", "dora"), ("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    for link in links(&server) {
        let slashed = format!("{link}/");
        let [page, plain] = [&slashed, &link].map(|path| server.anon().get(path));
        assert_eq!((page.status, page.text()), (200, plain.text()), "{link}");
        assert_eq!(server.anon().send(Request::head(&slashed)).status, 200, "{link}");
        let sent = server.anon().send(Request::post(&slashed).form(&form));
        assert!(matches!(sent.status, 200 | 303), "{link}: {}", sent.status);
        assert_eq!(server.anon().get(&link).status, 404, "{link} is spent");
    }
}

#[test]
fn a_page_with_a_key_is_not_stored_not_indexed_and_sends_no_referrer() {
    let server = TestServer::start();
    for link in links(&server) {
        let page = server.anon().get(&link);
        assert_eq!(page.header("Referrer-Policy").as_deref(), Some("no-referrer"), "{link}");
        assert_eq!(page.header("Cache-Control").as_deref(), Some("no-store"), "{link}");
        let policy = page.header("Content-Security-Policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
        let text = page.text();
        assert!(text.contains("<meta name=\"robots\" content=\"noindex\">"), "{link}");
        assert!(
            !text.replace("<script src=\"/static/", "").contains("<script") && !text.contains("style=\""),
            "{link}"
        );
        let key = link.rsplit('/').next().unwrap();
        assert!(!text.contains(key), "the page does not repeat its key");
        // A confirmation offers to choose a new password as well.
        let choices = if link.starts_with("/confirm-email/") { 2 } else { 1 };
        assert_eq!(text.matches("<form").count(), choices, "{link}");
        assert_eq!(text.matches("<button").count(), choices, "{link}");
    }
}

#[test]
fn head_answers_as_get_without_a_body() {
    let server = TestServer::start();
    for link in links(&server) {
        let (get, head) = (server.anon().get(&link), server.anon().send(Request::head(&link)));
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("Referrer-Policy"), get.header("Referrer-Policy"));
        assert_eq!(head.header("Content-Length"), get.header("Content-Length"));
    }
}

#[test]
fn a_dead_link_has_one_page_for_all_reasons() {
    let server = TestServer::start();
    let links = links(&server);
    let text = |path: &str| {
        let [get, post] =
            [Request::get(path), Request::post(path)].map(|request| server.anon().send(request));
        assert_eq!([get.status, post.status], [404, 404], "{path}");
        assert_eq!(get.text(), post.text(), "{path}");
        assert_eq!(get.header("Referrer-Policy").as_deref(), Some("no-referrer"));
        assert!(get.text().contains("This link no longer works"), "{path}");
        get.text()
    };
    server.advance(Duration::from_secs(7 * 24 * 3600 + 1));
    for (page, late) in PAGES.iter().zip(&links) {
        let unknown = text(&format!("/{page}/{}", "A".repeat(43)));
        assert_eq!(text(&format!("/{page}/garbled")), unknown);
        assert_eq!(text(late), unknown);
        let advises_reset = ["undo-email", "reset-password", "not-me"].contains(page);
        assert_eq!(unknown.contains("href=\"/forgot-password\""), advises_reset, "{page}");
        let asks_again =
            unknown.contains("href=\"/account\">Sign in to request a new confirmation email</a>");
        assert_eq!(asks_again, *page == "confirm-email", "{page}");
    }
}

#[test]
fn every_last_page_leads_on_to_the_site_and_to_the_sign_in_page() {
    let spent = PAGES.map(|page| format!("/{page}/{}", OneTimeKey::random().expose()));
    let done = [
        "/confirm-email/done",
        "/reset-password/done",
        "/accept-invite/done",
        "/sign-up/done",
        "/forgot-password/done",
    ];
    let pages: Vec<&str> = spent.iter().map(String::as_str).chain(done).collect();
    let unset = TestServer::start();
    for page in &pages {
        let html = unset.anon().get(page).text();
        assert!(html.contains("<a class=\"button\" href=\"/sign-in\">Sign in</a>"), "{page}: {html}");
    }
    let set = TestServer::with(&[("site.name", "Bakery"), ("site.url", "https://bakery.example/")]);
    for page in &pages {
        let html = set.anon().get(page).text();
        let site = "<a class=\"button\" href=\"https://bakery.example/\">Continue to Bakery</a>";
        assert!(html.contains(site) && html.contains("href=\"/sign-in\">Sign in</a>"), "{page}: {html}");
    }
}

#[test]
fn a_key_opens_its_own_page_only() {
    let server = TestServer::start();
    let links = links(&server);
    let before = state(&server);
    for link in &links {
        let (own, key) = link[1..].split_once('/').unwrap();
        for page in PAGES.iter().filter(|page| **page != own) {
            let path = format!("/{page}/{key}");
            let form = [("username", "mallory"), ("password", "quite-Long-pass-3")];
            assert_eq!(server.anon().get(&path).status, 404, "{path}");
            assert_eq!(server.anon().send(Request::post(&path).form(&form)).status, 404, "{path}");
        }
    }
    assert_eq!(state(&server), before);
}

#[test]
fn a_form_from_another_site_is_refused() {
    let server = TestServer::start();
    let links = links(&server);
    let before = state(&server);
    for link in &links {
        let form = Request::post(link).header("Sec-Fetch-Site", "cross-site").form(&[("x", "y")]);
        assert_eq!(server.anon().send(form).status, 403, "{link}");
    }
    assert_eq!(state(&server), before);
}

#[test]
fn every_page_has_the_sites_name() {
    let server = TestServer::with(&[("site.name", "Bread & Roses")]);
    let links = links(&server);
    let spent = PAGES.map(|page| format!("/{page}/{}", OneTimeKey::random().expose()));
    let done = ["/confirm-email/done", "/reset-password/done", "/accept-invite/done"];
    for page in links.iter().chain(&spent).map(String::as_str).chain(done) {
        let html = server.anon().get(page).text();
        assert!(html.contains(" – Bread &#38; Roses</title>"), "{page}: {html}");
        assert!(html.contains(">Bread &#38; Roses</span>") && !html.contains(">doorward<"), "{page}: {html}");
    }
}

#[test]
fn pages_and_errors_are_in_the_readers_language() {
    let server = TestServer::start();
    let links = links(&server);
    let headings = [
        "<h1>Bestätigen Sie Ihre E-Mail-Adresse</h1>",
        "<h1>Änderung der E-Mail-Adresse rückgängig machen?</h1>",
        "<h1>Neues Passwort wählen</h1>",
        "<h1>Konto erstellen</h1>",
        "<h1>Hat sich eine andere Person angemeldet?</h1>",
    ];
    let german = |request: Request| server.anon().send(request.header("Accept-Language", "de")).text();
    for (link, heading) in links.iter().zip(headings) {
        let page = german(Request::get(link));
        assert!(page.contains(heading) && page.contains("<html lang=\"de\""), "{page}");
    }
    let weak = german(Request::post(&links[2]).form(&[("password", "12345"), ("password_again", "1234")]));
    assert!(weak.contains("Die beiden Passwörter stimmen nicht überein."), "{weak}");
    let short = german(Request::post(&links[2]).form(&[("password", "12345"), ("password_again", "12345")]));
    assert!(short.contains("Dieses Passwort ist zu kurz."), "{short}");
    let fields =
        [("username", "alice"), ("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    let taken = german(Request::post(&links[3]).form(&fields));
    assert!(taken.contains("Es gibt bereits einen Benutzer mit diesem Benutzernamen."), "{taken}");
    let gone = german(Request::get("/reset-password/nothing"));
    assert!(gone.contains("Dieser Link ist nicht mehr gültig"), "{gone}");
    for done in ["/confirm-email/done", "/reset-password/done", "/accept-invite/done"] {
        assert!(german(Request::get(done)).contains("<html lang=\"de\""), "{done}");
    }
}
