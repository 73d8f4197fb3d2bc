//! `/account/data`: one's own data, and the deletion of the account.

use std::time::Duration;

use doorward::testing::mail::Lang;
use serde_json::Value;

use crate::account::{COOKIE, submit};
use crate::http::Request;
use crate::server::{TestServer, password_of};

#[test]
fn a_user_reads_and_downloads_all_data_about_themselves_and_of_no_other() {
    let server = TestServer::start();
    server.add("bob", |_| ());
    let alice = server.at_account("alice");
    let page = alice.page("/account/data");
    for part in ["/account/data/all", "/account/data.json", "Delete my account", "What remains, and why:"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let file = alice.get("/account/data.json");
    assert_eq!(file.header("Content-Disposition").as_deref(), Some("attachment; filename=\"my-data.json\""));
    let data: Value = file.json();
    assert_eq!(data["account"]["email"], "alice@example.com");
    assert!(!file.text().contains("bob") && !file.text().contains("bcrypt"));
    let all = alice.page("/account/data/all");
    assert!(
        all.contains("Data of alice") && all.contains("alice@example.com") && !all.contains("bob"),
        "{all}"
    );
    let id = server.find("alice").unwrap().id;
    assert_eq!(server.audit(id)[..2], ["exported", "exported"]);
    assert_eq!(alice.send(Request::head("/account/data.json")).body.len(), 0);
    assert_eq!(
        server.audit(id).iter().filter(|action| *action == "exported").count(),
        2,
        "HEAD exports nothing"
    );
    let german = alice.send(Request::get("/account/data").header("Accept-Language", "de")).text();
    assert!(german.contains("Ihre Daten") && german.contains("Was bleibt und warum:"), "{german}");
}

#[test]
fn the_page_with_all_data_has_labels_and_no_names_of_programs() {
    let server = TestServer::start();
    let alice = server.at_account("alice");
    for _ in 0..2 {
        submit(&alice, "/account/data/delete", &[("password", "wrong-guess-1")]);
    }
    server.anon().log_in("alice", "wrong-guess-1");
    let (old, new) = (password_of("alice"), "another-Long-pass-5");
    let fields = [("old_password", old.as_str()), ("password", new), ("password_again", new)];
    assert_eq!(submit(&alice, "/account/security", &fields).status, 303);
    let page = alice.page("/account/data/all");
    for label in
        ["Bulk action", "Language of the browser", "Wrong passwords", "Wrong passwords while signed in"]
    {
        assert!(page.contains(&format!(">{label}<")), "{label}: {page}");
    }
    for raw in ["Bulk id", "Client language", ">guesses<", "old-password", "password_changed"] {
        assert!(!page.contains(raw), "{raw}: {page}");
    }
    assert!(page.contains("<a href=\"/account/data\">Your data</a>") && page.contains("print it"), "{page}");
}

#[test]
fn data_is_handed_out_to_a_user_who_typed_the_password_a_short_time_ago() {
    let server = TestServer::start();
    let alice = server.at_account("alice");
    server.advance(Duration::from_secs(16 * 60));
    for path in ["/account/data.json", "/account/data/all"] {
        assert!(alice.get(path).leads_to().starts_with("/account/confirm-password?next="), "{path}");
    }
    assert_eq!(server.browser().get("/account/data.json").status, 303);
    assert_eq!(server.browser().get("/account/data").status, 303);
}

#[test]
fn only_the_right_password_of_the_user_opens_the_data_again_and_only_in_this_session() {
    let server = TestServer::start();
    let (alice, other) = (server.at_account("alice"), server.at_account("alice"));
    server.add("bob", |_| ());
    server.advance(Duration::from_secs(16 * 60));
    let confirm = |password: &str| {
        let fields = [("password", password), ("next", "/account/data/all")];
        submit(&alice, "/account/confirm-password", &fields)
    };
    for wrong in ["", "wrong-guess-1", &password_of("bob")] {
        assert_eq!(confirm(wrong).status, 422, "{wrong}");
        assert_eq!(alice.get("/account/data/all").status, 303, "{wrong}");
    }
    assert_eq!(confirm(&password_of("alice")).leads_to(), "/account/data/all");
    assert_eq!(alice.get("/account/data/all").status, 200);
    assert_eq!(other.get("/account/data/all").status, 303);
    server.advance(Duration::from_secs(16 * 60));
    assert_eq!(alice.get("/account/data/all").status, 303);
}

#[test]
fn a_user_deletes_the_account_with_the_password() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let alice = server.at_account("alice");
    let delete = |password: &str| submit(&alice, "/account/data/delete", &[("password", password)]);
    for (password, error) in [("", "This field is required."), ("wrong-guess-1", "Incorrect password.")] {
        let refused = delete(password);
        assert!(refused.status == 422 && refused.text().contains(error), "{}", refused.text());
    }
    assert!(server.find("alice").is_some());
    assert_eq!(
        alice.post("/account/data/delete", &[("password", &password_of("alice"))]).status,
        403,
        "no token"
    );
    assert_eq!(delete(&password_of("alice")).leads_to(), "/account/data/deleted");
    assert!(server.find("alice").is_none() && alice.cookie(COOKIE).is_none());
    let done = alice.page("/account/data/deleted");
    assert!(done.contains("Account deleted") && done.contains("href=\"/\""), "{done}");
    assert_eq!(alice.get("/account").status, 303);
    assert_eq!(alice.get("/account/data/delete").leads_to(), "/account/data");
}

#[test]
fn a_deletion_that_waits_says_the_days_and_the_date() {
    let server = TestServer::with(&[("account.delete_after", "14d")]);
    server.add("root", |account| account.is_admin = true);
    let alice = server.at_account("alice");
    let last = server.app.clock.now().plus(Duration::from_secs(14 * 24 * 3600));
    let wait = format!("deleted after this time: 14 days (until {})", Lang::English.date(last));
    let page = alice.page("/account/data");
    assert!(page.contains(&wait), "{wait}: {page}");
    submit(&alice, "/account/data/delete", &[("password", &password_of("alice"))]);
    let page = alice.page("/account/data/deleted");
    assert!(page.contains(&wait), "{wait}: {page}");
}

#[test]
fn the_last_administrator_cannot_delete_the_own_account() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let root = server.at_account("root");
    let page = root.page("/account/data");
    assert!(page.contains("This is the last administrator") && !page.contains("type=\"password\""), "{page}");
    let refused = submit(&root, "/account/data/delete", &[("password", &password_of("root"))]);
    assert!(refused.status == 422 && refused.text().contains("last administrator"), "{}", refused.text());
    assert!(server.find("root").is_some());
    server.add("second", |account| account.is_admin = true);
    assert!(root.page("/account/data").contains("type=\"password\""));
}
