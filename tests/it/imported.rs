//! Users that came from another login server: with names that differ by letter case alone, without an address, with
//! ids of their own, with attributes and groups.

use doorward::testing::store::users;
use doorward::testing::store::users::{ImportRefusal, ImportedUser};
use doorward::testing::types::{Attributes, Email, PasswordHash, PublicId, Timestamp, UserId, Username};
use serde_json::{Map, Value, json};

use crate::http::Reply;
use crate::server::{TestServer, email_of, password_of};

/// The password of every imported user.
pub(crate) fn password() -> String {
    password_of("pattern")
}

/// A user of the other server with the id `id`: an integer or a text.
pub(crate) fn user(server: &TestServer, id: &str, name: &str, email: &str) -> ImportedUser {
    if server.find("pattern").is_none() {
        server.add("pattern", |_| ());
    }
    ImportedUser {
        id: match id.parse() {
            Ok(number) => PublicId::Integer(UserId::new(number)),
            Err(_) => PublicId::text(id.to_owned()).unwrap(),
        },
        username: Username::from_stored(name.to_owned()),
        email: Email::from_stored(email.to_owned()),
        password_hash: PasswordHash::from_stored(server.hash_of("pattern")),
        is_email_confirmed: !email.is_empty(),
        is_active: true,
        is_admin: false,
        created_at: Timestamp::from_seconds(1_500_000_000),
        last_login_at: None,
        attributes: Attributes::default(),
        groups: Vec::new(),
    }
}

/// Imports users; answers for each its number or why it was left out.
pub(crate) fn import(server: &TestServer, new: Vec<ImportedUser>) -> Vec<Result<UserId, ImportRefusal>> {
    let now = server.app.clock.now();
    server.wait(server.app.store.write(move |tx| users::insert_imported(tx, &new, now))).unwrap()
}

fn imported(server: &TestServer) -> Vec<ImportedUser> {
    let all = server.wait(server.app.store.read(|conn| users::imported(conn, UserId::new(0), 100)));
    all.unwrap().into_iter().map(|(_, user)| user).collect()
}

fn log_in(server: &TestServer, typed: &str) -> Reply {
    server.anon().log_in(typed, &password())
}

fn register(server: &TestServer, name: &str, email: &str) -> Reply {
    let body = json!({"username": name, "email": email, "password": password_of("new")});
    server.anon().post("/api/register/", &body)
}

#[test]
fn names_that_differ_by_letter_case_log_in_each_with_its_own_and_no_other_can_be_chosen() {
    let server = TestServer::start();
    let new = ["bob", "Bob", "BOB"].map(|name| user(&server, "x", name, &email_of(&format!("{name}.1"))));
    let new = new.into_iter().zip(100..).map(|(user, id)| ImportedUser {
        id: PublicId::Integer(UserId::new(id)),
        email: Email::from_stored(format!("{id}@example.com")),
        ..user
    });
    assert_eq!(import(&server, new.collect()), [100, 101, 102].map(|id| Ok(UserId::new(id))));
    for (name, id) in [("bob", 100), ("Bob", 101), ("BOB", 102)] {
        let reply = log_in(&server, name);
        assert_eq!((reply.status, &reply.json()["user"]["id"]), (200, &json!(id)), "{name}");
    }
    assert_eq!(log_in(&server, "boB").status, 404);
    for name in ["bob", "Bob", "boB"] {
        assert_eq!(register(&server, name, "new@example.com").status, 400, "{name}");
    }

    server.database().execute("DELETE FROM users WHERE id = 100");
    for name in ["bob", "Bob", "boB"] {
        assert_eq!(register(&server, name, "new@example.com").status, 400, "{name} while Bob exists");
    }
    assert_eq!(log_in(&server, "Bob").json()["user"]["id"], 101);
    server.database().execute("DELETE FROM users WHERE id IN (101, 102)");
    assert_eq!(register(&server, "bob", "new@example.com").status, 201);
}

#[test]
fn users_without_an_address_log_in_by_name_and_an_empty_identifier_is_nobodys() {
    let server = TestServer::start();
    let blank = ["ann", "ben", "cy"].map(|name| user(&server, "x", name, ""));
    let blank = blank.into_iter().zip(["7a", "7b", "7c"]);
    let blank: Vec<_> =
        blank.map(|(user, id)| ImportedUser { id: PublicId::text(id.to_owned()).unwrap(), ..user }).collect();
    assert!(import(&server, blank).iter().all(Result::is_ok));
    for name in ["ann", "ben", "cy"] {
        let reply = log_in(&server, name);
        assert_eq!((reply.status, &reply.json()["user"]["email"]), (200, &json!("")), "{name}");
    }
    for empty in ["", " ", "\u{1f}", "\u{a0}"] {
        let status = log_in(&server, empty).status;
        assert!(status == 400 || status == 404, "{empty:?} is answered {status}");
    }
    let other = user(&server, "9", "dan", &email_of("pattern").to_uppercase());
    let taken = import(&server, vec![other]).remove(0);
    assert!(matches!(taken, Err(ImportRefusal::EmailTaken(_))), "{taken:?}");
}

#[test]
fn integer_ids_stay_and_new_users_get_higher_ones() {
    let server = TestServer::start();
    let new = [("70", "ann"), ("5000000000", "ben"), ("80", "cy")];
    let new = new.map(|(id, name)| user(&server, id, name, &email_of(name)));
    assert_eq!(import(&server, new.to_vec()), [70, 5_000_000_000, 80].map(|id| Ok(UserId::new(id))));
    let id = register(&server, "new", "new@example.com").json()["id"].as_i64().unwrap();
    assert!(id > 5_000_000_000, "{id}");
    let text = user(&server, "d9b2d63d-a233-4123-847a-7090a7a2a0a1", "dan", "");
    let number = import(&server, vec![text]).remove(0).unwrap();
    assert!(number.get() > id, "{number}");
}

#[test]
fn a_row_that_cannot_be_written_is_left_out_with_its_reason_and_the_others_are_written() {
    let server = TestServer::start();
    let ann = |id, email| user(&server, id, "ann", email);
    let groups = |groups: &[&str]| groups.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let new = vec![
        ann("70", "ann@example.com"),
        user(&server, "70", "ben", ""),
        ann("71", ""),
        user(&server, "72", "cy", "ANN@EXAMPLE.COM"),
        user(&server, "73", " \t", ""),
        user(&server, "0", "dan", ""),
        user(&server, "74", "d\0an", ""),
        ImportedUser { groups: groups(&[" "]), ..user(&server, "75", "eve", "") },
        user(&server, "name with spaces, and !?", "fay with spaces, and !?", "no address at all"),
    ];
    let outcomes = import(&server, new);
    let first = UserId::new(70);
    let refused: Vec<_> = outcomes.iter().map(|outcome| outcome.err()).collect();
    assert_eq!(
        refused[..4],
        [
            None,
            Some(ImportRefusal::IdTaken(first)),
            Some(ImportRefusal::UsernameTaken(first)),
            Some(ImportRefusal::EmailTaken(first)),
        ]
    );
    assert!(refused[4..8].iter().all(|why| matches!(why, Some(ImportRefusal::Unusable(_)))), "{refused:?}");
    assert_eq!(refused[8], None);
    let names: Vec<String> = imported(&server).iter().map(|user| user.username.to_string()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(log_in(&server, "fay with spaces, and !?").status, 200);
    let reply = log_in(&server, "no address at all");
    assert_eq!(reply.status, 200, "a text in place of an address is found as one");
}

#[test]
fn what_was_imported_is_read_back_and_a_second_import_changes_it() {
    let server = TestServer::start();
    let attributes = |json: Value| {
        let map: Map<String, Value> = json.as_object().unwrap().clone();
        Attributes::from(map)
    };
    let groups = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let ann = ImportedUser {
        attributes: attributes(json!({"last_name": "Ørsted", "first_name": "Ann", "credits": 1.5})),
        groups: groups(&["Editors", "editors", "Night shift"]),
        last_login_at: Some(Timestamp::from_micros(1_600_000_000_000_001)),
        is_admin: true,
        ..user(&server, "d9b2d63d-a233-4123-847a-7090a7a2a0a1", "ann", "")
    };
    let ben = ImportedUser { groups: groups(&["editors"]), ..user(&server, "70", "ben", "ben@Example.com") };
    let numbers: Vec<UserId> =
        import(&server, vec![ann.clone(), ben.clone()]).into_iter().map(Result::unwrap).collect();
    let back = imported(&server);
    let find = |name: &str| back.iter().find(|user| user.username.as_str() == name).unwrap();
    for (user, expected) in [(find("ann"), &ann), (find("ben"), &ben)] {
        assert_eq!(format!("{user:?}"), format!("{expected:?}"));
    }

    let ids = vec![
        ann.id.clone(),
        PublicId::Integer(numbers[0]),
        ben.id.clone(),
        PublicId::text("70".into()).unwrap(),
    ];
    let found = server.wait(server.app.store.read(move |conn| users::ids_of(conn, &ids))).unwrap();
    assert_eq!(found, [Some(numbers[0]), None, Some(numbers[1]), None]);

    let changed = ImportedUser {
        username: Username::from_stored("BEN".to_owned()),
        email: Email::from_stored(String::new()),
        attributes: Attributes::default(),
        groups: groups(&["Night shift"]),
        is_active: false,
        ..ann.clone()
    };
    let update = |id: UserId, row: ImportedUser| {
        let now = server.app.clock.now();
        server.wait(server.app.store.write(move |tx| users::update_imported(tx, id, &row, now))).unwrap()
    };
    assert_eq!(update(numbers[0], changed.clone()), Ok(()));
    let back = imported(&server).into_iter().find(|user| user.username.as_str() == "BEN").unwrap();
    assert_eq!(format!("{back:?}"), format!("{changed:?}"));
    let taken = ImportedUser { username: Username::from_stored("ben".to_owned()), ..changed };
    assert_eq!(update(numbers[0], taken), Err(ImportRefusal::UsernameTaken(numbers[1])));
}

#[test]
fn a_thousand_users_are_imported_at_once() {
    let server = TestServer::start();
    let pattern = user(&server, "x", "x", "");
    let all = |id: fn(i64) -> PublicId, name: &str| -> Vec<ImportedUser> {
        let user = |number| ImportedUser {
            id: id(number),
            username: Username::from_stored(format!("{name}{number}")),
            groups: vec![format!("group {}", number % 3), "all".to_owned()],
            ..pattern.clone()
        };
        (0..600).map(user).collect()
    };
    let numbers = all(|number| PublicId::Integer(UserId::new(10_000 + number)), "number");
    let texts = all(|number| PublicId::text(format!("user-{number}")).unwrap(), "text");
    for new in [numbers, texts] {
        let outcomes = import(&server, new.clone());
        assert!(outcomes.iter().all(Result::is_ok), "{:?}", outcomes.iter().find(|one| one.is_err()));
        let again = import(&server, new);
        assert!(again.iter().all(|one| matches!(one, Err(ImportRefusal::IdTaken(_)))));
    }
    let members = server.database().lines("SELECT CAST(count(*) AS TEXT) AS line FROM user_groups");
    assert_eq!(members, ["2400"]);
}

#[test]
fn an_imported_name_and_a_blank_address_may_be_sent_back_as_they_are() {
    let server = TestServer::start();
    let ann = user(&server, "70", "ann of old", "");
    assert!(import(&server, vec![ann])[0].is_ok());
    let reply = log_in(&server, "ann of old");
    let token = reply.cookie("access_token").unwrap().value;
    let ann = crate::tokens::holder(&server, &token);
    let put = |body: Value| ann.send(crate::http::Request::put("/api/user/").json(&body));
    let same = put(json!({"username": "ann of old", "email": ""}));
    assert_eq!(
        (same.status, same.json()["message"].clone()),
        (200, json!("Email, Username updated successfully"))
    );
    for (name, email) in [("ann  of old", ""), ("ann of old", " "), ("ann of old", "nowhere")] {
        assert_eq!(put(json!({"username": name, "email": email})).status, 400, "{name:?} {email:?}");
    }
    assert_eq!(put(json!({"username": "ann of old", "email": "ann@example.com"})).status, 200);
    assert_eq!(put(json!({"email": ""})).status, 400, "an address is not taken away");
    let reply = log_in(&server, "ann@example.com");
    assert_eq!(reply.json()["user"]["username"], "ann of old");
}
