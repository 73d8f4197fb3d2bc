//! Protection against cross-site request forgery: a browser sends cookies also with requests that another
//! site makes, so an unsafe request with a cookie is refused if `Origin` or `Sec-Fetch-Site` names another
//! site. Other clients send neither header.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::api::drf::error::ApiError;
use crate::config::Config;

/// Refuses an unsafe request from another site, with the message of `django/middleware/csrf.py`.
pub(crate) fn refuse_cross_site(request: &HttpRequest, config: &Config) -> Result<(), ApiError> {
    if request.method().is_safe() {
        return Ok(());
    }
    let text =
        |name: header::HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or("null"));
    if let Some(origin) = text(header::ORIGIN) {
        return if is_trusted(origin, config) {
            Ok(())
        } else {
            Err(ApiError::Csrf(format!(
                "Origin checking failed - {origin} does not match any trusted origins."
            )))
        };
    }
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some("cross-site" | "same-site") => {
            Err(ApiError::Csrf("Origin checking failed - the request comes from another site.".to_owned()))
        }
        _ => Ok(()),
    }
}

fn is_trusted(origin: &str, config: &Config) -> bool {
    origin == config.public_url.origin()
        || config.cors.allowed_origins.iter().any(|allowed| allowed.is(origin.as_bytes()))
}
