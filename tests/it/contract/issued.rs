//! Checks a token that the server issued: HS256 with the shared key, exactly the claims of Simple JWT
//! (`rest_framework_simplejwt/tokens.py`, `Token`), and the lifetime of its type.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::jwt::{self, Decoded};
use super::{Target, now, value};

const CLAIMS: [&str; 5] = ["token_type", "exp", "iat", "jti", "user_id"];

/// The tolerance for `exp`, and for `exp - iat`, in seconds.
const CLOCK_SLACK: u64 = 300;
const LIFETIME_SLACK: u64 = 60;

/// The matcher of a token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenMatcher {
    /// `access` or `refresh`.
    #[serde(rename = "type")]
    kind: String,
    /// The fixture user in `user_id`. Without one, any integer is accepted.
    user: Option<String>,
    /// Expected values of further claims.
    #[serde(default)]
    claims: Map<String, Value>,
}

impl TokenMatcher {
    /// `TYPE` or `TYPE:USER`.
    pub(crate) fn parse(text: &str) -> Self {
        let (kind, user) = text.split_once(':').unwrap_or((text, ""));
        Self { kind: kind.to_owned(), user: (!user.is_empty()).then(|| user.to_owned()), claims: Map::new() }
    }

    /// In seconds: one day and ten days.
    fn lifetime(&self) -> i64 {
        if self.kind == "refresh" { 864_000 } else { 86_400 }
    }
}

/// The differences between the token and the matcher.
pub(crate) fn differences(
    matcher: &TokenMatcher,
    actual: &Value,
    path: &str,
    target: &Target,
) -> Vec<String> {
    let Some(token) = actual.as_str().and_then(jwt::decode) else {
        return vec![format!("{path}: expected a JWT, got {actual}")];
    };
    let mut lines = signature(&token, target);
    if has_expected_names(&token.claims, &matcher.claims) {
        lines.extend(time(matcher, &token.claims));
        lines.extend(subject(matcher, &token.claims, target));
    } else {
        lines.push(format!("claims {:?}", token.claims));
    }
    let mut lines: Vec<String> = lines.iter().map(|line| format!("{path}: JWT {line}")).collect();
    for (name, expected) in &matcher.claims {
        let claim = &token.claims.get(name).cloned().unwrap_or_default();
        let path = format!("{path}: JWT {name}");
        lines.extend(value::differences(expected, claim, &path, target));
    }
    lines
}

/// Checks header and signature.
fn signature(token: &Decoded<'_>, target: &Target) -> Vec<String> {
    let mut lines = Vec::new();
    let field = |name| token.header.get(name).and_then(Value::as_str);
    if (field("alg"), field("typ")) != (Some("HS256"), Some("JWT")) {
        lines.push(format!("header {:?}", token.header));
    }
    let signature = jwt::sign("HS256", target.signing_key.as_bytes(), token.signed);
    if signature.as_ref() != Some(&token.signature) {
        lines.push("is not signed with the signing key".to_owned());
    }
    lines
}

/// Whether the claims are the five of Simple JWT and those of the matcher.
fn has_expected_names(claims: &Map<String, Value>, extra: &Map<String, Value>) -> bool {
    let actual: BTreeSet<&str> = claims.keys().map(String::as_str).collect();
    actual == extra.keys().map(String::as_str).chain(CLAIMS).collect()
}

/// Checks `exp` against the clock, and against `iat` unless the matcher has it.
fn time(matcher: &TokenMatcher, claims: &Map<String, Value>) -> Vec<String> {
    let (Some(exp), Some(iat)) = (claims["exp"].as_i64(), claims["iat"].as_i64()) else {
        return vec![format!("exp {} or iat {} is no integer", claims["exp"], claims["iat"])];
    };
    let mut lines = Vec::new();
    let (left, lifetime) = (exp - now(), matcher.lifetime());
    if left.abs_diff(lifetime) > CLOCK_SLACK {
        lines.push(format!("expires in {left} s, expected {lifetime}"));
    }
    if !matcher.claims.contains_key("iat") && (exp - iat).abs_diff(lifetime) > LIFETIME_SLACK {
        lines.push(format!("exp - iat is {}, expected {lifetime}", exp - iat));
    }
    lines
}

/// Checks type, id and user.
fn subject(matcher: &TokenMatcher, claims: &Map<String, Value>, target: &Target) -> Vec<String> {
    let is_hex = |id: &str| id.len() == 32 && id.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    let user = claims["user_id"].as_i64();
    let good_user = match &matcher.user {
        Some(name) => user.is_some() && user == target.id(name).ok(),
        None => user.is_some(),
    };
    let checks = [
        ("token_type", claims["token_type"] == *matcher.kind),
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
            mailed: None,
        }
    }

    /// The differences of a token with the right lifetime and the changes of `recipe`.
    fn token_differences(matcher: Value, recipe: Value) -> Vec<String> {
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
            assert_eq!(token_differences(matcher, json!({})), [""; 0]);
        }
        let ten_days = json!({"type": "refresh", "claims": {"exp": now() + 864_000}});
        assert_eq!(token_differences(json!("<jwt:refresh:alice>"), ten_days), [""; 0]);
    }

    #[test]
    fn each_defect_is_reported() {
        for (recipe, expected) in [
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
            let lines = token_differences(json!("<jwt:access:alice>"), recipe.clone());
            assert_eq!(lines.len(), expected, "{recipe}: {lines:?}");
        }
    }

    #[test]
    fn any_integer_is_accepted_as_user_where_none_is_named() {
        assert_eq!(token_differences(json!("<jwt:access>"), json!({"user": "bob"})), [""; 0]);
        let text = json!({"claims": {"user_id": "8"}});
        assert_eq!(token_differences(json!("<jwt:access>"), text).len(), 1);
    }

    #[test]
    fn further_claims_are_compared_where_the_case_names_them() {
        let matcher = |claims: Value| json!({"$jwt": {"type": "access", "claims": claims}});
        let with_role = json!({"claims": {"role": "x"}});
        assert_eq!(token_differences(matcher(json!({"role": "x"})), with_role.clone()), [""; 0]);
        assert_eq!(token_differences(matcher(json!({"role": "y"})), with_role).len(), 1);
        assert_eq!(token_differences(matcher(json!({"role": "x"})), json!({})).len(), 2);
        let old = now() - 9999;
        let older = json!({"claims": {"iat": old}});
        assert_eq!(token_differences(matcher(json!({"iat": old})), older), [""; 0]);
    }

    #[test]
    fn a_token_for_an_unknown_fixture_user_is_reported() {
        assert_eq!(token_differences(json!("<jwt:access:nobody>"), json!({})).len(), 1);
    }
}
