//! The cookie `access_token`: read as Django reads cookies, written in one place.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;

use crate::types::AccessToken;

/// The cookie's name.
const NAME: &str = "access_token";

/// The cookie that carries a token: no `Max-Age`, because the token's own `exp` rules.
pub fn carrying(token: &AccessToken, secure: bool) -> Cookie<'static> {
    let mut cookie = Cookie::new(NAME, token.expose().to_owned());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    if secure {
        cookie.set_secure(true);
    }
    cookie
}

/// The token in the request's cookies; an empty one counts as none.
pub fn token(request: &HttpRequest) -> Option<Vec<u8>> {
    let mut found = None;
    for header in request.headers().get_all(header::COOKIE) {
        for (name, value) in pairs(header.as_bytes()) {
            if name == NAME.as_bytes() {
                found = Some(value);
            }
        }
    }
    found.filter(|value| !value.is_empty())
}

/// `django/http/cookie.py`, `parse_cookie`: split at `;`, trim, take quotes off. Later ones
/// of the same name come later.
fn pairs(header: &[u8]) -> impl Iterator<Item = (&[u8], Vec<u8>)> {
    header.split(|byte| *byte == b';').filter_map(|chunk| {
        let equals = chunk.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (&chunk[..equals], &chunk[equals + 1..]);
        Some((name.trim_ascii(), unquoted(value.trim_ascii())))
    })
}

/// A quoted value without its quotes and escapes: `\"` and octal `\056` (Python's
/// `http/cookies.py`, `_unquote`).
fn unquoted(value: &[u8]) -> Vec<u8> {
    let Some(mut rest) = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) else {
        return value.to_vec();
    };
    let mut plain = Vec::with_capacity(rest.len());
    while let [first, after @ ..] = rest {
        (rest, _) = match (first, after) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                (after, plain.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0')))
            }
            (b'\\', [escaped, after @ ..]) => (after, plain.push(*escaped)),
            (plain_byte, after) => (after, plain.push(*plain_byte)),
        };
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn read(headers: &[&str]) -> Option<String> {
        let request = headers
            .iter()
            .fold(TestRequest::default(), |request, value| request.append_header((header::COOKIE, *value)));
        token(&request.to_http_request()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn it_is_found_among_others_and_of_two_the_last_wins() {
        assert_eq!(read(&["a=b; access_token=one; c=d=e"]).as_deref(), Some("one"));
        assert_eq!(read(&["access_token=one; access_token=two"]).as_deref(), Some("two"));
        assert_eq!(read(&["access_token=one", "access_token=two"]).as_deref(), Some("two"));
    }

    #[test]
    fn quotes_are_taken_off() {
        assert_eq!(read(&["access_token=\"one\""]).as_deref(), Some("one"));
        assert_eq!(read(&[r#"access_token="o\"ne""#]).as_deref(), Some("o\"ne"));
        assert_eq!(read(&["access_token=\"one"]).as_deref(), Some("\"one"));
        assert_eq!(read(&[r#"access_token="o\056e""#]).as_deref(), Some("o.e"));
        assert_eq!(read(&[r#"access_token="one\""#]).as_deref(), Some("one\\"));
    }

    #[test]
    fn an_empty_or_missing_one_counts_as_none() {
        for headers in [&["access_token="][..], &["access_token=\"\""], &["access=x"], &["access_token"], &[]]
        {
            assert_eq!(read(headers), None, "{headers:?}");
        }
    }

    #[test]
    fn it_is_secure_exactly_where_asked() {
        let token = AccessToken::new("t".into());
        assert_eq!(carrying(&token, false).to_string(), "access_token=t; HttpOnly; SameSite=Lax; Path=/");
        assert_eq!(
            carrying(&token, true).to_string(),
            "access_token=t; HttpOnly; SameSite=Lax; Secure; Path=/"
        );
    }
}
