//! The colour and the logo of the site on pages.

use crate::http::Request;
use crate::server::TestServer;

#[test]
fn every_page_has_the_colours_and_the_logo_of_the_site() {
    let server = TestServer::with(&[("site.colour", "#7c3aed"), ("site.name", "Example")]);
    let root = server.signed_in("root");
    for page in ["/", "/nowhere", "/admin/sign-in", "/confirm-email/done"] {
        let text = server.anon().get(page).text();
        assert!(text.contains("href=\"/static/site.") && text.contains("src=\"/static/site-logo."), "{text}");
    }
    let home = root.page("/admin/");
    assert!(home.contains("src=\"/static/site-logo.") && home.contains(">Example</span>"), "{home}");
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

/// The URLs of the style sheet and of the logo on a page.
fn urls(server: &TestServer, path: &str) -> [String; 2] {
    let page = server.anon().get(path).text();
    ["href=\"/static/site.", "src=\"/static/site-logo."].map(|start| {
        let (_, rest) = page.split_once(start).unwrap_or_else(|| panic!("no {start} in {page}"));
        let start = start.split_once('"').unwrap().1;
        format!("{start}{}", rest.split('"').next().unwrap())
    })
}

#[test]
fn a_url_with_the_hash_of_the_file_is_stored_for_a_year_and_changes_with_the_file() {
    let before = urls(&TestServer::with(&[("site.colour", "#7c3aed")]), "/");
    let server = TestServer::with(&[("site.colour", "#123456")]);
    let now = urls(&server, "/");
    assert_eq!(now, urls(&server, "/admin/sign-in"));
    let caching = |path: &str| server.anon().get(path).header("Cache-Control").unwrap();
    for (before, now) in before.iter().zip(&now) {
        assert_ne!(before, now);
        assert!(caching(now).ends_with("immutable"), "{now}: {}", caching(now));
        let (old, present) = (server.anon().get(before), server.anon().get(now));
        assert_eq!((old.status, old.text()), (200, present.text()), "an old hash gets the present file");
        assert_eq!(caching(before), "public, no-cache", "{before}");
    }
    for path in ["/static/site.css", "/static/site-logo"] {
        assert_eq!(caching(path), "public, no-cache");
    }
    assert_eq!(server.anon().get("/static/site.x.css").status, 404);
}

#[test]
fn the_colours_and_an_svg_are_compressed_and_a_png_is_not() {
    let encoding = |server: &TestServer, path: &str| {
        let reply = server.anon().send(Request::get(path).header("Accept-Encoding", "gzip"));
        assert_eq!(
            reply.header("ETag").unwrap().ends_with("-gzip\""),
            reply.header("Content-Encoding").is_some()
        );
        reply.header("Content-Encoding")
    };
    let server = TestServer::with(&[("site.colour", "#7c3aed"), ("site.name", "Example")]);
    for path in ["/static/site.css", "/static/site-logo"] {
        assert_eq!(encoding(&server, path).as_deref(), Some("gzip"), "{path}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logo.png");
    std::fs::write(&path, [&b"\x89PNG\r\n\x1a\n"[..], &[0; 2000], b"IEND\xaeB`\x82"].concat()).unwrap();
    let server = TestServer::with(&[("site.logo", path.to_str().unwrap())]);
    assert_eq!(encoding(&server, "/static/site-logo"), None);
}
