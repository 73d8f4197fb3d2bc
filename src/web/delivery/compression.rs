//! Compression by gzip (RFC 1952), for browsers that accept it.
//!
//! A page is compressed with a secret in it, the form token, and with text that a link can choose, such as a
//! search term. The size of the answer could tell how alike the two are (BREACH, Gluck, Harris and Prado 2013).
//! So the token looks different in every answer (`BrowserKey::form_token`), and each answer has a random length.

use std::io::Read as _;

use actix_web::HttpRequest;
use actix_web::http::header;
use flate2::{Compression, GzBuilder};

/// For pages, compressed for each answer: under a millisecond for 50 KB.
const FAST: Compression = Compression::new(4);

/// The random length that is added to a page, at most, in bytes.
const MAX_PADDING: usize = 63;

/// Whether the sender of a request accepts gzip (RFC 9110 §12.5.3).
pub(super) fn accepts_gzip(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| {
        accepted.split(',').any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
            let is_refused = parts.any(|part| {
                let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
                weight.is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
            });
            is_gzip && !is_refused
        })
    })
}

/// A page, compressed; `None` if that fails. The header has a file name of random length.
pub(super) fn padded(page: &[u8]) -> Option<Vec<u8>> {
    let padding = vec![b'x'; rand::random_range(0..=MAX_PADDING)];
    let mut small = Vec::with_capacity(page.len() / 3);
    GzBuilder::new().filename(padding).buf_read(page, FAST).read_to_end(&mut small).ok()?;
    Some(small)
}

/// A static file in as few bytes as possible; empty if that fails.
pub(super) fn smallest(file: &[u8]) -> Vec<u8> {
    let mut small = Vec::new();
    let read = GzBuilder::new().buf_read(file, Compression::best()).read_to_end(&mut small);
    read.map(|_| small).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn gzip_is_for_those_who_accept_it() {
        let accepts = |value: &str| {
            accepts_gzip(&TestRequest::default().insert_header(("Accept-Encoding", value)).to_http_request())
        };
        for value in ["gzip", "deflate, GZIP;q=0.5, br", "gzip; q=1"] {
            assert!(accepts(value), "{value}");
        }
        for value in ["", "identity", "br", "gzip;q=0", "gzip; q=0.0", "xgzip"] {
            assert!(!accepts(value), "{value}");
        }
        assert!(!accepts_gzip(&TestRequest::default().to_http_request()));
    }

    #[test]
    fn the_same_page_has_many_lengths() {
        let page = b"<p>page</p>".repeat(100);
        let answers: Vec<Vec<u8>> = (0..40).map(|_| padded(&page).unwrap()).collect();
        assert!(answers.iter().map(Vec::len).collect::<HashSet<_>>().len() > 10);
        for answer in answers {
            let mut text = Vec::new();
            flate2::read::GzDecoder::new(&answer[..]).read_to_end(&mut text).unwrap();
            assert_eq!(text, page);
        }
    }
}
