//! `/api/admin/…`: users and the audit log for machines.

use std::time::Duration;

use doorward::testing::types::ApiScope;
use serde_json::{Value, json};

use crate::http::{Reply, Request};
use crate::machine::Machine;
use crate::openapi::Description;
use crate::server::{TestServer, password_of};
use crate::tokens::{obtain, status};

const USERS: &str = "/api/admin/users/";
const AUDIT: &str = "/api/admin/audit/";

/// Checks that the document describes the answer.
fn described(server: &TestServer, path: &str, method: &str, reply: &Reply) {
    let checked = Description::of(server).check(path, method, reply);
    assert_eq!(checked, Ok(()), "{method} {path} {} {}", reply.status, reply.text());
}

fn one(id: impl std::fmt::Display) -> String {
    format!("{USERS}{id}/")
}

fn patch(machine: &Machine, id: impl std::fmt::Display, body: &Value) -> Reply {
    machine.send(Request::new("PATCH", &one(id)).json(body))
}

fn delete(machine: &Machine, id: impl std::fmt::Display, query: &str) -> Reply {
    machine.send(Request::delete(&format!("{}{query}", one(id))))
}

fn names(page: &Value) -> Vec<String> {
    let rows = page["results"].as_array().unwrap_or_else(|| panic!("no page: {page}"));
    rows.iter().map(|row| row["username"].as_str().unwrap().to_owned()).collect()
}

/// The path and the query of a link.
fn link(page: &Value, name: &str) -> Option<String> {
    let url = page[name].as_str()?;
    Some(url[url.find("/api/").unwrap()..].to_owned())
}

fn with_users(names: &[&str]) -> (TestServer, Machine) {
    let server = TestServer::start();
    for name in names {
        server.add(name, |_| ());
    }
    let machine = server.mighty_machine();
    (server, machine)
}

#[test]
fn a_list_is_read_page_by_page_forwards_and_back() {
    let (server, machine) = with_users(&["ann", "bob", "cid", "dan", "eve"]);
    let first = machine.get(&format!("{USERS}?page_size=2"));
    described(&server, USERS, "GET", &first);
    let first = first.json();
    assert_eq!((names(&first), &first["previous"]), (vec!["ann".into(), "bob".into()], &Value::Null));
    let second = machine.get(&link(&first, "next").unwrap()).json();
    assert_eq!(names(&second), ["cid", "dan"]);
    let third = machine.get(&link(&second, "next").unwrap()).json();
    assert_eq!((names(&third), &third["next"]), (vec!["eve".to_owned()], &Value::Null));
    let back = machine.get(&link(&third, "previous").unwrap()).json();
    assert_eq!(names(&back), ["cid", "dan"]);
    assert_eq!(names(&machine.get(&link(&back, "previous").unwrap()).json()), ["ann", "bob"]);
    for order in ["-username", "email", "-date_joined", "last_login"] {
        let mut seen = Vec::new();
        let mut next = Some(format!("{USERS}?ordering={order}&page_size=2"));
        while let Some(path) = next {
            let page = machine.get(&path).json();
            seen.extend(names(&page));
            next = link(&page, "next");
        }
        let mut sorted = seen.clone();
        sorted.sort();
        assert_eq!(sorted, ["ann", "bob", "cid", "dan", "eve"], "{order}");
    }
}

#[test]
fn a_list_has_the_users_that_the_filters_match() {
    let (server, machine) = with_users(&["ann", "bob"]);
    server.add("off", |account| account.is_active = false);
    server.add("root", |account| account.is_admin = true);
    server.add("sure", |account| account.is_email_confirmed = true);
    server.log_in("bob");
    let bob = server.find("bob").unwrap().id;
    assert_eq!(patch(&machine, bob, &json!({"groups": ["editors"]})).status, 200);
    for (query, expected) in [
        ("is_active=false", &["off"][..]),
        ("is_staff=true", &["root"]),
        ("is_email_confirmed=1", &["sure"]),
        ("search=an", &["ann"]),
        ("group=editors", &["bob"]),
        ("group=nothing", &[]),
        ("never_logged_in=true&is_active=true&is_staff=false&is_email_confirmed=no", &["ann"]),
        ("joined_since=2000-01-01&search=bob", &["bob"]),
        ("joined_since=2100-01-01", &[]),
        ("last_login_before=2000-01-01&search=ann", &["ann"]),
        ("is_to_be_deleted=true", &[]),
    ] {
        let reply = machine.get(&format!("{USERS}?{query}"));
        assert_eq!(reply.status, 200, "{query} {}", reply.text());
        assert_eq!(names(&reply.json()), expected, "{query}");
    }
}

#[test]
fn a_parameter_that_is_unknown_or_not_valid_is_an_error_and_no_list_of_everybody() {
    let (server, machine) = with_users(&["ann"]);
    for (query, name, message) in [
        ("is_actve=false", "is_actve", "Unknown parameter."),
        ("is_active=perhaps", "is_active", "Must be a valid boolean."),
        ("page_size=0", "page_size", "Ensure this value is from 1 to 200."),
        ("page_size=x", "page_size", "A valid integer is required."),
        ("ordering=size", "ordering", "\"size\" is not a valid choice."),
        (
            "joined_since=yesterday",
            "joined_since",
            "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
        ),
    ] {
        let reply = machine.get(&format!("{USERS}?{query}"));
        assert_eq!((reply.status, reply.json()), (400, json!({name: [message]})), "{query}");
        described(&server, USERS, "GET", &reply);
    }
    for cursor in ["x", "W10", "WzEsMl0"] {
        let reply = machine.get(&format!("{USERS}?cursor={cursor}"));
        assert_eq!((reply.status, reply.json()), (404, json!({"detail": "Invalid cursor"})), "{cursor}");
        assert_eq!(machine.get(&format!("{AUDIT}?cursor={cursor}")).status, 404);
    }
}

#[test]
fn a_user_is_created_with_groups_and_can_log_in() {
    let (server, machine) = with_users(&[]);
    let body = json!({
        "username": "carol", "email": "carol@example.com", "password": "quite-Long-pass-3",
        "is_email_confirmed": true, "groups": ["editors", "ops"],
    });
    let reply = machine.post(USERS, &body);
    described(&server, USERS, "POST", &reply);
    let user = reply.json();
    assert_eq!((reply.status, &user["groups"]), (201, &json!(["editors", "ops"])));
    assert_eq!(
        (&user["is_active"], &user["is_staff"], &user["is_email_confirmed"]),
        (&json!(true), &json!(false), &json!(true))
    );
    assert_eq!(server.anon().log_in("carol", "quite-Long-pass-3").status, 200);
    let read = machine.get(&one(&user["id"])).json();
    assert_eq!((&read["username"], &read["groups"]), (&user["username"], &user["groups"]));
}

#[test]
fn a_user_without_a_password_is_created_and_sets_one_by_a_link() {
    let (server, machine) = with_users(&[]);
    let user = machine.post(USERS, &json!({"username": "carol", "email": "carol@example.com"})).json();
    let sent = machine.post(&format!("{}send-reset/", one(&user["id"])), &json!({}));
    assert_eq!(sent.status, 204, "{}", sent.text());
    let mails = server.database().lines("SELECT kind AS line FROM mails");
    assert_eq!(mails, ["reset_password"]);
    assert_eq!(server.anon().log_in("carol", "").status, 400);
}

#[test]
fn everything_that_is_wrong_with_a_new_user_is_said_at_once() {
    let (server, machine) = with_users(&["ann"]);
    let reply =
        machine.post(USERS, &json!({"username": "ANN", "email": "ann@example.com", "password": "123"}));
    assert_eq!(reply.status, 400);
    described(&server, USERS, "POST", &reply);
    let errors = reply.json();
    assert_eq!(errors["username"], json!(["A user with that username already exists."]));
    assert_eq!(errors["email"], json!(["A user with that email already exists."]));
    assert!(errors["password"].as_array().is_some_and(|messages| !messages.is_empty()), "{errors}");
    let reply = machine.post(USERS, &json!({"is_staff": "perhaps", "groups": "editors"}));
    let expected = json!({
        "username": ["This field is required."],
        "email": ["This field is required."],
        "is_staff": ["Must be a valid boolean."],
        "groups": ["Expected a list of items but got type \"str\"."],
    });
    assert_eq!((reply.status, reply.json()), (400, expected));
}

#[test]
fn a_patch_changes_what_it_names_and_names_the_key_in_the_audit_log() {
    let (server, machine) = with_users(&["ann"]);
    let ann = server.find("ann").unwrap().id;
    let access = obtain(&server, "ann").access;
    let body = json!({
        "username": "anna", "email": "anna@example.com", "is_email_confirmed": true, "is_staff": true,
        "groups": ["ops"], "password": "quite-Long-pass-3",
    });
    let reply = patch(&machine, ann, &body);
    described(&server, "/api/admin/users/{id}/", "PATCH", &reply);
    let user = reply.json();
    assert_eq!((&user["username"], &user["email"]), (&json!("anna"), &json!("anna@example.com")));
    assert_eq!((&user["is_staff"], &user["is_email_confirmed"]), (&json!(true), &json!(true)));
    assert_eq!((&user["groups"], &user["is_active"]), (&json!(["ops"]), &json!(true)));
    assert_eq!(status(&server, &access), 401, "a new password ends the sessions");
    assert_eq!(server.anon().log_in("anna", "quite-Long-pass-3").status, 200);
    let log = machine.get(&format!("{AUDIT}?subject=anna&kind=changes"));
    described(&server, AUDIT, "GET", &log);
    let log = log.json();
    let by_key = format!("api-key:{}", machine.id);
    let mut actions: Vec<&str> = Vec::new();
    for entry in log["results"].as_array().unwrap().iter().filter(|entry| entry["actor"] == by_key.as_str()) {
        actions.push(entry["action"].as_str().unwrap());
    }
    actions.sort_unstable();
    assert_eq!(
        actions,
        ["email-changed", "email-confirmed", "groups-changed", "made-admin", "password-set", "renamed"]
    );
    let page = server.signed_in("root").page("/admin/audit?who=anna");
    assert!(page.contains("billing") && page.contains("API key"), "{page}");
}

#[test]
fn a_patch_that_is_refused_changes_nothing() {
    let (server, machine) = with_users(&["ann", "bob"]);
    let ann = server.find("ann").unwrap().id;
    for (body, errors) in [
        (
            json!({"is_active": false, "username": "bob"}),
            json!({"username": ["A user with that username already exists."]}),
        ),
        (json!({"is_active": false, "email": "nowhere"}), json!({"email": ["Enter a valid email address."]})),
        (json!({"is_active": null}), json!({"is_active": ["This field may not be null."]})),
    ] {
        let reply = patch(&machine, ann, &body);
        assert_eq!((reply.status, reply.json()), (400, errors), "{body}");
    }
    let weak = patch(&machine, ann, &json!({"is_staff": true, "password": "123"}));
    assert!(weak.status == 400 && weak.json()["password"].is_array(), "{}", weak.text());
    let user = server.find("ann").unwrap();
    assert!(user.is_active && !user.is_admin);
    assert_eq!(server.anon().log_in("ann", &password_of("ann")).status, 200);
    assert_eq!(patch(&machine, 999, &json!({})).status, 404);
}

#[test]
fn the_last_administrator_stays() {
    let (server, machine) = with_users(&[]);
    let root = server.add("root", |account| account.is_admin = true);
    let detail = json!({"detail": "This is the last administrator who can log in."});
    for reply in [
        patch(&machine, root, &json!({"is_staff": false, "username": "other"})),
        patch(&machine, root, &json!({"is_active": false})),
        delete(&machine, root, ""),
        delete(&machine, root, "?at_once=true"),
    ] {
        assert_eq!((reply.status, reply.json()), (409, detail.clone()));
    }
    assert!(server.find("root").is_some_and(|user| user.is_admin && user.is_active));
    server.add("second", |account| account.is_admin = true);
    assert_eq!(patch(&machine, root, &json!({"is_staff": false})).status, 200);
}

#[test]
fn a_change_of_a_version_that_is_no_more_is_refused() {
    let (server, machine) = with_users(&["ann"]);
    let ann = server.find("ann").unwrap().id;
    let tag = machine.get(&one(ann)).header("ETag").unwrap();
    let with = |tag: &str, body: &Value| {
        machine.send(Request::new("PATCH", &one(ann)).header("If-Match", tag).json(body))
    };
    server.advance(Duration::from_secs(1));
    let changed = with(&tag, &json!({"username": "anna"}));
    assert_eq!(changed.status, 200);
    let stale = with(&tag, &json!({"username": "annie"}));
    let detail = json!({"detail": "The account was changed in the meantime."});
    assert_eq!((stale.status, stale.json()), (412, detail));
    described(&server, "/api/admin/users/{id}/", "PATCH", &stale);
    assert_eq!(machine.send(Request::delete(&one(ann)).header("If-Match", &tag)).status, 412);
    assert_eq!(with(&changed.header("ETag").unwrap(), &json!({"username": "annie"})).status, 200);
    assert_eq!(with("*", &json!({"username": "ann"})).status, 200);
}

#[test]
fn a_deletion_waits_as_the_setting_says_and_can_be_cancelled_or_done_at_once() {
    let server = TestServer::with(&[("account.delete_after", "30d")]);
    let ann = server.add("ann", |_| ());
    let machine = server.mighty_machine();
    assert_eq!(delete(&machine, ann, "").status, 204);
    assert_eq!(delete(&machine, ann, "").status, 204, "a second request changes nothing");
    let waiting = machine.get(&one(ann)).json();
    assert_eq!((&waiting["is_active"], waiting["deletion_due_at"].is_string()), (&json!(false), true));
    assert_eq!(patch(&machine, ann, &json!({"is_active": true})).status, 409);
    assert_eq!(machine.post(&format!("{}restore/", one(ann)), &json!({})).status, 204);
    assert_eq!(machine.get(&one(ann)).json()["is_active"], true);
    assert_eq!(delete(&machine, ann, "?at_once=true").status, 204);
    assert_eq!(machine.get(&one(ann)).status, 404);
    assert_eq!(delete(&machine, ann, "?at_oce=true").status, 400);
}

#[test]
fn actions_end_sessions_and_send_links() {
    let (server, machine) = with_users(&["ann"]);
    let ann = server.find("ann").unwrap().id;
    let access = obtain(&server, "ann").access;
    let act = |action: &str| machine.post(&format!("{}{action}/", one(ann)), &json!({}));
    assert_eq!((act("end-sessions").status, status(&server, &access)), (204, 401));
    assert_eq!(act("send-confirmation").status, 204);
    assert_eq!(patch(&machine, ann, &json!({"is_email_confirmed": true})).status, 200);
    let confirmed = act("send-confirmation");
    assert_eq!(
        (confirmed.status, confirmed.json()),
        (409, json!({"detail": "The email is confirmed already."}))
    );
    described(&server, "/api/admin/users/{id}/send-confirmation/", "POST", &confirmed);
    assert_eq!(machine.post(&format!("{}send-reset/", one(999)), &json!({})).status, 404);
}

#[test]
fn the_audit_log_is_read_page_by_page_with_the_filters_of_the_admin() {
    let (server, machine) = with_users(&["ann", "bob"]);
    server.log_in("ann");
    server.anon().log_in("ann", "oops");
    let first = machine.get(&format!("{AUDIT}?page_size=2")).json();
    let second = machine.get(&link(&first, "next").unwrap()).json();
    let ids = |page: &Value| -> Vec<i64> {
        page["results"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
    };
    assert!(ids(&first)[1] > ids(&second)[0], "{first} {second}");
    assert_eq!(ids(&machine.get(&link(&second, "previous").unwrap()).json()), ids(&first));
    let actions = |query: &str| -> Vec<String> {
        let page = machine.get(&format!("{AUDIT}?{query}")).json();
        let rows = page["results"].as_array().unwrap_or_else(|| panic!("{page}"));
        rows.iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(actions("user=ann&kind=failures"), ["login-failed"]);
    assert_eq!(actions("actor=ann&action=logged-in"), ["logged-in"]);
    assert_eq!(actions("subject=bob"), ["created"]);
    let bob = server.find("bob").unwrap().id;
    assert_eq!(patch(&machine, bob, &json!({"is_active": false})).status, 200);
    assert_eq!(actions(&format!("actor=api-key:{}", machine.id)), ["deactivated"]);
    assert_eq!(actions(&format!("actor=api-key:{}&action=activated", machine.id)), Vec::<String>::new());
    assert_eq!(actions("actor=api-key:0000000000000000"), Vec::<String>::new());
    assert_eq!(actions("actor=api-key:nonsense"), Vec::<String>::new());
    assert_eq!(actions("user=nobody"), Vec::<String>::new());
    assert_eq!(actions("to=2000-01-01"), Vec::<String>::new());
    assert!(!actions("from=2000-01-01&address=127.0.0.").is_empty());
    for number in ["0", "4294967296", "-1"] {
        let reply = machine.get(&format!("{AUDIT}?bulk_id={number}"));
        let expected = json!({"bulk_id": ["Ensure this value is from 1 to 4294967295."]});
        assert_eq!((reply.status, reply.json()), (400, expected), "{number}");
    }
    let reply = machine.get(&format!("{AUDIT}?action=danced"));
    assert_eq!((reply.status, reply.json()), (400, json!({"action": ["\"danced\" is not a valid choice."]})));
}

#[test]
fn ids_that_are_texts_name_their_users() {
    let server = TestServer::with(&[("account.new_ids", "uuid4")]);
    server.add("ann", |_| ());
    let machine = server.machine(&[ApiScope::UsersRead]);
    let listed = machine.get(USERS).json();
    let id = listed["results"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(machine.get(&one(&id)).json()["username"], "ann");
    assert_eq!(machine.get(&one("1")).status, 404);
}
