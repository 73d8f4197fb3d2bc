//! A deletion that waits (`account.delete_after`), what takes it back, and what a restored backup brings back.

use std::time::Duration;

use doorward::testing::accounts::{
    Actor, cancel_deletion, delete_due_accounts, forget_accounts, request_deletion, when_deleted,
};
use doorward::testing::store::deleted_accounts::DeletedAccount;
use doorward::testing::types::{Email, PublicId, UserId};
use serde_json::json;

use crate::browser::{Browser, value_of};
use crate::http::Reply;
use crate::mail::outbox;
use crate::server::{TestServer, email_of, password_of};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn waiting() -> TestServer {
    TestServer::with(&[("account.delete_after", "14d")])
}

/// Sends the form that deletes the user, as the page displays it.
fn delete(browser: &Browser, id: UserId, name: &str) -> Reply {
    let path = format!("/admin/users/{id}/delete");
    let version = value_of(&browser.page(&path), "version");
    browser.submit(&path, &[("version", &version), ("name", name)])
}

fn restore(browser: &Browser, id: UserId) -> Reply {
    let version = value_of(&browser.page(&format!("/admin/users/{id}")), "version");
    browser.submit(&format!("/admin/users/{id}/restore"), &[("version", &version)])
}

/// The mails about deletions in the outbox, oldest first: cause or change, and whether it has the date.
fn deletion_mails(server: &TestServer) -> Vec<(String, bool)> {
    let mails = outbox(server).into_iter().map(|mail| mail.content.params);
    mails
        .map(|params| {
            let word = params.get("change").or(params.get("cause")).map_or("owner", String::as_str);
            (word.to_owned(), params.contains_key("due"))
        })
        .collect()
}

fn run_job(server: &TestServer) -> usize {
    server.wait(delete_due_accounts(&server.app)).unwrap()
}

#[test]
fn an_account_to_be_deleted_is_locked_out_and_its_name_stays_taken() {
    let server = waiting();
    let browser = server.signed_in("root");
    let alice = server.user("alice");
    let id = server.find("alice").unwrap().id;
    let page = browser.page(&format!("/admin/users/{id}/delete"));
    assert!(page.contains("The account is deleted on") && page.contains("Kept after the deletion"), "{page}");
    assert_eq!(delete(&browser, id, "alice").leads_to(), format!("/admin/users/{id}"));
    assert_eq!(alice.get("/api/user/").status, 401);
    let help = browser.page("/admin/login-help?who=alice");
    assert!(help.contains(&format!("action=\"/admin/users/{id}/restore\"")), "{help}");
    assert!(browser.page(&format!("/admin/users/{id}")).contains("</svg>to be deleted</span>"));
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
    let body = json!({"username": "alice", "email": "other@example.com", "password": "quite-Long-pass-3"});
    assert_eq!(server.anon().post("/api/register/", &body).status, 400);
    let page = browser.page(&format!("/admin/users/{id}"));
    assert!(page.contains("This account will be deleted on") && page.contains("to be deleted"), "{page}");
    assert!(!page.contains(&format!("/admin/users/{id}/activate")), "{page}");
    let listed = browser.page("/admin/users/?deletion=yes");
    assert!(listed.contains("alice@example.com") && !listed.contains("root@example.com"), "{listed}");
    assert!(!browser.page("/admin/users/?deletion=no").contains("alice@example.com"));
    assert!(browser.page("/admin/login-help?who=alice").contains("alice is to be deleted on"));
    assert!(server.audit(id).contains(&"deletion-requested".to_owned()));
}

#[test]
fn a_deletion_taken_back_leaves_the_account_as_active_as_it_was() {
    let server = waiting();
    let browser = server.signed_in("root");
    let alice = server.user("alice");
    server.add("carla", |account| account.is_active = false);
    for name in ["alice", "carla"] {
        let id = server.find(name).unwrap().id;
        delete(&browser, id, name);
        assert_eq!(restore(&browser, id).leads_to(), format!("/admin/users/{id}"));
        assert_eq!(server.audit(id)[0], "deletion-cancelled");
    }
    assert!(server.find("alice").unwrap().is_active);
    assert!(!server.find("carla").unwrap().is_active, "she was inactive before");
    assert_eq!(alice.get("/api/user/").status, 401, "sessions that ended stay ended");
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
    server.advance(15 * DAY);
    assert_eq!(run_job(&server), 0);
}

#[test]
fn a_deletion_that_waits_sends_a_mail_with_its_date_and_taking_it_back_another() {
    let server = waiting();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    let path = format!("/admin/users/{id}/delete");
    let page = browser.page(&path);
    assert!(page.contains("name=\"notice\" value=\"1\" checked"), "the tick is set: {page}");
    let version = value_of(&page, "version");
    browser.submit(&path, &[("version", &version), ("name", "alice"), ("notice", "1")]);
    assert_eq!(deletion_mails(&server), [("administrator".to_owned(), true)]);
    let due = server.find("alice").unwrap().deletion_due_at.unwrap();
    let mail = outbox(&server).pop().unwrap();
    assert_eq!(mail.content.params["due"], due.micros().to_string());
    restore(&browser, id);
    assert_eq!(deletion_mails(&server)[1..], [("deletion-cancelled".to_owned(), false)]);
    restore(&browser, id);
    assert_eq!(deletion_mails(&server).len(), 2, "a second click tells nothing");
}

#[test]
fn the_tick_leaves_the_mail_about_a_deletion_out() {
    let server = waiting();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    delete(&browser, id, "alice");
    assert!(server.find("alice").unwrap().deletion_due_at.is_some() && deletion_mails(&server).is_empty());
    let log = browser.page("/admin/audit?action=deletion-requested");
    assert!(log.contains("without a mail"), "{log}");
    restore(&browser, id);
    assert!(server.find("alice").unwrap().deletion_due_at.is_none());
    assert!(deletion_mails(&server).is_empty(), "nobody told of the deletion");
}

#[test]
fn a_deletion_that_follows_one_without_a_mail_sends_both_mails() {
    let server = waiting();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    delete(&browser, id, "alice");
    restore(&browser, id);
    server.wait(request_deletion(&server.app, id, &Actor::command_line())).unwrap();
    server.wait(cancel_deletion(&server.app, id, &Actor::command_line())).unwrap();
    let words: Vec<String> = deletion_mails(&server).into_iter().map(|(word, _)| word).collect();
    assert_eq!(words, ["administrator", "deletion-cancelled"]);
}

#[test]
fn a_bulk_action_that_takes_deletions_back_mails_those_who_got_a_mail() {
    let server = waiting();
    let browser = server.signed_in("root");
    let (alice, berta) = (server.add("alice", |_| ()), server.add("berta", |_| ()));
    let bulk = |action: &str, notice: &[(&str, &str)]| {
        let path = format!("/admin/users/chosen?do={action}&all=1");
        let (selection, count) = (value_of(&browser.page(&path), "selection"), "2".to_owned());
        let fields = [("selection", selection.as_str()), ("count", count.as_str())];
        assert_eq!(browser.submit(&path, &[&fields, notice].concat()).status, 303, "{action}");
    };
    bulk("delete", &[]);
    bulk("restore", &[("notice", "1")]);
    assert!(deletion_mails(&server).is_empty(), "nobody was told");
    server.wait(request_deletion(&server.app, alice, &Actor::command_line())).unwrap();
    delete(&browser, berta, "berta");
    bulk("restore", &[("notice", "1")]);
    let mails = outbox(&server).into_iter();
    let receivers: Vec<String> = mails.map(|mail| mail.content.to.as_str().to_owned()).collect();
    assert_eq!(receivers, [email_of("alice"), email_of("alice")], "of the request and of its end");
    assert!(["alice", "berta"].iter().all(|name| server.find(name).unwrap().deletion_due_at.is_none()));
}

#[test]
fn a_second_request_of_a_deletion_sends_no_second_mail() {
    let server = waiting();
    let id = server.add("alice", |_| ());
    for _ in 0..2 {
        server.wait(request_deletion(&server.app, id, &Actor::command_line())).unwrap();
    }
    assert_eq!(deletion_mails(&server), [("administrator".to_owned(), true)]);
}

#[test]
fn users_who_delete_their_account_get_the_date_by_mail() {
    let server = waiting();
    let alice = server.user("alice");
    let reply = alice.post("/api/user/delete/", &json!({"password": password_of("alice")}));
    assert!(reply.status < 300, "{}", reply.text());
    assert_eq!(deletion_mails(&server), [("owner".to_owned(), true)]);
}

#[test]
fn the_job_deletes_an_account_when_it_is_due_and_not_before() {
    let server = waiting();
    let id = server.add("alice", |_| ());
    let requested = server.wait(request_deletion(&server.app, id, &Actor::command_line())).unwrap();
    let again = server.wait(request_deletion(&server.app, id, &Actor::command_line())).unwrap();
    assert!(requested.due.is_some() && requested.due == again.due, "a second request moves nothing");
    server.advance(13 * DAY);
    assert_eq!(run_job(&server), 0);
    server.advance(2 * DAY);
    assert_eq!(run_job(&server), 1);
    assert!(server.find("alice").is_none());
    assert_eq!(server.audit(id), ["deleted", "deletion-requested", "created"]);
    let names = server.database().lines(&format!(
        "SELECT coalesce(subject, '') || coalesce(detail, '') AS line FROM audit WHERE subject_id = {id}"
    ));
    assert!(names.iter().all(String::is_empty), "{names:?}");
}

#[test]
fn an_account_to_be_deleted_is_not_activated_and_can_be_deleted_at_once() {
    let server = waiting();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    delete(&browser, id, "alice");
    let reply = browser.submit(&format!("/admin/users/{id}/activate"), &[]);
    let page = browser.page(&reply.leads_to());
    assert!(
        page.contains("Cancel the deletion first.") && !server.find("alice").unwrap().is_active,
        "{page}"
    );
    let old = [("version", "1"), ("name", "alice")];
    assert_eq!(browser.submit(&format!("/admin/users/{id}/delete"), &old).status, 422, "a second click");
    assert!(browser.page(&format!("/admin/users/{id}/delete")).contains("Permanently delete alice?"));
    assert_eq!(delete(&browser, id, "alice").leads_to(), "/admin/users/");
    assert!(server.find("alice").is_none());
}

#[test]
fn without_a_waiting_time_a_deletion_is_at_once_and_the_last_administrator_stays() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    assert_eq!(delete(&browser, id, "alice").leads_to(), "/admin/users/");
    assert!(server.find("alice").is_none());
    let waiting = TestServer::beside(&server, &[("account.delete_after", "14d")]);
    let root = server.find("root").unwrap().id;
    assert!(waiting.wait(request_deletion(&waiting.app, root, &Actor::command_line())).is_err());
    assert!(server.find("root").unwrap().is_active);
    assert!(server.wait(cancel_deletion(&server.app, root, &Actor::command_line())).unwrap().is_active);
}

/// What `doorward user deleted` prints, in the test's process.
fn deleted_accounts(server: &TestServer) -> Vec<DeletedAccount> {
    use doorward::testing::store::deleted_accounts::page;
    server.wait(server.app.store.read(|conn| page(conn, None, 100))).unwrap()
}

#[test]
fn accounts_that_a_restored_backup_brings_back_are_deleted_again() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let (alice, bob) = (server.add("alice", |_| ()), server.add("bob", |_| ()));
    let database = server.database();
    database.execute("CREATE TABLE saved AS SELECT * FROM users");
    for user in [alice, bob] {
        server.wait(request_deletion(&server.app, user, &Actor::command_line())).unwrap();
    }
    let list = deleted_accounts(&server);
    assert_eq!(list.len(), 2);
    database.execute("DELETE FROM deleted_accounts");
    database.execute("INSERT INTO users SELECT * FROM saved WHERE username IN ('alice', 'bob')");
    // The restored database gave bob's id to another person.
    database.execute("UPDATE users SET created_at = created_at + 1 WHERE username = 'bob'");
    let outcome = server.wait(forget_accounts(&server.app, list, &Actor::command_line())).unwrap();
    assert_eq!((outcome.deleted, outcome.absent), (vec![PublicId::Integer(alice)], 1));
    assert!(server.find("alice").is_none() && server.find("bob").is_some());
    assert_eq!(deleted_accounts(&server).len(), 2, "both are remembered for imports");
}

#[test]
fn a_deleted_address_is_remembered_for_imports_for_a_while() {
    let server = TestServer::with(&[("account.remember_deleted", "30d")]);
    let id = server.add("alice", |_| ());
    server.wait(request_deletion(&server.app, id, &Actor::command_line())).unwrap();
    let asked = |name: &str| {
        let email = Email::parse(&email_of(name).to_uppercase()).unwrap();
        server.wait(when_deleted(&server.app, email)).unwrap()
    };
    assert!(asked("alice").is_some(), "in any letter case");
    assert!(asked("bob").is_none());
    server.advance(31 * DAY);
    run_job(&server);
    assert!(asked("alice").is_none(), "account.remember_deleted is over");
}
