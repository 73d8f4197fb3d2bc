//! Walks over the pages as a reader would: no link is dead, and each page has a way on.

use std::collections::BTreeSet;

use crate::browser::Browser;
use crate::http::Request;
use crate::outbox::{change_email, confirm_key, reset_key};
use crate::server::{TestServer, password_of};

/// The addresses of the links of a page.
fn addresses(page: &str) -> Vec<String> {
    page.split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&"))
        .collect()
}

/// The part of a page that is not the same on all pages.
fn main_part(page: &str) -> &str {
    let begin = page.find("<main").unwrap_or_else(|| panic!("no <main> in {page}"));
    page[begin..].split("</main>").next().unwrap()
}

/// Opens `starts` and all pages of this server that they lead to; answers the paths of the HTML pages.
fn walk(browser: &Browser, starts: &[String]) -> BTreeSet<String> {
    let mut waiting: Vec<(String, String)> =
        starts.iter().map(|path| (path.clone(), "the start".to_owned())).collect();
    let (mut seen, mut pages) = (BTreeSet::new(), BTreeSet::new());
    while let Some((path, from)) = waiting.pop() {
        // One page of each kind: a query only filters, sorts or remembers.
        let kind = path.split(['?', '#']).next().unwrap().trim_end_matches('/').to_owned();
        if !path.starts_with('/') || path.starts_with("/static/") || !seen.insert(kind.clone()) {
            continue;
        }
        let reply = browser.get(&path);
        let is_start = starts.contains(&path);
        assert!(reply.status < 400 || is_start, "{path}, linked from {from}: {}", reply.status);
        let next = reply.header("Location").filter(|to| to.starts_with('/'));
        waiting.extend(next.map(|to| (to, path.clone())));
        if !reply.header("Content-Type").is_some_and(|kind| kind.starts_with("text/html")) {
            continue;
        }
        let text = reply.text();
        let main = main_part(&text);
        let leads_on = main.contains("<a ") || main.contains("<button");
        assert!(leads_on || text.contains("<nav class=\"bar-nav\""), "{path} has no way on: {text}");
        waiting.extend(addresses(&text).into_iter().map(|to| (to, path.clone())));
        pages.insert(kind);
    }
    pages
}

/// The last pages of links, the pages of links that do not work, and errors.
fn last_pages() -> Vec<String> {
    let mut pages: Vec<String> = ["confirm-email", "reset-password", "accept-invite"]
        .iter()
        .map(|name| format!("/{name}/done"))
        .collect();
    let none = "A".repeat(43);
    pages.extend(
        ["confirm-email", "undo-email", "reset-password", "accept-invite"]
            .iter()
            .map(|name| format!("/{name}/{none}")),
    );
    pages
}

#[test]
fn a_visitor_finds_no_dead_link_and_no_page_without_a_way_on() {
    let server = TestServer::with(&[("site.url", "https://www.example.com/app")]);
    for name in ["alice", "bob", "carol"] {
        server.add(name, |account| account.is_email_confirmed = name == "bob");
    }
    let mut starts = vec![
        format!("/confirm-email/{}", confirm_key(&server, "alice")),
        format!("/undo-email/{}", change_email(&server, "bob", "thief@example.com")),
        format!("/reset-password/{}", reset_key(&server, "carol")),
    ];
    starts.extend(last_pages());
    let more = ["/", "/nowhere", "/admin/sign-in", "/admin/setup/done", "/admin/setup/none"];
    starts.extend(more.map(str::to_owned));
    let pages = walk(&server.browser(), &starts);
    assert!(pages.len() >= starts.len(), "{pages:?}");
}

#[test]
fn an_administrator_finds_no_dead_link_and_no_page_without_a_way_on() {
    let server = TestServer::start();
    for name in ["alice", "bob"] {
        server.add(name, |_| ());
    }
    confirm_key(&server, "alice");
    let root = server.signed_in("root");
    root.submit("/admin/users/invite", &[("addresses", "dora@example.com"), ("checked", "1")]);
    let pages = walk(&root, &["/admin/".to_owned(), "/admin/nowhere".to_owned(), "/".to_owned()]);
    for area in ["users", "users/1", "audit", "mail", "mail/test", "settings", "login-help"] {
        assert!(pages.contains(&format!("/admin/{area}")), "{area} was not walked over: {pages:?}");
    }
}

#[test]
fn the_last_pages_lead_to_the_site_that_the_settings_name() {
    let url = "https://www.example.com/app";
    let server = TestServer::with(&[("site.name", "Example"), ("site.url", url)]);
    for page in last_pages() {
        let text = server.anon().get(&page).text();
        assert!(
            text.contains(&format!("<a class=\"button\" href=\"{url}\">Continue to Example</a>")),
            "{text}"
        );
        let german = server.anon().send(Request::get(&page).header("Accept-Language", "de")).text();
        assert!(german.contains(">Weiter zu Example</a>"), "{german}");
    }
}

#[test]
fn a_user_finds_no_dead_link_and_no_page_without_a_way_on() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let alice = server.browser();
    let fields = [("username", "alice"), ("password", &password_of("alice"))];
    assert_eq!(alice.post("/sign-in", &fields).status, 303);
    let starts = ["/", "/account", "/account/data", "/account/data/deleted", "/account/nowhere"];
    let pages = walk(&alice, &starts.map(str::to_owned));
    assert!(pages.contains("/account/data/all"), "{pages:?}");
}

#[test]
fn without_a_site_the_last_pages_lead_to_the_account_pages_and_without_these_to_the_start() {
    let with_pages = TestServer::start();
    let without = TestServer::with(&[("account.pages", "false")]);
    for page in last_pages() {
        let text = with_pages.anon().get(&page).text();
        assert!(text.contains("<a class=\"button\" href=\"/sign-in\">Sign in</a>"), "{text}");
        let text = without.anon().get(&page).text();
        assert!(main_part(&text).contains("href=\"/\">Go to the start page</a>"), "{text}");
    }
    for server in [&with_pages, &without] {
        server.user("alice");
    }
    assert!(with_pages.anon().get("/").text().contains("href=\"/sign-in\">Sign in</a>"));
    assert!(!without.anon().get("/").text().contains("/sign-in\""));
}
