//! The cookies with the tokens: read as Django reads cookies, set and removed with the same attributes, by
//! which a browser matches the two.

use std::sync::atomic::Ordering;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::header;

use crate::api::drf::error::ApiError;
use crate::app::App;
use crate::config::{self, Config};
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::types::{AccessToken, RefreshToken};

/// The path of the refresh cookie: a browser sends it to the endpoints that refresh and blacklist it alone. With
/// the prefix `__Host-` browsers accept `/` only (RFC 6265bis §4.1.3.2), and where dj-rest-auth's endpoints are served
/// it is theirs, too (`JWT_AUTH_REFRESH_COOKIE_PATH`).
fn refresh_path(config: &Config) -> &'static str {
    if config.cookies.host_prefix || config.api.dj_rest_auth.is_some() { "/" } else { "/api/token/" }
}

/// Whether some login sets a refresh cookie: that of dj-rest-auth always does.
fn has_refresh(config: &Config) -> bool {
    config.cookies.refresh || config.api.dj_rest_auth.is_some()
}

/// Refuses a login that another site made the browser send: its cookies would put the browser into an account of
/// that site's choice (login CSRF). Logs once if the browser may not store the cookies.
///
/// # Errors
/// 403 if another site made the browser send it.
pub(crate) fn verify_login(request: &HttpRequest, app: &App) -> Result<(), ApiError> {
    if http::is_elsewhere(request, app) && !app.handlers.is_elsewhere_logged.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            public_url = app.config.public_url.origin(),
            host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()),
            "a login came by plain http or under another host than public_url; because public_url is https, \
             browsers drop Secure cookies there: open the pages at public_url, or change it"
        );
    }
    Ok(verify_origin(request, OriginPolicy::ApiCookie)?)
}

/// The cookie with an access token. It has no `Max-Age`: the token has `exp`.
pub(crate) fn access(token: &AccessToken, config: &Config) -> Cookie<'static> {
    cookie(config.cookies.access_cookie(), token.expose(), "/", config)
}

/// The cookie with an access token for as long as the token is valid, as dj-rest-auth sets it.
pub(crate) fn lasting_access(token: &AccessToken, config: &Config) -> Cookie<'static> {
    let mut cookie = access(token, config);
    cookie.set_max_age(time::Duration::seconds_f64(config.access_token_lifetime.as_secs_f64()));
    cookie
}

/// The cookie with a refresh token. It lives as long as the token, also after the browser was closed.
pub(crate) fn refresh(token: &RefreshToken, config: &Config) -> Cookie<'static> {
    let mut cookie = cookie(config.cookies.refresh_cookie(), token.expose(), refresh_path(config), config);
    cookie.set_max_age(time::Duration::seconds_f64(config.refresh_token_lifetime.as_secs_f64()));
    cookie
}

/// Cookies that remove those with the tokens.
pub(crate) fn removed(config: &Config) -> Vec<Cookie<'static>> {
    let access = expired(cookie(config.cookies.access_cookie(), "", "/", config));
    let refresh = has_refresh(config).then(|| removed_refresh(config));
    std::iter::once(access).chain(refresh).collect()
}

/// A cookie that removes the one with the refresh token.
pub(crate) fn removed_refresh(config: &Config) -> Cookie<'static> {
    expired(cookie(config.cookies.refresh_cookie(), "", refresh_path(config), config))
}

fn expired(mut cookie: Cookie<'static>) -> Cookie<'static> {
    cookie.set_max_age(time::Duration::ZERO);
    cookie.set_expires(time::OffsetDateTime::UNIX_EPOCH);
    cookie
}

/// A browser replaces or removes a cookie by its name, domain and path (RFC 6265 §5.3).
fn cookie(name: String, value: &str, path: &'static str, config: &Config) -> Cookie<'static> {
    let mut cookie = Cookie::new(name, value.to_owned());
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

/// The access token in the cookies of a request, unless it is empty.
pub(crate) fn access_token(request: &HttpRequest, config: &Config) -> Option<Vec<u8>> {
    value(request, &config.cookies.access_cookie())
}

/// The refresh token in the cookies of a request, unless it is empty or no login sets one.
pub(crate) fn refresh_token(request: &HttpRequest, config: &Config) -> Option<Vec<u8>> {
    has_refresh(config).then(|| value(request, &config.cookies.refresh_cookie()))?
}

/// Both tokens, as far as the request has them in cookies.
pub(crate) fn tokens(request: &HttpRequest, config: &Config) -> Vec<Vec<u8>> {
    [access_token(request, config), refresh_token(request, config)].into_iter().flatten().collect()
}

fn value(request: &HttpRequest, name: &str) -> Option<Vec<u8>> {
    let headers = request.headers().get_all(header::COOKIE);
    let pairs = headers.flat_map(|header| pairs(header.as_bytes()));
    let last = pairs.filter(|(key, _)| *key == name.as_bytes()).last();
    last.map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// `django/http/cookie.py`, `parse_cookie`: split at `;`, trim, remove quotes. Of several with one name
/// Django takes the last.
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
    fn of_several_cookies_with_the_name_the_last_is_read() {
        assert_eq!(read(&["a=b; access_token=one; c=d=e"]).as_deref(), Some("one"));
        assert_eq!(read(&["access_token=one; access_token=two"]).as_deref(), Some("two"));
        assert_eq!(read(&["access_token=one", "access_token=two"]).as_deref(), Some("two"));
    }

    #[test]
    fn quotes_are_removed() {
        assert_eq!(read(&["access_token=\"one\""]).as_deref(), Some("one"));
        assert_eq!(read(&[r#"access_token="o\"ne""#]).as_deref(), Some("o\"ne"));
        assert_eq!(read(&["access_token=\"one"]).as_deref(), Some("\"one"));
        assert_eq!(read(&[r#"access_token="o\056e""#]).as_deref(), Some("o.e"));
        assert_eq!(read(&[r#"access_token="one\""#]).as_deref(), Some("one\\"));
    }

    #[test]
    fn an_empty_cookie_counts_as_missing() {
        for headers in [&["access_token="][..], &["access_token=\"\""], &["access=x"], &["access_token"], &[]]
        {
            assert_eq!(read(headers), None, "{headers:?}");
        }
    }

    fn set(settings: &[(&str, &str)]) -> [String; 2] {
        let config = Config::from_settings(settings).unwrap();
        let (access_token, refresh_token) = (AccessToken::new("t".into()), RefreshToken::new("r".into()));
        [access(&access_token, &config), refresh(&refresh_token, &config)].map(|cookie| cookie.to_string())
    }

    #[test]
    fn cookies_are_set_as_configured() {
        assert_eq!(
            set(&[]),
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
            set(&settings),
            [
                "a=t; HttpOnly; SameSite=None; Secure; Path=/; Domain=example.com",
                "b=r; HttpOnly; SameSite=None; Secure; Path=/api/token/; Domain=example.com; Max-Age=864000"
            ]
        );
    }

    #[test]
    fn with_the_host_prefix_both_cookies_are_for_all_paths_of_this_host_alone() {
        let settings = [("cookies.host_prefix", "true"), ("public_url", "https://a.example.com")];
        assert_eq!(
            set(&settings),
            [
                "__Host-access_token=t; HttpOnly; SameSite=Lax; Secure; Path=/",
                "__Host-refresh_token=r; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=864000"
            ]
        );
    }

    #[test]
    fn cookies_are_removed_with_the_attributes_they_were_set_with() {
        let settings = [("cookies.refresh", "true"), ("public_url", "https://a.example.com")];
        let cookies = removed(&Config::from_settings(&settings).unwrap());
        let epoch = "Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
        assert_eq!(
            cookies.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                format!("access_token=; HttpOnly; SameSite=Lax; Secure; Path=/; {epoch}"),
                format!("refresh_token=; HttpOnly; SameSite=Lax; Secure; Path=/api/token/; {epoch}"),
            ]
        );
        assert_eq!(removed(&Config::default()).len(), 1);
    }
}
