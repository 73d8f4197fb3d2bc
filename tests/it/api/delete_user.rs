//! `POST /api/user/delete/`.

use serde_json::json;

use crate::http::{Part, Reply, Request};
use crate::outbox;
use crate::server::{Client, TestServer, email_of, password_of};

fn delete(client: &Client, password: &str) -> Reply {
    client.post("/api/user/delete/", &json!({"password": password}))
}

#[test]
fn the_password_deletes_the_account_and_its_email_gets_a_mail() {
    let server = TestServer::start();
    let (alice, elsewhere) = (server.user("alice"), server.user("alice"));
    let id = server.find("alice").unwrap().id;
    outbox::reset_key(&server, "alice");
    let reply = delete(&alice, &password_of("alice"));
    assert_eq!((reply.status, reply.text().as_str()), (204, ""));
    assert_eq!(reply.cookie("access_token").unwrap().value, "");
    assert!(server.find("alice").is_none());
    for client in [&alice, &elsewhere] {
        assert_eq!(client.get("/api/user/").status, 401);
    }
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
    assert_eq!(outbox::keys(&server, "account_deleted", &email_of("alice")), ["-"]);
    assert_eq!(outbox::count(&server), 1, "other pending mails to the address are dropped");
    assert!(server.database().lines("SELECT purpose AS line FROM one_time_keys").is_empty());
    assert_eq!(server.audit(id)[0], "deleted");
}

#[test]
fn a_deletion_that_waits_is_answered_the_same_and_the_mail_says_when() {
    let server = TestServer::with(&[("account.delete_after", "14d")]);
    let alice = server.user("alice");
    let reply = delete(&alice, &password_of("alice"));
    assert_eq!((reply.status, reply.text().as_str()), (204, ""));
    assert_eq!(reply.cookie("access_token").unwrap().value, "");
    assert_eq!(alice.get("/api/user/").status, 401);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
    let id = server.find("alice").unwrap().id;
    assert!(server.audit(id).contains(&"deletion-requested".to_owned()));
    assert_eq!(outbox::keys(&server, "account_deleted", &email_of("alice")), ["-"]);
    let browser = server.signed_in("root");
    let preview = browser.page("/admin/mail/1/preview");
    assert!(preview.contains("It will be deleted on"), "{preview}");
}

#[test]
fn the_audit_log_keeps_the_actions_without_personal_data() {
    let server = TestServer::start();
    let secret_agent = |name: &str| {
        let body = json!({"username": name, "password": password_of(name)});
        let login = Request::post("/api/login/").json(&body).header("User-Agent", "the-agent-of-alice");
        server.anon().send(login).cookie("access_token").unwrap().value
    };
    server.add("alice", |_| ());
    server.add("bob", |_| ());
    server.user("bob");
    let id = server.find("alice").unwrap().id;
    let mut alice = server.anon();
    alice.token = Some(secret_agent("alice"));
    delete(&alice, "wrong");
    assert_eq!(delete(&alice, &password_of("alice")).status, 204);
    assert_eq!(server.audit(id), ["deleted", "leaving-failed", "logged-in", "created"]);
    let about = |comparison: &str| {
        server.database().lines(&format!(
            "SELECT coalesce(subject, '') || coalesce(address, '') || coalesce(user_agent, '') AS line \
             FROM audit WHERE subject_id {comparison} {id}"
        ))
    };
    assert!(about("=").iter().all(String::is_empty), "{:?}", about("="));
    assert!(about("<>").contains(&"bob127.0.0.1".to_owned()), "others keep theirs: {:?}", about("<>"));
}

#[test]
fn deletion_on_the_command_line_removes_the_same_data() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    server.log_in("alice");
    let by = doorward::testing::accounts::Actor::command_line();
    server.wait(doorward::testing::accounts::delete_user(&server.app, id, &by)).unwrap();
    let rows =
        server.database().lines("SELECT coalesce(subject, '') || coalesce(address, '') AS line FROM audit");
    assert_eq!(rows, ["", "", ""]);
    assert_eq!(outbox::count(&server), 0, "the operator informs the user");
}

#[test]
fn wrong_passwords_are_throttled_without_blocking_the_login() {
    let server = TestServer::start();
    let alice = server.user("alice");
    for _ in 0..10 {
        let reply = delete(&alice, "wrong");
        assert_eq!((reply.status, reply.json()), (400, json!({"password": ["The password is wrong."]})));
    }
    let reply = delete(&alice, &password_of("alice"));
    assert_eq!(reply.status, 429, "the right password has the answer of a wrong one");
    assert!(reply.header("Retry-After").is_some());
    assert!(server.find("alice").is_some());
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
}

#[test]
fn a_request_without_token_or_password_is_refused() {
    let server = TestServer::start();
    assert_eq!(delete(&server.anon(), "x").status, 401);
    let alice = server.user("alice");
    let reply = alice.post("/api/user/delete", &json!({}));
    assert_eq!((reply.status, reply.json()), (400, json!({"password": ["This field is required."]})));
    assert_eq!(alice.get("/api/user/delete/").status, 405);
    assert!(server.find("alice").is_some());
}

#[test]
fn forms_and_multipart_are_accepted() {
    let server = TestServer::start();
    for name in ["alice", "bob"] {
        let client = server.user(name);
        let password = password_of(name);
        let request = Request::post("/api/user/delete");
        let request = match name {
            "alice" => request.form(&[("password", password.as_str())]),
            _ => request.multipart(&[Part::field("password", password.as_str())]),
        };
        assert_eq!(client.send(request).status, 204, "{name}");
    }
}

#[test]
fn the_last_active_administrator_cannot_be_deleted() {
    let server = TestServer::start();
    let admin = server.admin();
    server.add("idle", |account| (account.is_admin, account.is_active) = (true, false));
    let reply = delete(&admin, &password_of("admin"));
    let detail = json!({"detail": "The last administrator cannot delete their account."});
    assert_eq!((reply.status, reply.json()), (403, detail));
    let second = server.add("second", |account| account.is_admin = true);
    let hash = server.hash_of("second");
    server.overwrite_hash(second, "!no-password");
    assert_eq!(delete(&admin, &password_of("admin")).status, 403);
    server.overwrite_hash(second, &hash);
    assert_eq!(delete(&admin, &password_of("admin")).status, 204);
}

#[test]
fn of_two_concurrent_deletions_of_administrators_one_is_refused() {
    let server = TestServer::start();
    let tokens = ["first", "second"].map(|name| {
        server.add(name, |account| account.is_admin = true);
        (name, server.log_in(name).token.unwrap())
    });
    let address = server.address;
    let threads = tokens.map(|(name, token)| {
        let body = json!({"password": password_of(name)});
        let request = Request::post("/api/user/delete/").json(&body).bearer(&token);
        std::thread::spawn(move || crate::http::send(address, &request).unwrap().status)
    });
    let mut statuses = threads.map(|thread| thread.join().unwrap());
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 403]);
}
