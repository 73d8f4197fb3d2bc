//! One span and one log line for each request, and its id in the answer. The path is logged
//! without its query, and never a header or a body: those may hold secrets. The last part of
//! a link that works once is one, too.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};
use tracing::Instrument as _;

use super::client::client_address;
use super::request_id::RequestId;
use crate::types::Link;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware: the outermost one, so that nothing happens outside its span.
///
/// # Errors
/// Those of the services inside.
#[expect(clippy::disallowed_methods, reason = "measures how long the request took; decides nothing")]
pub(crate) async fn trace<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = RequestId::random();
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", id = %id);
    let begun = Instant::now();
    let outcome = next.call(request).instrument(span.clone()).await;
    let mut response = match outcome {
        Ok(response) => response,
        Err(error) => return Err(error),
    };
    span.in_scope(|| log(&response, begun));
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    Ok(response)
}

/// What changes nothing and works is of interest to few, and there is much of it. So there is of
/// 503 while the database is gone, and that is logged once, where it begins.
fn log<B>(response: &ServiceResponse<B>, begun: Instant) {
    let request = response.request();
    let is_busy = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let quiet = request.method().is_safe() && (response.status().as_u16() < 400 || is_busy);
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                method = %request.method(),
                path = Link::redact_path(request.path()),
                status = response.status().as_u16(),
                client = client_address(request).map(tracing::field::display),
                ms = (begun.elapsed().as_secs_f64() * 1e4).round() / 10.0,
                "answered"
            )
        };
    }
    if response.status().is_server_error() && !is_busy {
        line!(warn);
    } else if quiet {
        line!(debug);
    } else {
        line!(info);
    }
}
