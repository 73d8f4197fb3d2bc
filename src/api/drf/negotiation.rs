//! Content negotiation and rendering, as DRF does both with `JSONRenderer` alone
//! (`rest_framework/negotiation.py`, `rest_framework/renderers.py`). The first step of every request of
//! the API.

use actix_web::http::header::{self, HeaderMap};
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::api::drf::body::charset::Charset;
use crate::api::drf::body::form;
use crate::api::drf::body::media_type::HeaderValue;
use crate::api::drf::body::python::int;
use crate::types::trimmed;

const JSON: &str = "application/json";
const MAX_INDENT: i64 = 8;

/// A request for a format other than JSON.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum NotNegotiable {
    /// 406: `Accept` does not allow JSON.
    #[error("Could not satisfy the request Accept header.")]
    Accept,
    /// 404: `?format=` names another format than `json`.
    #[error("Not found.")]
    Format,
}

/// The layout of an answer. The default is compact, also for [`NotNegotiable`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rendering {
    /// Spaces for each level (1 to 8), or `None` for compact JSON.
    pub indent: Option<u8>,
}

/// Decides by the `Accept` header (`None` where it is missing) and by the [`format_in`] the query.
pub fn negotiate(accept: Option<&[u8]>, format: Option<&str>) -> Result<Rendering, NotNegotiable> {
    if format.is_some_and(|format| !format.is_empty() && format != "json") {
        return Err(NotNegotiable::Format);
    }
    let accept = Charset::Latin1.decode_lossy(accept.unwrap_or(b"*/*"));
    let ranges = accept.split(',').filter_map(|range| HeaderValue::parse(trimmed(range)).ok());
    let fitting = ranges.filter(|range| range.matches(JSON));
    // Of equally precise ranges DRF takes any one; here it is the first.
    let best = fitting.reduce(|best, range| match range.precedence() > best.precedence() {
        true => range,
        false => best,
    });
    let best = best.ok_or(NotNegotiable::Accept)?;
    Ok(Rendering { indent: indent(&best) })
}

/// The `indent` parameter, limited to 0 to 8; 0 is `None`.
fn indent(range: &HeaderValue) -> Option<u8> {
    let indent = if range.precedence() < 2 {
        // DRF appends the parameters of a wildcard to its own type and parses that again.
        let full = format!("{JSON}{}", range.joined_params());
        int(HeaderValue::parse(&full).ok()?.param("indent")?)?
    } else {
        int(range.param("indent")?)?
    };
    u8::try_from(indent.clamp(0, MAX_INDENT)).ok().filter(|spaces| *spaces > 0)
}

/// The `Accept` header. Several are one list (RFC 9110 §5.3).
pub(crate) fn accept_in(headers: &HeaderMap) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = headers.get_all(header::ACCEPT).map(|line| line.as_bytes()).collect();
    (!lines.is_empty()).then(|| lines.join(&b", "[..]))
}

/// The first of the media types, in the order of preference, that fits the most precise range of an `Accept` header
/// (`rest_framework/negotiation.py`, `select_renderer`).
pub(crate) fn choose<'a>(accept: Option<&[u8]>, types: &[&'a str]) -> Option<&'a str> {
    let accept = Charset::Latin1.decode_lossy(accept.unwrap_or(b"*/*"));
    let ranges: Vec<HeaderValue> =
        accept.split(',').filter_map(|range| HeaderValue::parse(trimmed(range)).ok()).collect();
    let precision =
        |kind: &str| ranges.iter().filter(|range| range.matches(kind)).map(HeaderValue::precedence).max();
    let fitting = types.iter().filter_map(|kind| Some((*kind, precision(kind)?)));
    fitting.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(kind, _)| kind)
}

/// The last `format` in a query string, which is decoded as a form is.
pub fn format_in(query: &str) -> Option<String> {
    parameter_in(query, "format")
}

/// The last parameter of that name in a query string, which is decoded as a form is.
pub(crate) fn parameter_in(query: &str, name: &str) -> Option<String> {
    let pairs = form::pairs(query, Charset::Utf8);
    pairs.filter(|(key, _)| key == name).map(|(_, value)| value).last()
}

impl Rendering {
    /// The bytes of an answer. As in DRF, `null` is an empty body.
    pub fn render(self, value: &Value) -> Vec<u8> {
        if value.is_null() {
            return Vec::new();
        }
        let compact = || value.to_string().into_bytes();
        escape_line_separators(self.indent.map_or_else(compact, |spaces| indented(value, spaces)))
    }
}

/// Escapes U+2028 and U+2029 in finished JSON, as DRF does: JavaScript before ES2019 does not allow
/// them in strings.
pub(crate) fn escape_line_separators(json: Vec<u8>) -> Vec<u8> {
    const SEPARATORS: [(&[u8; 3], &[u8; 6]); 2] =
        [(b"\xE2\x80\xA8", br"\u2028"), (b"\xE2\x80\xA9", br"\u2029")];
    if !json.windows(3).any(|window| SEPARATORS.iter().any(|(raw, _)| window == *raw)) {
        return json;
    }
    let mut escaped = Vec::with_capacity(json.len() + 12);
    let mut rest = json.as_slice();
    while let [first, tail @ ..] = rest {
        let separator = SEPARATORS.iter().find_map(|(raw, text)| Some((rest.strip_prefix(*raw)?, text)));
        match separator {
            Some((after, text)) => {
                escaped.extend_from_slice(*text);
                rest = after;
            }
            None => {
                escaped.push(*first);
                rest = tail;
            }
        }
    }
    escaped
}

fn indented(value: &Value, spaces: u8) -> Vec<u8> {
    let indent = " ".repeat(usize::from(spaces));
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    match value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter)) {
        Ok(()) => bytes,
        // Unreachable: a `Value` always serialises into a `Vec`.
        Err(_) => value.to_string().into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn indent_for(accept: &str) -> Result<Option<u8>, NotNegotiable> {
        negotiate(Some(accept.as_bytes()), None).map(|rendering| rendering.indent)
    }

    #[test]
    fn json_matches_a_missing_header_and_every_wildcard() {
        assert_eq!(negotiate(None, None), Ok(Rendering::default()));
        for accept in ["*/*", "application/*", "text/html, */*;q=0.1", "APPLICATION/JSON", "*/json"] {
            assert_eq!(indent_for(accept), Ok(None), "{accept}");
        }
    }

    #[test]
    fn json_does_not_match_other_types_or_an_empty_header() {
        for accept in ["", "text/html", "application/xml, image/*", "json", "application"] {
            assert_eq!(indent_for(accept), Err(NotNegotiable::Accept), "{accept:?}");
        }
    }

    #[test]
    fn indent_is_clamped_and_zero_is_compact() {
        for (accept, indent) in [
            ("application/json; indent=4", Some(4)),
            ("application/json; indent=99999999999999999999", Some(8)),
            ("application/json; indent=0", None),
            ("application/json; indent=-3", None),
            ("application/json; indent=x", None),
            ("*/*; indent=\"2;x\"", Some(2)),
            ("application/json; indent=\"2;x\"", None),
        ] {
            assert_eq!(indent_for(accept), Ok(indent), "{accept}");
        }
    }

    #[test]
    fn the_most_precise_range_decides() {
        assert_eq!(indent_for("*/*; indent=2, application/json; indent=4"), Ok(Some(4)));
        assert_eq!(indent_for("*/*; indent=2, application/json"), Ok(None));
    }

    #[test]
    fn of_several_types_the_first_that_fits_the_most_precise_range_is_chosen() {
        const TYPES: [&str; 3] = ["application/json", "application/x", "application/yaml"];
        for (accept, chosen) in [
            (None, Some(TYPES[0])),
            (Some("*/*"), Some(TYPES[0])),
            (Some("*/*, application/yaml"), Some(TYPES[2])),
            (Some("application/yaml, application/x"), Some(TYPES[1])),
            (Some("text/html, image/*"), None),
            (Some(""), None),
        ] {
            assert_eq!(choose(accept.map(str::as_bytes), &TYPES), chosen, "{accept:?}");
        }
    }

    #[test]
    fn a_format_must_be_json_or_blank() {
        assert!(negotiate(None, Some("json")).is_ok());
        assert!(negotiate(None, Some("")).is_ok());
        assert_eq!(negotiate(Some(b""), Some("JSON")), Err(NotNegotiable::Format));
    }

    #[test]
    fn of_several_formats_in_a_query_the_last_counts() {
        assert_eq!(format_in("format=xml&a&format=j%73on").as_deref(), Some("json"));
        assert_eq!(format_in("format").as_deref(), Some(""));
        assert_eq!(format_in("Format=xml;format=xml"), None);
    }

    #[test]
    fn answers_are_compact_unescaped_and_safe_for_javascript() {
        let bytes = Rendering::default().render(&json!({"é": ["a\u{2028}\u{1}\u{7f}", 1, null, {}]}));
        let expected = "{\"é\":[\"a\\u2028\\u0001\u{7f}\",1,null,{}]}";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        assert!(Rendering::default().render(&Value::Null).is_empty());
    }

    #[test]
    fn an_indented_answer_is_laid_out_as_by_python() {
        let bytes = Rendering { indent: Some(2) }.render(&json!({"a": [1, []], "b": {}}));
        let expected = "{\n  \"a\": [\n    1,\n    []\n  ],\n  \"b\": {}\n}";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn recorded_headers_and_queries_are_answered_as_by_drf() {
        let recorded = include_str!("../../../tests/vectors/drf_negotiation.json");
        let body = json!({"a": [1, "\u{2028}\u{1}é\"\\"], "b": {}});
        let cases: Vec<Value> = serde_json::from_str(recorded).unwrap();
        assert!(cases.len() >= 50);
        for case in cases {
            let accept = case["accept"].as_str();
            let accept = accept.map(|text| text.chars().map(|c| c as u8).collect::<Vec<u8>>());
            let format = format_in(case["query"].as_str().unwrap());
            let answer = match negotiate(accept.as_deref(), format.as_deref()) {
                Ok(rendering) => (200, String::from_utf8(rendering.render(&body)).unwrap()),
                Err(error @ NotNegotiable::Format) => (404, error.to_string()),
                Err(error @ NotNegotiable::Accept) => (406, error.to_string()),
            };
            let expected = (case["status"].as_u64().unwrap(), case["answer"].as_str().unwrap());
            assert_eq!((answer.0, answer.1.as_str()), expected, "{case}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_headers_and_queries_do_not_panic(accept: Vec<u8>, query: String) {
            let _ = negotiate(Some(&accept), format_in(&query).as_deref());
        }
    }
}
