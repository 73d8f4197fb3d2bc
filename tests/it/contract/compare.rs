//! Compares an answer with the expectation of a case, after its placeholders were filled in. Reports all
//! differences.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Target;
use super::case::{Expected, ExpectedCookie, Status};
use super::value;
use crate::http::{Cookie, Reply};

/// Cookie attributes that a server may add for security.
const HARDENING: [&str; 2] = ["samesite", "secure"];

/// The differences, one line each.
pub(crate) fn differences(expected: &Expected, reply: &Reply, target: &Target) -> Vec<String> {
    let mut lines = status(&expected.status, reply.status, target);
    for (name, value) in &expected.headers {
        let actual = reply.header(name);
        if !header_matches(name, value, actual.as_deref(), target) {
            lines.push(format!("header {name}: expected {value:?}, got {actual:?}"));
        }
    }
    if let Some(wanted) = &expected.cookies {
        lines.extend(cookies(wanted, &reply.cookies(), target));
    }
    if let Some(wanted) = &expected.body {
        lines.extend(body(wanted, reply, target));
    }
    lines
}

/// An answer of 500 and above is accepted from the reference only.
fn status(wanted: &Status, actual: u16, target: &Target) -> Vec<String> {
    let allowed = match wanted {
        Status::One(status) => std::slice::from_ref(status),
        Status::Several { any_of } => any_of,
    };
    let good = allowed.contains(&actual) && (actual < 500 || target.reference);
    difference(good, "status", format_args!("{allowed:?}"), actual)
}

fn header_matches(name: &str, wanted: &str, actual: Option<&str>, target: &Target) -> bool {
    let Some(actual) = actual else {
        return matches!(wanted, "<absent>" | "<any>");
    };
    match name.to_ascii_lowercase().as_str() {
        _ if wanted == "<absent>" => false,
        _ if wanted == "<any>" => true,
        "allow" => methods(wanted) == methods(actual),
        "content-type" => media_type(wanted) == media_type(actual),
        "location" => {
            let origin = format!("http://{}", target.addr);
            wanted == actual || actual.strip_prefix(&origin) == Some(wanted)
        }
        _ => wanted == actual,
    }
}

fn methods(list: &str) -> BTreeSet<&str> {
    list.split(',').map(str::trim).collect()
}

/// The type and its parameters, normalised for comparison.
fn media_type(text: &str) -> (String, BTreeSet<String>) {
    let text = text.to_lowercase().replace('"', "");
    let mut items = text.split(';').map(str::trim);
    let kind = items.next().unwrap_or_default().to_owned();
    let parameters = items.filter(|item| !item.is_empty()).map(|item| {
        let (name, value) = item.split_once('=').unwrap_or((item, ""));
        format!("{}={}", name.trim_end(), value.trim_start())
    });
    (kind, parameters.collect())
}

fn cookies(
    wanted: &BTreeMap<String, ExpectedCookie>,
    actual: &BTreeMap<String, Cookie>,
    target: &Target,
) -> Vec<String> {
    let mut lines = Vec::new();
    for name in actual.keys().filter(|name| !wanted.contains_key(*name)) {
        lines.push(format!("cookie {name}: expected none"));
    }
    for (name, wanted) in wanted {
        match actual.get(name) {
            Some(actual) => lines.extend(cookie(name, wanted, actual, target)),
            None => lines.push(format!("cookie {name}: missing")),
        }
    }
    lines
}

fn cookie(name: &str, wanted: &ExpectedCookie, actual: &Cookie, target: &Target) -> Vec<String> {
    let path = format!("cookie {name}");
    let value = Value::from(actual.value.clone());
    let mut lines = value::differences(&wanted.value, &value, &path, target);
    let wanted = wanted.attributes.iter();
    let wanted: BTreeMap<String, Value> =
        wanted.map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    let mut actual: BTreeMap<String, Value> = actual
        .attributes
        .iter()
        .map(|(name, text)| (name.clone(), text.clone().map_or(Value::Bool(true), Value::from)))
        .collect();
    if !target.reference {
        actual.retain(|name, _| !HARDENING.contains(&name.as_str()) || wanted.contains_key(name));
    }
    let same = wanted == actual;
    lines.extend(difference(same, &path, format_args!("{wanted:?}"), format_args!("{actual:?}")));
    lines
}

fn body(wanted: &Value, reply: &Reply, target: &Target) -> Vec<String> {
    if wanted == "<any>" {
        return Vec::new();
    }
    if wanted == "<empty>" {
        return difference(reply.body.is_empty(), "body", "none", reply.text());
    }
    match serde_json::from_slice(&reply.body) {
        Ok(actual) => value::differences(wanted, &actual, "body", target),
        Err(error) => vec![format!("body: {error} in {:?}", reply.text())],
    }
}

fn difference(
    same: bool,
    what: &str,
    wanted: impl std::fmt::Display,
    actual: impl std::fmt::Display,
) -> Vec<String> {
    if same {
        return Vec::new();
    }
    vec![format!("{what}: expected {wanted}, got {actual}")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    fn target(reference: bool) -> Target {
        Target {
            addr: ([127, 0, 0, 1], 8000).into(),
            signing_key: "key".to_owned(),
            ids: [("alice".to_owned(), 1)].into(),
            reference,
            mailed: None,
        }
    }

    fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
        let headers = headers.iter().map(|(n, v)| ((*n).into(), (*v).into()));
        Reply { status, headers: headers.collect(), body: body.into() }
    }

    fn differ(expected: Value, reply: &Reply) -> Vec<String> {
        differences(&from_value(expected).unwrap(), reply, &target(false))
    }

    fn header_passes(name: &str, wanted: &str, actual: &str) -> bool {
        let expected = json!({"status": 200, "headers": {name: wanted}});
        differ(expected, &reply(200, &[(name, actual)], "")).is_empty()
    }

    #[test]
    fn a_wrong_status_is_reported() {
        let not_found = reply(404, &[], "");
        assert_eq!(differ(json!({"status": 404}), &not_found), [""; 0]);
        assert_eq!(differ(json!({"status": {"any_of": [400, 404]}}), &not_found), [""; 0]);
        let lines = differ(json!({"status": 400}), &not_found);
        assert_eq!(lines, ["status: expected [400], got 404"]);
        assert_eq!(differ(json!({"status": {"any_of": [400, 401]}}), &not_found).len(), 1);
    }

    #[test]
    fn a_500_is_accepted_from_the_reference_only() {
        let crash = reply(500, &[], "");
        let expected: Expected = from_value(json!({"status": {"any_of": [400, 500]}})).unwrap();
        assert_eq!(differences(&expected, &crash, &target(true)), [""; 0]);
        assert_eq!(differences(&expected, &crash, &target(false)).len(), 1);
    }

    #[test]
    fn a_missing_wrong_or_unexpected_header_is_reported() {
        let plain = reply(200, &[("Vary", "Cookie")], "");
        for (wanted, differing) in [("Cookie", 0), ("<any>", 0), ("Accept", 1), ("<absent>", 1)] {
            let expected = json!({"status": 200, "headers": {"vary": wanted}});
            assert_eq!(differ(expected, &plain).len(), differing, "{wanted}");
        }
        for (wanted, differing) in [("GET", 1), ("<absent>", 0)] {
            let expected = json!({"status": 200, "headers": {"Allow": wanted}});
            assert_eq!(differ(expected, &plain).len(), differing, "{wanted}");
        }
    }

    #[test]
    fn allow_is_a_set() {
        assert!(header_passes("Allow", "GET, PUT", "PUT,GET"));
        assert!(!header_passes("Allow", "GET, PUT", "GET"));
        assert!(!header_passes("Allow", "GET", "GET, PUT"));
    }

    #[test]
    fn media_types_are_compared_by_meaning() {
        assert!(header_passes("Content-Type", "a/b; c=d; e=f", "A/B;e=\"F\"; c = D;"));
        assert!(!header_passes("Content-Type", "application/json", "application/json; charset=utf-8"));
        assert!(!header_passes("Content-Type", "a/b; c=d", "a/b; c=e"));
    }

    #[test]
    fn a_location_may_name_the_server_itself() {
        assert!(header_passes("Location", "/a/", "/a/"));
        assert!(header_passes("Location", "/a/", "http://127.0.0.1:8000/a/"));
        assert!(!header_passes("Location", "/a/", "http://other/a/"));
        assert!(!header_passes("Location", "/a/", "/a"));
    }

    #[test]
    fn other_headers_are_compared_exactly() {
        assert!(!header_passes("WWW-Authenticate", "Bearer realm=\"api\"", "Bearer realm=api"));
        assert!(!header_passes("X-Frame-Options", "DENY", "deny"));
    }

    fn cookie_differences(expected: Value, set: &[&str], reference: bool) -> usize {
        let headers: Vec<_> = set.iter().map(|line| ("Set-Cookie", *line)).collect();
        let expected = json!({"status": 200, "cookies": expected});
        let expected = from_value(expected).unwrap();
        differences(&expected, &reply(200, &headers, ""), &target(reference)).len()
    }

    #[test]
    fn a_cookie_must_have_its_value_and_exactly_its_attributes() {
        let wanted = json!({"t": {"value": "v", "attributes": {"Path": "/", "HttpOnly": true}}});
        for (set, lines) in [
            (&["t=v; HttpOnly; Path=/"][..], 0),
            (&[], 1),
            (&["t=w; HttpOnly; Path=/"], 1),
            (&["t=v; Path=/"], 1),
            (&["t=v; HttpOnly=1; Path=/"], 1),
            (&["t=v; HttpOnly; Path=/api"], 1),
            (&["t=v; HttpOnly; Path=/; Max-Age=9"], 1),
            (&["t=v; HttpOnly; Path=/", "u=v"], 1),
        ] {
            assert_eq!(cookie_differences(wanted.clone(), set, false), lines, "{set:?}");
        }
        assert_eq!(cookie_differences(json!({}), &["t=v"], false), 1);
    }

    #[test]
    fn a_server_but_not_the_reference_may_harden_its_cookie() {
        let plain = json!({"t": {"value": "v", "attributes": {}}});
        let strict = json!({"t": {"value": "v", "attributes": {"SameSite": "Strict"}}});
        let set = &["t=v; SameSite=Lax; Secure"];
        assert_eq!(cookie_differences(plain.clone(), set, false), 0);
        assert_eq!(cookie_differences(plain, set, true), 1);
        assert_eq!(cookie_differences(strict, set, false), 1);
    }

    #[test]
    fn a_body_is_json_or_empty_or_anything() {
        for (wanted, body, lines) in [
            (json!("<any>"), "<h1>", 0),
            (json!("<empty>"), "", 0),
            (json!("<empty>"), "{}", 1),
            (json!({}), "{ }", 0),
            (json!({}), "", 1),
            (json!({}), "<h1>", 1),
            (json!({"a": 1}), "{\"a\": 1, \"b\": 2}", 1),
            (json!(null), "0", 1),
        ] {
            let expected = json!({"status": 200, "body": wanted});
            let differing = differ(expected, &reply(200, &[], body));
            assert_eq!(differing.len(), lines, "{wanted} {body}");
        }
    }
}
