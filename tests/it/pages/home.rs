//! `/`, `/.well-known/change-password`, and the script of pages with a password field.

use crate::http::Request;
use crate::server::{TestServer, password_of};

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
fn the_front_page_leads_a_signed_in_user_to_the_account_and_names_the_setup_link_before_the_first() {
    let server = TestServer::start();
    let text = server.anon().get("/").text();
    assert!(text.contains("There are no accounts yet.") && !text.contains("/sign-in"), "{text}");
    let admin = server.signed_in("root");
    let account = server.browser();
    let fields = [("username", "root"), ("password", &password_of("root"))];
    assert_eq!(account.post("/sign-in", &fields).leads_to(), "/account");
    for browser in [&admin, &account] {
        let text = browser.page("/");
        assert!(text.contains("href=\"/account\">Go to your account</a>"), "{text}");
        assert!(!text.contains("/sign-in") && !text.contains("There are no accounts"), "{text}");
    }
    let ended = server.browser();
    ended.set_cookie("doorward_session", &"A".repeat(43));
    assert!(ended.page("/").contains("href=\"/sign-in\""), "of a session that has ended");
}

#[test]
fn a_site_without_a_name_of_its_own_is_not_named_in_sentences() {
    let server = TestServer::with(&[("registration.mode", "invite")]);
    server.user("alice");
    let anon = server.browser();
    for (path, sentence) in [
        ("/", "This server signs you in to your account."),
        ("/sign-in", "Sign in to your account."),
        ("/sign-up", "ask the operator of this server for an invitation."),
        ("/forgot-password", "Contact its operator to get a new password."),
    ] {
        let page = anon.page(path);
        assert!(page.contains(sentence), "{path}: {page}");
        assert!(!page.contains("to doorward") && !page.contains("at doorward"), "{path}: {page}");
    }
    let named = TestServer::with(&[("site.name", "Beispielverein")]);
    named.user("alice");
    assert!(named.browser().page("/sign-in").contains("Sign in to your account at Beispielverein."));
}

#[test]
fn only_pages_with_more_than_a_sign_in_say_that_a_switch_loses_what_is_typed() {
    let server = TestServer::start();
    let root = server.signed_in("root");
    let anon = server.browser();
    let says = |page: String| page.contains("Switching reloads the page.");
    for path in ["/sign-in", "/sign-up", "/forgot-password", "/admin/sign-in"] {
        assert!(!says(anon.page(path)), "{path}");
    }
    assert!(says(root.page("/admin/users/add")) && says(root.page("/account/security")));
}

#[test]
fn the_page_for_changing_a_password_is_that_of_the_front_end_or_none() {
    let page = "https://app.example.com/account?tab=password";
    let server = TestServer::with(&[("site.change_password_url", page)]);
    let reply = server.anon().get("/.well-known/change-password");
    assert_eq!((reply.status, reply.header("Location").as_deref()), (302, Some(page)));
    let none = TestServer::with(&[("account.pages", "false")]);
    assert_eq!(none.anon().get("/.well-known/change-password").status, 404);
}

#[test]
fn every_page_with_a_password_field_has_the_script_that_shows_it() {
    let server = TestServer::with(&[("password.min_length", "11")]);
    let alice = server.add("alice", |_| ());
    let root = server.signed_in("root");
    let anon = server.browser();
    let password = format!("/admin/users/{alice}/password");
    let pages = [
        (anon.page("/admin/sign-in"), "data-min=\"0\""),
        (root.page(&password), "data-min=\"11\""),
        (root.page("/account/security"), "data-min=\"11\""),
        (anon.page("/sign-up"), "data-min=\"11\""),
        (anon.page("/sign-in"), "data-min=\"0\""),
        (root.page("/admin/users/add"), "data-min=\"11\""),
    ];
    for (page, min) in pages {
        assert!(page.contains("type=\"password\"") && page.contains("/static/password."), "{page}");
        assert!(page.contains(min) && page.contains("data-show=\"Show password\""), "{page}");
    }
    let edit = root.page("/admin/users/1/edit");
    assert!(!edit.contains("password.js"), "{edit}");
    let policy = anon.get("/admin/sign-in").header("Content-Security-Policy").unwrap();
    assert!(policy.ends_with("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let script = anon.get("/static/password.js");
    assert_eq!(script.header("Content-Type").as_deref(), Some("text/javascript; charset=utf-8"));
}
