//! `/`, `/.well-known/change-password`, and the script of pages with a password field.

use crate::http::Request;
use crate::server::TestServer;

#[test]
fn the_front_page_names_the_site_and_leads_to_it_and_to_the_admin() {
    let server =
        TestServer::with(&[("site.name", "Beispielverein"), ("site.url", "https://verein.example/")]);
    server.user("alice");
    let page = server.anon().get("/");
    assert_eq!(page.status, 200);
    let text = page.text();
    let site = "href=\"https://verein.example/\">Continue to Beispielverein</a>";
    for part in ["<h1>Beispielverein</h1>", site, "href=\"/admin/\">Administration</a>"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("alice") && !text.contains("doorward<"), "{text}");
    let german = server.anon().send(Request::get("/").header("Accept-Language", "de")).text();
    assert!(
        german.contains(">Weiter zu Beispielverein</a>") && german.contains(">Verwaltung</a>"),
        "{german}"
    );
    assert_eq!(server.anon().send(Request::head("/")).status, 200);
    assert_eq!(server.anon().send(Request::post("/")).status, 405);
}

#[test]
fn the_page_for_changing_a_password_is_that_of_the_front_end_or_none() {
    let page = "https://app.example.com/account?tab=password";
    let server = TestServer::with(&[("site.change_password_url", page)]);
    let reply = server.anon().get("/.well-known/change-password");
    assert_eq!((reply.status, reply.header("Location").as_deref()), (302, Some(page)));
    assert_eq!(TestServer::start().anon().get("/.well-known/change-password").status, 404);
}

#[test]
fn every_page_with_a_password_field_has_the_script_that_shows_it() {
    let server = TestServer::with(&[("password.min_length", "11")]);
    server.add("root", |account| account.is_admin = true);
    let root = server.signed_in("root");
    let anon = server.browser();
    let pages = [
        (anon.page("/admin/sign-in"), "data-min=\"0\""),
        (root.page("/admin/users/1/password"), "data-min=\"11\""),
        (root.page("/admin/users/add"), "data-min=\"11\""),
    ];
    for (page, min) in pages {
        assert!(page.contains("type=\"password\"") && page.contains("/static/password.js"), "{page}");
        assert!(page.contains(min) && page.contains("data-show=\"Show password\""), "{page}");
    }
    let edit = root.page("/admin/users/1/edit");
    assert!(!edit.contains("password.js"), "{edit}");
    let policy = anon.get("/admin/sign-in").header("Content-Security-Policy").unwrap();
    assert!(policy.ends_with("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let script = anon.get("/static/password.js");
    assert_eq!(script.header("Content-Type").as_deref(), Some("text/javascript; charset=utf-8"));
}
