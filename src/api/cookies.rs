//! The cookies that log browsers in: read as Django reads cookies, written and taken away in one
//! place, so that a browser takes the one for the other.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::header;

use crate::config::{self, Config};
use crate::types::{AccessToken, RefreshToken};

/// Where the refresh cookie is sent: to the endpoints that renew it and end it, and nowhere else.
const REFRESH_PATH: &str = "/api/token/";

/// The cookie with an access token: no `Max-Age`, because the token's own `exp` rules.
pub(crate) fn access(token: &AccessToken, config: &Config) -> Cookie<'static> {
    cookie(&config.cookies.access_name, token.expose(), "/", config)
}

/// The cookie with a refresh token: it outlives the browser, as long as the token.
pub(crate) fn refresh(token: &RefreshToken, config: &Config) -> Cookie<'static> {
    let mut cookie = cookie(&config.cookies.refresh_name, token.expose(), REFRESH_PATH, config);
    cookie.set_max_age(time::Duration::seconds_f64(config.refresh_token_lifetime.as_secs_f64()));
    cookie
}

/// What takes the cookies away.
pub(crate) fn none(config: &Config) -> Vec<Cookie<'static>> {
    let access = gone(cookie(&config.cookies.access_name, "", "/", config));
    let refresh = config.cookies.refresh.then(|| no_refresh(config));
    std::iter::once(access).chain(refresh).collect()
}

/// What takes the refresh cookie away.
pub(crate) fn no_refresh(config: &Config) -> Cookie<'static> {
    gone(cookie(&config.cookies.refresh_name, "", REFRESH_PATH, config))
}

fn gone(mut cookie: Cookie<'static>) -> Cookie<'static> {
    cookie.set_max_age(time::Duration::ZERO);
    cookie.set_expires(time::OffsetDateTime::UNIX_EPOCH);
    cookie
}

/// A browser replaces or removes a cookie by its name, domain and path (RFC 6265 §5.3).
fn cookie(name: &str, value: &str, path: &'static str, config: &Config) -> Cookie<'static> {
    let mut cookie = Cookie::new(name.to_owned(), value.to_owned());
    cookie.set_path(path);
    cookie.set_http_only(true);
    cookie.set_same_site(match config.cookies.same_site {
        config::SameSite::Strict => SameSite::Strict,
        config::SameSite::Lax => SameSite::Lax,
        config::SameSite::None => SameSite::None,
    });
    if let Some(domain) = &config.cookies.domain {
        cookie.set_domain(domain.clone());
    }
    if config.public_url.is_https() {
        cookie.set_secure(true);
    }
    cookie
}

/// The access token in the request's cookies; an empty one counts as none.
pub(crate) fn access_token(request: &HttpRequest, config: &Config) -> Option<Vec<u8>> {
    value(request, &config.cookies.access_name)
}

/// The refresh token in the request's cookies, where there may be one.
pub(crate) fn refresh_token(request: &HttpRequest, config: &Config) -> Option<Vec<u8>> {
    config.cookies.refresh.then(|| value(request, &config.cookies.refresh_name))?
}

fn value(request: &HttpRequest, wanted: &str) -> Option<Vec<u8>> {
    let mut found = None;
    for header in request.headers().get_all(header::COOKIE) {
        for (name, value) in pairs(header.as_bytes()) {
            if name == wanted.as_bytes() {
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
        access_token(&request.to_http_request(), &Config::default())
            .map(|bytes| String::from_utf8(bytes).unwrap())
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

    fn written(settings: &[(&str, &str)]) -> [String; 2] {
        let config = Config::from_settings(settings).unwrap();
        let (token, renewal) = (AccessToken::new("t".into()), RefreshToken::new("r".into()));
        [access(&token, &config), refresh(&renewal, &config)].map(|cookie| cookie.to_string())
    }

    #[test]
    fn they_are_written_as_the_settings_say() {
        assert_eq!(
            written(&[]),
            [
                "access_token=t; HttpOnly; SameSite=Lax; Path=/",
                "refresh_token=r; HttpOnly; SameSite=Lax; Path=/api/token/; Max-Age=864000"
            ]
        );
        let settings = [
            ("public_url", "https://a.example.com"),
            ("cookies.access_name", "a"),
            ("cookies.refresh_name", "b"),
            ("cookies.domain", "example.com"),
            ("cookies.same_site", "None"),
        ];
        assert_eq!(
            written(&settings),
            [
                "a=t; HttpOnly; SameSite=None; Secure; Path=/; Domain=example.com",
                "b=r; HttpOnly; SameSite=None; Secure; Path=/api/token/; Domain=example.com; Max-Age=864000"
            ]
        );
    }

    #[test]
    fn they_are_taken_away_with_the_attributes_they_were_set_with() {
        let settings = [("cookies.refresh", "true"), ("public_url", "https://a.example.com")];
        let gone = none(&Config::from_settings(&settings).unwrap());
        let epoch = "Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
        assert_eq!(
            gone.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                format!("access_token=; HttpOnly; SameSite=Lax; Secure; Path=/; {epoch}"),
                format!("refresh_token=; HttpOnly; SameSite=Lax; Secure; Path=/api/token/; {epoch}"),
            ]
        );
        assert_eq!(none(&Config::default()).len(), 1);
    }
}
