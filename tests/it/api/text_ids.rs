//! Users whose id is a text: what answers and tokens say, and which tokens open their accounts.

use serde_json::{Value, json};

use crate::imported::{import, password, user};
use crate::server::{TestServer, password_of};
use crate::tokens::{blacklist, claims, error_of, holder, minted_elsewhere, refresh, status, text, verify};

const ID: &str = "d9b2d63d-a233-4123-847a-7090a7a2a0a1";

/// A server with the user `ann`, whose id is [`ID`].
fn with_ann(settings: &[(&str, &str)]) -> TestServer {
    let server = TestServer::with(settings);
    let ann = user(&server, ID, "ann", "ann@example.com");
    assert!(import(&server, vec![ann])[0].is_ok());
    server
}

fn obtain(server: &TestServer, name: &str) -> (String, String) {
    let reply = server.anon().post("/api/token/", &json!({"username": name, "password": password()}));
    assert_eq!(reply.status, 200, "{}", reply.text());
    (text(&reply, "access"), text(&reply, "refresh"))
}

#[test]
fn bodies_and_tokens_say_the_text() {
    let server = with_ann(&[("api.user_id", "true")]);
    let login = server.anon().log_in("ann", &password());
    assert_eq!(login.json()["user"]["id"], ID);
    let (access, old) = obtain(&server, "ann");
    assert_eq!((&claims(&access)["user_id"], &claims(&old)["user_id"]), (&json!(ID), &json!(ID)));
    assert_eq!(holder(&server, &access).get("/api/user/").json()["id"], ID);
    let refreshed = refresh(&server, &old);
    assert_eq!(claims(&text(&refreshed, "access"))["user_id"], ID);
    assert_eq!(verify(&server, &old).0, 200);
    assert_eq!(blacklist(&server, &old).status, 200);
    assert_eq!(refresh(&server, &old).status, 401);
}

#[test]
fn tokens_of_another_issuer_open_the_account_by_its_own_id_alone() {
    let server = with_ann(&[]);
    let number = server.find("ann").unwrap().id.get();
    let mint = |kind: &str, id: Value| minted_elsewhere(&server, kind, &json!({"user_id": id}));
    assert_eq!(status(&server, &mint("access", json!(ID))), 200);
    let others =
        [json!(number), json!(number.to_string()), json!(ID.to_uppercase()), json!(""), json!("x\0")];
    for other in others {
        assert_eq!(status(&server, &mint("access", other.clone())), 401, "{other}");
        assert_eq!(refresh(&server, &mint("refresh", other.clone())).status, 401, "{other}");
        assert_eq!(verify(&server, &mint("access", other.clone())).0, 401, "{other}");
    }
    let old = mint("refresh", json!(ID));
    assert_eq!(refresh(&server, &old).status, 200);
    assert_eq!(blacklist(&server, &old).status, 200);
    assert_eq!(error_of(&refresh(&server, &old)).2, "token_not_valid");
}

#[test]
fn a_text_of_digits_is_its_owners_id_before_it_is_a_number() {
    let server = TestServer::start();
    let first = server.add("first", |_| ()).get();
    let token = minted_elsewhere(&server, "access", &json!({"user_id": first.to_string()}));
    assert_eq!(holder(&server, &token).get("/api/user/").json()["username"], "first");
    let ann = user(&server, &format!("id {first}"), "ann", "");
    let ann = doorward::testing::store::users::ImportedUser {
        id: doorward::testing::types::PublicId::text(first.to_string()).unwrap(),
        ..ann
    };
    assert!(import(&server, vec![ann])[0].is_ok());
    assert_eq!(holder(&server, &token).get("/api/user/").json()["username"], "ann");
    let number = minted_elsewhere(&server, "access", &json!({"user_id": first}));
    assert_eq!(holder(&server, &number).get("/api/user/").json()["username"], "first");
}

#[test]
fn new_users_get_ids_like_those_of_the_imported_ones_or_as_the_setting_says() {
    let register = |server: &TestServer, name: &str| {
        let body =
            json!({"username": name, "email": format!("{name}@new.example"), "password": password_of(name)});
        let reply = server.anon().post("/api/register/", &body);
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()["id"].clone()
    };
    let version = |id: &Value| id.as_str().map(|id| (id.len(), id.as_bytes()[14]));
    let server = with_ann(&[]);
    let id = register(&server, "ben");
    assert_eq!(version(&id), Some((36, b'4')));
    assert_eq!(server.anon().log_in("ben", &password_of("ben")).json()["user"]["id"], id);
    for (setting, expected) in [("uuid7", Some((36, b'7'))), ("integer", None), ("auto", None)] {
        let server = TestServer::with(&[("account.new_ids", setting)]);
        let id = register(&server, "cy");
        assert_eq!((version(&id), id.is_i64()), (expected, expected.is_none()), "{setting}: {id}");
    }
}

#[test]
fn a_registration_that_only_seems_to_work_answers_an_id_of_the_same_kind() {
    let server = with_ann(&[("registration.hide_existing", "true")]);
    let register = |name: &str, email: &str| {
        let body = json!({"username": name, "email": email, "password": password_of(name)});
        server.anon().post("/api/register/", &body).json()["id"].as_str().map(str::len)
    };
    assert_eq!([register("ben", "ben@example.com"), register("cy", "ann@example.com")], [Some(36); 2]);
}

#[test]
fn access_tokens_carry_the_claims_of_the_setting_as_they_are_at_the_refresh() {
    let server =
        with_ann(&[("tokens.claims", "username, email, groups, is_staff"), ("tokens.user_id_claim", "sub")]);
    let ben = user(&server, "70", "ben", "");
    let groups = vec!["editors".to_owned(), "Night shift".to_owned()];
    let ben = doorward::testing::store::users::ImportedUser { groups, is_admin: true, ..ben };
    assert!(import(&server, vec![ben])[0].is_ok());
    let about = |token: &str| {
        let claims = claims(token);
        ["sub", "username", "email", "groups", "is_staff"].map(|name| claims[name].clone())
    };
    let (access, old) = obtain(&server, "ben");
    assert_eq!(
        about(&access),
        [json!(70), json!("ben"), json!(""), json!(["editors", "Night shift"]), json!(true)]
    );
    assert!(claims(&access).get("user_id").is_none());
    let names: Vec<String> = claims(&old).as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["token_type", "exp", "iat", "jti", "sub"], "refresh tokens carry the id alone");
    assert_eq!(status(&server, &access), 200);

    server.database().execute("DELETE FROM user_groups");
    server.database().execute("UPDATE users SET is_admin = false, email = 'b@example.com', email_key = 'b@example.com' WHERE id = 70");
    let access = text(&refresh(&server, &old), "access");
    assert_eq!(about(&access), [json!(70), json!("ben"), json!("b@example.com"), json!([]), json!(false)]);

    let foreign = minted_elsewhere(&server, "refresh", &json!({"sub": ID, "username": "old", "tenant": 7}));
    let access = claims(&text(&refresh(&server, &foreign), "access"));
    assert_eq!(
        (&access["username"], &access["tenant"], &access["sub"]),
        (&json!("ann"), &json!(7), &json!(ID))
    );
    let unnamed = minted_elsewhere(&server, "access", &json!({"user_id": ID}));
    assert_eq!(status(&server, &unnamed), 401, "the claim has another name");
}
