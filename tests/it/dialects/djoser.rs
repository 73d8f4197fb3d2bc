//! djoser's endpoints, where they are this server's own.

use doorward::testing::types::Link;
use serde_json::{Value, json};

use crate::http::Request;
use crate::outbox;
use crate::server::{TestServer, email_of, password_of};

fn server(settings: &[(&str, &str)]) -> TestServer {
    let mut all = vec![("api.djoser", "/auth")];
    all.extend_from_slice(settings);
    TestServer::with(&all)
}

#[test]
fn nothing_is_mounted_by_default() {
    let server = TestServer::start();
    for path in ["/auth/users/", "/auth/jwt/create/", "/dj-rest-auth/login/"] {
        assert_eq!(server.anon().post(path, &json!({})).status, 404, "{path}");
    }
}

#[test]
fn every_endpoint_is_served_with_and_without_its_last_slash_below_any_prefix() {
    let server = server(&[("api.djoser", "/api/v1/auth/")]);
    server.add("alice", |_| ());
    let body = json!({"username": "alice", "password": password_of("alice")});
    for path in ["/api/v1/auth/jwt/create/", "/api/v1/auth/jwt/create"] {
        assert_eq!(server.anon().post(path, &body).status, 200, "{path}");
    }
}

#[test]
fn a_prefix_that_is_a_page_of_this_server_is_refused() {
    for (name, value) in [
        ("api.djoser", "/admin"),
        ("api.djoser", "/account/x"),
        ("api.djoser", "auth"),
        ("api.dj_rest_auth", "/api"),
        ("api.dj_rest_auth", "/reset-password"),
    ] {
        let refused = doorward::testing::app::Config::from_settings(&[(name, value)]).unwrap_err();
        assert!(refused.to_string().contains(name), "{refused}");
    }
}

#[test]
fn answers_stay_out_of_caches_and_listed_origins_may_read_them() {
    let server = server(&[("cors.allowed_origins", "https://app.example.com")]);
    let alice = server.user("alice");
    let origin = |request: Request| request.header("Origin", "https://app.example.com");
    let reply = alice.send(origin(Request::get("/auth/users/me/")));
    assert_eq!(reply.header("Cache-Control").as_deref(), Some("no-store"));
    let allowed = reply.header("Access-Control-Allow-Origin");
    assert_eq!(allowed.as_deref(), Some("https://app.example.com"));
    let preflight = Request::options("/auth/users/me/").header("Access-Control-Request-Method", "PATCH");
    assert_eq!(server.anon().send(origin(preflight)).status, 200);
}

#[test]
fn a_cookie_that_another_site_made_the_browser_send_counts_for_nothing() {
    let server = server(&[]);
    let token = server.user("alice").token.unwrap();
    let request = Request::new("PATCH", "/auth/users/me/")
        .json(&json!({"email": "new@example.com"}))
        .cookie("access_token", &token)
        .header("Origin", "https://evil.example");
    assert_eq!(server.anon().send(request).status, 403);
}

#[test]
fn wrong_passwords_are_limited_as_at_every_other_entrance() {
    let server = server(&[("limits.failed_logins_per_account", "3")]);
    let alice = server.user("alice");
    let wrong = json!({"username": "alice", "password": "wrong"});
    for _ in 0..3 {
        assert_eq!(server.anon().post("/auth/jwt/create/", &wrong).status, 401);
    }
    assert_eq!(server.anon().post("/api/login/", &wrong).status, 429);
    assert_eq!(server.anon().post("/auth/jwt/create/", &wrong).status, 429);
    let change = json!({"current_password": "wrong", "new_username": "other"});
    let statuses: Vec<u16> =
        (0..5).map(|_| alice.post("/auth/users/set_username/", &change).status).collect();
    assert_eq!((statuses[0], statuses.last()), (400, Some(&429)), "{statuses:?}");
}

#[test]
fn bad_links_are_limited() {
    let server = server(&[("limits.bad_tokens_per_address", "3")]);
    let id = server.add("alice", |_| ());
    let bad = json!({"uid": uid(&id.to_string()), "token": "x", "new_password": "quite-Long-pass-3"});
    let statuses: Vec<u16> =
        (0..5).map(|_| server.anon().post("/auth/users/reset_password_confirm/", &bad).status).collect();
    assert_eq!((statuses[0], statuses.last()), (400, Some(&429)), "{statuses:?}");
}

fn uid(id: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id)
}

#[test]
fn a_link_of_one_user_does_nothing_for_another_and_one_purpose_is_not_the_other() {
    let server = server(&[]);
    let (alice, bob) = (server.add("alice", |_| ()), server.add("bob", |_| ()));
    let key = outbox::reset_key(&server, "alice");
    let reset = |id: &str, token: &str| {
        let body = json!({"uid": uid(id), "token": token, "new_password": "quite-Long-pass-3"});
        server.anon().post("/auth/users/reset_password_confirm/", &body)
    };
    assert_eq!(reset(&bob.to_string(), &key).json(), json!({"token": ["Invalid token for given user."]}));
    let activation = json!({"uid": uid(&alice.to_string()), "token": key});
    assert_eq!(server.anon().post("/auth/users/activation/", &activation).status, 400);
    let confirm = outbox::issue(&server, "alice", Link::ConfirmEmail, std::time::Duration::from_secs(60));
    assert_eq!(reset(&alice.to_string(), &confirm).status, 400);
    assert_eq!(reset(&alice.to_string(), &key).status, 204);
}

#[test]
fn ids_that_are_texts_are_in_answers_paths_and_links() {
    let server = server(&[("account.new_ids", "uuid4")]);
    let body = json!({"username": "alice", "email": email_of("alice"), "password": "quite-Long-pass-3"});
    let id = server.anon().post("/auth/users/", &body).json()["id"].as_str().unwrap().to_owned();
    let tokens = server.anon().post("/auth/jwt/create/", &body).json();
    let path = format!("/auth/users/{id}/");
    let own = server.anon().send(Request::get(&path).bearer(tokens["access"].as_str().unwrap()));
    assert_eq!((own.status, own.json()["id"].as_str()), (200, Some(id.as_str())));
    let key = outbox::keys(&server, "confirm_email", &email_of("alice")).pop().unwrap();
    let confirm = json!({"uid": uid(&id), "token": key});
    assert_eq!(server.anon().post("/auth/users/activation/", &confirm).status, 204);
    assert!(server.find("alice").unwrap().is_email_confirmed);
}

#[test]
fn passwords_that_were_typed_again_otherwise_are_refused_where_they_are_sent() {
    let server = server(&[]);
    let differ = json!({"non_field_errors": ["The two password fields didn't match."]});
    let body = json!({
        "username": "bob", "email": email_of("bob"), "password": "quite-Long-pass-3", "re_password": "other",
    });
    let reply = server.anon().post("/auth/users/", &body);
    assert_eq!((reply.status, reply.json()), (400, differ.clone()));
    let change: Value = json!({
        "current_password": password_of("alice"), "new_password": "quite-Long-pass-3", "re_new_password": "x",
    });
    let reply = server.user("alice").post("/auth/users/set_password/", &change);
    assert_eq!((reply.status, reply.json()), (400, differ));
}

#[test]
fn a_new_email_needs_the_password_where_the_setting_says_so() {
    let server = server(&[("password.required_for_email_change", "true")]);
    let alice = server.user("alice");
    let change = |body: Value| alice.send(Request::new("PATCH", "/auth/users/me/").json(&body));
    let reply = change(json!({"email": "new@example.com"}));
    assert_eq!(reply.json(), json!({"current_password": ["This field is required."]}));
    let reply = change(json!({"email": "new@example.com", "current_password": password_of("alice")}));
    assert_eq!((reply.status, reply.json()["email"].as_str()), (200, Some("new@example.com")));
}

#[test]
fn what_users_may_not_change_is_403() {
    let server = server(&[("account.change", "password")]);
    let alice = server.user("alice");
    let name = json!({"new_username": "other", "current_password": password_of("alice")});
    assert_eq!(alice.post("/auth/users/set_username/", &name).status, 403);
    let delete = Request::delete("/auth/users/me/").json(&json!({"current_password": password_of("alice")}));
    assert_eq!(alice.send(delete).status, 403);
}
