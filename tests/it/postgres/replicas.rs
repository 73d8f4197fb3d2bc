//! Several processes on one database act as one login server.

use std::time::Duration;

use doorward::testing::accounts::{Actor, deactivate, issue_setup_key};
use doorward::testing::passwords::{EngineOptions, Passwords, Requester};
use serde_json::json;

use crate::cli::Place;
use crate::cli::serve::Serving;
use crate::database::{Database, server_or_skip};
use crate::http::{Request, send};
use crate::server::{TestServer, password_of};
use crate::tokens::{holder, minted_elsewhere, obtain, refresh, status, text};

#[test]
fn ten_replicas_that_start_together_create_one_schema_and_one_key() {
    let Some(server) = server_or_skip() else { return };
    let database = Database::empty_postgres(&server);
    let place = Place::on(database.url());
    let all: Vec<Serving> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..10).map(|_| scope.spawn(|| Serving::start(&place, &[]))).collect();
        starting.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let migrated = all.iter().flat_map(|serving| &serving.greeting);
    let migrated = migrated.filter(|line| line["message"].as_str().unwrap().contains("brought up to date"));
    assert_eq!(migrated.count(), 1, "one of them made the schema");
    let applied = database.lines("SELECT version::text AS line FROM __diesel_schema_migrations");
    assert_eq!(applied.len(), super::schema::migrations().len(), "{applied:?}");
    assert_eq!(
        database.lines("SELECT name AS line FROM secrets ORDER BY name"),
        ["signing_key", "successor_key"]
    );
    assert_eq!(
        database.lines("SELECT purpose AS line FROM one_time_keys"),
        ["setup"],
        "the last link is the one"
    );

    place.add("alice", "correct-horse-7", &[]);
    let login = all[0].log_in("alice", "correct-horse-7");
    let token = login.cookie("access_token").unwrap().value;
    for serving in &all {
        assert_eq!(serving.send(&Request::get("/api/user/").bearer(&token)).status, 200, "one key");
    }
}

/// Two servers on one database.
fn two(settings: &[(&str, &str)]) -> Option<(TestServer, TestServer)> {
    let server = server_or_skip()?;
    let one = TestServer::on(Database::postgres(&server), settings);
    let two = TestServer::beside(&one, settings);
    Some((one, two))
}

#[test]
fn revocation_and_failed_logins_apply_to_the_next_request_at_the_other_replica() {
    let Some((one, two)) = two(&[]) else { return };
    let id = one.add("alice", |_| ());
    let token = one.log_in("alice").token.unwrap();
    let status = || two.anon().send(Request::get("/api/user/").bearer(&token)).status;
    assert_eq!(status(), 200);
    one.wait(deactivate(&one.app, id, None, &Actor::command_line())).unwrap();
    assert_eq!(status(), 401);
    for n in 0..10 {
        let replica = if n % 2 == 0 { &one } else { &two };
        assert_eq!(replica.anon().log_in("bob", "wrong").status, 404);
    }
    assert_eq!([&one, &two].map(|replica| replica.anon().log_in("bob", "wrong").status), [429, 429]);
}

#[test]
fn a_setup_link_of_one_replica_works_once_at_the_other_and_a_new_one_replaces_it() {
    let Some((one, two)) = two(&[]) else { return };
    let link = |replica: &TestServer| {
        let key = replica.wait(issue_setup_key(&replica.app)).unwrap().unwrap();
        format!("/admin/setup/{}", key.expose())
    };
    let (old, path) = (link(&one), link(&two));
    assert_eq!([&one, &two].map(|replica| replica.anon().get(&old).status), [404, 404]);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let posting: Vec<_> = (0..6)
            .map(|n| {
                let (address, path) = ([&one, &two][n % 2].address, &path);
                scope.spawn(move || {
                    let (name, email) = (format!("root-{n}"), format!("root-{n}@example.com"));
                    let fields = [
                        ("username", name.as_str()),
                        ("email", &email),
                        ("password", "quite-Long-pass-3"),
                        ("password_again", "quite-Long-pass-3"),
                    ];
                    send(address, &Request::post(path).form(&fields)).unwrap().status
                })
            })
            .collect();
        posting.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 5, "{statuses:?}");
}

#[test]
fn simultaneous_guesses_at_two_replicas_share_one_rate_limit() {
    let settings = [("limits.failed_logins_per_account", "3"), ("password.cost", "6")];
    let Some((one, two)) = two(&settings) else { return };
    one.add("alice", |_| ());
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let guessing: Vec<_> = (0..24)
            .map(|n| {
                let address = [&one, &two][n % 2].address;
                scope.spawn(move || {
                    let body = json!({"username": "alice", "password": format!("guess-{n}")});
                    send(address, &Request::post("/api/login/").json(&body)).unwrap().status
                })
            })
            .collect();
        guessing.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 404).count(), 3, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 21, "{answers:?}");
}

#[test]
fn a_username_that_equals_the_email_of_another_user_is_refused_in_either_order() {
    let Some(server) = server_or_skip() else { return };
    let place = Place::on_new(Database::postgres(&server));
    let add = |name: &str, email: &str| {
        let arguments = ["user", "add", "--username", name, "--email", email, "--password-stdin"];
        place.pipe(b"quite-Long-pass-3", &arguments).code
    };
    for n in 0..4 {
        let (name, address) = (format!("v{n}"), format!("v{n}@example.com"));
        // The name of one is the email of the other.
        let codes: Vec<i32> = std::thread::scope(|scope| {
            let both = [
                scope.spawn(|| add(&address, &format!("x{n}@example.com"))),
                scope.spawn(|| add(&name, &address)),
            ];
            both.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(codes.iter().sum::<i32>(), 1, "one of them: {codes:?}");
    }
}

#[test]
fn a_password_change_during_a_login_is_not_overwritten() {
    // The stored hash is cheaper than the configured cost, so each login rehashes the password.
    let Some((one, two)) = two(&[("limits.enabled", "false"), ("password.cost", "7")]) else { return };
    let id = one.add("alice", |_| ());
    let cheap = one.wait(async {
        let engine = Passwords::start(EngineOptions {
            cost: 4,
            threads: 1,
            queue: 8,
            max_wait: Duration::from_secs(5),
            foreign_memory: 0,
        })
        .unwrap();
        let password = doorward::testing::types::Password::new(password_of("alice"));
        engine.hash(Requester::default(), &password.into()).await.unwrap()
    });
    for round in 0..5 {
        one.overwrite_hash(id, cheap.as_stored());
        let user = one.find("alice").unwrap();
        let new = format!("another-secret-{round}");
        std::thread::scope(|scope| {
            let address = one.address;
            let logging_in: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(move || {
                        let body = json!({"username": "alice", "password": password_of("alice")});
                        send(address, &Request::post("/api/login/").json(&body)).unwrap().status
                    })
                })
                .collect();
            std::thread::sleep(Duration::from_millis(round * 8));
            let password = doorward::testing::types::Password::new(new.clone());
            let (rules, by) = (doorward::testing::accounts::Rules::Enforced, Actor::command_line());
            two.wait(doorward::testing::accounts::set_password(&two.app, user.id, password, rules, &by))
                .unwrap();
            for thread in logging_in {
                let status = thread.join().unwrap();
                assert!([200, 404].contains(&status), "{status}");
            }
        });
        assert_eq!(one.anon().log_in("alice", &new).status, 200, "round {round}");
        assert_eq!(two.anon().log_in("alice", &password_of("alice")).status, 404, "round {round}");
    }
}

#[test]
fn a_session_that_one_replica_ends_is_ended_at_the_other_and_a_login_in_the_same_second_works() {
    let Some((one, two)) = two(&[]) else { return };
    let id = one.add("alice", |_| ());
    for _ in 0..5 {
        let pair = obtain(&one, "alice");
        let foreign = minted_elsewhere(&one, "access", &json!({"user_id": id.get()}));
        assert_eq!([status(&two, &pair.access), status(&two, &foreign)], [200, 200]);
        let everywhere = holder(&two, &pair.access).post("/api/logout/", &json!({"all": true}));
        assert_eq!(everywhere.status, 200);
        assert_eq!([&one, &two].map(|replica| status(replica, &pair.access)), [401, 401]);
        assert_eq!([&one, &two].map(|replica| status(replica, &foreign)), [401, 401]);
        assert_eq!([&one, &two].map(|replica| refresh(replica, &pair.refresh).status), [401, 401]);
        let again = obtain(&two, "alice");
        assert_eq!([&one, &two].map(|replica| status(replica, &again.access)), [200, 200]);
        std::thread::sleep(Duration::from_millis(1000));
    }
}

#[test]
fn fifty_parallel_refreshes_at_two_replicas_have_one_successor() {
    let Some((one, two)) = two(&[("tokens.rotate_refresh", "true")]) else { return };
    one.add("alice", |_| ());
    for token in [
        obtain(&one, "alice").refresh,
        minted_elsewhere(&one, "refresh", &json!({"user_id": one.find("alice").unwrap().id.get()})),
    ] {
        let request = Request::post("/api/token/refresh/").json(&json!({"refresh": token}));
        let replies = crate::api::refresh::in_parallel(&[&one, &two], 50, &request);
        let next = text(&replies[0], "refresh");
        for reply in &replies {
            assert_eq!((reply.status, text(reply, "refresh")), (200, next.clone()));
        }
        assert_eq!([&one, &two].map(|replica| refresh(replica, &next).status), [200, 200]);
    }
    assert_eq!(one.database().lines("SELECT handle AS line FROM sessions").len(), 2);
}

#[test]
fn one_of_two_simultaneous_registrations_of_an_email_succeeds() {
    for hide_existing in ["false", "true"] {
        let Some((one, two)) = two(&[("registration.hide_existing", hide_existing)]) else { return };
        for round in 0..8 {
            let mut statuses: Vec<u16> = std::thread::scope(|scope| {
                let registering: Vec<_> = [one.address, two.address]
                    .into_iter()
                    .enumerate()
                    .map(|(n, address)| {
                        let (name, email) = (format!("u{round}-{n}"), format!("shared-{round}@example.com"));
                        let body = json!({"username": name, "email": email, "password": "quite-Long-pass-3"});
                        scope.spawn(move || {
                            send(address, &Request::post("/api/register/").json(&body)).unwrap().status
                        })
                    })
                    .collect();
                registering.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            statuses.sort_unstable();
            let expected = if hide_existing == "true" { [201, 201] } else { [201, 400] };
            assert_eq!(statuses, expected, "round {round}");
        }
        let count = |kind: &str| {
            let query = format!("SELECT recipient AS line FROM mails WHERE kind = '{kind}'");
            one.database().lines(&query).len()
        };
        assert_eq!(one.database().lines("SELECT email AS line FROM users").len(), 8);
        assert_eq!(count("confirm_email"), 8);
        assert_eq!(count("already_registered"), if hide_existing == "true" { 8 } else { 0 });
    }
}
