//! JSON as DRF's JSONRenderer writes it (`rest_framework/renderers.py`). Used by the verbs and
//! errors of `api`; indentation, where a client asks for it, is `view`'s.

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use crate::api::drf::error::ApiError;
use crate::api::drf::negotiation::escape_line_separators;

/// An answer with a JSON body: `application/json` without a charset, as DRF sends it.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    HttpResponseBuilder::new(status).content_type("application/json").body(json_bytes(body))
}

/// The same with cookies.
///
/// # Errors
/// 500 if one of them is none; those of `cookies` all are.
pub(crate) fn with_cookies(
    mut response: HttpResponse,
    cookies: impl IntoIterator<Item = Cookie<'static>>,
) -> Result<HttpResponse, ApiError> {
    for cookie in cookies {
        response.add_cookie(&cookie).map_err(|_| ApiError::Internal)?;
    }
    Ok(response)
}

/// Compact JSON, not escaped to ASCII.
pub(crate) fn json_bytes(body: &impl Serialize) -> Vec<u8> {
    // Our bodies are maps with text keys: those always serialise.
    escape_line_separators(serde_json::to_vec(body).unwrap_or_default())
}
