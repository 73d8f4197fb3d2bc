//! Tokens for tests: pairs of the server, and tokens that Django issues with the same key.

use serde_json::{Value, json};

use crate::http::{Reply, Request};
use crate::server::{Client, SIGNING_KEY, TestServer, password_of};

/// The tokens in the answer of `/api/token/`.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub access: String,
    pub refresh: String,
}

/// Logs an existing user in at the token endpoint.
pub(crate) fn obtain(server: &TestServer, name: &str) -> Pair {
    let reply = server.anon().post("/api/token/", &json!({"username": name, "password": password_of(name)}));
    assert_eq!(reply.status, 200, "{}", reply.text());
    Pair { access: text(&reply, "access"), refresh: text(&reply, "refresh") }
}

/// A text field of an answer.
pub(crate) fn text(reply: &Reply, name: &str) -> String {
    reply.json()[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", reply.text())).to_owned()
}

/// `POST /api/token/refresh/`.
pub(crate) fn refresh(server: &TestServer, token: &str) -> Reply {
    server.anon().post("/api/token/refresh/", &json!({"refresh": token}))
}

/// `POST /api/token/verify/`: the status, and the detail and code of an error.
pub(crate) fn verify(server: &TestServer, token: &str) -> (u16, Value, Value) {
    error_of(&server.anon().post("/api/token/verify/", &json!({"token": token})))
}

/// `POST /api/token/blacklist/`.
pub(crate) fn blacklist(server: &TestServer, token: &str) -> Reply {
    server.anon().post("/api/token/blacklist/", &json!({"refresh": token}))
}

/// The status, and the detail and code of an error.
pub(crate) fn error_of(reply: &Reply) -> (u16, Value, Value) {
    let body = reply.json();
    (reply.status, body["detail"].clone(), body["code"].clone())
}

/// The status of `/api/user/` with an access token.
pub(crate) fn status(server: &TestServer, access: &str) -> u16 {
    server.anon().send(Request::get("/api/user/").bearer(access)).status
}

/// A client with this access token.
pub(crate) fn holder(server: &TestServer, access: &str) -> Client {
    Client { token: Some(access.to_owned()), ..server.anon() }
}

/// The time of the server, in seconds.
pub(crate) fn second(server: &TestServer) -> i64 {
    server.app.clock.now().seconds()
}

/// A token as Simple JWT issues it with the key of the tests: issued now and with a `jti` of `uuid4().hex`,
/// unless `claims` has them. Null removes a claim.
pub(crate) fn minted_elsewhere(server: &TestServer, kind: &str, claims: &Value) -> String {
    let now = second(server);
    let lifetime = if kind == "refresh" { 864_000 } else { 86_400 };
    let id = rand::random::<u128>() & !(0xf << 76) | 4 << 76;
    let mut payload = json!({
        "token_type": kind, "exp": now + lifetime, "iat": now, "jti": format!("{id:032x}"),
    });
    for (name, value) in claims.as_object().unwrap() {
        payload[name] = value.clone();
    }
    payload.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    let key = jsonwebtoken::EncodingKey::from_secret(SIGNING_KEY.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256), &payload, &key).unwrap()
}

/// The claims of a token.
pub(crate) fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
