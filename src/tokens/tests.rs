//! The rules of tokens, and tokens minted elsewhere.

use super::*;
use crate::types::{PublicId, SessionHandle, SigningKey, UserId};
use jsonwebtoken::{Algorithm, Header};
use proptest::prelude::*;
use serde_json::json;

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);
const KEY: &str = "a-key-of-more-than-thirty-two-bytes-0123";

fn tokens() -> Tokens {
    lenient(0)
}

fn lenient(leeway: u64) -> Tokens {
    let [access_lifetime, refresh_lifetime, leeway] = [86_400, 864_000, leeway].map(Duration::from_secs);
    Tokens::new(
        KeyRing::hs256(&key(KEY)),
        &successor_key("one"),
        Times { access_lifetime, refresh_lifetime, leeway },
    )
}

fn id(number: i64) -> PublicId {
    PublicId::Integer(UserId::new(number))
}

fn key(text: &str) -> SigningKey {
    SigningKey::new(text.as_bytes().to_vec())
}

fn successor_key(text: &str) -> SuccessorKey {
    SuccessorKey::new(text.as_bytes().to_vec())
}

fn payload() -> Value {
    json!({"token_type": "access", "exp": 1_700_000_100, "iat": 1_699_999_999, "jti": "00", "user_id": 7})
}

/// Signs any payload, as another holder of the key could.
fn signed(payload: &Value) -> String {
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), payload, &EncodingKey::from_secret(KEY.as_bytes()))
        .unwrap()
}

fn check(payload: &Value) -> Result<Claims, TokenError> {
    tokens().check_access(signed(payload).as_bytes(), NOW)
}

fn with(name: &str, value: Value) -> Value {
    let mut payload = payload();
    payload[name] = value;
    payload
}

fn without(name: &str) -> Value {
    let mut payload = payload();
    payload.as_object_mut().unwrap().remove(name);
    payload
}

#[test]
fn a_minted_token_has_the_five_claims_of_simple_jwt_and_lives_for_its_lifetime() {
    let token = tokens().mint_access(&id(7), Map::new(), &SessionHandle::random(), NOW).unwrap();
    let claims = tokens().decode(token.expose().as_bytes()).unwrap();
    let names: Vec<&str> = claims.keys().map(String::as_str).collect();
    assert_eq!(names, ["token_type", "exp", "iat", "jti", "user_id"]);
    assert_eq!(claims["exp"], 1_700_086_400);
    assert_eq!(claims["iat"], 1_700_000_000);
    assert_eq!(claims["user_id"], 7);
    let jti = claims["jti"].as_str().unwrap();
    assert!(
        jti.len() == 32 && jti.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    );
    assert_eq!(tokens().check_access(token.expose().as_bytes(), NOW).unwrap().user, ClaimedUser::Id(id(7)));
}

#[test]
fn no_two_tokens_have_the_same_id() {
    let one = tokens().mint_access(&id(7), Map::new(), &SessionHandle::random(), NOW).unwrap();
    let two = tokens().mint_access(&id(7), Map::new(), &SessionHandle::random(), NOW).unwrap();
    assert_ne!(one.expose(), two.expose());
}

#[test]
fn a_token_minted_by_pyjwt_is_accepted() {
    // jwt.encode({...}, KEY, "HS256") of PyJWT 2.7.0, claims in Simple JWT's order.
    let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjoxNzAwMDg2NDAwLCJpYXQiOjE3MDAwMDAwMDAsImp0aSI6IjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmIiwidXNlcl9pZCI6N30.L1fFXltLgAISGHTZjZK_eN-UgIM7nJ01RonYZeMO93E";
    let claims = tokens().check_access(token.as_bytes(), NOW).unwrap();
    assert_eq!(claims.user, ClaimedUser::Id(id(7)));
    assert_eq!(claims.issued_at, Some(1_700_000_000));
}

#[test]
fn times_are_checked_to_the_second_without_leeway() {
    assert!(check(&with("exp", json!(1_700_000_001))).is_ok());
    for bad in [
        with("exp", json!(1_700_000_000)),
        with("iat", json!(1_700_000_001)),
        with("nbf", json!(1_700_000_001)),
    ] {
        assert_eq!(check(&bad).unwrap_err(), TokenError::InvalidOrExpired, "{bad}");
    }
    assert!(check(&with("iat", json!(1_700_000_000))).is_ok());
    assert!(check(&with("nbf", json!(1_700_000_000))).is_ok());
    assert!(check(&without("iat")).is_ok());
}

#[test]
fn a_leeway_moves_every_time_by_as_much() {
    let check = |payload: &Value| lenient(10).check_access(signed(payload).as_bytes(), NOW).is_ok();
    for (claim, good, bad) in [("exp", -9, -10), ("iat", 10, 11), ("nbf", 10, 11)] {
        assert!(check(&with(claim, json!(1_700_000_000 + good))), "{claim}");
        assert!(!check(&with(claim, json!(1_700_000_000 + bad))), "{claim}");
    }
}

#[test]
fn a_token_knows_its_session_by_its_id() {
    let session = SessionHandle::random();
    let access = tokens().mint_access(&id(7), Map::new(), &session, NOW).unwrap();
    let refresh = tokens().mint_refresh(&id(7), &session, NOW).unwrap();
    let access = tokens().check_access(access.expose().as_bytes(), NOW).unwrap();
    let refresh = tokens().check_refresh(refresh.token.expose().as_bytes(), NOW).unwrap();
    assert_eq!([&access.session, &refresh.claims.session], [&session, &session]);
    assert_eq!([access.is_refresh, refresh.claims.is_refresh], [false, true]);
    assert_eq!(refresh.claims.expires_at.seconds(), 1_700_864_000);
}

#[test]
fn an_id_that_is_no_text_stands_for_its_json() {
    let session = |id| check(&with("jti", id)).unwrap().session;
    assert_eq!(session(json!(7)), session(json!("7")));
    assert_ne!(session(json!(null)), session(json!([])));
}

/// A refresh token of another issuer, with claims of its own.
fn foreign() -> Value {
    json!({"role": "x", "token_type": "refresh", "exp": 1_700_000_100, "iat": 1_699_999_000,
           "jti": "0123456789ab4def8123456789abcdef", "user_id": "7", "n": [1, {"a": null}]})
}

fn refresh_claims(payload: &Value) -> RefreshClaims {
    tokens().check_refresh(signed(payload).as_bytes(), NOW).unwrap()
}

#[test]
fn an_access_token_says_all_that_its_refresh_token_says_but_type_time_and_id() {
    let refresh = refresh_claims(&foreign());
    let access = tokens().mint_access_from(&refresh, Map::new(), NOW).unwrap();
    let claims = tokens().decode(access.expose().as_bytes()).unwrap();
    // The order of `RefreshToken.access_token`: those of a fresh token, then what is copied.
    let names: Vec<&str> = claims.keys().map(String::as_str).collect();
    assert_eq!(names, ["token_type", "exp", "iat", "jti", "role", "user_id", "n"]);
    assert_eq!(claims["token_type"], "access");
    assert_eq!((&claims["exp"], &claims["iat"]), (&json!(1_700_086_400), &json!(1_699_999_000)));
    assert_eq!((&claims["user_id"], &claims["n"]), (&json!("7"), &json!([1, {"a": null}])));
    assert_eq!(claims["jti"].as_str().unwrap()[..20], *"0123456789ab4def8123");
    assert_ne!(claims["jti"], "0123456789ab4def8123456789abcdef");

    let mut silent = foreign();
    silent.as_object_mut().unwrap().remove("iat");
    let access = tokens().mint_access_from(&refresh_claims(&silent), Map::new(), NOW).unwrap();
    assert_eq!(tokens().decode(access.expose().as_bytes()).unwrap()["iat"], 1_700_000_000);
}

#[test]
fn the_successor_of_a_refresh_token_is_one_and_the_same_whenever_it_is_asked_for() {
    let refresh = refresh_claims(&foreign());
    let record = tokens().successor_record(&refresh, NOW).unwrap();
    let first = tokens().mint_successor(&refresh, &record).unwrap();
    let again = tokens().mint_successor(&refresh, &record).unwrap();
    assert_eq!(first.expose(), again.expose());
    let next = tokens().check_refresh(first.expose().as_bytes(), NOW).unwrap();
    assert_eq!(next.record(), record, "what is kept is what the token says");
    assert_eq!(next.claims.session, refresh.claims.session);
    assert_eq!(next.payload["role"], "x");
    let after = tokens().successor_record(&next, NOW).unwrap();
    assert!(after.hash != record.hash && after.hash != refresh.record().hash);
    let times = tokens().times;
    let successor_of = |keys, successor: &str| {
        let tokens = Tokens::new(keys, &successor_key(successor), times);
        tokens.successor_record(&refresh, NOW).unwrap().hash
    };
    let other = KeyRing::hs256(&key("another-key-of-more-than-thirty-two"));
    assert_eq!(successor_of(other, "one"), record.hash, "the signing key is not in it");
    assert_ne!(successor_of(KeyRing::hs256(&key(KEY)), "two"), record.hash, "the successor key is in it");
}

#[test]
fn tokens_of_an_earlier_key_are_valid_until_it_leaves_the_ring() {
    let times = tokens().times;
    let new = || KeyRing::hs256(&key("another-key-of-more-than-thirty-two"));
    let check = |keys| {
        Tokens::new(keys, &successor_key("one"), times)
            .check_access(signed(&payload()).as_bytes(), NOW)
            .is_ok()
    };
    assert!(check(new().with_earlier(None, &key(KEY))));
    assert!(!check(new().with_earlier(Some("2026"), &key(KEY))), "it has an id, and the token none");
    assert!(!check(new()));
}

#[test]
fn an_expiry_as_text_or_in_milliseconds_is_invalid() {
    assert!(check(&with("exp", json!(253_402_300_799_i64))).is_ok());
    for bad in [
        json!(253_402_300_800_i64),
        json!(1_700_000_100_000_i64),
        json!("1700000100"),
        json!(null),
        json!(1e300),
    ] {
        assert_eq!(check(&with("exp", bad.clone())).unwrap_err(), TokenError::InvalidOrExpired, "{bad}");
    }
    assert!(check(&with("iat", json!("1699999999"))).is_ok());
    assert!(check(&with("iat", json!(-1))).is_ok());
}

/// Signs any header and payload texts.
fn signed_texts(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let key = EncodingKey::from_secret(KEY.as_bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

#[test]
fn of_the_header_only_the_algorithm_counts() {
    let good = |header: &str| {
        tokens().check_access(signed_texts(header, &payload().to_string()).as_bytes(), NOW).is_ok()
    };
    for header in [r#"{"alg":"HS256"}"#, r#"{"alg":"HS256","typ":1,"kid":[7],"jwk":"y"}"#] {
        assert!(good(header), "{header}");
    }
    for header in [
        r#"{"typ":"JWT"}"#,
        r#"{"alg":"hs256"}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256","crit":["exp"],"exp":1}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","crit":null}"#,
        "[]",
        "x",
    ] {
        assert!(!good(header), "{header}");
    }
}

#[test]
fn of_a_claim_said_twice_the_last_counts() {
    let text = |first: i64, last: i64| {
        let payload = payload().to_string().replacen(
            "\"exp\":1700000100",
            &format!("\"exp\":{first},\"exp\":{last}"),
            1,
        );
        tokens().check_access(signed_texts(r#"{"alg":"HS256"}"#, &payload).as_bytes(), NOW).is_ok()
    };
    assert!(text(1, 1_700_000_100));
    assert!(!text(1_700_000_100, 1));
}

#[test]
fn missing_claims_are_named_in_simple_jwts_order() {
    assert_eq!(check(&without("exp")).unwrap_err(), TokenError::NoExpiry);
    assert_eq!(check(&without("jti")).unwrap_err(), TokenError::NoId);
    assert_eq!(check(&without("token_type")).unwrap_err(), TokenError::NoType);
    assert_eq!(check(&with("token_type", json!("refresh"))).unwrap_err(), TokenError::WrongType);
    assert_eq!(check(&json!({"exp": 1_700_000_100})).unwrap_err(), TokenError::NoId);
}

#[test]
fn the_user_may_be_named_by_a_number_or_a_text_and_by_nothing_else() {
    let user = |value| check(&with("user_id", value)).unwrap().user;
    assert_eq!(user(json!(7.0)), ClaimedUser::Id(id(7)));
    for text in ["7", "d9b2d63d-a233-4123-847a-7090a7a2a0a1"] {
        assert_eq!(user(json!(text)), ClaimedUser::Id(PublicId::text(text.to_owned()).unwrap()));
    }
    let others =
        [json!(null), json!(""), json!("a\0"), json!(true), json!([7]), json!({"id": 7}), json!(1e300)];
    for other in others {
        assert_eq!(user(other.clone()), ClaimedUser::Invalid, "{other}");
    }
    assert_eq!(check(&without("user_id")).unwrap().user, ClaimedUser::Missing);
}

#[test]
fn the_claim_with_the_id_can_have_another_name() {
    let (plain, tokens) = (tokens(), tokens().with_user_id_claim("sub"));
    let text = PublicId::text("d9b2d63d".to_owned()).unwrap();
    let further = Map::from_iter([("groups".to_owned(), json!(["editors"]))]);
    let session = SessionHandle::random();
    let token = tokens.mint_access(&text, further, &session, NOW).unwrap();
    let claims = tokens.decode(token.expose().as_bytes()).unwrap();
    let names: Vec<&str> = claims.keys().map(String::as_str).collect();
    assert_eq!(names, ["token_type", "exp", "iat", "jti", "sub", "groups"]);
    assert_eq!(
        tokens.check_access(token.expose().as_bytes(), NOW).unwrap().user,
        ClaimedUser::Id(text.clone())
    );
    assert_eq!(plain.check_access(token.expose().as_bytes(), NOW).unwrap().user, ClaimedUser::Missing);
    let refresh = tokens.mint_refresh(&text, &session, NOW).unwrap().token;
    let refresh = tokens.check_refresh(refresh.expose().as_bytes(), NOW).unwrap();
    assert_eq!(refresh.payload["sub"], "d9b2d63d");
    let further = Map::from_iter([("sub".to_owned(), json!("x")), ("email".to_owned(), json!("a@b.de"))]);
    let access = tokens.mint_access_from(&refresh, further, NOW).unwrap();
    assert_eq!(tokens.decode(access.expose().as_bytes()).unwrap()["email"], "a@b.de");
}

#[test]
fn a_token_of_another_key_or_algorithm_is_refused() {
    let other = EncodingKey::from_secret(b"another key, of thirty-two bytes or so");
    let same = EncodingKey::from_secret(KEY.as_bytes());
    let hs256 = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &payload(), &other).unwrap();
    let hs512 = jsonwebtoken::encode(&Header::new(Algorithm::HS512), &payload(), &same).unwrap();
    for token in [hs256, hs512] {
        assert_eq!(tokens().check_access(token.as_bytes(), NOW).unwrap_err(), TokenError::InvalidOrExpired);
    }
}

#[test]
fn the_debug_form_of_a_token_hides_it() {
    let token = tokens().mint_access(&id(7), Map::new(), &SessionHandle::random(), NOW).unwrap();
    assert!(!format!("{token:?}").contains(token.expose()));
}

proptest! {
    #[test]
    fn no_bytes_make_the_check_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = tokens().check_access(&bytes, NOW);
    }

    #[test]
    fn a_changed_byte_anywhere_makes_a_token_bad(place in 0_usize..200, byte in 0x21_u8..0x7f) {
        let mut token = signed(&payload()).into_bytes();
        let place = place % token.len();
        prop_assume!(token[place] != byte);
        token[place] = byte;
        prop_assert!(tokens().check_access(&token, NOW).is_err());
    }

    #[test]
    fn every_user_id_survives_minting_and_checking(number in any::<i64>()) {
        let token = tokens().mint_access(&id(number), Map::new(), &SessionHandle::random(), NOW).unwrap();
        let claims = tokens().check_access(token.expose().as_bytes(), NOW).unwrap();
        prop_assert_eq!(claims.user, ClaimedUser::Id(id(number)));
    }
}
