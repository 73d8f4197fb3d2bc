//! What is done to many: whom it hits, whom it leaves alone, and what it says afterwards.

use std::time::Duration;

use doorward::testing::mail::Lang;

use crate::browser::{Browser, value_of};
use crate::http::Reply;
use crate::outbox::keys;
use crate::server::{TestServer, password_of};

/// Does it to everybody who matches, and answers the list that follows.
fn all(browser: &Browser, deed: &str) -> String {
    let next = press(browser, &everybody(deed), &ask(browser, deed)).leads_to();
    browser.page(&next)
}

fn ask(browser: &Browser, deed: &str) -> String {
    browser.page(&everybody(deed))
}

fn everybody(deed: &str) -> String {
    format!("/admin/users/chosen?do={deed}&all=1")
}

/// The button of the page, whose form goes to where it came from.
fn press(browser: &Browser, path: &str, page: &str) -> Reply {
    assert!(page.contains(&format!("action=\"{}\"", path.replace('&', "&#38;"))), "{path}: {page}");
    browser.submit(path, &[("whom", &value_of(page, "whom")), ("count", &count_of(page))])
}

/// What is typed where many are deleted: their number, as the heading has it.
fn count_of(page: &str) -> String {
    let heading = page.split_once("<h1>").unwrap().1;
    heading.split(' ').find(|word| word.parse::<u32>().is_ok()).unwrap_or("1").to_owned()
}

/// An administrator, and four users who are all there is.
fn four(server: &TestServer) -> Browser {
    server.add("anna", |account| account.is_email_confirmed = true);
    server.add("berta", |_| ());
    server.add("clara", |account| account.is_active = false);
    server.add("dora", |account| (account.is_active, account.is_email_confirmed) = (false, true));
    server.signed_in("root")
}

#[test]
fn the_page_says_who_is_left_alone_and_why() {
    let server = TestServer::start();
    let browser = four(&server);
    for (deed, heading, spared) in [
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
        let page = ask(&browser, deed);
        assert!(page.contains(heading), "{deed}: {page}");
        for text in spared {
            assert!(page.contains(text), "{deed}: {text}: {page}");
        }
        assert_eq!(page.contains("Skipped:"), !spared.is_empty(), "{deed}");
    }
}

#[test]
fn the_list_says_afterwards_how_many_were_done_and_left() {
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
fn many_are_deleted_only_by_who_types_how_many() {
    let server = TestServer::start();
    let browser = four(&server);
    let page = ask(&browser, "delete");
    assert!(page.contains("Enter the number of users to confirm"), "{page}");
    let whom = value_of(&page, "whom");
    for typed in ["", "5", "four"] {
        let reply = browser.submit(&everybody("delete"), &[("whom", &whom), ("count", typed)]);
        assert_eq!(reply.status, 422, "{typed}");
        assert!(reply.text().contains("The number of users does not match."), "{}", reply.text());
        assert!(server.find("anna").is_some());
    }
    assert_eq!(browser.submit(&everybody("delete"), &[("whom", &whom), ("count", " 4 ")]).status, 303);
    assert!(server.find("anna").is_none());
}

#[test]
fn administrators_among_many_are_pointed_out() {
    let server = TestServer::start();
    let browser = four(&server);
    assert!(!ask(&browser, "deactivate").contains("among them"));
    server.add("other", |account| account.is_admin = true);
    let page = ask(&browser, "deactivate");
    assert!(page.contains("1 of these users is an administrator."), "{page}");
    assert!(page.contains("<li>other (other@example.com) · administrator</li>"), "{page}");
}

/// Whoever was renamed, or made an administrator, is not whom the page showed.
#[test]
fn who_became_somebody_else_meanwhile_is_not_hit_unseen() {
    for change in ["username = 'renamed', username_key = 'renamed'", "is_admin = TRUE"] {
        let server = TestServer::start();
        let browser = four(&server);
        let path = everybody("delete");
        let page = ask(&browser, "delete");
        server.database().execute(&format!("UPDATE users SET {change} WHERE username = 'anna'"));
        assert_eq!(press(&browser, &path, &page).status, 422, "{change}");
        assert!(server.find("berta").is_some(), "{change}");
    }
}

#[test]
fn one_comes_back_to_the_page_of_the_list_that_one_chose_on() {
    let server = TestServer::start();
    let browser = four(&server);
    let list = browser.page("/admin/users/?after=anna");
    assert!(value_of(&list, "after") == "anna", "{list}");
    let berta = server.find("berta").unwrap().id;
    let path = format!("/admin/users/chosen?after=anna&do=deactivate&id={berta}");
    let page = browser.page(&path);
    assert!(page.contains("href=\"/admin/users/?after=anna\">Cancel"), "{page}");
    assert_eq!(press(&browser, &path, &page).leads_to(), "/admin/users/?after=anna");
}

#[test]
fn an_address_that_was_changed_meanwhile_is_not_confirmed_unseen() {
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
fn a_second_click_finds_nothing_left_to_do_and_is_told_so_calmly() {
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
        let (whom, count) = (value_of(&asked, "whom"), count_of(&asked));
        let click = || browser.page(&browser.submit(&path, &[("whom", &whom), ("count", &count)]).leads_to());
        let nothing = Lang::English.nobody_left();
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

/// Who was shown is done already, but another one is not: nobody said a word of that one.
#[test]
fn a_second_click_hits_nobody_who_came_meanwhile() {
    let server = TestServer::start();
    let browser = four(&server);
    let path = everybody("confirm");
    let page = ask(&browser, "confirm");
    press(&browser, &path, &page).leads_to();
    server.add("emma", |_| ());
    let reply = press(&browser, &path, &page);
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("The matching users have changed") && reply.text().contains("emma"));
    assert!(!server.find("emma").unwrap().is_email_confirmed);
}

#[test]
fn nobody_chosen_stays_nobody_chosen() {
    let server = TestServer::start();
    let reply = four(&server).submit("/admin/users/chosen?do=delete", &[]);
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("No users selected"), "{}", reply.text());
}

#[test]
fn more_users_than_fit_into_one_write_are_all_done() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for n in 0..230 {
        server.add(&format!("user-{n:03}"), |_| ());
    }
    let page = ask(&browser, "deactivate");
    assert!(page.contains("Deactivate 230 users?") && page.contains("and 130 more"), "{page}");
    assert!(all(&browser, "deactivate").contains("230 users deactivated. 1 skipped."));
    assert!(browser.page("/admin/users/?active=no").contains("230 users"));
}

/// More than are named can be looked at before anything is done.
#[test]
fn those_beyond_the_names_are_a_list_of_whom_it_hits() {
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
        let whom = page.split_once("class=\"whom\"").unwrap().1;
        let link = whom
            .split_once("<li><a href=\"")
            .map(|(_, rest)| rest.split(['"', '<', '>']).collect::<Vec<_>>());
        link.map(|link| (link[0].replace("&#38;", "&"), link[2].to_owned()))
    };
    for (deed, query, text, leads_to) in [
        ("confirm", "", "and 18 more", "?confirmed=no"),
        ("end-sessions", "q=user&", "and 20 more", "?q=user"),
        ("delete", "admin=no&sort=-added&", "and 20 more", "?admin=no&sort=-added"),
    ] {
        let path = format!("/admin/users/chosen?{query}do={deed}&all=1");
        assert_eq!(more(&path), Some((format!("/admin/users/{leads_to}"), text.to_owned())), "{deed}");
    }
    server.database().execute("UPDATE users SET is_active = TRUE WHERE id > 15");
    let (path, text) = more(&everybody("deactivate")).unwrap();
    let hit = browser.page(&path);
    assert_eq!((path.as_str(), text.as_str()), ("/admin/users/?active=yes", "and 16 more"));
    assert!(hit.contains("117 users · "), "116, and oneself: {hit}");
    let (path, _) = more(&everybody("resend")).unwrap();
    assert_eq!(path, "/admin/users/?confirmed=no&active=yes");
    server.database().execute("UPDATE users SET is_active = FALSE WHERE NOT is_admin");
    assert_eq!(more(&everybody("activate")).unwrap().0, "/admin/users/?active=no");
    let ids: String = (1..=110).map(|id| format!("&id={id}")).collect();
    let page = browser.page(&format!("/admin/users/chosen?do=end-sessions{ids}"));
    assert!(page.contains("<li>and 10 more</li>"), "{page}");
}

#[test]
fn who_has_to_sign_in_first_comes_back_to_the_choice() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let (anna, berta) = (server.add("anna", |_| ()), server.add("berta", |_| ()));
    let path = format!("/admin/users/chosen?q=a&do=delete&id={anna}&id={berta}");
    let page = browser.page(&path);
    let fields = [("form_token", value_of(&page, "form_token")), ("whom", value_of(&page, "whom"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    server.advance(Duration::from_secs(2 * 3600));
    let asked = browser.post(&path, &fields).text();
    assert_eq!(value_of(&asked, "kept.whom"), value_of(&page, "whom"), "what was confirmed is kept");
    let next = value_of(&asked, "next").replace("&#38;", "&");
    assert_eq!(next, path);
    let right = [("username", "root"), ("password", &password_of("root")), ("next", &next)];
    let back = browser.post("/admin/sign-in", &right).leads_to();
    assert_eq!(back, path);
    assert!(browser.page(&back).contains("Permanently delete 2 users?"));
}

#[test]
fn a_list_says_how_many_match_and_what_they_are() {
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
        ("q=elpmaxe", "0 users · <a"),
    ] {
        let page = browser.page(&format!("/admin/users/?{query}"));
        assert!(page.contains(totals), "{query}: {page}");
    }
}

#[test]
fn only_a_one_means_everybody() {
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
