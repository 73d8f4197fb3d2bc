//! Names and email addresses at every entrance: what is stored is found again by what was typed, and what cannot
//! be stored is nobody's.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;
use url::form_urlencoded::byte_serialize;

use super::mails;
use crate::database::{Database, server_or_skip};
use crate::http::Request;
use crate::server::{TestServer, password_of};

const UNLIMITED: [(&str, &str); 1] = [("limits.enabled", "false")];

fn register(server: &TestServer, name: &str, email: &str) -> u16 {
    let body = json!({"username": name, "email": email, "password": password_of("anyone")});
    server.anon().post("/api/register/", &body).status
}

fn log_in(server: &TestServer, typed: &str) -> u16 {
    server.anon().log_in(typed, &password_of("anyone")).status
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// Texts that were a 500 somewhere, or could be one; and any others.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> =
        ["\0", "ro\0ot", "é\0", "a\0@b.de", "a@\0b.de", "x@xn--\0.de", "\u{fffd}", "#0", "#9\0"]
            .map(str::to_owned)
            .to_vec();
    texts.push("x".repeat(20_000));
    texts.push(format!("x@{}.de", "é".repeat(3000)));
    let mut runner = TestRunner::deterministic();
    let any =
        prop_oneof![any::<String>(), "\\PC{0,9}[\0\u{1f}\u{7f}]\\PC{0,9}", "\\PC{1,9}@(xn--)?\\PC{1,9}"];
    texts.extend((0..12).map(|_| any.new_tree(&mut runner).unwrap().current()));
    texts
}

fn no_text_is_an_error_of(server: &TestServer) {
    server.add("root", |account| account.is_admin = true);
    let root = server.signed_in("root");
    let key = "A".repeat(43);
    for text in texts() {
        let (anon, typed) = (server.anon(), encoded(&text));
        let body = json!({"username": text, "email": text, "password": text, "refresh": text, "key": text,
                          "invite": text, "token": text});
        for path in [
            "/api/login/",
            "/api/token/",
            "/api/token/refresh/",
            "/api/token/blacklist/",
            "/api/register/",
            "/api/password/reset/",
            "/api/password/reset/confirm/",
            "/api/email/resend/",
            "/api/email/confirm/",
        ] {
            let status = anon.post(path, &body).status;
            assert!(status < 500, "{path} {text:?}: {status}");
        }
        let sign_in = server.browser().sign_in(&text, "x").status;
        assert_eq!(sign_in, 422, "{text:?}");
        for path in ["reset-password", "confirm-email", "accept-invite", "undo-email"] {
            let status = anon.get(&format!("/{path}/{key}{typed}")).status;
            assert!(status < 500, "{path} {text:?}: {status}");
        }
        for path in [
            format!("/admin/login-help?who={typed}"),
            format!("/admin/users/?q={typed}&after={typed}&before={typed}&sort={typed}"),
            format!("/admin/audit/?who={typed}"),
            format!("/admin/audit/?address={typed}&after={typed}"),
            format!("/admin/mail/?to={typed}&after={typed}"),
            format!("/admin/users/invitations/?after={typed}"),
            format!("/admin/users/export.csv?q={typed}"),
        ] {
            let status = root.get(&path).status;
            assert!(status < 500, "{path}: {status}");
        }
        let fields = [("addresses", text.as_str()), ("address", &text), ("reason", &text)];
        for path in ["/admin/users/invite", "/admin/users/invitations/again", "/admin/users/1/deactivate"] {
            let status = root.submit(path, &fields).status;
            assert!(status < 500, "{path} {text:?}: {status}");
        }
        let agent = Request::post("/api/login/")
            .json(&body)
            .header("User-Agent", text.replace(['\r', '\n', '\0'], ""));
        let agent = agent.header("X-Forwarded-For", text.replace(['\r', '\n', '\0'], ""));
        let reply = anon.send(agent);
        assert!(reply.status < 500, "User-Agent {text:?}: {}", reply.status);
    }
}

#[test]
fn no_text_at_any_entrance_is_a_server_error() {
    no_text_is_an_error_of(&TestServer::with(&UNLIMITED));
}

#[test]
fn no_text_at_any_entrance_is_a_server_error_on_postgresql() {
    let Some(server) = server_or_skip() else { return };
    no_text_is_an_error_of(&TestServer::on(Database::postgres(&server), &UNLIMITED));
}

#[test]
fn a_name_logs_in_in_every_form_of_what_was_typed() {
    let server = TestServer::with(&UNLIMITED);
    let root = {
        server.add("root", |account| account.is_admin = true);
        server.signed_in("root")
    };
    for (number, (typed, others)) in [
        ("Ｋａｎａ", vec!["Kana"]),
        ("ﬁsh", vec!["fish"]),
        ("Zoë", vec!["Zoe\u{308}", " Zoë\u{a0}"]),
        ("Straße", vec![]),
        ("ﱞx", vec![]),
        ("plain+name", vec!["plain+name "]),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(register(&server, typed, &format!("n{number}@example.com")), 201, "{typed}");
        for spelling in others.into_iter().chain([typed]) {
            assert_eq!(log_in(&server, spelling), 200, "{spelling}");
            let page = root.page(&format!("/admin/users/?q={}", encoded(spelling)));
            assert!(page.contains(&format!("n{number}@example.com")), "{spelling}");
            let help = root.page(&format!("/admin/login-help?who={}", encoded(spelling)));
            assert!(help.contains("n"), "{spelling}");
        }
        assert_eq!(register(&server, typed, "other@example.com"), 400, "{typed}");
        assert_eq!(register(&server, &typed.to_uppercase(), "other@example.com"), 400, "{typed}");
    }
    assert_eq!(log_in(&server, "KANA"), 404, "the letter case of a name counts");
}

#[test]
fn the_spellings_of_a_domain_are_one_mailbox_at_every_entrance() {
    let server = TestServer::with(&UNLIMITED);
    server.add("root", |account| account.is_admin = true);
    let root = server.signed_in("root");
    let (typed, other) = ("x@bücher.de", "X@xn--bcher-kva.de");
    assert_eq!(register(&server, "one", typed), 201);
    for (name, email) in [("two", other), ("two", "x@BU\u{308}CHER.de"), (other, "two@example.com")] {
        assert_eq!(register(&server, name, email), 400, "{name} {email}");
    }
    assert_eq!(register(&server, "three", "x@strasse.de"), 201);
    assert_eq!(register(&server, "four", "x@straße.de"), 201, "another domain");
    for spelling in [typed, other, "x@bücher。de"] {
        assert_eq!(log_in(&server, spelling), 200, "{spelling}");
    }
    assert_eq!(log_in(&server, "x@xn--strae-oqa.de"), 200);

    server.anon().post("/api/password/reset/", &json!({"email": other}));
    let until = Instant::now() + Duration::from_secs(10);
    while !mails(&server).contains(&format!("{typed} reset_password")) {
        assert!(Instant::now() < until, "{:?}", mails(&server));
        std::thread::sleep(Duration::from_millis(20));
    }
    let invited = root.submit("/admin/users/invite", &[("addresses", other)]);
    assert!(!mails(&server).iter().any(|mail| mail.ends_with("invite")), "{}", invited.status);
    for term in ["bücher", "xn--bcher-kva.de", other, typed, "@xn--bcher-kva.de"] {
        let page = root.page(&format!("/admin/users/?q={}", encoded(term)));
        assert!(page.contains(typed), "{term}");
    }

    let owner = server.anon().log_in("one", &password_of("anyone")).cookie("access_token").unwrap().value;
    let change = Request::put("/api/user/").json(&json!({"email": other})).bearer(&owner);
    assert_eq!(server.anon().send(change).status, 200, "a spelling of the own address");
    assert_eq!(log_in(&server, typed), 200);
}

#[test]
fn an_invitation_is_for_every_spelling_of_its_address() {
    let server = TestServer::with(&[("registration.mode", "invite")]);
    let email = doorward::testing::types::Email::parse("x@xn--bcher-kva.de").unwrap();
    let by = doorward::testing::accounts::Actor::command_line();
    let key = server.wait(doorward::testing::accounts::invite(&server.app, email, None, &by)).unwrap();
    let body = json!({"username": "one", "email": "x@bücher.de", "password": password_of("anyone"),
                      "invite": key.expose()});
    let reply = server.anon().post("/api/register/", &body);
    assert_eq!((reply.status, &reply.json()["is_email_confirmed"]), (201, &json!(true)), "{}", reply.text());
}

/// Stores the keys of users as an earlier version folded them, and starts a server on that database.
fn upgraded(server: &TestServer, keys: &[(i64, &str, &str)]) -> TestServer {
    for (id, username, email) in keys {
        let (name_key, email_key) = (username.to_lowercase(), email.to_lowercase());
        server.database().execute(&format!(
            "UPDATE users SET username = '{username}', username_key = '{name_key}', email = '{email}', \
             email_key = '{email_key}' WHERE id = {id}"
        ));
        server.database().execute(&format!("INSERT INTO stale_keys (source, item) VALUES ('users', '{id}')"));
    }
    TestServer::beside(server, &UNLIMITED)
}

#[test]
fn keys_of_an_earlier_version_are_folded_at_the_start() {
    let server = TestServer::with(&UNLIMITED);
    for name in ["one", "two"] {
        assert_eq!(register(&server, name, &format!("{name}@example.com")), 201);
    }
    let server = upgraded(&server, &[(1, "Straße", "x@xn--bcher-kva.de"), (2, "two", "two@example.com")]);
    assert_eq!(log_in(&server, "Straße"), 200);
    assert_eq!(log_in(&server, "x@bücher.de"), 200);
    assert_eq!(register(&server, "STRASSE", "other@example.com"), 400);
    assert_eq!(server.database().lines("SELECT item AS line FROM stale_keys"), [""; 0]);
    let keys =
        server.database().lines("SELECT username_key || ' ' || email_key AS line FROM users WHERE id = 1");
    assert_eq!(keys, ["strasse x@bücher.de"]);
}

#[test]
fn two_users_that_have_become_one_identifier_both_log_in_as_before() {
    let server = TestServer::with(&UNLIMITED);
    for name in ["one", "two", "three"] {
        assert_eq!(register(&server, name, &format!("{name}@example.com")), 201);
    }
    let keys = [
        (1, "strasse", "x@bücher.de"),
        (2, "straße", "x@xn--bcher-kva.de"),
        (3, "three", "y@xn--bcher-kva.de"),
    ];
    let server = upgraded(&server, &keys);
    let id_of = |typed: &str| {
        let reply = server.anon().log_in(typed, &password_of("anyone"));
        assert_eq!(reply.status, 200, "{typed}");
        reply.json()["user"]["username"].as_str().unwrap().to_owned()
    };
    for (_, username, email) in keys {
        assert_eq!(id_of(username), username);
        assert_eq!(id_of(email), username);
    }
    assert_eq!(id_of("y@bücher.de"), "three");
    for (name, email) in [
        ("STRASSE", "n@example.com"),
        ("STRAßE", "n@example.com"),
        ("new", "X@Bücher.de"),
        ("new", "X@xn--bcher-kva.de"),
    ] {
        assert_eq!(register(&server, name, email), 400, "{name} {email}");
    }
    assert_eq!(server.database().lines("SELECT item AS line FROM stale_keys"), ["2"]);

    // The first of them goes: nobody can take the name of the second, and the next start gives it its key.
    server.database().execute("DELETE FROM users WHERE id = 1");
    assert_eq!(register(&server, "straße", "n@example.com"), 400);
    assert_eq!(register(&server, "new", "x@xn--bcher-kva.de"), 400);
    let server = TestServer::beside(&server, &UNLIMITED);
    assert_eq!(log_in(&server, "x@bücher.de"), 200);
    assert_eq!(server.database().lines("SELECT item AS line FROM stale_keys"), [""; 0]);
}
