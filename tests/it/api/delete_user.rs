//! `POST /api/user/delete/`.

use serde_json::json;

use crate::http::{Part, Reply, Request};
use crate::outbox;
use crate::server::{Client, TestServer, email_of, password_of};

fn leave(client: &Client, password: &str) -> Reply {
    client.post("/api/user/delete/", &json!({"password": password}))
}

#[test]
fn with_the_password_the_account_is_gone_and_its_address_is_told() {
    let server = TestServer::start();
    let (alice, elsewhere) = (server.user("alice"), server.user("alice"));
    let id = server.find("alice").unwrap().id;
    outbox::reset_key(&server, "alice");
    let reply = leave(&alice, &password_of("alice"));
    assert_eq!((reply.status, reply.text().as_str()), (204, ""));
    assert_eq!(reply.cookie("access_token").unwrap().value, "");
    assert!(server.find("alice").is_none());
    for client in [&alice, &elsewhere] {
        assert_eq!(client.get("/api/user/").status, 401);
    }
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
    assert_eq!(outbox::keys(&server, "account_deleted", &email_of("alice")), ["-"]);
    assert_eq!(outbox::count(&server), 1, "what else waited for the address is not sent any more");
    assert!(server.database().lines("SELECT purpose AS line FROM one_time_keys").is_empty());
    assert_eq!(server.audit(id)[0], "deleted");
}

#[test]
fn what_happened_is_kept_without_the_person() {
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
    leave(&alice, "wrong");
    assert_eq!(leave(&alice, &password_of("alice")).status, 204);
    assert_eq!(server.audit(id), ["deleted", "leaving-failed", "logged-in", "created"]);
    let about = |whom: &str| {
        server.database().lines(&format!(
            "SELECT coalesce(subject, '') || coalesce(address, '') || coalesce(user_agent, '') AS line \
             FROM audit WHERE subject_id {whom} {id}"
        ))
    };
    assert!(about("=").iter().all(String::is_empty), "{:?}", about("="));
    assert!(about("<>").contains(&"bob127.0.0.1".to_owned()), "others keep theirs: {:?}", about("<>"));
}

#[test]
fn an_operators_delete_leaves_no_more_of_the_person() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    server.log_in("alice");
    let by = doorward::testing::accounts::Actor::command_line();
    server.wait(doorward::testing::accounts::delete_user(&server.app, id, &by)).unwrap();
    let rows =
        server.database().lines("SELECT coalesce(subject, '') || coalesce(address, '') AS line FROM audit");
    assert_eq!(rows, ["", "", ""]);
    assert_eq!(outbox::count(&server), 0, "what the operator does, the operator tells");
}

#[test]
fn a_wrong_password_changes_nothing_and_is_counted_without_locking_the_owner_out() {
    let server = TestServer::start();
    let alice = server.user("alice");
    for _ in 0..10 {
        let reply = leave(&alice, "wrong");
        assert_eq!((reply.status, reply.json()), (400, json!({"password": ["The password is wrong."]})));
    }
    let reply = leave(&alice, &password_of("alice"));
    assert_eq!(reply.status, 429, "the right password must not be told from a wrong one");
    assert!(reply.header("Retry-After").is_some());
    assert!(server.find("alice").is_some());
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
}

#[test]
fn without_a_token_or_a_password_it_is_refused() {
    let server = TestServer::start();
    assert_eq!(leave(&server.anon(), "x").status, 401);
    let alice = server.user("alice");
    let reply = alice.post("/api/user/delete", &json!({}));
    assert_eq!((reply.status, reply.json()), (400, json!({"password": ["This field is required."]})));
    assert_eq!(alice.get("/api/user/delete/").status, 405);
    assert!(server.find("alice").is_some());
}

#[test]
fn forms_and_multipart_will_do() {
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
fn the_last_active_administrator_stays() {
    let server = TestServer::start();
    let admin = server.admin();
    server.add("idle", |account| (account.is_admin, account.is_active) = (true, false));
    let reply = leave(&admin, &password_of("admin"));
    let detail = json!({"detail": "The last administrator cannot delete their account."});
    assert_eq!((reply.status, reply.json()), (403, detail));
    let second = server.add("second", |account| account.is_admin = true);
    let kept = server.hash_of("second");
    server.overwrite_hash(second, "!no-password");
    assert_eq!(leave(&admin, &password_of("admin")).status, 403);
    server.overwrite_hash(second, &kept);
    assert_eq!(leave(&admin, &password_of("admin")).status, 204);
}

#[test]
fn of_two_administrators_who_leave_at_once_one_stays() {
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
