//! JSON values with matchers in them. `compare` calls it for bodies and cookie values.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};

use super::Target;
use super::issued::{self, TokenMatcher};

/// The differences between `actual`, at `path`, and `expected`. Compares values: the order of keys and the
/// notation do not matter.
pub(crate) fn differences(expected: &Value, actual: &Value, path: &str, target: &Target) -> Vec<String> {
    match (expected, actual) {
        (Value::String(text), _) => text_differences(text, actual, path, target),
        (Value::Object(fields), _) if is_token_matcher(fields) => {
            match serde_json::from_value(fields["$jwt"].clone()) {
                Ok(matcher) => issued::differences(&matcher, actual, path, target),
                Err(error) => vec![format!("{path}: bad $jwt: {error}")],
            }
        }
        (Value::Object(expected), Value::Object(actual)) => {
            object_differences(expected, actual, path, target)
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            let pairs = expected.iter().zip(actual).enumerate();
            pairs
                .flat_map(|(n, (one, other))| differences(one, other, &format!("{path}[{n}]"), target))
                .collect()
        }
        (Value::Number(one), Value::Number(other)) if same_number(one, other) => Vec::new(),
        _ if expected == actual => Vec::new(),
        _ => vec![format!("{path}: expected {expected}, got {actual}")],
    }
}

fn is_token_matcher(fields: &Map<String, Value>) -> bool {
    fields.len() == 1 && fields.contains_key("$jwt")
}

fn object_differences(
    expected: &Map<String, Value>,
    actual: &Map<String, Value>,
    path: &str,
    target: &Target,
) -> Vec<String> {
    let keys: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
    keys.into_iter()
        .flat_map(|key| match (expected.get(key), actual.get(key)) {
            (Some(one), Some(other)) => differences(one, other, &format!("{path}.{key}"), target),
            (Some(_), None) => vec![format!("{path}.{key}: missing")],
            (None, other) => vec![format!("{path}.{key}: not expected, got {other:?}")],
        })
        .collect()
}

/// 1 and 1.0 are the same number.
fn same_number(one: &Number, other: &Number) -> bool {
    one == other || ((one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64())
}

/// Compares with a matcher in angle brackets, or for equality.
fn text_differences(text: &str, actual: &Value, path: &str, target: &Target) -> Vec<String> {
    let (kind, argument) = matcher(text).unwrap_or(("", text));
    let fits = match kind {
        "" => actual == argument,
        "any" => true,
        "str" => actual.is_string(),
        "int" => actual.is_i64() || actual.is_u64(),
        "id" => target.id(argument).is_ok_and(|id| actual == id),
        "prefix" => actual.as_str().is_some_and(|text| text.starts_with(argument)),
        "jwt" => return issued::differences(&TokenMatcher::parse(argument), actual, path, target),
        _ => return vec![format!("{path}: unknown matcher {text}")],
    };
    if fits {
        return Vec::new();
    }
    vec![format!("{path}: expected {text:?}, got {actual}")]
}

/// `<kind>` or `<kind:argument>`.
fn matcher(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('<')?.strip_suffix('>')?;
    let (kind, argument) = inner.split_once(':').unwrap_or((inner, ""));
    let is_kind = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    is_kind.then_some((kind, argument))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lines(expected: Value, actual: Value) -> Vec<String> {
        let target = Target {
            addr: ([127, 0, 0, 1], 1).into(),
            signing_key: "key".to_owned(),
            ids: [("alice".to_owned(), 7)].into(),
            reference: false,
            mailed: None,
        };
        differences(&expected, &actual, "body", &target)
    }

    #[test]
    fn equal_values_do_not_differ() {
        let value = json!({"a": [1, null, true, "x", {"b": 1.5}], "c": {}});
        assert_eq!(lines(value.clone(), value), [""; 0]);
        assert_eq!(lines(json!([1]), json!([1.0])), [""; 0]);
    }

    #[test]
    fn every_difference_is_reported_with_its_path() {
        let expected = json!({"a": {"b": [1, 2]}, "gone": 0, "same": "x"});
        let actual = json!({"a": {"b": [1, 3]}, "more": 0, "same": "x"});
        let expected_lines = [
            "body.a.b[1]: expected 2, got 3",
            "body.gone: missing",
            "body.more: not expected, got Some(Number(0))",
        ];
        assert_eq!(lines(expected, actual), expected_lines);
    }

    #[test]
    fn values_of_different_types_differ() {
        for (one, other) in [
            (json!(1), json!(true)),
            (json!(0), json!(null)),
            (json!(1), json!("1")),
            (json!("1"), json!(1)),
            (json!([]), json!({})),
            (json!([1]), json!([1, 1])),
            (json!([1, 1]), json!([1])),
            (json!(9_007_199_254_740_992_u64), json!(9_007_199_254_740_993_u64)),
            (json!("a"), json!("a ")),
        ] {
            assert_eq!(lines(one.clone(), other.clone()).len(), 1, "{one} {other}");
        }
    }

    #[test]
    fn matchers_accept_their_own_values_alone() {
        for (matcher, good, bad) in [
            ("<str>", json!(""), json!(1)),
            ("<int>", json!(-1), json!(1.5)),
            ("<int>", json!(1), json!("1")),
            ("<int>", json!(1), json!(true)),
            ("<id:alice>", json!(7), json!(8)),
            ("<id:alice>", json!(7), json!("7")),
            ("<prefix:JSON >", json!("JSON x"), json!("json x")),
            ("<h1>", json!("<h1>"), json!("h1")),
        ] {
            assert_eq!(lines(json!(matcher), good), [""; 0], "{matcher}");
            assert_eq!(lines(json!(matcher), bad).len(), 1, "{matcher}");
        }
        assert_eq!(lines(json!("<any>"), json!(null)), [""; 0]);
    }

    #[test]
    fn an_unknown_matcher_matches_nothing() {
        assert_eq!(lines(json!("<uuid>"), json!("<uuid>")).len(), 1);
        assert_eq!(lines(json!("<id:nobody>"), json!(1)).len(), 1);
        assert_eq!(lines(json!({"$jwt": {}}), json!({"$jwt": {}})).len(), 1);
    }
}
