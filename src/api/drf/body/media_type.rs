//! Header values with parameters, and the match of media types. For `Content-Type`, `Accept` and the headers
//! inside a multipart body.

use crate::api::drf::body::charset::Charset;
use crate::api::drf::body::percent::unquote;
use crate::types::trimmed;

/// A header value such as `text/html; charset=utf-8`, parsed as by `django/utils/http.py`,
/// `parse_header_parameters`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HeaderValue {
    /// The part before the first `;`, in lower case.
    pub main: String,
    /// In their order, with duplicates.
    params: Vec<(String, String)>,
}

/// A parameter in the syntax of RFC 2231 with its apostrophes in the wrong place.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("a header parameter is malformed")]
pub(crate) struct MalformedHeader;

impl HeaderValue {
    /// Parses a header value.
    pub(crate) fn parse(line: &str) -> Result<HeaderValue, MalformedHeader> {
        let mut parts = split_params(line);
        let main = parts.next().unwrap_or_default().to_lowercase();
        let mut params: Vec<(String, String)> = Vec::new();
        for part in parts {
            let Some((name, value)) = part.split_once('=') else {
                continue;
            };
            let mut name = trimmed(name).to_lowercase();
            let mut value = unquoted(trimmed(value));
            if name.ends_with('*') {
                name.pop();
                if part.matches('\'').count() == 2 {
                    value = decode_rfc2231(&value)?;
                }
            }
            params.push((name, value));
        }
        Ok(HeaderValue { main, params })
    }

    /// The parameter with this name in lower case; of duplicates the last.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let last = self.params.iter().rfind(|(key, _)| key == name);
        last.map(|(_, value)| value.as_str())
    }

    /// Whether two media types match; `*` matches anything
    /// (`rest_framework/utils/mediatypes.py`, for a left side without parameters).
    pub(crate) fn matches(&self, media_type: &str) -> bool {
        let (main, sub) = type_and_subtype(&self.main);
        let (other_main, other_sub) = type_and_subtype(media_type);
        let is_match = |a: &str, b: &str| a == "*" || b == "*" || a == b;
        is_match(main, other_main) && is_match(sub, other_sub)
    }

    /// How specific a media range is, 0 for `*/*` to 3 for a type with parameters.
    pub(crate) fn precedence(&self) -> u8 {
        match type_and_subtype(&self.main) {
            ("*", _) => 0,
            (_, "*") => 1,
            _ if self.params.iter().all(|(name, _)| name == "q") => 2,
            _ => 3,
        }
    }

    /// The parameters as `;name=value`, without quotes.
    pub(crate) fn joined_params(&self) -> String {
        let params = self.params.iter();
        params.map(|(name, value)| format!(";{name}={value}")).collect()
    }
}

fn type_and_subtype(media_type: &str) -> (&str, &str) {
    media_type.split_once('/').unwrap_or((media_type, ""))
}

/// Splits at each `;` outside quotes. A quote after a backslash does not count.
fn split_params(line: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut previous) = (false, ' ');
    let parts = line.split(move |c| {
        quoted ^= c == '"' && previous != '\\';
        previous = c;
        c == ';' && !quoted
    });
    parts.map(trimmed)
}

fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) => inner.replace("\\\\", "\\").replace("\\\"", "\""),
        None => value.to_owned(),
    }
}

/// `charset'language'percent-encoded` of RFC 2231 §4.
fn decode_rfc2231(value: &str) -> Result<String, MalformedHeader> {
    let mut parts = value.split('\'');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(charset), Some(_), Some(text)) => Ok(unquote(text, Charset::find(charset).unwrap_or_default())),
        _ => Err(MalformedHeader),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> HeaderValue {
        HeaderValue::parse(line).unwrap()
    }

    #[test]
    fn the_main_value_becomes_lower_case_and_parameters_lose_their_quotes() {
        let value = parse("Text/HTML ; Charset=\"UTF-8\"; q = 1;; x=\"a;b\\\"c\"");
        assert_eq!(value.main, "text/html");
        assert_eq!(value.param("charset"), Some("UTF-8"));
        assert_eq!(value.param("q"), Some("1"));
        assert_eq!(value.param("x"), Some("a;b\"c"));
    }

    #[test]
    fn rfc2231_parameters_are_decoded() {
        assert_eq!(parse("a; name*=utf-8'en'%C3%A9").param("name"), Some("é"));
        assert_eq!(parse("a; name*=plain").param("name"), Some("plain"));
        assert_eq!(HeaderValue::parse("a; n'a'me*=x"), Err(MalformedHeader));
    }

    #[test]
    fn wildcards_match_on_either_side() {
        assert!(parse("*/*").matches("application/json"));
        assert!(parse("application/*").matches("application/json"));
        assert!(parse("*/json;q=0").matches("application/json"));
        assert!(!parse("application").matches("application/json"));
        assert!(!parse("").matches("application/json"));
    }

    #[test]
    fn precedence_grows_with_precision() {
        let order = ["*/*;a=1", "text/*;a=1", "text/html;q=1", "text/html;a=1"];
        assert_eq!(order.map(|line| parse(line).precedence()), [0, 1, 2, 3]);
    }
}
