//! Bulk actions that ask for the number, their reason, their audit entries, their undo, and long ones.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::bulk_actions::count_of;
use crate::browser::{Browser, value_of};
use crate::http::Reply;
use crate::mail::outbox;
use crate::server::{TestServer, password_of};

const HOUR: Duration = Duration::from_secs(3600);

/// Does the action to all matching users, and waits for its end; answers its number.
fn all(server: &TestServer, browser: &Browser, choice: &str, fields: &[(&str, &str)]) -> i64 {
    let path = format!("/admin/users/chosen?{choice}&all=1");
    let page = browser.page(&path);
    let (selection, count) = (value_of(&page, "selection"), count_of(&page));
    let fields = [&[("selection", selection.as_str()), ("count", &count)], fields].concat();
    let reply = browser.submit(&path, &fields);
    assert_eq!(reply.status, 303, "{}", reply.text());
    last_done(server)
}

/// Waits until the last bulk action has ended; answers its number.
fn last_done(server: &TestServer) -> i64 {
    let begun = Instant::now();
    loop {
        let last =
            "SELECT CAST(id AS TEXT) || ' ' || state AS line FROM bulk_actions ORDER BY id DESC LIMIT 1";
        let line = server.database().lines(last).remove(0);
        let (id, state) = line.split_once(' ').unwrap();
        if ["done", "stopped"].contains(&state) {
            return id.parse().unwrap();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{line}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn undo(browser: &Browser, id: i64) -> Reply {
    browser.submit(&format!("/admin/users/bulk/{id}/undo"), &[])
}

/// Adds users fast: only their names and states matter.
fn add_many(server: &TestServer, count: usize) {
    server.database().execute(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO users (username, username_key, email, email_key, password_hash, is_email_confirmed, is_active, \
         is_admin, tokens_valid_from, created_at, updated_at) \
         SELECT 'many-' || i, 'many-' || i, 'many-' || i || '@example.com', 'many-' || i || '@example.com', '!', \
         FALSE, TRUE, FALSE, 0, 1, 1 FROM n"
    ));
}

fn count(server: &TestServer, condition: &str) -> String {
    server.database().lines(&format!("SELECT CAST(count(*) AS TEXT) AS line FROM {condition}")).remove(0)
}

#[test]
fn many_users_and_a_tenth_of_all_ask_for_their_number() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    add_many(&server, 3);
    let asks = |choice: &str| {
        browser
            .page(&format!("/admin/users/chosen?{choice}"))
            .contains("Enter the number of users to confirm")
    };
    let some = |users: i64| (2..2 + users).map(|id| format!("&id={id}")).collect::<String>();
    assert!(asks(&format!("do=deactivate{}", some(2))), "2 of 4");
    assert!(!asks(&format!("do=deactivate{}", some(1))), "one is named");
    add_many_more(&server, 22);
    for action in ["confirm", "resend", "deactivate", "end-sessions", "delete"] {
        assert!(asks(&format!("do={action}{}", some(21))), "{action}: more than 20");
        assert!(asks(&format!("do={action}{}", some(3))), "{action}: more than a tenth of 26");
        assert_eq!(asks(&format!("do={action}{}", some(2))), action == "delete", "{action}: few");
    }
    add_many_more(&server, 175);
    for (users, is_asked) in [(20, false), (21, true)] {
        assert_eq!(asks(&format!("do=deactivate{}", some(users))), is_asked, "{users} of 201");
    }
    let path = format!("/admin/users/chosen?do=deactivate{}", some(21));
    let selection = value_of(&browser.page(&path), "selection");
    let reply = browser.submit(&path, &[("selection", &selection), ("count", "20"), ("reason", "Spam")]);
    assert_eq!(reply.status, 422);
    assert!(
        reply.text().contains("The number of users does not match.")
            && reply.text().contains("value=\"Spam\"")
    );
    assert_eq!(count(&server, "users WHERE NOT is_active"), "0");
    assert_eq!(count(&server, "bulk_actions"), "0");
}

fn add_many_more(server: &TestServer, count: usize) {
    server.database().execute(
        "UPDATE users SET username = 'x' || id, username_key = 'x' || id, email_key = 'x' || id WHERE id > 1",
    );
    add_many(server, count);
}

#[test]
fn the_reason_of_a_bulk_action_and_its_number_are_in_the_audit_log() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    add_many(&server, 3);
    let page = browser.page("/admin/users/chosen?do=deactivate&all=1");
    for reason in ["Spam", "Left", "On request"] {
        assert!(page.contains(&format!("<option value=\"{reason}\">")), "{page}");
    }
    let id = all(&server, &browser, "do=deactivate", &[("reason", " Spam ")]);
    let rows = "audit WHERE action = 'deactivated' AND detail = 'Spam' AND bulk_id =";
    assert_eq!(count(&server, &format!("{rows} {id}")), "3");
    let entries = browser.page(&format!("/admin/audit?bulk={id}"));
    assert_eq!(entries.matches("many-").count(), 3, "{entries}");
    assert!(entries.contains(&format!("href=\"/admin/users/bulk/{id}\"")), "{entries}");
    assert!(!browser.page("/admin/audit?bulk=999").contains("many-"));
    assert!(!browser.page("/admin/audit?bulk=x").contains("many-"));
    let listed = browser.page("/admin/users/bulk");
    assert!(listed.contains(&format!("/admin/users/bulk/{id}")) && listed.contains("Spam"), "{listed}");
}

#[test]
fn undo_restores_exactly_the_users_that_the_action_changed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("anna", |_| ());
    server.add("berta", |account| account.is_active = false);
    server.add("clara", |_| ());
    let anna = server.log_in("anna");
    let id = all(&server, &browser, "do=deactivate", &[]);
    let list = browser.page("/admin/users/");
    assert!(list.contains("2 users deactivated. 2 skipped."), "{list}");
    assert!(list.contains(&format!("action=\"/admin/users/bulk/{id}/undo\"")), "{list}");
    let page = browser.page(&undo(&browser, id).leads_to());
    assert!(page.contains("Done") && page.contains("2 of 2 users"), "{page}");
    let is_active = |name: &str| server.find(name).unwrap().is_active;
    assert_eq!(["anna", "berta", "clara"].map(is_active), [true, false, true]);
    assert_eq!(anna.get("/api/user/").status, 401, "sessions that ended stay ended");
    assert_eq!(server.anon().log_in("anna", &password_of("anna")).status, 200);
    assert_eq!(count(&server, "audit WHERE action = 'bulk-undone'"), "1");
    assert_eq!(count(&server, &format!("audit WHERE action = 'activated' AND bulk_id = {}", id + 1)), "2");
    let again = undo(&browser, id).leads_to();
    assert_eq!(again, format!("/admin/users/bulk/{}", id + 1), "a second click shows the first undo");
    assert_eq!(count(&server, "bulk_actions"), "2");
    assert!(!browser.page(&format!("/admin/users/bulk/{id}")).contains("/undo\""));
}

#[test]
fn an_activation_and_a_confirmation_are_undone_with_what_they_removed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("anna", |account| account.is_active = false);
    server.add("berta", |_| ());
    let id = all(&server, &browser, "do=activate", &[]);
    assert!(server.find("anna").unwrap().is_active);
    undo(&browser, id);
    last_done(&server);
    assert!(!server.find("anna").unwrap().is_active && server.find("berta").unwrap().is_active);
    server.database().execute(
        "UPDATE users SET recovery_email = 'old@x.example', recovery_email_key = 'old@x.example' \
         WHERE username = 'berta'",
    );
    let id = all(&server, &browser, "do=confirm&admin=no", &[]);
    assert!(server.find("berta").unwrap().recovery_email.is_none());
    undo(&browser, id);
    last_done(&server);
    let berta = server.find("berta").unwrap();
    assert!(!berta.is_email_confirmed);
    assert_eq!(berta.recovery_email.unwrap().as_str(), "old@x.example");
}

#[test]
fn undo_skips_and_names_users_who_were_changed_since() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let (anna, berta) = (server.add("anna", |_| ()), server.add("berta", |_| ()));
    server.add("clara", |_| ());
    let id = all(&server, &browser, "do=deactivate", &[]);
    let fields = [("username", "anna2"), ("email", "anna@example.com")];
    let path = format!("/admin/users/{anna}/edit");
    let version = value_of(&browser.page(&path), "version");
    let fields = [&fields[..], &[("version", version.as_str())]].concat();
    assert_eq!(browser.submit(&path, &fields).status, 303);
    let delete = doorward::testing::accounts::delete_user;
    server.wait(delete(&server.app, berta, &doorward::testing::accounts::Actor::command_line())).unwrap();
    let page = browser.page(&undo(&browser, id).leads_to());
    assert!(page.contains("anna2") && page.contains("was changed in the meantime"), "{page}");
    assert!(page.contains("3 of 3 users"), "the deleted one counts as skipped: {page}");
    assert!(!server.find("anna2").unwrap().is_active && server.find("clara").unwrap().is_active);
}

#[test]
fn undo_ends_after_an_hour_and_is_not_offered_for_what_cannot_be_undone() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("anna", |_| ());
    let late = all(&server, &browser, "do=deactivate", &[]);
    server.advance(HOUR + Duration::from_secs(1));
    let browser = server.signed_in("root");
    assert!(!browser.page(&format!("/admin/users/bulk/{late}")).contains("/undo\""));
    let page = browser.page(&undo(&browser, late).leads_to());
    assert!(page.contains("more than an hour ago") && !server.find("anna").unwrap().is_active, "{page}");
    for action in ["do=resend", "do=end-sessions", "do=delete&admin=no"] {
        server.add(&format!("user-{}", action.len()), |_| ());
        let id = all(&server, &browser, action, &[]);
        assert!(!browser.page("/admin/users/").contains("/undo\""), "{action}");
        let page = browser.page(&undo(&browser, id).leads_to());
        assert!(page.contains("can’t be undone"), "{action}: {page}");
    }
    assert_eq!(undo(&browser, 999).status, 404);
}

#[test]
fn users_to_be_deleted_are_not_activated_in_bulk_and_are_restored_in_bulk() {
    let server = TestServer::with(&[("account.delete_after", "14d")]);
    let browser = server.signed_in("root");
    server.add("anna", |_| ());
    server.add("berta", |account| account.is_active = false);
    let page = browser.page("/admin/users/chosen?do=delete&all=1");
    assert!(
        page.contains("Delete 2 users?") && page.contains("until then you can take the deletion back"),
        "{page}"
    );
    all(&server, &browser, "do=delete", &[]);
    assert!(browser.page("/admin/users/").contains("2 users can no longer log in and will be deleted"));
    let page = browser.page("/admin/users/chosen?do=activate&all=1");
    assert!(page.contains("Nothing to change") && page.contains("2 to be deleted: anna, berta"), "{page}");
    assert!(browser.page("/admin/users/?deletion=yes").contains("value=\"restore\""));
    assert!(outbox(&server).is_empty(), "the tick was left out");
    assert!(browser.page("/admin/users/chosen?do=restore&all=1").contains("name=\"notice\""));
    all(&server, &browser, "do=restore", &[("notice", "1")]);
    assert!(outbox(&server).is_empty(), "nobody was told of the deletion");
    assert!(server.find("anna").unwrap().is_active && !server.find("berta").unwrap().is_active);
    assert_eq!(count(&server, "users WHERE deletion_due_at IS NOT NULL"), "0");
}

/// The action goes on in another process, and no user is changed twice.
#[test]
fn a_long_action_says_how_far_it_is_and_survives_a_restart_in_the_middle() {
    let first = TestServer::start();
    let browser = first.signed_in("root");
    add_many(&first, 12_000);
    let path = "/admin/users/chosen?do=deactivate&all=1";
    let selection = value_of(&browser.page(path), "selection");
    let begun = Instant::now();
    let next = browser.submit(path, &[("selection", &selection), ("count", "12000")]).leads_to();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(next.starts_with("/admin/users/bulk/"), "it is not done yet: {next}");
    let reply = browser.get(&next);
    let progress: Value = browser.get(&format!("{next}/progress")).json();
    assert_eq!((&progress["total"], &progress["is_open"]), (&12_000.into(), &true.into()), "{progress}");
    assert_eq!(first.anon().get(&format!("{next}/progress")).status, 401);
    assert!(reply.text().contains("of 12,000 users") && reply.text().contains("Running"), "{}", reply.text());
    assert_eq!(browser.get("/admin/users/").status, 200, "others are served meanwhile");
    let second = TestServer::beside(&first, &[]);
    drop(first);
    let before: usize = count(&second, "users WHERE NOT is_active").parse().unwrap();
    assert!(before < 12_000, "the restart was in the middle");
    second.advance(Duration::from_secs(60));
    last_done_within(&second, Duration::from_secs(120));
    assert_eq!(count(&second, "users WHERE NOT is_active"), "12000");
    assert_eq!(count(&second, "audit WHERE action = 'deactivated'"), "12000", "none twice");
    let line = "SELECT CAST(changed AS TEXT) || ' ' || CAST(skipped AS TEXT) || ' ' || state AS line FROM bulk_actions";
    assert_eq!(second.database().lines(line), ["12000 0 done"]);
    assert_eq!(count(&second, "bulk_actions WHERE address IS NOT NULL OR session_hash IS NOT NULL"), "0");
}

fn last_done_within(server: &TestServer, patience: Duration) {
    let begun = Instant::now();
    while count(server, "bulk_actions WHERE state = 'done'") == "0" {
        assert!(begun.elapsed() < patience);
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn an_action_is_stopped_by_its_button_and_when_its_administrator_is_none_any_more() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    add_many(&server, 4);
    all(&server, &browser, "do=deactivate", &[]);
    // As after an interruption before the first user.
    let reset = "UPDATE bulk_actions SET state = 'running', changed = 0, ended_at = NULL, lease = 'x', lease_ends_at =";
    let again = |lease_ends_at: i64| {
        server.database().execute("UPDATE users SET is_active = TRUE");
        server.database().execute("UPDATE bulk_users SET outcome = NULL, version = NULL");
        server.database().execute(&format!("{reset} {lease_ends_at}"));
    };
    again(i64::MAX / 2);
    let page = browser.page(&browser.submit("/admin/users/bulk/1/stop", &[]).leads_to());
    assert!(page.contains("Stopped before the first user") && page.contains("is stopped"), "{page}");
    assert_eq!(count(&server, "users WHERE NOT is_active"), "0");
    assert_eq!(count(&server, "audit WHERE action = 'bulk-stopped' AND bulk_id = 1"), "1");
    again(i64::MAX / 2);
    server.database().execute("UPDATE bulk_actions SET undoes = 99");
    assert!(!browser.page("/admin/users/bulk/1").contains("bulk/1/stop"), "an undo goes on to its end");
    browser.submit("/admin/users/bulk/1/stop", &[]);
    assert_eq!(count(&server, "bulk_actions WHERE state = 'running'"), "1");
    server.database().execute("UPDATE bulk_actions SET undoes = NULL");
    again(0);
    server.database().execute("UPDATE users SET is_admin = FALSE WHERE username = 'root'");
    last_done(&server);
    assert_eq!(
        count(&server, "users WHERE NOT is_active"),
        "0",
        "nothing is done in the name of a former one"
    );
}
