//! Login help: the page that explains why a login fails.

use crate::browser::value_of;
use crate::http::Request;
use crate::server::{TestServer, password_of};

#[test]
fn the_page_lists_the_obstacles_of_a_login() {
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
        ("nobody", false, "No user has this username or email address."),
        ("ALICE", false, "Too many failed attempts."),
        ("alice%40EXAMPLE.com", true, "2 recent logins failed."),
        ("%20iDLE%20", false, "the username is “idle”"),
        ("idle", false, "is deactivated"),
        ("odd", false, "can’t be checked: the md5 hash is malformed"),
        ("odd%40example.com", false, "The email address is not confirmed."),
        ("root", true, "Last successful login: just now."),
        ("hurried", false, "Too many failed attempts. The next attempt is possible in"),
    ] {
        let page = ask(who);
        assert!(page.contains(text), "{who}: {page}");
        let verdict =
            if works { "Can log in with the correct password" } else { "Can’t log in right now." };
        assert!(page.contains(verdict), "{who}: {page}");
    }
    assert!(ask("odd").contains(&format!("href=\"/admin/users/{odd}\"")));
    assert!(!ask("%3Cscript%3E").contains("<script>"));
    assert_eq!(server.browser().get("/admin/login-help?who=odd").status, 303);
}

#[test]
fn where_there_is_no_such_user_similar_names_and_invitations_are_proposed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for name in ["emil.kim", "emilia", "otto"] {
        server.add(name, |_| ());
    }
    let list = [("addresses", "emil.king@example.org"), ("do", "check")];
    let checked = value_of(&browser.submit("/admin/users/invite", &list).text(), "checked");
    let send = [list[0], ("checked", checked.as_str()), ("do", "send")];
    assert_eq!(browser.submit("/admin/users/invite", &send).status, 303);
    let ask = |who: &str| browser.page(&format!("/admin/login-help?who={who}"));
    let page = ask("emil.kin");
    assert!(
        page.contains("Similar usernames: <a href=\"/admin/login-help?who=emil.kim\">emil.kim</a>"),
        "{page}"
    );
    let page = ask("emil.kin%40example.org");
    assert!(page.contains(">emil.king@example.org</a>"), "{page}");
    let page = ask("zacharias");
    assert!(
        !page.contains("Similar") && !page.contains("contain") && page.contains("No user has this"),
        "{page}"
    );
    let page = ask("kim");
    assert!(page.contains("<a href=\"/admin/users/?q=kim\">1 user contains this</a>"), "{page}");
    let kim = server.find("emil.kim").unwrap().id;
    let page = ask("EMIL.kim");
    assert!(page.contains(&format!("<a href=\"/admin/users/{kim}\">View account: emil.kim</a>")), "{page}");
}

#[test]
fn a_rate_limit_by_address_or_other_identifier_is_reported() {
    let server = TestServer::with(&[
        ("limits.failed_logins_per_account", "2"),
        ("limits.failed_logins_per_address", "3"),
        ("trusted_proxies", "127.0.0.1"),
    ]);
    let browser = server.signed_in("root");
    server.add("alice", |_| ());
    let ask = || browser.page("/admin/login-help?who=alice");
    assert!(ask().contains("Can log in with the correct password."));
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
        page.contains("correct password, but not from every IP address")
            && !page.contains("other IP address"),
        "{page}"
    );
    assert!(
        page.contains("Too many failed logins from 198.51.100.1") && page.contains("possible in 2 minutes"),
        "{page}"
    );
    for name in ["three", "four", "five"] {
        fail("2001:db8::1", name);
    }
    assert!(ask().contains("1 other IP address is blocked"));
    assert!(!ask().contains("with the other identifier"));
    fail("198.51.100.2", "alice@example.com");
    fail("198.51.100.3", "ALICE@example.com");
    let page = ask();
    assert!(
        page.contains("Too many failed attempts with the other identifier, “alice@example.com”"),
        "{page}"
    );
    server.advance(std::time::Duration::from_secs(3600));
    assert!(
        server
            .signed_in("root")
            .page("/admin/login-help?who=alice")
            .contains("Can log in with the correct password.")
    );
}

#[test]
fn a_block_of_an_address_where_the_user_logged_in_before_is_reported_and_can_be_cleared() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "2")]);
    let browser = server.signed_in("root");
    let alice = server.add("alice", |_| ());
    let log_in = |password: &str| server.anon().log_in("alice", password).status;
    assert_eq!(log_in(&password_of("alice")), 200);
    for expected in [404, 404, 429] {
        assert_eq!(log_in("wrong-guess-1"), expected);
    }
    let text = "Too many failed attempts from 127.0.0.1, where alice has logged in before.";
    for path in ["/admin/login-help?who=alice".to_owned(), format!("/admin/users/{alice}")] {
        let page = browser.page(&path);
        assert!(page.contains(text) && page.contains("not from every IP address"), "{path}: {page}");
        assert!(page.contains("Clear the rate limits"), "{path}: {page}");
    }
    assert_eq!(browser.submit("/admin/login-help/unblock", &[("who", "alice")]).status, 303);
    assert!(!browser.page("/admin/login-help?who=alice").contains(text));
    assert_eq!(log_in(&password_of("alice")), 200);
}

#[test]
fn the_reason_of_a_deactivation_is_displayed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    browser.submit(&format!("/admin/users/{id}/deactivate"), &[("reason", "left the company")]);
    assert!(browser.page("/admin/login-help?who=alice").contains("left the company"));
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
}

#[test]
fn invisible_characters_that_make_a_login_fail_are_reported() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("alice", |_| ());
    let pasted = "%E2%80%8E+alice+%E2%80%8E";
    let help = browser.page(&format!("/admin/login-help?who={pasted}"));
    assert!(help.contains("Without them it matches “alice”."), "{help}");
    assert!(browser.page(&format!("/admin/users/?q={pasted}")).contains("alice@example.com"));
    let audit = browser.page(&format!("/admin/audit?who={pasted}"));
    assert_eq!(audit.matches("<tr role=\"row\" id=").count(), 1, "{audit}");
}

#[test]
fn invisible_characters_in_the_typed_text_are_reported() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for typed in ["\u{200b}root", "root\u{200e}", "\u{feff}root@example.com", "ro\u{ad}ot"] {
        assert_eq!(server.anon().log_in(typed, &password_of("root")).status, 404, "{typed:?}");
        let who: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let page = browser.page(&format!("/admin/login-help?who={who}"));
        assert!(page.contains("Can’t log in right now."), "{typed}: {page}");
        assert!(page.contains("invisible characters") && page.contains("“root”"), "{typed}: {page}");
    }
}

#[test]
fn a_required_confirmation_is_reported_for_inactive_users_too() {
    let server = TestServer::with(&[("registration.hide_existing", "true")]);
    server.add("root", |account| (account.is_admin, account.is_email_confirmed) = (true, true));
    let browser = server.signed_in("root");
    server.add("idle", |account| account.is_active = false);
    let page = browser.page("/admin/login-help?who=idle");
    assert!(
        page.contains("can log in only after confirming it")
            && !page.contains("This alone doesn’t prevent a login."),
        "{page}"
    );
}

#[test]
fn an_administrator_clears_the_rate_limits_of_a_user() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "2")]);
    let browser = server.signed_in("root");
    let alice = server.add("alice", |_| ());
    for _ in 0..2 {
        server.anon().log_in("alice", "wrong-guess-1");
        server.anon().log_in("alice@example.com", "wrong-guess-1");
        server.anon().log_in("bob", "wrong-guess-1");
    }
    let page = browser.page("/admin/login-help?who=alice");
    assert!(page.contains("Clear the rate limits"), "{page}");
    assert_eq!(browser.post("/admin/login-help/unblock", &[("who", "alice")]).status, 403);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 429);
    let next = browser.submit("/admin/login-help/unblock", &[("who", "alice")]).leads_to();
    assert_eq!(next, "/admin/login-help?who=alice");
    let page = browser.page(&next);
    assert!(
        page.contains("Rate limits of alice cleared.") && !page.contains("Clear the rate limits"),
        "{page}"
    );
    assert_eq!(server.audit(alice)[0], "unblocked");
    for name in ["alice", "alice@example.com"] {
        assert_eq!(server.anon().log_in(name, &password_of("alice")).status, 200, "{name}");
    }
    assert_eq!(server.anon().log_in("bob", "wrong-guess-1").status, 429, "of another name");
}
