//! The page of the settings.

use crate::http::Request;
use crate::server::{SIGNING_KEY, TestServer};

#[test]
fn every_setting_is_displayed_with_its_source_and_no_secret() {
    let server = TestServer::start();
    let page = server.signed_in("root").page("/admin/settings");
    for setting in doorward::testing::app::SETTINGS.iter() {
        assert!(page.contains(&format!("<code>{}</code>", setting.name)), "{}", setting.name);
    }
    assert!(page.contains("(set)") && !page.contains(SIGNING_KEY), "{page}");
    assert!(page.contains("response time") && page.contains("0 logins waiting"), "{page}");
    assert!(page.contains("no mail server configured; 0 waiting, 0 failed"), "{page}");
    assert!(page.contains(" in the hash chain"), "the audit log is a part, too: {page}");
    assert!(page.len() < 50_000);
    assert_eq!(server.browser().get("/admin/settings").status, 303);
}

#[test]
fn the_german_page_has_no_english_words() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let odd = server.add("odd", |_| ());
    server.overwrite_hash(odd, "argon2$argon2id$v=19$m=1,t=2,p=8$a$b");
    let german = |path: &str| browser.send(Request::get(path).header("Accept-Language", "de")).text();
    let page = german("/admin/settings");
    for (english, german) in [(">default<", ">Standard<"), ("(unset)", "(nicht gesetzt)")] {
        assert!(page.contains(german) && !page.contains(english), "{english}: {page}");
    }
    let took = page.split_once("Antwortzeit ").unwrap().1.split(' ').next().unwrap();
    assert!(took.contains(',') && !took.contains('.'), "{took}");
    for path in ["/admin/login-help?who=odd", &format!("/admin/users/{odd}")] {
        assert!(german(path).contains(": der Algorithmus argon2 wird nicht unterstützt."), "{path}");
    }
}
