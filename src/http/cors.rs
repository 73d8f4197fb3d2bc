//! Cross-origin resource sharing (Fetch Standard, "CORS protocol"): pages of `cors.allowed_origins` may call the
//! API and read its answers. Nothing else of this server is shared.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};
use serde_json::json;

use crate::app::App;
use crate::config::Config;

/// The paths that are shared besides those of the API. Nothing of the admin begins with one of them.
const SHARED: &str = "/.well-known/";

/// The beginnings of the paths of the API that are for machines alone: an API key does not belong into a page.
const OF_MACHINES: [&str; 2] = ["/api/admin/", "/api/token/introspect"];

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// The request headers that are always allowed: the default of django-cors-headers 4 (`corsheaders/defaults.py`).
const HEADERS: [&str; 6] =
    ["accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with"];

/// The answer headers that scripts may read besides those that are always readable.
const EXPOSED: &str = "Retry-After, X-Request-Id";

/// How long a browser may cache the answer to a preflight, in seconds.
const MAX_AGE: &str = "3600";

/// Middleware: answers preflights, and adds the headers by which a browser lets the page read the answer, to
/// errors as well.
pub(crate) async fn cors<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let app = request.app_data::<Data<App>>().cloned();
    let Some(app) = app.filter(|app| is_shared(request.path(), &app.config)) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let config = &app.config;
    let origin = request.headers().get(header::ORIGIN).cloned();
    let allowed = origin.clone().filter(|origin| is_allowed(origin, config));
    let mut response = match (&origin, requested_method(&request)) {
        (Some(origin), Some(method)) => {
            let answer = preflight(origin, &method, request.headers(), config);
            request.into_response(answer).map_into_right_body()
        }
        _ => next.call(request).await?.map_into_left_body(),
    };
    let headers = response.headers_mut();
    if !config.cors.allowed_origins.is_empty() {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
    Ok(response)
}

fn is_shared(path: &str, config: &Config) -> bool {
    path.starts_with(SHARED)
        || config.api.has_path(path) && !OF_MACHINES.iter().any(|prefix| path.starts_with(prefix))
}

fn is_allowed(origin: &HeaderValue, config: &Config) -> bool {
    config.cors.allowed_origins.iter().any(|allowed| allowed.is(origin.as_bytes()))
}

/// The method that a preflight asks for; `None` for any other request.
fn requested_method(request: &ServiceRequest) -> Option<HeaderValue> {
    let is_options = request.method() == Method::OPTIONS;
    request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD).filter(|_| is_options).cloned()
}

/// The answer to a preflight. One that refuses says which setting allows more: a browser tells the page nothing.
fn preflight(
    origin: &HeaderValue,
    method: &HeaderValue,
    headers: &HeaderMap,
    config: &Config,
) -> HttpResponse<BoxBody> {
    let reason = if !is_allowed(origin, config) {
        let origin = String::from_utf8_lossy(origin.as_bytes()).into_owned();
        Some(format!("The origin {origin} may not call this server; cors.allowed_origins does not list it."))
    } else if !METHODS.split(", ").any(|allowed| allowed.as_bytes() == method.as_bytes()) {
        Some(format!("Pages of other origins may use these methods: {METHODS}."))
    } else {
        refused_headers(headers, config).map(|names| {
            format!("Pages of other origins may not set {names}; cors.allowed_headers does not list it.")
        })
    };
    let status = if reason.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let mut answer = HttpResponse::build(status);
    if is_allowed(origin, config) {
        let names = HEADERS.into_iter().chain(config.cors.allowed_headers.iter().map(|name| name.as_str()));
        answer
            .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
            .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, names.collect::<Vec<_>>().join(", ")))
            .insert_header((header::ACCESS_CONTROL_MAX_AGE, MAX_AGE));
    }
    match reason {
        Some(reason) => {
            tracing::info!(reason, "a CORS preflight is refused");
            answer.json(json!({"detail": reason}))
        }
        None => answer.finish(),
    }
}

/// The names in `Access-Control-Request-Headers` that are not allowed.
fn refused_headers(headers: &HeaderMap, config: &Config) -> Option<String> {
    let is_allowed = |name: &str| {
        HEADERS.iter().any(|allowed| name.eq_ignore_ascii_case(allowed))
            || config.cors.allowed_headers.iter().any(|allowed| name.eq_ignore_ascii_case(allowed.as_str()))
    };
    let lines = headers.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let text: Vec<String> = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned()).collect();
    let names = text.iter().flat_map(|line| line.split(',')).map(str::trim).filter(|name| !name.is_empty());
    let refused: Vec<&str> = names.filter(|name| !is_allowed(name)).collect();
    (!refused.is_empty()).then(|| refused.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_and_the_well_known_paths_are_shared_and_nothing_else() {
        let config = Config::from_settings(&[("api.djoser", "/auth")]).unwrap();
        for path in ["/api/user/", "/api/nothing", "/.well-known/x", "/auth/users/me/"] {
            assert!(is_shared(path, &config), "{path}");
        }
        for path in [
            "/api/admin/users/",
            "/api/token/introspect/",
            "/admin/",
            "/admin/api/",
            "/api",
            "/apix/",
            "/healthz",
            "/static/doorward.css",
            "/",
            "",
        ] {
            assert!(!is_shared(path, &config), "{path}");
        }
    }

    #[test]
    fn every_name_of_a_requested_header_has_to_be_allowed() {
        let config = Config::from_settings(&[("cors.allowed_headers", "Sentry-Trace, baggage")]).unwrap();
        let refused = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue::from_static(line));
            }
            refused_headers(&headers, &config)
        };
        for fine in [&[][..], &[""], &["Content-Type,X-CSRFToken , sentry-trace"], &["accept", "baggage"]] {
            assert_eq!(refused(fine), None, "{fine:?}");
        }
        assert_eq!(refused(&["accept, x-other", "traceparent"]).as_deref(), Some("x-other, traceparent"));
    }
}
