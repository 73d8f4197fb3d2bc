//! `POST /api/register/` beyond the recorded contract.

use doorward::testing::accounts::Actor;
use doorward::testing::accounts::confirm_email;
use doorward::testing::store::one_time_keys;
use doorward::testing::store::one_time_keys::NewKey;
use doorward::testing::types::{Email, Link, OneTimeKey, Password};
use serde_json::{Value, json};

use super::mails;
use crate::http::{Part, Reply, Request};
use crate::server::{TestServer, password_of};

const PASSWORD: &str = "quite-Long-pass-3";

fn body(name: &str, email: &str) -> Value {
    json!({"username": name, "email": email, "password": PASSWORD})
}

fn register(server: &TestServer, name: &str, email: &str) -> Reply {
    server.anon().post("/api/register/", &body(name, email))
}

fn invitation(server: &TestServer, email: &str) -> OneTimeKey {
    let now = server.app.clock.now();
    let new = NewKey {
        purpose: Link::Invite,
        user: None,
        email: Some(Email::parse(email).unwrap()),
        expires: now.plus(std::time::Duration::from_secs(60)),
    };
    server.wait(server.app.store.write(move |tx| one_time_keys::issue(tx, &new, now))).unwrap()
}

#[test]
fn all_types_of_body_create_a_user_who_can_log_in_and_gets_a_confirmation_mail() {
    let server = TestServer::start();
    let json = |path: &str| Request::post(path).json(&body("json", "json@example.com"));
    let fields = [("username", "form"), ("email", "form@example.com"), ("password", PASSWORD)];
    let parts = [
        Part::field("username", "parts"),
        Part::field("email", "parts@example.com"),
        Part::field("password", PASSWORD),
    ];
    let requests = [
        ("json", json("/api/register/")),
        ("form", Request::post("/api/register").form(&fields)),
        ("parts", Request::post("/api/register/").multipart(&parts)),
    ];
    for (name, request) in requests {
        let reply = server.anon().send(request);
        let user = server.find(name).unwrap();
        assert_eq!(reply.status, 201, "{}", reply.text());
        let expected = json!({
            "id": user.id, "username": name, "email": format!("{name}@example.com"), "is_email_confirmed": false
        });
        assert_eq!(reply.json(), expected);
        assert_eq!(server.audit(user.id), ["registered"]);
        assert_eq!(server.anon().log_in(name, PASSWORD).status, 200);
    }
    let expected = ["json", "form", "parts"].map(|name| format!("{name}@example.com confirm_email"));
    assert_eq!(mails(&server), expected);
    assert_eq!(server.anon().send(json("/api/register")).status, 400, "the name is taken");
}

#[test]
fn all_errors_are_listed_at_once_and_names_and_emails_are_compared_in_any_letter_case() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let reply = server
        .anon()
        .post("/api/register/", &json!({"username": "ALICE", "email": "Alice@Example.com", "password": ""}));
    assert_eq!(reply.status, 400);
    let expected = json!({
        "username": ["user with this login already exists."],
        "email": ["user with this email already exists."],
        "password": ["This field may not be blank."],
    });
    assert_eq!(reply.json(), expected);
    let reply = server
        .anon()
        .post("/api/register/", &json!({"username": "ａｌｉｃｅ", "email": "x", "password": "1"}));
    let expected = json!({
        "username": ["user with this login already exists."],
        "email": ["Enter a valid email address."],
    });
    assert_eq!(reply.json(), expected);
    assert!(mails(&server).is_empty());
}

#[test]
fn a_name_that_is_another_users_email_is_refused_and_vice_versa() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.add_as("bob@example.com", "other@example.com", |_| ());
    let reply = register(&server, "Alice@example.com", "mallory@example.com");
    assert_eq!(reply.json(), json!({"username": ["user with this login already exists."]}));
    let reply = register(&server, "mallory", "Bob@example.com");
    assert_eq!(reply.json(), json!({"email": ["user with this email already exists."]}));
    assert_eq!(register(&server, "carol@example.com", "carol@example.com").status, 201, "one's own is fine");
}

#[test]
fn of_two_concurrent_registrations_with_one_email_one_is_refused() {
    let server = TestServer::start();
    for round in 0..8 {
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let both: Vec<_> = ["one", "two"]
                .map(|name| {
                    let (server, email) = (&server, format!("shared-{round}@example.com"));
                    scope.spawn(move || register(server, &format!("{name}-{round}"), &email))
                })
                .into();
            both.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 400]);
        let refused = replies.iter().find(|reply| reply.status == 400).unwrap();
        assert_eq!(refused.json(), json!({"email": ["user with this email already exists."]}));
    }
    assert_eq!(mails(&server).len(), 8);
}

#[test]
fn closed_registration_is_refused() {
    let server = TestServer::with(&[("registration", "closed")]);
    let reply = register(&server, "alice", "alice@example.com");
    assert_eq!((reply.status, reply.json()), (403, json!({"detail": "Registration is closed."})));
    assert!(server.find("alice").is_none() && mails(&server).is_empty());
}

#[test]
fn an_invitation_registers_its_email_once_as_confirmed() {
    let server = TestServer::with(&[("registration.mode", "invite")]);
    server.add("taken", |_| ());
    let key = invitation(&server, "Alice@example.com");
    let with = |name: &str, email: &str, invite: Value| {
        let mut body = body(name, email);
        body["invite"] = invite;
        server.anon().post("/api/register/", &body)
    };
    let refused = json!({"invite": ["Invitation is invalid or expired."]});
    let missing = register(&server, "taken", "alice@example.com");
    assert_eq!(missing.json(), json!({"invite": ["This field is required."]}), "and no other error");
    for bad in [json!("x"), json!(OneTimeKey::random().expose())] {
        assert_eq!(with("taken", "alice@example.com", bad).json(), refused);
    }
    assert_eq!(with("alice", "mallory@example.com", json!(key.expose())).json(), refused);
    let reply = with("taken", "alice@example.com", json!(key.expose()));
    assert_eq!(reply.json(), json!({"username": ["user with this login already exists."]}));

    let reply = with("alice", "alice@example.com", json!(key.expose()));
    assert_eq!(reply.status, 201, "the key outlives refusals: {}", reply.text());
    assert_eq!(reply.json()["is_email_confirmed"], true);
    assert!(mails(&server).is_empty());
    assert_eq!(with("alice-2", "alice@example.com", json!(key.expose())).json(), refused);
}

#[test]
fn of_two_concurrent_registrations_with_one_invitation_one_is_refused() {
    let server = TestServer::with(&[("registration", "invite")]);
    let key = invitation(&server, "alice@example.com");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let both: Vec<_> = ["one", "two"]
            .map(|name| {
                let mut body = body(name, "alice@example.com");
                body["invite"] = json!(key.expose());
                let server = &server;
                scope.spawn(move || server.anon().post("/api/register/", &body).status)
            })
            .into();
        both.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().sum::<u16>(), 201 + 400, "{statuses:?}");
}

/// A server with `registration.hide_existing`, and with alice, whose email is confirmed.
fn with_hide_existing() -> TestServer {
    let server = TestServer::with(&[("registration.hide_existing", "true")]);
    server.add("alice", |account| account.is_email_confirmed = true);
    server
}

#[test]
fn with_hide_existing_a_change_of_name_reveals_no_email() {
    let server = with_hide_existing();
    server.add("bob", |account| account.is_email_confirmed = true);
    let bob = server.log_in("bob");
    let rename = |name: &str| {
        let reply = bob.send(Request::put("/api/user/").json(&json!({ "username": name })));
        (reply.status, reply.text())
    };
    let taken = rename("alice@example.com");
    assert_eq!(taken.0, 400);
    assert_eq!(taken, rename("nobody@example.com"));
    assert_eq!(rename("bob@example.com").0, 200, "their own email");
}

/// A name that seems to be registered is taken at every door, and for as long as an account would be.
#[test]
fn with_hide_existing_a_reserved_name_is_taken_everywhere_and_for_ever() {
    let server = with_hide_existing();
    server.add("bob", |account| account.is_email_confirmed = true);
    assert_eq!(register(&server, "probe1", "alice@example.com").status, 201);
    assert_eq!(register(&server, "probe2", "free@example.com").status, 201);
    server.advance(std::time::Duration::from_secs(400 * 24 * 3600));
    let bob = server.log_in("bob");
    let by = Actor::command_line();
    let rules = doorward::testing::accounts::Rules::Enforced;
    server.add("root", |account| (account.is_admin, account.is_email_confirmed) = (true, true));
    let browser = server.signed_in("root");
    let key = server.wait(doorward::testing::accounts::invite(
        &server.app,
        Email::parse("invited@example.com").unwrap(),
        None,
        &by,
    ));
    let invitation = format!("/accept-invite/{}", key.unwrap().expose());
    let at_every_door = |name: &str| {
        let rename = bob.send(Request::put("/api/user/").json(&json!({ "username": name })));
        let account = doorward::testing::accounts::NewAccount {
            username: doorward::testing::types::Username::parse(name).unwrap(),
            email: Email::parse("new@example.com").unwrap(),
            password: Password::new(PASSWORD.to_owned()),
            is_email_confirmed: false,
            is_active: true,
            is_admin: false,
        };
        let added = server.wait(doorward::testing::accounts::create_user(&server.app, account, rules, &by));
        let password = [("username", name), ("password", PASSWORD), ("password_again", PASSWORD)];
        let email = [("email", "new@example.com")];
        (
            register(&server, name, "other@example.com").text(),
            (rename.status, rename.text()),
            added.unwrap_err().to_string(),
            browser.submit("/admin/users/add", &[&password[..], &email[..]].concat()).status,
            server.anon().send(Request::post(&invitation).form(&password)).status,
        )
    };
    let reserved = at_every_door("probe1");
    assert_eq!(reserved, at_every_door("probe2"));
    assert_eq!(reserved, at_every_door("PROBE1"));
    assert_eq!((reserved.1.0, reserved.3, reserved.4), (400, 422, 422));
}

#[test]
fn with_hide_existing_a_taken_email_has_the_answer_of_a_free_one() {
    let server = with_hide_existing();
    let attempt = |name: &str, email: &str| {
        let before = server.app.passwords.turns();
        let reply = register(&server, name, email);
        let mut headers: Vec<String> = reply.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
        headers.sort();
        let mut body = reply.json();
        let id = body["id"].take().as_i64().unwrap();
        assert_eq!((&body["username"], &body["email"]), (&json!(name), &json!(email)));
        let again = register(&server, name, &format!("again-{email}")).json();
        let log_in = server.anon().log_in(name, PASSWORD).status;
        let by_email = server.anon().log_in(email, PASSWORD).status;
        let other_name = register(&server, &format!("other-{name}"), email).status;
        let work = server.app.passwords.turns() - before;
        (
            id,
            (
                reply.status,
                headers,
                body["is_email_confirmed"].clone(),
                again,
                log_in,
                by_email,
                other_name,
                work,
            ),
        )
    };
    let (first, free) = attempt("mallory", "free@example.com");
    let (second, taken) = attempt("trudy", "Alice@example.com");
    let (third, free_again) = attempt("oscar", "free-2@example.com");
    assert_eq!(free, taken);
    assert_eq!(free, free_again);
    assert_eq!(free.0, 201);
    assert_eq!(free.3, json!({"username": ["user with this login already exists."]}));
    assert_eq!((free.4, free.5), (404, 404), "an address has to be confirmed first");
    assert_eq!(second - first, third - second, "each attempt gets an id");

    let id = server.find("mallory").unwrap().id;
    server.wait(confirm_email(&server.app, id, &Actor::command_line())).unwrap();
    assert_eq!(server.anon().log_in("mallory", PASSWORD).status, 200);
    assert!(server.find("trudy").is_none());
}

#[test]
fn with_hide_existing_a_taken_name_has_one_answer_whatever_the_email_is() {
    let server = with_hide_existing();
    let answers = ["alice@example.com", "free@example.com"].map(|email| {
        let reply = register(&server, "alice", email);
        (reply.status, reply.text())
    });
    assert_eq!(answers[0].0, 400, "{}", answers[0].1);
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn with_hide_existing_the_owner_of_the_email_gets_a_limited_number_of_mails() {
    let server = with_hide_existing();
    let owner = server.find("alice").unwrap();
    for n in 0..3 {
        assert_eq!(register(&server, &format!("m{n}"), "ALICE@example.com").status, 201);
    }
    assert_eq!(mails(&server), ["alice@example.com already_registered"]);
    assert_eq!(server.audit(owner.id)[..3], ["registered-again"; 3]);
    server.advance(std::time::Duration::from_secs(3600));
    register(&server, "m4", "alice@example.com");
    assert_eq!(mails(&server).len(), 2);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
}

#[test]
fn with_hide_existing_a_name_that_is_an_email_reveals_nothing() {
    let server = with_hide_existing();
    let expected = json!({"username": ["user with this login already exists."]});
    assert_eq!(register(&server, "alice@example.com", "m@example.com").json(), expected);
    assert_eq!(register(&server, "nobody@example.com", "m@example.com").json(), expected);
    assert_eq!(register(&server, "own@example.com", "Own@example.com").status, 201);
    assert_eq!(register(&server, "ALICE@example.com", "alice@example.com").status, 201, "seemingly");
}

#[test]
fn registrations_per_client_address_and_per_email_are_limited() {
    let server = TestServer::with(&[("limits.registrations_per_account", "2")]);
    let statuses = [0, 1, 2].map(|n| register(&server, &format!("a{n}"), "One@example.com").status);
    assert_eq!(statuses, [201, 400, 429]);
    assert_eq!(register(&server, "b", "two@example.com").status, 201, "other emails are not limited");

    let server = TestServer::with(&[("limits.registrations_per_address", "2")]);
    let replies = [0, 1, 2].map(|n| register(&server, &format!("a{n}"), &format!("a{n}@example.com")));
    assert_eq!([201, 201, 429], [0, 1, 2].map(|n: usize| replies[n].status));
    let wait: u64 = replies[2].header("Retry-After").unwrap().parse().unwrap();
    let detail = format!("Request was throttled. Expected available in {wait} seconds.");
    assert_eq!(replies[2].json(), json!({"detail": detail}));
    assert!(server.find("a2").is_none());
    server.advance(std::time::Duration::from_secs(wait));
    assert_eq!(register(&server, "a2", "a2@example.com").status, 201);
}

#[test]
fn a_password_is_not_stored_in_plain_text() {
    let server = TestServer::start();
    register(&server, "alice", "alice@example.com");
    assert!(server.database().holds("alice@example.com"), "the search works");
    assert!(!server.database().holds(PASSWORD));
}

#[test]
fn a_name_that_equals_an_email_does_not_block_an_invitation_for_that_email() {
    let server = TestServer::start();
    server.add_as("carol@example.com", "trudy@example.com", |account| {
        account.password = Password::new("Trudy-pass-1".to_owned());
    });
    let key = invitation(&server, "carol@example.com");
    let form = [("username", "carol"), ("password", PASSWORD), ("password_again", PASSWORD)];
    let accept = Request::post(&format!("/accept-invite/{}", key.expose())).form(&form);
    assert_eq!(server.anon().send(accept).header("Location").as_deref(), Some("/accept-invite/done"));
    let carol = server.find("carol").unwrap();
    assert!(carol.email.as_str() == "carol@example.com" && carol.is_email_confirmed);
    let username = |password: &str| {
        server.anon().log_in("carol@example.com", password).json()["user"]["username"].clone()
    };
    assert_eq!((username(PASSWORD), username("Trudy-pass-1")), (json!("carol"), json!("carol@example.com")));
}

#[test]
fn attempts_of_others_with_an_email_do_not_block_its_invitation() {
    let server = TestServer::with(&[
        ("registration", "invite"),
        ("limits.registrations_per_account", "2"),
        ("limits.registrations_per_address", "6"),
    ]);
    let with = |invite: &OneTimeKey, name: &str| {
        let mut body = body(name, "alice@example.com");
        body["invite"] = json!(invite.expose());
        server.anon().post("/api/register/", &body).status
    };
    let (good, bad) = (invitation(&server, "alice@example.com"), OneTimeKey::random());
    assert_eq!([0, 1, 2].map(|_| with(&bad, "mallory")), [400, 400, 429]);
    assert_eq!(with(&good, "a name that is none"), 400);
    assert_eq!(with(&good, "alice"), 201);
    assert_eq!(with(&good, "alice"), 429, "a used invitation does not count");
    let others = invitation(&server, "bob@example.com");
    assert_eq!(with(&others, "alice"), 429, "an invitation for another email does not count");
}

#[test]
fn an_invitation_does_not_lift_the_limit_of_the_client_address() {
    let server = TestServer::with(&[("registration", "invite"), ("limits.registrations_per_address", "2")]);
    let mut body = body("a name that is none", "alice@example.com");
    body["invite"] = json!(invitation(&server, "alice@example.com").expose());
    let statuses = [0, 1, 2].map(|_| server.anon().post("/api/register/", &body).status);
    assert_eq!(statuses, [400, 400, 429]);
}
