//! The theme and the language that a reader chose, compression, and what browsers may keep.

use crate::http::Request;
use crate::server::TestServer;

fn gzip(path: &str) -> Request {
    Request::get(path).header("Accept-Encoding", "gzip")
}

#[test]
fn a_theme_is_chosen_on_any_page_and_stored() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert!(browser.page("/admin/users/").contains("data-theme=\"system\""));
    assert_eq!(browser.get("/admin/users/?q=a%26b&theme=dark").leads_to(), "/admin/users/?q=a%26b");
    for path in ["/admin/users/", "/", "/reset-password/done", "/admin/sign-in?out=1"] {
        let page = browser.get(path).text();
        assert!(page.is_empty() || page.contains("data-theme=\"dark\""), "{path}: {page}");
    }
    assert!(browser.get("/nowhere").text().contains("data-theme=\"dark\""));
    browser.get("/?theme=pink");
    assert!(browser.page("/").contains("data-theme=\"dark\""));
    browser.get("/?theme=system");
    assert!(
        browser.page("/").contains("data-theme=\"system\"") && browser.cookie("doorward_theme").is_none()
    );
}

#[test]
fn a_language_is_chosen_on_any_page() {
    let server = TestServer::start();
    let browser = server.browser();
    let setup = "/admin/setup/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert!(browser.get(setup).text().contains("href=\"?language=de\""));
    assert_eq!(browser.get(&format!("{setup}?language=de")).leads_to(), setup);
    assert!(browser.get(setup).text().contains("<html lang=\"de\""));
}

#[test]
fn a_choice_leads_to_this_server_and_the_api_knows_none() {
    let server = TestServer::start();
    let to = |path: &str| server.browser().get(path).header("Location").unwrap_or_default();
    assert_eq!(to("//evil.example/?theme=dark"), "");
    assert_eq!(to("/api/user/?theme=dark"), "");
    assert_eq!(to("/?next=https%3A%2F%2Fevil.example&theme=dark"), "/?next=https%3A%2F%2Fevil.example");
}

#[test]
fn pages_are_compressed_for_who_accepts_it_and_answers_of_the_api_are_not() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let small = browser.send(gzip("/admin/users/"));
    assert_eq!(small.header("Content-Encoding").as_deref(), Some("gzip"));
    let large = browser.get("/admin/users/");
    assert_eq!(large.header("Content-Encoding"), None);
    assert!(small.body.len() * 2 < large.body.len(), "{} of {}", small.body.len(), large.body.len());
    let alice = server.user("alice");
    let user = alice.send(gzip("/api/user/"));
    assert_eq!((user.status, user.header("Content-Encoding")), (200, None));
}

#[test]
fn what_a_page_names_may_be_stored_for_a_year_and_a_changed_file_has_another_name() {
    let server = TestServer::start();
    let page = server.anon().get("/").text();
    let style = page.split("href=\"").find(|part| part.starts_with("/static/doorward.")).unwrap();
    let style = style.split('"').next().unwrap();
    let reply = server.anon().get(style);
    assert_eq!(reply.header("Cache-Control").as_deref(), Some("public, max-age=31536000, immutable"));
    let tag = reply.header("ETag").unwrap();
    assert!(style.contains(tag.trim_matches('"')), "{style} {tag}");
    let held = server.anon().send(Request::get(style).header("If-None-Match", &tag));
    assert_eq!((held.status, held.body.len()), (304, 0));
}
