//! Bulk actions: the affected and the skipped users, and the message afterwards.

use std::time::Duration;

use doorward::testing::mail::Lang;

use crate::browser::{Browser, value_of};
use crate::http::Reply;
use crate::outbox::keys;
use crate::server::{TestServer, password_of};

/// Does the action to all matching users, and returns the list that follows.
fn all(browser: &Browser, action: &str) -> String {
    let next = press(browser, &all_matching(action), &ask(browser, action)).leads_to();
    browser.page(&next)
}

fn ask(browser: &Browser, action: &str) -> String {
    browser.page(&all_matching(action))
}

fn all_matching(action: &str) -> String {
    format!("/admin/users/chosen?do={action}&all=1")
}

/// Sends the form of the page.
fn press(browser: &Browser, path: &str, page: &str) -> Reply {
    assert!(page.contains(&format!("action=\"{}\"", path.replace('&', "&#38;"))), "{path}: {page}");
    browser.submit(path, &[("selection", &value_of(page, "selection")), ("count", &count_of(page))])
}

/// The number of users in the heading, which has to be typed before many are deleted.
pub(super) fn count_of(page: &str) -> String {
    let heading = page.split_once("<h1>").unwrap().1;
    heading.split(' ').find(|word| word.parse::<u32>().is_ok()).unwrap_or("1").to_owned()
}

/// An administrator and four other users.
fn four(server: &TestServer) -> Browser {
    server.add("anna", |account| account.is_email_confirmed = true);
    server.add("berta", |_| ());
    server.add("clara", |account| account.is_active = false);
    server.add("dora", |account| (account.is_active, account.is_email_confirmed) = (false, true));
    server.signed_in("root")
}

#[test]
fn the_page_lists_the_skipped_users_by_reason() {
    let server = TestServer::start();
    let browser = four(&server);
    for (action, heading, skipped) in [
        (
            "confirm",
            "Confirm the email addresses of 3 users?",
            &["2 with a confirmed email address: anna, dora"][..],
        ),
        (
            "resend",
            "Send a confirmation email to each of 2 users?",
            &["2 with a confirmed email address: anna, dora", "1 inactive: clara"],
        ),
        ("activate", "Activate 2 users?", &["3 already active: anna, berta, root"]),
        ("deactivate", "Deactivate 2 users?", &["Your own account", "2 inactive: clara, dora"]),
        ("end-sessions", "End all sessions of 5 users?", &[]),
        ("delete", "Permanently delete 4 users?", &["Your own account"]),
    ] {
        let page = ask(&browser, action);
        assert!(page.contains(heading), "{action}: {page}");
        for text in skipped {
            assert!(page.contains(text), "{action}: {text}: {page}");
        }
        assert_eq!(page.contains("Skipped:"), !skipped.is_empty(), "{action}");
    }
}

#[test]
fn the_list_reports_how_many_users_were_affected_and_skipped() {
    let server = TestServer::start();
    let browser = four(&server);
    let anna = server.log_in("anna");
    let page = all(&browser, "resend");
    assert!(page.contains("2 confirmation emails queued: no mail server is configured."), "{page}");
    assert!(page.contains("3 skipped."), "{page}");
    assert_eq!(keys(&server, "confirm_email", "berta@example.com").len(), 1);
    assert!(keys(&server, "confirm_email", "anna@example.com").is_empty());
    let page = all(&browser, "confirm");
    assert!(page.contains("Email addresses of 3 users confirmed. 2 skipped."), "{page}");
    assert!(ask(&browser, "confirm").contains("Nothing to change"));
    assert_eq!(anna.get("/api/user/").status, 200);
    let page = all(&browser, "end-sessions");
    assert!(page.contains("All sessions of 5 users ended.") && !page.contains("skipped"), "{page}");
    assert_eq!(anna.get("/api/user/").status, 401);
    assert_eq!(browser.get("/admin/users/").status, 200, "one's own session stays");
    let page = all(&browser, "delete");
    assert!(page.contains("4 users deleted. 1 skipped."), "{page}");
    assert!(server.find("root").is_some_and(|root| root.is_active));
    assert!(["anna", "berta", "clara", "dora"].iter().all(|name| server.find(name).is_none()));
}

#[test]
fn deleting_many_users_requires_their_number() {
    let server = TestServer::start();
    let browser = four(&server);
    let page = ask(&browser, "delete");
    assert!(page.contains("Enter the number of users to confirm"), "{page}");
    let selection = value_of(&page, "selection");
    for typed in ["", "5", "four"] {
        let reply = browser.submit(&all_matching("delete"), &[("selection", &selection), ("count", typed)]);
        assert_eq!(reply.status, 422, "{typed}");
        assert!(reply.text().contains("The number of users does not match."), "{}", reply.text());
        assert!(server.find("anna").is_some());
    }
    assert_eq!(
        browser.submit(&all_matching("delete"), &[("selection", &selection), ("count", " 4 ")]).status,
        303
    );
    assert!(server.find("anna").is_none());
}

#[test]
fn the_page_warns_of_selected_administrators() {
    let server = TestServer::start();
    let browser = four(&server);
    assert!(!ask(&browser, "deactivate").contains("among them"));
    server.add("other", |account| account.is_admin = true);
    let page = ask(&browser, "deactivate");
    assert!(page.contains("1 of these users is an administrator."), "{page}");
    assert!(page.contains("<li>other (other@example.com) · administrator</li>"), "{page}");
}

/// A user who was renamed or made an administrator is not the user that the page displayed.
#[test]
fn a_user_renamed_in_the_meantime_is_not_affected_unseen() {
    for change in ["username = 'renamed', username_key = 'renamed'", "is_admin = TRUE"] {
        let server = TestServer::start();
        let browser = four(&server);
        let path = all_matching("delete");
        let page = ask(&browser, "delete");
        server.database().execute(&format!("UPDATE users SET {change} WHERE username = 'anna'"));
        assert_eq!(press(&browser, &path, &page).status, 422, "{change}");
        assert!(server.find("berta").is_some(), "{change}");
    }
}

#[test]
fn the_action_leads_back_to_its_page_of_the_list() {
    let server = TestServer::start();
    let browser = four(&server);
    let list = browser.page("/admin/users/?after=anna");
    assert!(value_of(&list, "after") == "anna", "{list}");
    let berta = server.find("berta").unwrap().id;
    let path = format!("/admin/users/chosen?after=anna&do=deactivate&id={berta}");
    let page = browser.page(&path);
    assert!(page.contains(&format!("href=\"/admin/users/?after=anna&#38;sel={berta}\">Cancel")), "{page}");
    assert_eq!(press(&browser, &path, &page).leads_to(), "/admin/users/?after=anna");
}

#[test]
fn an_email_changed_in_the_meantime_is_not_confirmed_unseen() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("anna", |_| ()).to_string();
    let path = format!("/admin/users/chosen?do=confirm&id={id}");
    let page = browser.page(&path);
    let change =
        format!("UPDATE users SET email = 'new@x.example', email_key = 'new@x.example' WHERE id = {id}");
    server.database().execute(&change);
    let reply = press(&browser, &path, &page);
    assert_eq!(reply.status, 422);
    assert!(
        reply.text().contains("The matching users have changed") && reply.text().contains("new@x.example")
    );
    assert!(!server.find("anna").unwrap().is_email_confirmed);
}

#[test]
fn a_second_click_affects_no_user_and_is_no_error() {
    for choice in [
        "do=confirm&all=1",
        "do=confirm&all=1&confirmed=no",
        "do=activate&all=1&active=no",
        "do=deactivate&all=1",
        "do=delete&all=1&admin=no",
        "do=delete&id=2&id=3",
        "do=activate&id=3&id=4",
    ] {
        let server = TestServer::start();
        let browser = four(&server);
        let path = format!("/admin/users/chosen?{choice}");
        let asked = browser.page(&path);
        let (selection, count) = (value_of(&asked, "selection"), count_of(&asked));
        let click = || {
            browser.page(&browser.submit(&path, &[("selection", &selection), ("count", &count)]).leads_to())
        };
        let nothing = Lang::English.nothing_to_change();
        assert!(!click().contains(nothing), "{choice}");
        let rows = || server.database().lines("SELECT action AS line FROM audit").len();
        let before = rows();
        let page = click();
        let notice = page.split_once(nothing).unwrap_or_else(|| panic!("{choice}: {page}"));
        let class = notice.0.rsplit("class=\"").next().unwrap();
        assert!(class.starts_with("notice notice-done"), "{choice}: {class}");
        assert_eq!(rows(), before, "{choice}");
    }
}

/// The action has been done to the displayed user. It must not be done to one who was not displayed.
#[test]
fn a_second_click_does_not_affect_users_added_in_the_meantime() {
    let server = TestServer::start();
    let browser = four(&server);
    let path = all_matching("confirm");
    let page = ask(&browser, "confirm");
    press(&browser, &path, &page).leads_to();
    server.add("emma", |_| ());
    let reply = press(&browser, &path, &page);
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("The matching users have changed") && reply.text().contains("emma"));
    assert!(!server.find("emma").unwrap().is_email_confirmed);
}

#[test]
fn an_empty_selection_stays_empty() {
    let server = TestServer::start();
    let reply = four(&server).submit("/admin/users/chosen?do=delete", &[]);
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("No users selected"), "{}", reply.text());
}

#[test]
fn an_action_affects_more_users_than_fit_into_one_transaction() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for n in 0..130 {
        server.add(&format!("user-{n:03}"), |_| ());
    }
    let page = ask(&browser, "deactivate");
    assert!(page.contains("Deactivate 130 users?") && page.contains("and 30 more"), "{page}");
    assert!(all(&browser, "deactivate").contains("130 users deactivated. 1 skipped."));
    assert!(browser.page("/admin/users/?active=no").contains("130 users"));
}

/// The users that the page does not name can be displayed before the action.
#[test]
fn the_users_that_are_not_named_are_a_linked_list() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for n in 0..120 {
        server.add(&format!("user-{n:03}"), |account| {
            account.is_active = n % 3 > 0 || n == 0;
            account.is_email_confirmed = n % 40 == 1;
        });
    }
    let more = |path: &str| {
        let page = browser.page(path);
        let selection = page.split_once("class=\"selection\"").unwrap().1;
        let link = selection
            .split_once("<li><a href=\"")
            .map(|(_, rest)| rest.split(['"', '<', '>']).collect::<Vec<_>>());
        link.map(|link| (link[0].replace("&#38;", "&"), link[2].to_owned()))
    };
    for (action, query, text, leads_to) in [
        ("confirm", "", "and 18 more", "?confirmed=no"),
        ("end-sessions", "q=user&", "and 20 more", "?q=user"),
        ("delete", "admin=no&sort=-added&", "and 20 more", "?admin=no&deletion=no&sort=-added"),
    ] {
        let path = format!("/admin/users/chosen?{query}do={action}&all=1");
        assert_eq!(more(&path), Some((format!("/admin/users/{leads_to}"), text.to_owned())), "{action}");
    }
    server.database().execute("UPDATE users SET is_active = TRUE WHERE id > 15");
    let (path, text) = more(&all_matching("deactivate")).unwrap();
    let affected = browser.page(&path);
    assert_eq!((path.as_str(), text.as_str()), ("/admin/users/?active=yes", "and 16 more"));
    assert!(affected.contains(">117 users</a> · "), "116, and oneself: {affected}");
    let (path, _) = more(&all_matching("resend")).unwrap();
    assert_eq!(path, "/admin/users/?confirmed=no&active=yes");
    server.database().execute("UPDATE users SET is_active = FALSE WHERE NOT is_admin");
    assert_eq!(more(&all_matching("activate")).unwrap().0, "/admin/users/?active=no&deletion=no");
    let ids: String = (1..=110).map(|id| format!("&id={id}")).collect();
    let page = browser.page(&format!("/admin/users/chosen?do=end-sessions{ids}"));
    assert!(page.contains("<li>and 10 more</li>"), "{page}");
}

#[test]
fn signing_in_leads_back_to_the_selection() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let (anna, berta) = (server.add("anna", |_| ()), server.add("berta", |_| ()));
    let path = format!("/admin/users/chosen?q=a&do=delete&id={anna}&id={berta}");
    let page = browser.page(&path);
    let fields = [("form_token", value_of(&page, "form_token")), ("selection", value_of(&page, "selection"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    server.advance(Duration::from_secs(2 * 3600));
    let asked = browser.post(&path, &fields).text();
    assert_eq!(
        value_of(&asked, "pending.selection"),
        value_of(&page, "selection"),
        "what was confirmed is kept"
    );
    let next = value_of(&asked, "next").replace("&#38;", "&");
    assert_eq!(next, path);
    let right = [("username", "root"), ("password", &password_of("root")), ("next", &next)];
    let back = browser.post("/admin/sign-in", &right).leads_to();
    assert_eq!(back, path);
    assert!(browser.page(&back).contains("Permanently delete 2 users?"));
}

#[test]
fn a_list_displays_the_totals_of_the_matching_users() {
    let server = TestServer::start();
    let browser = four(&server);
    for (query, totals) in [
        ("", "5 users · 2 confirmed · 3 active · 1 administrator · 4 never logged in"),
        ("q=an", "1 user · 1 confirmed · 1 active · 0 administrators · 1 never logged in"),
        (
            "q=example.com&active=no",
            "2 users · 1 confirmed · 0 active · 0 administrators · 2 never logged in",
        ),
        ("confirmed=no", "3 users · 0 confirmed · 2 active"),
        ("login=never&confirmed=yes", "2 users · 2 confirmed · 1 active"),
        ("q=xample.c&admin=yes", "1 user · 0 confirmed · 1 active · 1 administrator · 0 never logged in"),
        ("q=elpmaxe", "0 users"),
    ] {
        let page = browser.page(&format!("/admin/users/?{query}"));
        // Without the tags: some of the totals are links.
        let page: String =
            page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
        assert!(page.contains(totals), "{query}: {page}");
    }
}

#[test]
fn only_the_value_1_selects_all_users() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let browser = server.signed_in("root");
    for odd in ["0", "", "false", "2"] {
        assert_eq!(
            browser.get(&format!("/admin/users/chosen?do=delete&all={odd}&id=1")).status,
            400,
            "{odd}"
        );
    }
    assert_eq!(browser.get("/admin/users/chosen?do=delete&all=1").status, 200);
}

#[test]
fn the_page_and_the_login_help_of_a_user_say_who_deactivated_it_in_a_bulk_action() {
    let server = TestServer::start();
    let browser = four(&server);
    all(&browser, "deactivate");
    let anna = server.find("anna").unwrap();
    assert!(!anna.is_active);
    server.advance(Duration::from_secs(120));
    let told = "Deactivated by root, 2 minutes ago.";
    for path in [format!("/admin/users/{}", anna.id), "/admin/login-help?who=anna".to_owned()] {
        let page = browser.page(&path);
        assert!(page.contains(told), "{path}: {page}");
    }
    let dora = server.find("dora").unwrap().id;
    assert!(!browser.user_page(dora).contains("Deactivated by"), "the audit log has no entry");
}
