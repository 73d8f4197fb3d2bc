//! The reader's choice of theme and language. `?theme=dark` or `?language=de` on the address of any page stores
//! the choice and leads to the page without it, so that no page has to know its own address: it may have a
//! secret in it.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded;

use crate::app::App;
use crate::texts::Lang;
use crate::web::language_cookie;
use crate::web::layout::see_other;

const COOKIE: &str = "doorward_theme";

/// The theme of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Theme {
    /// The one that the system of the reader has.
    System,
    Light,
    Dark,
}

impl Theme {
    /// Its name in the parameter, in the cookie and in `data-theme`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark].into_iter().find(|theme| theme.name() == name)
    }

    /// The chosen theme.
    pub(super) fn of(request: &HttpRequest) -> Self {
        request.cookie(COOKIE).and_then(|cookie| Self::parse(cookie.value())).unwrap_or(Self::System)
    }

    /// The cookie that stores a choice for a year. The system's theme needs none.
    fn cookie(self, is_https: bool) -> Cookie<'static> {
        let cookie = Cookie::build(COOKIE, self.name()).path("/").http_only(true).same_site(SameSite::Lax);
        let mut cookie = cookie.max_age(Duration::days(365)).secure(is_https).finish();
        if self == Self::System {
            cookie.make_removal();
        }
        cookie
    }
}

/// The answer to a request that chooses a theme or a language: the choice as a cookie, and a redirect to the
/// same page. `None` for any other request.
pub(super) fn choose(request: &ServiceRequest) -> Option<HttpResponse> {
    let (path, query) = (request.uri().path(), request.query_string());
    let is_chosen = query.contains("theme=") || query.contains("language=");
    // A path with two slashes would be the name of another server in a redirect.
    let is_page = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/api/");
    if !is_chosen || !is_page || path.contains('\\') || request.method() != Method::GET {
        return None;
    }
    let is_https = request.app_data::<Data<App>>()?.config.public_url.is_https();
    let (mut rest, mut cookies) = (form_urlencoded::Serializer::new(String::new()), Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let theme = Theme::parse(&value).filter(|_| name == "theme").map(|theme| theme.cookie(is_https));
        let language = Lang::of_tag(&value).filter(|_| name == "language");
        match theme.or_else(|| Some(language_cookie(language?, is_https))) {
            Some(cookie) => cookies.push(cookie),
            None => {
                rest.append_pair(&name, &value);
            }
        }
    }
    if cookies.is_empty() {
        return None;
    }
    let rest = rest.finish();
    let mut response = see_other(&if rest.is_empty() { path.to_owned() } else { format!("{path}?{rest}") });
    for cookie in cookies {
        response.cookie(cookie);
    }
    Some(response.finish())
}
