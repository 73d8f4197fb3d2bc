//! The settings in force.

use crate::server::{SIGNING_KEY, TestServer};

#[test]
fn every_setting_is_shown_with_its_origin_and_no_secret() {
    let server = TestServer::start();
    let page = server.signed_in("root").page("/admin/settings");
    for setting in doorward::config::SETTINGS {
        assert!(page.contains(&format!("<code>{}</code>", setting.name)), "{}", setting.name);
    }
    assert!(page.contains("(set)") && !page.contains(SIGNING_KEY), "{page}");
    assert!(page.contains("it answered in") && page.contains("0 logins are waiting"), "{page}");
    assert!(page.len() < 50_000);
    assert_eq!(server.browser().get("/admin/settings").status, 303);
}
