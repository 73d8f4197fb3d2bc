//! The check of a token that the server issued: HS256 under the shared key, exactly the claims
//! of Simple JWT (`rest_framework_simplejwt/tokens.py`, `Token`), and the lifetime of its type.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::jwt::{self, Decoded};
use super::{Target, now, value};

const CLAIMS: [&str; 5] = ["token_type", "exp", "iat", "jti", "user_id"];

/// How far the server's `exp` may be off, and how far `exp - iat`; seconds.
const CLOCK_SLACK: u64 = 300;
const LIFETIME_SLACK: u64 = 60;

/// What the matcher says of the token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// `access` or `refresh`.
    #[serde(rename = "type")]
    kind: String,
    /// The fixture user it is for; any integer id will do without one.
    user: Option<String>,
    /// Further claims, or ones of a given value.
    #[serde(default)]
    claims: Map<String, Value>,
}

impl Wanted {
    /// `TYPE` or `TYPE:USER`.
    pub(crate) fn parse(text: &str) -> Self {
        let (kind, user) = text.split_once(':').unwrap_or((text, ""));
        Self { kind: kind.to_owned(), user: (!user.is_empty()).then(|| user.to_owned()), claims: Map::new() }
    }

    /// Seconds; one day and ten days.
    fn lifetime(&self) -> i64 {
        if self.kind == "refresh" { 864_000 } else { 86_400 }
    }
}

/// What is wrong with the token.
pub(crate) fn differences(wanted: &Wanted, actual: &Value, path: &str, target: &Target) -> Vec<String> {
    let Some(token) = actual.as_str().and_then(jwt::decode) else {
        return vec![format!("{path}: expected a JWT, got {actual}")];
    };
    let mut found = seal(&token, target);
    if names(&token.claims, &wanted.claims) {
        found.extend(time(wanted, &token.claims));
        found.extend(subject(wanted, &token.claims, target));
    } else {
        found.push(format!("claims {:?}", token.claims));
    }
    let mut found: Vec<String> = found.iter().map(|line| format!("{path}: JWT {line}")).collect();
    for (name, expected) in &wanted.claims {
        let claim = &token.claims.get(name).cloned().unwrap_or_default();
        let path = format!("{path}: JWT {name}");
        found.extend(value::differences(expected, claim, &path, target));
    }
    found
}

/// Header and signature.
fn seal(token: &Decoded<'_>, target: &Target) -> Vec<String> {
    let mut found = Vec::new();
    let field = |name| token.header.get(name).and_then(Value::as_str);
    if (field("alg"), field("typ")) != (Some("HS256"), Some("JWT")) {
        found.push(format!("header {:?}", token.header));
    }
    let signature = jwt::sign("HS256", target.signing_key.as_bytes(), token.signed);
    if signature.as_ref() != Some(&token.signature) {
        found.push("is not signed with the signing key".to_owned());
    }
    found
}

/// Whether the claims are the five, and those asked for.
fn names(claims: &Map<String, Value>, extra: &Map<String, Value>) -> bool {
    let actual: BTreeSet<&str> = claims.keys().map(String::as_str).collect();
    actual == extra.keys().map(String::as_str).chain(CLAIMS).collect()
}

/// Against the clock, and against `iat` unless the case says what that is.
fn time(wanted: &Wanted, claims: &Map<String, Value>) -> Vec<String> {
    let (Some(exp), Some(iat)) = (claims["exp"].as_i64(), claims["iat"].as_i64()) else {
        return vec![format!("exp {} or iat {} is no integer", claims["exp"], claims["iat"])];
    };
    let mut found = Vec::new();
    let (left, lifetime) = (exp - now(), wanted.lifetime());
    if left.abs_diff(lifetime) > CLOCK_SLACK {
        found.push(format!("expires in {left} s, expected {lifetime}"));
    }
    if !wanted.claims.contains_key("iat") && (exp - iat).abs_diff(lifetime) > LIFETIME_SLACK {
        found.push(format!("exp - iat is {}, expected {lifetime}", exp - iat));
    }
    found
}

/// Type, id and user.
fn subject(wanted: &Wanted, claims: &Map<String, Value>, target: &Target) -> Vec<String> {
    let is_hex = |id: &str| id.len() == 32 && id.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    let user = claims["user_id"].as_i64();
    let good_user = match &wanted.user {
        Some(name) => user.is_some() && user == target.id(name).ok(),
        None => user.is_some(),
    };
    let checks = [
        ("token_type", claims["token_type"] == *wanted.kind),
        ("jti", claims["jti"].as_str().is_some_and(is_hex)),
        ("user_id", good_user),
    ];
    let bad = checks.into_iter().filter(|(_, good)| !good);
    bad.map(|(name, _)| format!("{name} {}", claims[name])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::craft::craft;
    use serde_json::{from_value, json};

    fn target() -> Target {
        Target {
            addr: ([127, 0, 0, 1], 1).into(),
            signing_key: "key".to_owned(),
            ids: [("alice".to_owned(), 7), ("bob".to_owned(), 8)].into(),
            reference: false,
        }
    }

    /// What is found wrong with a token of the right lifetime, changed by `recipe`.
    fn found(matcher: Value, recipe: Value) -> Vec<String> {
        let mut good = json!({"user": "alice", "claims": {"iat": now(), "exp": now() + 86_400}});
        for (name, value) in recipe.as_object().unwrap() {
            match (good[name].as_object_mut(), value.as_object()) {
                (Some(old), Some(new)) => old.extend(new.clone()),
                _ => good[name] = value.clone(),
            }
        }
        let token = craft(&from_value(good).unwrap(), &target()).unwrap();
        value::differences(&matcher, &json!(token), "body", &target())
    }

    #[test]
    fn a_token_of_the_right_kind_passes() {
        for matcher in [
            json!("<jwt:access>"),
            json!("<jwt:access:alice>"),
            json!({"$jwt": {"type": "access", "user": "alice"}}),
        ] {
            assert_eq!(found(matcher, json!({})), [""; 0]);
        }
        let ten_days = json!({"type": "refresh", "claims": {"exp": now() + 864_000}});
        assert_eq!(found(json!("<jwt:refresh:alice>"), ten_days), [""; 0]);
    }

    #[test]
    fn each_defect_is_found() {
        for (recipe, lines) in [
            (json!({"user": "bob"}), 1),
            (json!({"claims": {"user_id": "7"}}), 1),
            (json!({"type": "refresh"}), 1),
            (json!({"key": "other"}), 1),
            (json!({"forge": {"jti": "0".repeat(32)}}), 1),
            (json!({"alg": "HS512"}), 2),
            (json!({"header": {"typ": null}}), 1),
            (json!({"drop": ["jti"]}), 1),
            (json!({"claims": {"aud": "x"}}), 1),
            (json!({"claims": {"jti": "0".repeat(31)}}), 1),
            (json!({"claims": {"jti": "A".repeat(32)}}), 1),
            (json!({"claims": {"exp": now() + 86_400 + 400}}), 2),
            (json!({"claims": {"iat": now() - 400}}), 1),
            (json!({"claims": {"iat": 1.5}}), 1),
            (json!({"cut_signature": 43}), 1),
            (json!({"payload_text": "not json"}), 1),
        ] {
            let found = found(json!("<jwt:access:alice>"), recipe.clone());
            assert_eq!(found.len(), lines, "{recipe}: {found:?}");
        }
    }

    #[test]
    fn any_user_will_do_where_none_is_named_but_it_must_be_an_integer() {
        assert_eq!(found(json!("<jwt:access>"), json!({"user": "bob"})), [""; 0]);
        let text = json!({"claims": {"user_id": "8"}});
        assert_eq!(found(json!("<jwt:access>"), text).len(), 1);
    }

    #[test]
    fn further_claims_are_compared_where_the_case_names_them() {
        let matcher = |claims: Value| json!({"$jwt": {"type": "access", "claims": claims}});
        let with_role = json!({"claims": {"role": "x"}});
        assert_eq!(found(matcher(json!({"role": "x"})), with_role.clone()), [""; 0]);
        assert_eq!(found(matcher(json!({"role": "y"})), with_role).len(), 1);
        assert_eq!(found(matcher(json!({"role": "x"})), json!({})).len(), 2);
        let old = now() - 9999;
        let older = json!({"claims": {"iat": old}});
        assert_eq!(found(matcher(json!({"iat": old})), older), [""; 0]);
    }

    #[test]
    fn a_token_for_an_unknown_fixture_user_fits_nothing() {
        assert_eq!(found(json!("<jwt:access:nobody>"), json!({})).len(), 1);
    }
}
