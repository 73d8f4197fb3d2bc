//! dj-rest-auth's endpoints, where they are this server's own.

use serde_json::{Value, json};

use crate::http::Request;
use crate::server::{TestServer, email_of, password_of};

fn server(settings: &[(&str, &str)]) -> TestServer {
    let mut all = vec![("api.dj_rest_auth", "/dj-rest-auth")];
    all.extend_from_slice(settings);
    TestServer::with(&all)
}

fn credentials(name: &str) -> Value {
    json!({"username": name, "password": password_of(name)})
}

#[test]
fn a_login_sets_both_cookies_and_they_log_in_refresh_and_log_out() {
    let server = server(&[]);
    server.add("alice", |_| ());
    let reply = server.anon().post("/dj-rest-auth/login/", &credentials("alice"));
    let cookies = ["access_token", "refresh_token"].map(|name| reply.cookie(name).unwrap());
    for cookie in &cookies {
        assert_eq!(cookie.attributes["path"].as_deref(), Some("/"));
        assert!(cookie.attributes.contains_key("httponly"));
    }
    let [access, refresh] = cookies.map(|cookie| cookie.value);
    let user = Request::get("/dj-rest-auth/user/").cookie("access_token", &access);
    assert_eq!(server.anon().send(user).json()["username"], "alice");
    let again = Request::post("/dj-rest-auth/token/refresh/").cookie("refresh_token", &refresh);
    let again = server.anon().send(again);
    assert_eq!((again.status, again.cookie("access_token").is_some()), (200, true));
    let out = Request::post("/dj-rest-auth/logout/")
        .cookie("access_token", &access)
        .cookie("refresh_token", &refresh);
    let out = server.anon().send(out);
    assert_eq!((out.status, out.cookie("refresh_token").unwrap().value.as_str()), (200, ""));
    let user = Request::get("/dj-rest-auth/user/").bearer(&access);
    assert_eq!(server.anon().send(user).status, 401, "the session has ended");
}

#[test]
fn with_rotation_the_body_has_the_new_refresh_token_unless_the_old_one_was_in_a_cookie() {
    let server = server(&[("tokens.rotate_refresh", "true")]);
    server.add("alice", |_| ());
    let login = || server.anon().post("/dj-rest-auth/login/", &credentials("alice")).json();
    let refresh = login()["refresh"].as_str().unwrap().to_owned();
    let by_body = server.anon().post("/dj-rest-auth/token/refresh/", &json!({"refresh": refresh}));
    let answer = by_body.json();
    assert!(answer["refresh"].is_string() && answer["refresh_expiration"].is_string(), "{answer}");
    let next = by_body.cookie("refresh_token").unwrap().value;
    let by_cookie = Request::post("/dj-rest-auth/token/refresh/").cookie("refresh_token", &next);
    let by_cookie = server.anon().send(by_cookie);
    assert_eq!((by_cookie.status, by_cookie.json().get("refresh")), (200, None));
    assert_ne!(by_cookie.cookie("refresh_token").unwrap().value, next);
}

#[test]
fn another_site_cannot_log_a_browser_in_refresh_or_log_out() {
    let server = server(&[]);
    server.add("alice", |_| ());
    let login = server.anon().post("/dj-rest-auth/login/", &credentials("alice"));
    let refresh = login.cookie("refresh_token").unwrap().value;
    for request in [
        Request::post("/dj-rest-auth/login/").json(&credentials("alice")),
        Request::post("/dj-rest-auth/token/refresh/").cookie("refresh_token", &refresh),
        Request::post("/dj-rest-auth/logout/").cookie("refresh_token", &refresh),
    ] {
        let request = request.header("Origin", "https://evil.example");
        assert_eq!(server.anon().send(request).status, 403);
    }
}

#[test]
fn the_login_of_the_contract_sets_the_cookies_that_it_set_before() {
    let server = server(&[]);
    server.add("alice", |_| ());
    let reply = server.anon().post("/api/login/", &credentials("alice"));
    assert!(reply.cookie("access_token").is_some() && reply.cookie("refresh_token").is_none());
}

#[test]
fn failed_logins_are_limited_together_with_those_of_every_other_entrance() {
    let server = server(&[("limits.failed_logins_per_account", "3")]);
    server.add("alice", |_| ());
    let wrong = json!({"username": "alice", "password": "wrong"});
    for _ in 0..3 {
        assert_eq!(server.anon().post("/dj-rest-auth/login/", &wrong).status, 400);
    }
    assert_eq!(server.anon().post("/api/login/", &wrong).status, 429);
    assert_eq!(server.anon().post("/dj-rest-auth/login/", &wrong).status, 429);
}

#[test]
fn a_registration_needs_an_invitation_where_every_registration_does() {
    let body = json!({
        "username": "bob", "email": email_of("bob"), "password1": "quite-Long-pass-3", "password2": "quite-Long-pass-3",
    });
    let closed = server(&[("registration.mode", "closed")]);
    assert_eq!(closed.anon().post("/dj-rest-auth/registration/", &body).status, 403);
    let invited = server(&[("registration.mode", "invite")]);
    let reply = invited.anon().post("/dj-rest-auth/registration/", &body);
    assert_eq!((reply.status, reply.json()), (400, json!({"invite": ["This field is required."]})));
}

#[test]
fn where_accounts_are_hidden_a_registration_answers_the_same_for_a_taken_email() {
    let server = server(&[("registration.hide_existing", "true")]);
    server.add("alice", |_| ());
    let register = |name: &str, email: &str| {
        let password = "quite-Long-pass-3";
        let body = json!({"username": name, "email": email, "password1": password, "password2": password});
        let reply = server.anon().post("/dj-rest-auth/registration/", &body);
        (reply.status, reply.json())
    };
    let sent = json!({"detail": "Verification e-mail sent."});
    assert_eq!(register("bob", &email_of("bob")), (201, sent.clone()));
    assert_eq!(register("carol", &email_of("alice")), (201, sent));
}
