//! A link on another site to a page of the admin: the browser comes without the `Strict` cookie.

use crate::http::Request;
use crate::server::{TestServer, password_of};

fn from_other_site(path: &str) -> Request {
    Request::get(path).header("Sec-Fetch-Site", "cross-site").header("Sec-Fetch-Mode", "navigate")
}

/// Where the page sends the browser on to by itself; the link leads to the same.
fn target(page: &str) -> String {
    let (_, rest) =
        page.split_once("http-equiv=\"refresh\" content=\"0; url=").unwrap_or_else(|| panic!("{page}"));
    let escaped = rest.split('"').next().unwrap();
    assert!(page.contains(&format!("href=\"{escaped}\"")), "{page}");
    escaped.replace("&#38;", "&")
}

#[test]
fn every_link_from_another_site_leads_on_to_the_page() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for path in
        ["/admin/", "/admin/users/1", "/admin/users/?q=a%26b&page=2", "/admin/audit", "/admin/settings"]
    {
        // Without the cookie, as the browser sends it; a reload is the same.
        for _ in 0..2 {
            let reply = server.browser().send(from_other_site(path));
            assert_eq!((reply.status, reply.header("Cache-Control").as_deref()), (200, Some("no-store")));
            let page = reply.text();
            assert!(
                page.contains("You followed a link from another site.") && !page.contains("<script"),
                "{page}"
            );
            let next = target(&page);
            assert!(next.starts_with("/admin/sign-in?next=%2Fadmin%2F"), "{next}");
            // Then by a page of ours, and so with the cookie.
            assert_eq!(browser.get(&next).leads_to(), path);
            assert_eq!(browser.get(path).status, 200, "{path}");
        }
    }
}

#[test]
fn without_a_session_it_leads_to_the_sign_in_page_and_then_to_the_page() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let browser = server.browser();
    let next = target(&browser.send(from_other_site("/admin/users/1")).text());
    let page = browser.page(&next);
    assert!(page.contains("name=\"next\" value=\"/admin/users/1\""), "{page}");
    let form = [("username", "root"), ("password", &password_of("root")), ("next", "/admin/users/1")];
    assert_eq!(browser.post("/admin/sign-in", &form).leads_to(), "/admin/users/1");
}

#[test]
fn it_never_goes_round() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    // A browser that says "cross-site" all the way and never sends a cookie.
    let next = target(&server.browser().send(from_other_site("/admin/users/1")).text());
    let reply = server.browser().send(from_other_site(&next));
    assert!(reply.status == 200 && reply.text().contains("type=\"password\""), "{}", reply.text());
    let to_sign_in =
        target(&server.browser().send(from_other_site("/admin/sign-in?next=%2Fadmin%2Faudit")).text());
    assert_eq!(to_sign_in, "/admin/sign-in?next=%2Fadmin%2Faudit&continued=1");
    assert!(server.browser().send(from_other_site(&to_sign_in)).text().contains("type=\"password\""));
}

#[test]
fn it_stays_on_this_server() {
    let server = TestServer::start();
    for next in ["https%3A%2F%2Fevil.example%2F", "%2F%2Fevil.example", "%22%3E%3Cscript%3E"] {
        let path = format!("/admin/sign-in?next={next}");
        let page = server.browser().send(from_other_site(&path)).text();
        assert_eq!(target(&page), "/admin/sign-in?next=%2Fadmin%2F&continued=1", "{next}");
    }
}

#[test]
fn the_page_has_the_language_of_its_reader() {
    let request = from_other_site("/admin/").header("Accept-Language", "de");
    let page = TestServer::start().browser().send(request).text();
    assert!(page.contains("Sie sind einem Link von einer anderen Website gefolgt."), "{page}");
}

#[test]
fn without_the_browsers_word_the_referrer_tells_another_site() {
    let server = TestServer::start();
    let from = |referrer: &str| {
        server
            .browser()
            .send(Request::get("/admin/users/1").header("Host", "nas.lan:8000").header("Referer", referrer))
    };
    for other in
        ["http://chat.lan/", "http://nas.lan/", "https://mail.example.com/inbox?x=http://nas.lan:8000/"]
    {
        assert_eq!(from(other).status, 200, "{other}");
    }
    for own in ["http://nas.lan:8000/admin/", "http://nas.lan:8000", "", "about:blank"] {
        assert_eq!(from(own).status, 303, "{own}");
    }
}

#[test]
fn any_other_request_without_a_session_goes_to_the_sign_in_page_as_before() {
    let server = TestServer::start();
    let get = || Request::get("/admin/users/1");
    for request in [
        get(),
        get().header("Sec-Fetch-Site", "none").header("Sec-Fetch-Mode", "navigate"),
        get().header("Sec-Fetch-Site", "same-origin").header("Referer", "http://other.example/"),
        // The Strict cookie comes along from the same site, and no page is opened by a script's request.
        get().header("Sec-Fetch-Site", "same-site").header("Sec-Fetch-Mode", "navigate"),
        get().header("Sec-Fetch-Site", "cross-site").header("Sec-Fetch-Mode", "no-cors"),
    ] {
        let reply = server.browser().send(request);
        assert_eq!(reply.leads_to(), "/admin/sign-in?next=%2Fadmin%2Fusers%2F1");
    }
}
