//! The headers of every answer: those of a new Django project (`django/middleware/security.py`,
//! `django/middleware/clickjacking.py`), and those that keep what is about a person out of caches.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest};

use super::address::{WebScheme, forwarded_scheme, is_own_machine};
use crate::app::App;

const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin")),
    // A cache in front would serve the answer to one cookie to another (RFC 9111 §3). The static files say
    // otherwise themselves.
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    // Pages have a policy of their own. Whatever else a browser displays as a document loads and runs nothing.
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
];

/// A browser that opens an answer of the API saves it as a file, and does not look for a document in it.
const API_FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"api.json\"");

/// Middleware: adds the headers that the answer does not have.
pub(crate) async fn security_headers<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    let redirects = response.status().is_redirection();
    let is_api = is_api(response.request()) && !is_page(response.headers());
    let transport_security = transport_security(&response);
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        set_if_unset(headers, name, value);
    }
    if !redirects {
        set_if_unset(headers, header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if is_api {
        set_if_unset(headers, header::CONTENT_DISPOSITION, API_FILE);
    }
    if let Some(value) = transport_security {
        set_if_unset(headers, header::STRICT_TRANSPORT_SECURITY, value);
    }
    Ok(response)
}

fn is_api(request: &HttpRequest) -> bool {
    request.app_data::<Data<App>>().is_some_and(|app| app.config.api.has_path(request.path()))
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// The value of `Strict-Transport-Security`. It is not sent over plain HTTP (RFC 6797 §7.2), as far as a trusted
/// proxy says, and not for `localhost`, where it would hold for every other server of a developer.
fn transport_security<B>(response: &ServiceResponse<B>) -> Option<HeaderValue> {
    let app = response.request().app_data::<Data<App>>()?;
    let (url, seconds) = (&app.config.public_url, app.config.server.hsts.as_secs());
    let is_plain = || forwarded_scheme(response.request(), &app.config) == Some(WebScheme::Http);
    if !url.is_https() || seconds == 0 || is_own_machine(url.host().as_bytes()) || is_plain() {
        return None;
    }
    HeaderValue::from_str(&format!("max-age={seconds}")).ok()
}

fn set_if_unset(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}
