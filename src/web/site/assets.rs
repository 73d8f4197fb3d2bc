//! `/static/site.css` and `/static/site-logo`: the colours and the logo of the site. They change with settings,
//! so browsers ask again after a minute, and get 304 while they are the same.

use actix_web::http::header;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};

use crate::app::App;
use crate::brand::palette;
use crate::web::PageError;

/// A page is displayed with the file that the browser has, and the browser asks for the present one meanwhile.
const CACHING: &str = "public, max-age=60, stale-while-revalidate=86400";

/// An SVG opened by itself is a document: it may style itself, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/// `GET /static/site.css`.
pub(crate) async fn style_sheet(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let style = palette::style_sheet(app.config.site.colour);
    file(&request, "text/css; charset=utf-8", style.into_bytes())
}

/// `GET /static/site-logo`.
pub(crate) async fn logo(app: Data<App>, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let now = app.clock.now();
    // May read a file or ask another server.
    let logo = web::block(move || app.logo.logo(&app.config.site, now)).await;
    let logo = logo.map_err(|_| PageError::Internal)?;
    Ok(file(&request, logo.content_type, logo.bytes.clone()))
}

fn file(request: &HttpRequest, content_type: &'static str, bytes: Vec<u8>) -> HttpResponse {
    let tag = format!("\"{:016x}\"", fingerprint(&bytes));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.split(',').any(|known| known.trim().ends_with(&tag)));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CACHE_CONTROL, CACHING))
        .insert_header((header::ETAG, tag))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    if is_known { response.finish() } else { response.content_type(content_type).body(bytes) }
}

/// FNV-1a. Not against forgery: both files are public.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |tag, byte| (tag ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
