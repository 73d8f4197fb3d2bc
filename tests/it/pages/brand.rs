//! The colour and the logo of the site on pages.

use crate::http::Request;
use crate::server::TestServer;

#[test]
fn every_page_has_the_colours_and_the_logo_of_the_site() {
    let server = TestServer::with(&[("site.colour", "#7c3aed"), ("site.name", "Example")]);
    let root = server.signed_in("root");
    for page in ["/", "/nowhere", "/admin/sign-in", "/confirm-email/done"] {
        let text = server.anon().get(page).text();
        assert!(
            text.contains("href=\"/static/site.css\"") && text.contains("src=\"/static/site-logo\""),
            "{text}"
        );
    }
    let home = root.page("/admin/");
    assert!(home.contains("src=\"/static/site-logo\"") && home.contains(">Example</span>"), "{home}");
    let style = server.anon().get("/static/site.css");
    assert_eq!(style.header("Content-Type").as_deref(), Some("text/css; charset=utf-8"));
    assert!(style.text().contains("--fill:light-dark(#6c32ce"), "{}", style.text());
    let logo = server.anon().get("/static/site-logo");
    assert_eq!(logo.header("Content-Type").as_deref(), Some("image/svg+xml"));
    assert!(logo.text().contains("#7c3aed") && logo.text().contains(">E</text>"), "{}", logo.text());
}

#[test]
fn an_svg_is_served_without_its_script_and_may_run_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logo.svg");
    std::fs::write(
        &path,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"><script>x()</script><g/></svg>",
    )
    .unwrap();
    let server = TestServer::with(&[("site.logo", path.to_str().unwrap())]);
    let logo = server.anon().get("/static/site-logo");
    assert_eq!(logo.text(), "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>");
    let policy = logo.header("Content-Security-Policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert_eq!(logo.header("X-Content-Type-Options").as_deref(), Some("nosniff"));
}

#[test]
fn a_known_file_is_answered_with_304() {
    let server = TestServer::start();
    for path in ["/static/site.css", "/static/site-logo"] {
        let first = server.anon().get(path);
        let tag = first.header("ETag").unwrap();
        let again = server.anon().send(Request::get(path).header("If-None-Match", &tag));
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("ETag"), Some(tag), "{path}");
        assert_eq!(server.anon().send(Request::get(path).header("If-None-Match", "\"other\"")).status, 200);
    }
}
