//! Tokens of the Django go on working, and blacklisted ones stay refused.

use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{Django, Place, count};
use crate::cli::serve::Serving;
use crate::http::Request;

const KEY: &str = "a-key-of-the-django-that-moves-in-0123456789";

/// A refresh token as Simple JWT signs it.
fn token(kind: &str, jti: &str, user: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let claims: Value =
        json!({"token_type": kind, "exp": now + 3600, "iat": now - 60, "jti": jti, "user_id": user});
    encode(&Header::default(), &claims, &EncodingKey::from_secret(KEY.as_bytes())).unwrap()
}

#[test]
fn outstanding_tokens_become_sessions_and_blacklisted_ones_ended_sessions() {
    let place = Place::new();
    let django = Django::new(&place);
    let (live, ended) = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210");
    let rows = [(1, live, "7"), (2, ended, "7"), (3, "of-nobody", "NULL")].map(|(id, jti, user)| {
        format!("({id}, 't', '2026-01-01 00:00:00', '2099-01-01 00:00:00', {user}, '{jti}')")
    });
    django.execute(&format!("INSERT INTO token_blacklist_outstandingtoken VALUES {}", rows.join(", ")));
    django.execute(
        "INSERT INTO token_blacklist_outstandingtoken VALUES (4, 't', '2020-01-01', '2020-02-01', 7, 'old')",
    );
    django.execute("INSERT INTO token_blacklist_blacklistedtoken VALUES (1, '2026-01-01 00:00:00', 2)");
    let said = django.import(&place, &["--yes", "--with-tokens", "--json"]);
    assert_eq!((count(&said, "sessions"), count(&said, "ended_sessions")), (1, 1), "{said:?}");
    assert_eq!((said.code, count(&said, "left_out")), (1, 1), "the token of no user: {said:?}");
    let again = django.import(&place, &["--yes", "--with-tokens", "--json"]);
    assert_eq!((count(&again, "sessions"), count(&again, "tokens_skipped")), (0, 2), "{again:?}");

    let serving = Serving::start(&place, &["--set", &format!("signing_key={KEY}")]);
    let refresh = |jti: &str| {
        let body = json!({"refresh": token("refresh", jti, 7)});
        serving.send(&Request::post("/api/token/refresh/").json(&body)).status
    };
    assert_eq!((refresh(live), refresh(ended)), (200, 401));
    let access = token("access", "00000000000000000000000000000000", 7);
    let user = serving.send(&Request::get("/api/user/").bearer(&access));
    assert_eq!((user.status, &user.json()["username"]), (200, &json!("Bob")));
}

#[test]
fn tokens_that_the_mapping_does_not_name_are_wrong_usage() {
    let place = Place::new();
    let django = Django::new(&place);
    let map = "[users]\ntable = \"auth_user\"\nid = \"id\"\nusername = \"username\"\n";
    std::fs::write(place.path().join("map.toml"), map).unwrap();
    let said = django.import(&place, &["--map", "map.toml", "--with-tokens"]);
    assert!(said.code == 2 && said.err.contains("no [tokens]"), "{said:?}");
}
