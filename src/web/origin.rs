//! Protection against cross-site request forgery by the headers of the request. Handlers apply it before they
//! read a form; the form token of a session comes on top.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Data;

use crate::app::App;
use crate::web::error::PageError;

/// Refuses a request that another site made the browser send ([`PageError::CrossSite`]). Browsers send
/// `Sec-Fetch-Site` to https and to localhost only; without it the `Origin` has to be this server. `Origin: null`
/// is accepted: our own pages with a secret URL send it, too (Fetch Standard, "append a request `Origin`
/// header").
pub(crate) fn refuse_cross_site(request: &HttpRequest) -> Result<(), PageError> {
    let value_of = |name: HeaderName| request.headers().get(name).map(HeaderValue::as_bytes);
    let is_ours = match (value_of(HeaderName::from_static("sec-fetch-site")), value_of(header::ORIGIN)) {
        (Some(site), _) => matches!(site, b"same-origin" | b"none"),
        (None, None | Some(b"null")) => true,
        (None, Some(origin)) => is_public(origin, request) || is_of_host(origin, value_of(header::HOST)),
    };
    if is_ours { Ok(()) } else { Err(PageError::CrossSite) }
}

/// Whether an origin is that of `public_url`. A proxy may have replaced the host of the request.
fn is_public(origin: &[u8], request: &HttpRequest) -> bool {
    let app = request.app_data::<Data<App>>();
    app.is_some_and(|app| origin == app.config.public_url.origin().as_bytes())
}

/// Whether an origin has the host and port that the request was sent to. The scheme is ignored, because a proxy
/// may have terminated TLS. Django compares the host, too (`django/middleware/csrf.py`, `_origin_verified`).
fn is_of_host(origin: &[u8], host: Option<&[u8]>) -> bool {
    let of_origin = origin.strip_prefix(b"https://").or_else(|| origin.strip_prefix(b"http://"));
    of_origin.zip(host).is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_form_from_another_site_is_refused_and_a_request_without_the_headers_is_not() {
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
    fn without_sec_fetch_site_the_origin_has_to_be_this_server() {
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
