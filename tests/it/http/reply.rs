//! An answer, and access to its headers, cookies and body.

use std::collections::BTreeMap;

use serde_json::Value;

/// The answer of a server, with its body after the transfer coding was removed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub status: u16,
    /// In the order of the answer. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A cookie that the answer sets or deletes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cookie {
    /// Without quotes.
    pub value: String,
    /// By name in lower case. A flag such as `HttpOnly` has no value.
    pub attributes: BTreeMap<String, Option<String>>,
}

impl Reply {
    /// All values of a header, in order.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The header's value; several are joined by `, ` (RFC 9110 §5.3).
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values = self.all(name);
        (!values.is_empty()).then(|| values.join(", "))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// # Panics
    /// If the body is not JSON; the message shows it.
    #[expect(clippy::panic, reason = "fails the test")]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {}: {:?}", self.status, self.text()))
    }

    /// The cookies of all `Set-Cookie` headers, by name. Of several with one name the last.
    pub(crate) fn cookies(&self) -> BTreeMap<String, Cookie> {
        self.all("Set-Cookie").into_iter().map(parse_cookie).collect()
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<Cookie> {
        self.cookies().remove(name)
    }
}

/// RFC 6265 §5.2, as far as tests need it.
fn parse_cookie(line: &str) -> (String, Cookie) {
    let mut items = line.split(';').map(str::trim);
    let first = items.next().unwrap_or_default();
    let (name, value) = first.split_once('=').unwrap_or((first, ""));
    let attributes = items
        .filter(|item| !item.is_empty())
        .map(|item| match item.split_once('=') {
            Some((key, text)) => (key.to_lowercase(), Some(text.to_owned())),
            None => (item.to_lowercase(), None),
        })
        .collect();
    let value = value.trim_matches('"').to_owned();
    (name.to_owned(), Cookie { value, attributes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reply(headers: &[(&str, &str)], body: &str) -> Reply {
        let headers = headers.iter().map(|(n, v)| ((*n).into(), (*v).into()));
        Reply { status: 200, headers: headers.collect(), body: body.into() }
    }

    #[test]
    fn headers_are_read_in_any_case_and_joined() {
        let reply = reply(&[("Allow", "GET"), ("X", "1"), ("allow", "PUT")], "");
        assert_eq!(reply.header("ALLOW").as_deref(), Some("GET, PUT"));
        assert_eq!(reply.header("Vary"), None);
    }

    #[test]
    fn a_cookie_has_its_value_and_its_attributes() {
        let reply = reply(&[("Set-Cookie", "t=\"a=b\"; Path=/; HttpOnly;")], "");
        let cookie = reply.cookie("t").unwrap();
        assert_eq!(cookie.value, "a=b");
        let expected = [("path", Some("/".to_owned())), ("httponly", None)];
        assert_eq!(cookie.attributes, expected.map(|(k, v)| (k.to_owned(), v)).into());
        assert_eq!(reply.cookie("other"), None);
    }

    #[test]
    fn of_two_cookies_with_one_name_the_last_counts() {
        let reply = reply(&[("Set-Cookie", "t=1"), ("set-cookie", "t=2")], "");
        assert_eq!(reply.cookie("t").unwrap().value, "2");
    }

    #[test]
    fn a_json_body_is_a_value() {
        assert_eq!(reply(&[], r#"{"a": [1]}"#).json(), json!({"a": [1]}));
    }

    #[test]
    #[should_panic(expected = "<h1>no</h1>")]
    fn a_body_that_is_not_json_is_printed() {
        reply(&[], "<h1>no</h1>").json();
    }
}
