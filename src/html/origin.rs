//! Whether another web site made the browser send a form. Asked by the HTML doors before they read
//! one, beside whatever else they ask for.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;

use super::error::PageError;

/// Refuses what a browser marks as another site's. Not by `Origin`: a page of ours that hides its
/// URL makes browsers say `null` there (Fetch Standard, "append a request `Origin` header").
///
/// # Errors
/// [`PageError::CrossSite`].
pub fn refuse_cross_site(request: &HttpRequest) -> Result<(), PageError> {
    match request.headers().get("Sec-Fetch-Site").map(HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(PageError::CrossSite),
    }
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
}
