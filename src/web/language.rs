//! The language of a page: the one that the reader chose, or else the one that the browser asks for.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;

use crate::texts::Lang;

const COOKIE: &str = "doorward_language";

/// The language of the response to a request.
#[must_use]
pub(crate) fn language(request: &HttpRequest) -> Lang {
    let chosen = request.cookie(COOKIE).and_then(|cookie| Lang::of_tag(cookie.value()));
    let accepted = || {
        let header = request.headers().get(header::ACCEPT_LANGUAGE)?;
        Lang::accepted(header.to_str().ok()?)
    };
    chosen.or_else(accepted).unwrap_or_default()
}

/// The cookie that stores a choice for a year.
#[must_use]
pub(crate) fn language_cookie(lang: Lang, is_https: bool) -> Cookie<'static> {
    let cookie = Cookie::build(COOKIE, lang.tag()).path("/").http_only(true).same_site(SameSite::Lax);
    cookie.max_age(Duration::days(365)).secure(is_https).finish()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_chosen_language_wins_over_the_browsers_and_an_unknown_tag_is_ignored() {
        let german = || TestRequest::default().insert_header((header::ACCEPT_LANGUAGE, "de"));
        assert_eq!(language(&german().to_http_request()), Lang::German);
        let chosen = |tag: &'static str| german().cookie(Cookie::new(COOKIE, tag)).to_http_request();
        assert_eq!(language(&chosen("en")), Lang::English);
        assert_eq!(language(&chosen("xx")), Lang::German);
        assert_eq!(language(&TestRequest::default().to_http_request()), Lang::English);
    }
}
