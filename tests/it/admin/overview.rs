//! The overview: statistics, charts, warnings.

use std::time::Duration;

use doorward::testing::accounts::{Actor, deactivate, drop_mail, record_backup, tally_logins};
use doorward::testing::store::login_tallies;
use doorward::testing::store::statistics;
use doorward::testing::types::Timestamp;

use crate::browser::Browser;
use crate::mail::{notice, outbox, queue, sending_to};
use crate::server::{TestServer, password_of};
use crate::smtp::SmtpServer;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The number of a tile.
fn tile(page: &str, label: &str) -> String {
    let at = page.find(&format!("<dt>{label}</dt>")).unwrap_or_else(|| panic!("no {label} in {page}"));
    page[at..].split('>').nth(4).unwrap().split('<').next().unwrap().to_owned()
}

/// The totals of a chart.
fn chart_label(page: &str, what: &str) -> String {
    let at = page.find(&format!("aria-label=\"{what}: ")).unwrap_or_else(|| panic!("no {what} in {page}"));
    page[at..].split('"').nth(1).unwrap().split(": ").nth(1).unwrap().to_owned()
}

/// The overview with statistics counted again.
fn later(server: &TestServer, browser: &Browser) -> String {
    server.advance(MINUTE);
    browser.page("/admin/")
}

#[test]
fn the_overview_is_the_start_page_and_for_administrators_only() {
    let server = TestServer::start();
    let admin = server.signed_in("root");
    assert_eq!(admin.sign_in("root", &password_of("root")).leads_to(), "/admin/");
    assert!(admin.page("/admin/").contains("<h1>Overview</h1>"));
    assert_eq!(server.browser().get("/admin/").leads_to(), "/admin/sign-in?next=%2Fadmin%2F");
    assert!(server.user("alice").get("/admin/").leads_to().starts_with("/admin/sign-in"));
    server.add("bob", |_| ());
    assert_eq!(server.browser().sign_in("bob", &password_of("bob")).status, 403);
}

#[test]
fn users_are_counted_by_state() {
    let server = TestServer::start();
    server.add("alice", |account| account.is_email_confirmed = true);
    server.add("bob", |account| account.is_active = false);
    let browser = server.signed_in("root");
    let page = browser.page("/admin/");
    let labels = ["Total", "Email address confirmed", "Active", "New this week"];
    assert_eq!(labels.map(|label| tile(&page, label)), ["3", "1", "2", "3"]);
    assert!(page.contains("href=\"/admin/users/?confirmed=yes\">1</a>"), "{page}");
    assert!(page.contains("Updated") && page.contains("just now"), "{page}");
    server.advance(8 * DAY);
    server.add("carol", |_| ());
    let browser = server.signed_in("root");
    let page = browser.page("/admin/");
    assert_eq!(labels.map(|label| tile(&page, label)), ["4", "1", "3", "1"]);
}

#[test]
fn the_number_of_new_users_links_to_their_list() {
    let server = TestServer::start();
    for name in ["alice", "bob", "carol"] {
        server.add(name, |_| ());
    }
    let browser = server.signed_in("root");
    let now = server.app.clock.now();
    for (name, age) in [("alice", 7 * DAY - MINUTE), ("bob", 7 * DAY), ("carol", 8 * DAY)] {
        let moment = now.minus(age).micros();
        server
            .database()
            .execute(&format!("UPDATE users SET created_at = {moment} WHERE username = '{name}'"));
    }
    let page = browser.page("/admin/");
    let tile_at = page.split_once("<dt>New this week</dt>").unwrap().1;
    let path = tile_at.split('"').nth(1).unwrap().replace("&#38;", "&");
    let list = browser.page(&path);
    assert_eq!(tile(&page, "New this week"), "2");
    assert!(
        list.contains(">2 users</a> · ") && list.contains(">alice</a>") && list.contains(">root</a>"),
        "{list}"
    );
    assert!(!list.contains(">bob</a>") && !list.contains(">carol</a>"), "{list}");
}

#[test]
fn statistics_are_cached_for_a_minute_and_have_a_time() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert_eq!(tile(&browser.page("/admin/"), "Total"), "1");
    server.add("alice", |_| ());
    server.advance(MINUTE - Duration::from_secs(2));
    let page = browser.page("/admin/");
    assert_eq!(tile(&page, "Total"), "1", "they are not counted at every request");
    assert!(page.contains(">58 seconds ago<"), "{page}");
    assert_eq!(tile(&later(&server, &browser), "Total"), "2");
}

#[test]
fn an_administrators_own_action_is_in_the_statistics_at_once() {
    let server = TestServer::start();
    let (browser, other) = (server.signed_in("root"), server.signed_in("other"));
    let password = "quite-Long-pass-3";
    let add = |name: &str| {
        server.advance(Duration::from_secs(2));
        let email = format!("{name}@example.com");
        let fields =
            [("username", name), ("email", &email), ("password", password), ("password_again", password)];
        assert_eq!(browser.submit("/admin/users/add", &fields).status, 303);
        server.advance(Duration::from_secs(2));
    };
    assert_eq!(tile(&browser.page("/admin/"), "Total"), "2");
    add("alice");
    assert_eq!(tile(&other.page("/admin/"), "Total"), "2", "of another one's actions it may be late");
    let page = browser.page("/admin/");
    assert_eq!(tile(&page, "Total"), "3");
    assert!(page.contains(">just now<"), "{page}");
    assert_eq!(tile(&other.page("/admin/"), "Total"), "3");
}

#[test]
fn logins_are_a_chart_by_hour_and_by_day_and_a_table() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("alice", |_| ());
    server.log_in("alice");
    server.anon().log_in("alice", "wrong-guess-1");
    server.anon().log_in("nobody", "wrong-guess-1");
    let page = browser.page("/admin/");
    for what in ["Per hour, last 24 hours", "Per day, last 30 days"] {
        assert_eq!(chart_label(&page, what), "2 successful, 2 failed");
    }
    assert_eq!(page.matches("<svg viewBox").count(), 2);
    assert_eq!(page.matches("<g><title>").count(), 24 + 30);
    assert_eq!(page.matches("class=\"worked\"").count(), 2);
    assert_eq!(page.matches("<tr><th scope=\"row\">").count(), 24 + 30);
    assert_eq!(page.matches("</th><td>2</td><td>2</td></tr>").count(), 2);
    assert!(page.len() < 50_000, "{}", page.len());
    assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains("<script>"));
}

#[test]
fn past_logins_are_tallied_once_and_stay_in_the_charts() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.log_in("alice");
    server.anon().log_in("alice", "wrong-guess-1");
    let tallies =
        || server.wait(server.app.store.read(|conn| login_tallies::since(conn, Timestamp::from_micros(0))));
    server.wait(tally_logins(&server.app)).unwrap();
    assert_eq!(tallies().unwrap(), [], "the hour goes on");
    server.advance(50 * HOUR);
    server.wait(tally_logins(&server.app)).unwrap();
    server.wait(tally_logins(&server.app)).unwrap();
    let counted = tallies().unwrap();
    assert!((49..=50).contains(&counted.len()), "{}", counted.len());
    assert_eq!((counted[0].worked, counted[0].failed), (1, 1));
    assert!(counted[1..].iter().all(|tally| (tally.worked, tally.failed) == (0, 0)));
    assert!(counted.windows(2).all(|two| two[1].hour == two[0].hour.plus(HOUR)), "no hour is missing");

    // The tallies are used, not the audit entries.
    server.database().execute("DELETE FROM audit WHERE action = 'login-failed'");
    let page = server.signed_in("root").page("/admin/");
    assert_eq!(chart_label(&page, "Per day, last 30 days"), "2 successful, 1 failed");
    assert_eq!(chart_label(&page, "Per hour, last 24 hours"), "1 successful, 0 failed");
    assert!(!page.contains("still being counted"), "{page}");
}

#[test]
fn the_page_says_that_hours_are_not_tallied_yet() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.log_in("alice");
    let now = server.app.clock.now();
    let later = |span| {
        server.wait(server.app.store.read(move |conn| statistics::read(conn, now.plus(span)))).unwrap()
    };
    assert!(!later(HOUR).is_behind, "the last hours are counted on the spot");
    assert!(later(5 * HOUR).is_behind);
    server.advance(5 * HOUR);
    server.wait(tally_logins(&server.app)).unwrap();
    let figures = later(5 * HOUR);
    assert!(!figures.is_behind);
    assert_eq!(figures.logins.iter().map(|hour| hour.worked).sum::<u64>(), 1);
    assert_eq!(figures.logins.last().unwrap().hour, login_tallies::hour_of(now.plus(5 * HOUR)));
}

#[test]
fn two_processes_may_tally_the_same_hours() {
    let server = TestServer::start();
    let other = TestServer::beside(&server, &[]);
    server.add("alice", |_| ());
    server.log_in("alice");
    server.advance(30 * HOUR);
    other.advance(30 * HOUR);
    std::thread::scope(|scope| {
        for one in [&server, &other] {
            scope.spawn(|| one.wait(tally_logins(&one.app)).unwrap());
        }
    });
    let page = other.signed_in("root").page("/admin/");
    assert_eq!(chart_label(&page, "Per day, last 30 days"), "2 successful, 0 failed");
}

#[test]
fn the_overview_warns_of_mails_without_a_mail_server() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert!(!browser.page("/admin/").contains("SMTP"));
    queue(&server, vec![notice("a@example.com"), notice("b@example.com"), notice("c@example.com")]);
    let page = browser.page("/admin/");
    assert!(page.contains("No mail server is configured: 3 emails are waiting."), "{page}");
    assert!(page.contains("Set mail.smtp.host and mail.from"), "{page}");
    assert!(page.contains("<a href=\"/admin/mail?state=waiting\">3</a>"), "{page}");
    for mail in outbox(&server) {
        server.wait(drop_mail(&server.app, mail.id, &Actor::command_line())).unwrap();
    }
    assert!(!browser.page("/admin/").contains("SMTP"));
}

#[test]
fn the_overview_warns_of_late_and_dead_mails() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let browser = server.signed_in("root");
    queue(&server, vec![notice("a@example.com"), notice("b@example.com")]);
    assert!(!browser.page("/admin/").contains("has been waiting for"));
    let dead = "UPDATE mails SET state = 'dead', due_at = NULL, last_error = 'no such mailbox' WHERE id = 1";
    server.database().execute(dead);
    server.advance(20 * MINUTE);
    let page = browser.page("/admin/");
    assert!(page.contains("The oldest waiting email has been waiting for 21 minutes."), "{page}");
    assert!(page.contains("No attempt to send it was made"), "{page}");
    assert!(page.contains("1 email failed.") && page.contains("/admin/mail?state=dead"), "{page}");
    server.database().execute("UPDATE mails SET last_error = 'localhost:25 refused it' WHERE id = 2");
    assert!(browser.page("/admin/").contains("The last attempt failed: localhost:25 refused it."));
}

#[test]
fn the_overview_warns_earlier_of_a_mail_that_failed() {
    let server = sending_to(9, &[]);
    let browser = server.signed_in("root");
    queue(&server, vec![notice("a@example.com")]);
    server.advance(3 * MINUTE);
    assert!(!browser.page("/admin/").contains("has been waiting for"));
    server.database().execute("UPDATE mails SET last_error = 'localhost:9 refused it'");
    assert!(browser.page("/admin/").contains("The oldest waiting email has been waiting for"));
}

#[test]
fn the_overview_warns_of_a_single_administrator() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let warning = "Only 1 administrator can log in.";
    assert!(browser.page("/admin/").contains(warning));
    let second = server.add("second", |account| account.is_admin = true);
    let page = browser.page("/admin/");
    assert!(!page.contains(warning) && !page.contains("Nothing needs your attention."), "{page}");
    let hash = server.hash_of("second");
    server.overwrite_hash(second, "!no-password");
    assert!(browser.page("/admin/").contains(warning), "the second has no password");
    server.overwrite_hash(second, &hash);
    server.wait(deactivate(&server.app, second, None, &Actor::command_line())).unwrap();
    assert!(browser.page("/admin/").contains(warning));
}

#[test]
fn the_warning_of_a_single_administrator_leads_to_users_or_to_a_new_administrator() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let add = "<a href=\"/admin/users/add?admin=1\">";
    assert!(browser.page("/admin/").contains(add), "with no other user, the list would be empty");
    let form = browser.page("/admin/users/add?admin=1");
    assert!(form.contains("name=\"admin\" value=\"1\" checked"), "{form}");
    assert!(!browser.page("/admin/users/add").contains("name=\"admin\" value=\"1\" checked"));
    server.add("alice", |_| ());
    let page = browser.page("/admin/");
    assert!(!page.contains(add) && page.contains("active=yes&#38;admin=no"), "{page}");
    assert!(browser.page("/admin/users/?active=yes&admin=no").contains("alice"));
}

#[test]
fn an_unconfirmed_administrator_does_not_count_as_a_second_one() {
    let server = TestServer::with(&[("registration.hide_existing", "true")]);
    server.add("root", |account| (account.is_admin, account.is_email_confirmed) = (true, true));
    let browser = server.signed_in("root");
    let second = server.add("second", |account| account.is_admin = true);
    assert!(browser.page("/admin/").contains("Only 1 administrator can log in."));
    let root = server.find("root").unwrap().id;
    for (action, fields) in [("deactivate", &[][..]), ("revoke-admin", &[]), ("delete", &[("name", "root")])]
    {
        assert_eq!(browser.submit(&format!("/admin/users/{root}/{action}"), fields).status, 422, "{action}");
    }
    let deletion = serde_json::json!({"password": password_of("root")});
    assert_ne!(server.log_in("root").post("/api/user/delete/", &deletion).status, 204);
    assert_eq!(browser.submit(&format!("/admin/users/{second}/confirm"), &[]).status, 303);
    assert!(!browser.page("/admin/").contains("Only 1 administrator can log in."));
    assert_eq!(browser.submit(&format!("/admin/users/{root}/revoke-admin"), &[]).status, 303);
}

#[test]
fn the_warnings_about_settings_are_translated() {
    let settings = [
        ("signing_key", "short"),
        ("allow_short_signing_key", "true"),
        ("public_url", "http://accounts.example.com"),
    ];
    let server = TestServer::with(&settings);
    let browser = server.signed_in("root");
    for path in ["/admin/", "/admin/settings"] {
        let page = browser.page(path);
        assert!(
            page.contains("The signing key is too short to be secure.")
                && page.contains("32 or more random bytes"),
            "{page}"
        );
        assert!(page.contains("http://accounts.example.com does not use HTTPS"), "{page}");
    }
    assert_eq!(browser.get("/admin/language/de?next=%2Fadmin%2F").leads_to(), "/admin/");
    assert!(browser.page("/admin/").contains("Der Signaturschlüssel ist zu kurz, um sicher zu sein."));
}

#[test]
fn the_overview_describes_engine_and_database_and_an_unknown_backup() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let page = browser.page("/admin/");
    for text in [
        "0 of 256",
        "This process only",
        "Recent response time",
        " ms</dd>",
        " per second</dd>",
        "No backup recorded",
        "doorward backup copy.db",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let kind = if crate::database::is_postgres() { "PostgreSQL" } else { "SQLite" };
    assert!(page.contains(kind), "{page}");
    assert!(page.contains(" kB</dd>") || page.contains(" MB</dd>"), "{page}");
    assert_eq!(page.contains("Free disk space"), !crate::database::is_postgres());
    assert!(!page.contains("postgres://"), "no URL with a password");
}

#[test]
fn the_overview_names_the_last_backup_and_warns_after_a_week() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let back_up = || {
        let (what, by) = ("/srv/copy.db, 1.2 MB".to_owned(), Actor::command_line());
        server.wait(record_backup(&server.app, what, &by)).unwrap();
    };
    back_up();
    let page = browser.page("/admin/");
    assert!(!page.contains("No backup recorded"), "{page}");
    assert!(page.contains("<dd><a href=\"/admin/audit?action=backed-up\"><time "), "{page}");
    let noted = browser.page("/admin/audit?action=backed-up");
    assert!(noted.contains("Backup created") && noted.contains("/srv/copy.db, 1.2 MB"), "{noted}");
    server.advance(7 * DAY - HOUR);
    let warning = "The last backup is old: ";
    let page = server.signed_in("root").page("/admin/");
    assert!(!page.contains(warning), "{page}");
    server.advance(HOUR);
    let browser = server.signed_in("root");
    assert!(browser.page("/admin/").contains(warning));
    back_up();
    assert!(!browser.page("/admin/").contains(warning));
}

#[test]
fn the_set_up_list_empties_itself_and_nothing_needs_attention_only_then() {
    let smtp = SmtpServer::start();
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let page = browser.page("/admin/");
    let steps = ["Add a second administrator", "Set up email", "Set the public address", "Create a backup"];
    for step in steps {
        assert!(page.contains(&format!("<strong>{step}</strong>")), "{step}: {page}");
    }
    assert!(
        page.contains("href=\"/admin/users/add?admin=1\"") && page.contains("href=\"/admin/settings/mail\"")
    );
    let add = browser.page("/admin/users/add?admin=1");
    assert!(add.contains("id=\"admin\" name=\"admin\" value=\"1\" checked"), "{add}");
    assert!(!browser.page("/admin/users/add").contains("name=\"admin\" value=\"1\" checked"));

    server.add("second", |account| account.is_admin = true);
    server.wait(record_backup(&server.app, "copy.db".to_owned(), &Actor::command_line())).unwrap();
    let port = smtp.port.to_string();
    let form = browser.page("/admin/settings/mail");
    let fields = [
        ("version", &*crate::browser::value_of(&form, "version")),
        ("mail.from", "doorward@example.com"),
        ("mail.smtp.host", "localhost"),
        ("mail.smtp.port", &port),
        ("mail.smtp.tls", "none"),
        ("test_to", "you@example.com"),
    ];
    assert_eq!(browser.submit("/admin/settings/mail", &fields).leads_to(), "/admin/settings");
    let page = browser.page("/admin/");
    let open: Vec<_> =
        steps.iter().filter(|step| page.contains(&format!("<strong>{step}</strong>"))).collect();
    assert_eq!(open, [&"Set the public address"]);
    assert!(!page.contains("Nothing needs your attention."), "{page}");
    let dismissed = browser.submit("/admin/dismiss-step/public-address", &[]);
    let page = browser.page(&dismissed.leads_to());
    assert!(page.contains("Dismissed: Set the public address"), "{page}");
    assert!(page.contains("Nothing needs your attention.") && !page.contains("id=\"steps\""), "{page}");
    assert_eq!(browser.submit("/admin/dismiss-step/public-address", &[]).status, 303);
    let log = browser.page("/admin/audit?action=step-dismissed");
    assert_eq!(log.matches("<span class=\"detail\">public-address</span>").count(), 1, "{log}");
    assert_eq!(browser.submit("/admin/dismiss-step/anything", &[]).status, 404);
    assert_eq!(browser.get("/admin/dismiss-step/mail").leads_to(), "/admin/");
    assert_eq!(browser.post("/admin/dismiss-step/mail", &[]).status, 403, "a form without its token");
}
