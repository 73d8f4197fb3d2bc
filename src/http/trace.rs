//! A span and a log line for each request, and its id in the answer. The query, headers and body are not
//! logged and the key of a one-time link is redacted, because they may be secrets.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};
use tracing::Instrument as _;

use super::access_note::AccessNote;
use super::client::client_address;
use super::request_id::RequestId;
use crate::types::Link;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost middleware, so that its span covers everything.
#[expect(clippy::disallowed_methods, reason = "measures the duration of the request, for the log alone")]
pub(crate) async fn trace<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = RequestId::random();
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", id = %id);
    let start = Instant::now();
    let mut response = next.call(request).instrument(span.clone()).await?;
    span.in_scope(|| log(&response, start));
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    Ok(response)
}

/// Why access is refused, where the handler says no more than the status.
fn usual_reason(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::UNAUTHORIZED => Some("not authenticated"),
        StatusCode::FORBIDDEN => Some("forbidden"),
        StatusCode::TOO_MANY_REQUESTS => Some("rate limit"),
        _ => None,
    }
}

/// Successful requests with a safe method, `/healthz` and `/static/` among them, are logged at `debug`, because there are many. So are those that
/// are answered 503: an outage of the database is logged once, where it begins.
fn log<B>(response: &ServiceResponse<B>, start: Instant) {
    let request = response.request();
    let is_busy = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let is_quiet = request.method().is_safe() && (response.status().as_u16() < 400 || is_busy);
    let AccessNote { user, reason } = AccessNote::of(request);
    let reason = reason.or_else(|| usual_reason(response.status()));
    let reason = reason.filter(|_| response.status().as_u16() >= 400);
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                method = %request.method(),
                path = Link::redact_path(request.path()),
                status = response.status().as_u16(),
                client = client_address(request).map(tracing::field::display),
                user = user.map(tracing::field::display),
                reason,
                ms = (start.elapsed().as_secs_f64() * 1e4).round() / 10.0,
                "answered"
            )
        };
    }
    if response.status().is_server_error() && !is_busy {
        line!(warn);
    } else if is_quiet {
        line!(debug);
    } else {
        line!(info);
    }
}
