//! The rules of tokens, and tokens minted elsewhere.

use super::*;
use crate::types::{KeyRecord, KeyState, PublicId, SessionHandle, SigningKey, UserId};
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
    let claims = tokens().decode(token.expose().as_bytes(), NOW).unwrap();
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
    let claims = tokens().decode(access.expose().as_bytes(), NOW).unwrap();
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
    assert_eq!(tokens().decode(access.expose().as_bytes(), NOW).unwrap()["iat"], 1_700_000_000);
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

/// Tokens of a server whose stored keys have these algorithms and states.
fn with_keys(keys: &[(TokenAlgorithm, KeyState)]) -> (Tokens, Vec<KeyRecord>) {
    let records: Vec<KeyRecord> = keys.iter().map(|(algorithm, state)| record(*algorithm, *state)).collect();
    let tokens = tokens();
    tokens.replace_keys(KeyRing::stored(&key(KEY), None, &records, 1));
    (tokens, records)
}

fn record(algorithm: TokenAlgorithm, state: KeyState) -> KeyRecord {
    let until = NOW.plus(Duration::from_secs(1000));
    let hs256 = algorithm == TokenAlgorithm::Hs256;
    let made = if hs256 { None } else { Some(make_key(algorithm).unwrap()) };
    let kid = made.as_ref().map_or(KeyRecord::HS256, |made| &made.kid).to_owned();
    KeyRecord {
        private: made.as_ref().map(|made| seal(None, &kid, &made.private).unwrap()),
        public_jwk: made.map_or_else(String::new, |made| made.public_jwk),
        kid,
        algorithm,
        state,
        created_at: NOW,
        published_at: NOW,
        signs_from: NOW,
        signed_until: None,
        verifies_until: (state == KeyState::Verifying).then_some(until),
    }
}

const ASYMMETRIC: [TokenAlgorithm; 3] = [TokenAlgorithm::Es256, TokenAlgorithm::Rs256, TokenAlgorithm::EdDsa];

#[test]
fn a_token_of_each_algorithm_names_its_key_in_the_header_and_has_the_same_claims() {
    for algorithm in ASYMMETRIC {
        let (tokens, keys) = with_keys(&[(algorithm, KeyState::Signing)]);
        let token = tokens.mint_access(&id(7), Map::new(), &SessionHandle::random(), NOW).unwrap();
        let header = object(token.expose().split('.').next().unwrap()).unwrap();
        assert_eq!(
            Value::Object(header),
            json!({"typ": "JWT", "alg": algorithm.as_str(), "kid": keys[0].kid})
        );
        let claims = tokens.decode(token.expose().as_bytes(), NOW).unwrap();
        let names: Vec<&str> = claims.keys().map(String::as_str).collect();
        assert_eq!(names, ["token_type", "exp", "iat", "jti", "user_id"]);
        assert!(tokens.check_access(token.expose().as_bytes(), NOW).is_ok());
        assert!(self::tokens().check_access(token.expose().as_bytes(), NOW).is_err(), "HS256 alone");
    }
}

#[test]
fn tokens_of_the_earlier_algorithm_are_valid_until_its_end_in_both_directions() {
    let shared = signed(&payload());
    let (tokens, _) = with_keys(&[
        (TokenAlgorithm::Es256, KeyState::Signing),
        (TokenAlgorithm::Hs256, KeyState::Verifying),
    ]);
    assert!(tokens.check_access(shared.as_bytes(), NOW).is_ok());
    assert!(tokens.decode(shared.as_bytes(), NOW.plus(Duration::from_secs(1000))).is_none());
    let (tokens, _) =
        with_keys(&[(TokenAlgorithm::Es256, KeyState::Signing), (TokenAlgorithm::Hs256, KeyState::Gone)]);
    assert!(tokens.decode(shared.as_bytes(), NOW).is_none());

    let es256 = record(TokenAlgorithm::Es256, KeyState::Signing);
    let ring = |records: &[KeyRecord]| KeyRing::stored(&key(KEY), None, records, 1);
    tokens.replace_keys(ring(std::slice::from_ref(&es256)));
    let named = tokens.mint_access(&id(7), Map::new(), &SessionHandle::random(), NOW).unwrap();
    let back = [
        record(TokenAlgorithm::Hs256, KeyState::Signing),
        KeyRecord { state: KeyState::Verifying, private: None, ..es256 },
    ];
    tokens.replace_keys(ring(&back));
    assert!(tokens.check_access(named.expose().as_bytes(), NOW).is_ok());
    let token = tokens.mint_access(&id(7), Map::new(), &SessionHandle::random(), NOW).unwrap();
    assert!(token.expose().starts_with("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."), "the header of Simple JWT");
}

/// A token with this header, signed by `sign`.
fn forged(header: &Value, sign: impl FnOnce(&[u8]) -> String) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(&payload()));
    let signature = sign(message.as_bytes());
    format!("{message}.{signature}")
}

#[test]
fn with_keys_that_have_ids_a_header_is_believed_in_nothing() {
    let (tokens, keys) = with_keys(&[
        (TokenAlgorithm::Es256, KeyState::Signing),
        (TokenAlgorithm::EdDsa, KeyState::Published),
        (TokenAlgorithm::Hs256, KeyState::Verifying),
    ]);
    let ring = tokens.ring();
    let (es, ed) = (json!(keys[0].kid), json!(keys[1].kid));
    let with_key =
        |kid: &Value, message: &[u8]| ring.candidates(Some(kid), NOW).next().unwrap().sign(message).unwrap();
    let is_good = |header: Value| {
        let token = forged(&header, |message| with_key(&es, message));
        tokens.check_access(token.as_bytes(), NOW).is_ok()
    };
    assert!(is_good(json!({"alg": "ES256", "kid": es})));
    for header in [
        json!({"alg": "ES256"}),
        json!({"alg": "ES256", "kid": "unknown"}),
        json!({"alg": "ES256", "kid": ed}),
        json!({"alg": "ES256", "kid": [es]}),
        json!({"alg": "EdDSA", "kid": es}),
        json!({"alg": "HS256", "kid": es}),
        json!({"alg": "none", "kid": es}),
        json!({"alg": "ES256", "kid": es, "jku": "https://example.com/jwks.json"}),
        json!({"alg": "ES256", "kid": es, "x5u": "https://example.com/x5u"}),
        json!({"alg": "ES256", "kid": es, "x5c": []}),
        json!({"alg": "ES256", "kid": es, "jwk": {"kty": "EC"}}),
        json!({"alg": "ES256", "kid": es, "crit": ["exp"]}),
    ] {
        assert!(!is_good(header.clone()), "{header}");
    }
    // Key confusion: the public half as the secret of HS256 (RFC 8725 §2.1).
    let hmac = |secret: &[u8], message: &[u8]| {
        jsonwebtoken::crypto::sign(message, &EncodingKey::from_secret(secret), Algorithm::HS256).unwrap()
    };
    let pem = to_pem(&keys[0].kid, TokenAlgorithm::Es256, &keys[0].public_jwk).unwrap();
    for secret in [pem.as_bytes(), keys[0].public_jwk.as_bytes()] {
        for header in [json!({"alg": "HS256"}), json!({"alg": "HS256", "kid": es})] {
            let token = forged(&header, |message| hmac(secret, message));
            assert!(tokens.check_access(token.as_bytes(), NOW).is_err(), "{header}");
        }
    }
    let shared = forged(&json!({"alg": "HS256"}), |message| hmac(KEY.as_bytes(), message));
    assert!(tokens.check_access(shared.as_bytes(), NOW).is_ok());
    let unsigned = forged(&json!({"alg": "none"}), |_| String::new());
    assert!(tokens.check_access(unsigned.as_bytes(), NOW).is_err());
}

#[test]
fn a_token_that_was_verified_is_refused_with_a_byte_changed_once_its_key_is_gone_and_once_it_expires() {
    for algorithm in ASYMMETRIC {
        let (tokens, mut keys) = with_keys(&[(algorithm, KeyState::Signing)]);
        let token = tokens.mint_access(&id(7), Map::new(), &SessionHandle::random(), NOW).unwrap();
        let token = token.expose().as_bytes();
        let day = Duration::from_secs(86_400);
        assert!(tokens.check_access(token, NOW).is_ok() && tokens.check_access(token, NOW).is_ok());
        assert!(tokens.check_access(token, NOW.plus(day)).is_err(), "expired");
        for place in 0..token.len() {
            let mut changed = token.to_vec();
            changed[place] ^= 1;
            assert!(tokens.check_access(&changed, NOW).is_err(), "byte {place}");
        }
        let others = Tokens::new(KeyRing::hs256(&key(KEY)), &successor_key("one"), tokens.times)
            .with_names(Some("https://accounts.example.com"), None);
        others.replace_keys(KeyRing::stored(&key(KEY), None, &keys, 1));
        assert!(
            others.check_access(token, NOW).is_err() && others.check_access(token, NOW).is_err(),
            "issuer"
        );

        (keys[0].state, keys[0].private) = (KeyState::Gone, None);
        tokens.replace_keys(KeyRing::stored(&key(KEY), None, &keys, 2));
        assert!(tokens.check_access(token, NOW).is_err(), "revoked");
    }
}

#[test]
fn newer_keys_may_accept_only_a_token_of_a_key_that_is_not_known() {
    let (tokens, keys) =
        with_keys(&[(TokenAlgorithm::Es256, KeyState::Signing), (TokenAlgorithm::Hs256, KeyState::Gone)]);
    let plain = self::tokens();
    let own = &keys[0].kid;
    let may = |tokens: &Tokens, header: Value| {
        tokens.may_have_other_key(forged(&header, |_| "AAAA".to_owned()).as_bytes(), NOW)
    };
    for (header, by_pairs, by_shared) in [
        (json!({"alg": "ES256", "kid": own}), false, true),
        (json!({"alg": "ES256", "kid": "unknown"}), true, true),
        (json!({"alg": "RS256", "kid": own}), true, true),
        (json!({"alg": "HS256"}), true, false),
        (json!({"alg": "HS256", "kid": "unknown"}), true, false),
        (json!({"alg": "none"}), false, false),
        (json!({"alg": ["HS256"]}), false, false),
        (json!({"alg": "HS512"}), false, false),
        (json!({}), false, false),
    ] {
        assert_eq!(
            (may(&tokens, header.clone()), may(&plain, header.clone())),
            (by_pairs, by_shared),
            "{header}"
        );
    }
    for token in ["", "..", "a.b.c", "e30.e30"] {
        assert!(!tokens.may_have_other_key(token.as_bytes(), NOW), "{token}");
    }
}

#[test]
fn a_signature_of_an_asymmetric_key_has_one_spelling() {
    let (tokens, _) = with_keys(&[(TokenAlgorithm::EdDsa, KeyState::Signing)]);
    let token = tokens.mint_access(&id(7), Map::new(), &SessionHandle::random(), NOW).unwrap();
    for other in
        [format!("{}=", token.expose()), format!("{}==", token.expose()), format!("{}A", token.expose())]
    {
        assert!(tokens.check_access(other.as_bytes(), NOW).is_err());
    }
}

#[test]
fn issuer_and_audience_are_written_last_and_required() {
    let tokens = tokens().with_names(Some("https://accounts.example.com"), Some("app"));
    let mut foreign = foreign();
    foreign["aud"] = json!(["other", "app"]);
    foreign["iss"] = json!("https://accounts.example.com");
    let refresh = tokens.check_refresh(signed(&foreign).as_bytes(), NOW).unwrap();
    let access = tokens.mint_access_from(&refresh, Map::new(), NOW).unwrap();
    let claims = tokens.decode(access.expose().as_bytes(), NOW).unwrap();
    let names: Vec<&str> = claims.keys().map(String::as_str).collect();
    assert_eq!(names, ["token_type", "exp", "iat", "jti", "role", "user_id", "n", "aud", "iss"]);
    assert_eq!((&claims["aud"], &claims["iss"]), (&json!("app"), &json!("https://accounts.example.com")));
    assert!(tokens.check_access(access.expose().as_bytes(), NOW).is_ok());
    assert!(tokens.check_access(signed(&payload()).as_bytes(), NOW).is_err(), "without both");
    for (name, value) in
        [("aud", json!("other")), ("aud", json!([])), ("iss", json!(["x"])), ("iss", json!("x"))]
    {
        foreign[name] = value;
        assert!(tokens.check_refresh(signed(&foreign).as_bytes(), NOW).is_err(), "{name}");
        foreign["aud"] = json!("app");
        foreign["iss"] = json!("https://accounts.example.com");
    }
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
    let claims = tokens.decode(token.expose().as_bytes(), NOW).unwrap();
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
    assert_eq!(tokens.decode(access.expose().as_bytes(), NOW).unwrap()["email"], "a@b.de");
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
