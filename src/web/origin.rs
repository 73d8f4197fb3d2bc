//! Whether another web site made the browser send a form. Asked by the HTML doors before they read
//! one, beside whatever else they ask for.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Data;

use crate::app::App;
use crate::web::error::PageError;

/// Refuses what a browser marks as another site's: by `Sec-Fetch-Site`, or, as browsers send that to
/// https and to the own machine alone, by an `Origin` that is not where this request went. `null` is
/// not refused: browsers say that for pages of ours that hide their URL, too (Fetch Standard, "append a
/// request `Origin` header").
///
/// # Errors
/// [`PageError::CrossSite`].
pub(crate) fn refuse_cross_site(request: &HttpRequest) -> Result<(), PageError> {
    let said = |name: HeaderName| request.headers().get(name).map(HeaderValue::as_bytes);
    let is_ours = match (said(HeaderName::from_static("sec-fetch-site")), said(header::ORIGIN)) {
        (Some(site), _) => matches!(site, b"same-origin" | b"none"),
        (None, None | Some(b"null")) => true,
        (None, Some(origin)) => is_public(origin, request) || is_of_this_host(origin, said(header::HOST)),
    };
    if is_ours { Ok(()) } else { Err(PageError::CrossSite) }
}

/// Whether an origin is that of `public_url`: a proxy may have put another host into the request.
fn is_public(origin: &[u8], request: &HttpRequest) -> bool {
    let app = request.app_data::<Data<App>>();
    app.is_some_and(|app| origin == app.config.public_url.origin().as_bytes())
}

/// Whether an origin has the host and port that the request was sent to; a proxy may have taken TLS
/// off (`django/middleware/csrf.py`, `_origin_verified`, compares with `get_host()`, too).
fn is_of_this_host(origin: &[u8], host: Option<&[u8]>) -> bool {
    let of_origin = origin.strip_prefix(b"https://").or_else(|| origin.strip_prefix(b"http://"));
    of_origin.zip(host).is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_form_sent_from_another_site_is_refused_and_a_client_that_is_no_browser_is_not() {
        let from = |site: &str| {
            refuse_cross_site(&TestRequest::post().insert_header(("Sec-Fetch-Site", site)).to_http_request())
        };
        assert_eq!(from("cross-site"), Err(PageError::CrossSite));
        assert_eq!(from("same-site"), Err(PageError::CrossSite));
        assert_eq!(from("same-origin"), Ok(()));
        assert_eq!(from("none"), Ok(()));
        assert_eq!(refuse_cross_site(&TestRequest::post().to_http_request()), Ok(()));
    }

    #[test]
    fn without_that_mark_the_origin_has_to_be_where_the_form_went() {
        let from = |origin: &str| {
            let request = TestRequest::post().insert_header(("Host", "Login.example:8000"));
            refuse_cross_site(&request.insert_header(("Origin", origin)).to_http_request())
        };
        for ours in ["http://login.example:8000", "https://login.example:8000", "null"] {
            assert_eq!(from(ours), Ok(()), "{ours}");
        }
        for other in
            ["http://evil.example", "http://login.example", "http://login.example:8000.evil.example", "", "x"]
        {
            assert_eq!(from(other), Err(PageError::CrossSite), "{other}");
        }
    }
}
