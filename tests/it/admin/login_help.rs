//! Why somebody cannot log in, on the page.

use crate::http::Request;
use crate::server::{TestServer, password_of};

#[test]
fn the_page_says_what_stands_in_the_way() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "2")]);
    let browser = server.signed_in("root");
    server.add("Alice", |account| account.is_email_confirmed = true);
    server.add("idle", |account| account.is_active = false);
    let odd = server.add("odd", |_| ());
    server.overwrite_hash(odd, "md5$salt$00");
    for _ in 0..2 {
        server.anon().log_in("hurried", "wrong-guess-1");
        server.anon().log_in("Alice", "wrong-guess-1");
    }
    let ask = |who: &str| browser.page(&format!("/admin/login-help?who={who}"));
    for (who, works, text) in [
        ("nobody", false, "Nobody has this username or email."),
        ("ALICE", false, "Too many tries failed."),
        ("alice%40EXAMPLE.com", true, "Of the last logins, 2 failed."),
        ("%20iDLE%20", false, "There is a user “idle”"),
        ("idle", false, "is deactivated"),
        ("odd", false, "cannot be checked (the algorithm md5 is not supported)"),
        ("odd%40example.com", false, "The email is not confirmed."),
        ("root", true, "The last login that worked: just now."),
        ("hurried", false, "Too many tries failed. The next may come in"),
    ] {
        let page = ask(who);
        assert!(page.contains(text), "{who}: {page}");
        let verdict = if works { "the login works now" } else { "No login works here now" };
        assert!(page.contains(verdict), "{who}: {page}");
    }
    assert!(ask("odd").contains(&format!("href=\"/admin/users/{odd}\"")));
    assert!(!ask("%3Cscript%3E").contains("<script>"));
    assert_eq!(server.browser().get("/admin/login-help?who=odd").status, 303);
}

#[test]
fn who_is_shut_out_by_address_or_by_the_other_name_is_told() {
    let server = TestServer::with(&[
        ("limits.failed_logins_per_account", "2"),
        ("limits.failed_logins_per_address", "3"),
        ("trusted_proxies", "127.0.0.1"),
    ]);
    let browser = server.signed_in("root");
    server.add("alice", |_| ());
    let ask = || browser.page("/admin/login-help?who=alice");
    assert!(ask().contains("With the right password, the login works now."));
    let fail = |address: &str, name: &str| {
        let body = serde_json::json!({"username": name, "password": "wrong-guess-1"});
        let request = Request::post("/api/login/").json(&body).header("X-Forwarded-For", address);
        assert_eq!(server.anon().send(request).status, 404);
    };
    for name in ["alice", "one", "two"] {
        fail("198.51.100.1", name);
    }
    let page = ask();
    assert!(
        page.contains("works now, but not from every address") && !page.contains("other address"),
        "{page}"
    );
    assert!(
        page.contains("From 198.51.100.1 too many logins failed") && page.contains("come in 2 minutes"),
        "{page}"
    );
    for name in ["three", "four", "five"] {
        fail("2001:db8::1", name);
    }
    assert!(ask().contains("One other address is shut out"));
    assert!(!ask().contains("By their other name"));
    fail("198.51.100.2", "alice@example.com");
    fail("198.51.100.3", "ALICE@example.com");
    let page = ask();
    assert!(page.contains("By their other name, “alice@example.com”, too many tries failed"), "{page}");
    server.advance(std::time::Duration::from_secs(3600));
    assert!(server.signed_in("root").page("/admin/login-help?who=alice").contains("the login works now."));
}

#[test]
fn the_reason_of_a_deactivation_is_told() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    browser.submit(&format!("/admin/users/{id}/deactivate"), &[("reason", "left the company")]);
    assert!(browser.page("/admin/login-help?who=alice").contains("left the company"));
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
}

#[test]
fn what_cannot_be_seen_around_a_pasted_name_is_no_part_of_it() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("alice", |_| ());
    let pasted = "%E2%80%8E+alice+%E2%80%8E";
    assert!(
        browser.page(&format!("/admin/login-help?who={pasted}")).contains("It is the username of “alice”.")
    );
    assert!(browser.page(&format!("/admin/users/?q={pasted}")).contains("alice@example.com"));
    let audit = browser.page(&format!("/admin/audit?who={pasted}"));
    assert_eq!(audit.matches("<tr role=\"row\" id=").count(), 1, "{audit}");
}
