//! In which language to answer: the one that was chosen on a page before, or else the one that the
//! browser asks for.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;

use crate::texts::Lang;

/// No secret, and nothing is decided by it.
const COOKIE: &str = "doorward_language";

/// The reader's language.
#[must_use]
pub(crate) fn language(request: &HttpRequest) -> Lang {
    let chosen = request.cookie(COOKIE).and_then(|cookie| Lang::of_tag(cookie.value()));
    let wished = || {
        let header = request.headers().get(header::ACCEPT_LANGUAGE)?;
        Some(Lang::accepted(header.to_str().ok()?))
    };
    chosen.or_else(wished).unwrap_or_default()
}

/// The cookie that remembers a choice for a year.
#[must_use]
pub(crate) fn remember(lang: Lang, is_https: bool) -> Cookie<'static> {
    let cookie = Cookie::build(COOKIE, lang.tag()).path("/").http_only(true).same_site(SameSite::Lax);
    cookie.max_age(Duration::days(365)).secure(is_https).finish()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_choice_beats_the_browser_and_rubbish_is_no_choice() {
        let german = || TestRequest::default().insert_header((header::ACCEPT_LANGUAGE, "de"));
        assert_eq!(language(&german().to_http_request()), Lang::German);
        let chosen = |tag: &'static str| german().cookie(Cookie::new(COOKIE, tag)).to_http_request();
        assert_eq!(language(&chosen("en")), Lang::English);
        assert_eq!(language(&chosen("xx")), Lang::German);
        assert_eq!(language(&TestRequest::default().to_http_request()), Lang::English);
    }
}
