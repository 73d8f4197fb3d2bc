//! JSON answers as DRF's `JSONRenderer` writes them (`rest_framework/renderers.py`), always compact:
//! `view` indents them where a client asks for it.

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use crate::api::drf::error::ApiError;
use crate::api::drf::negotiation::escape_line_separators;

/// An answer with a JSON body: `application/json` without a charset, as DRF sends it.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    HttpResponseBuilder::new(status).content_type("application/json").body(compact(body))
}

/// Sets cookies.
///
/// # Errors
/// 500 for a cookie that cannot be a header value. Those of `cookies` always can.
pub(crate) fn with_cookies(
    mut response: HttpResponse,
    cookies: impl IntoIterator<Item = Cookie<'static>>,
) -> Result<HttpResponse, ApiError> {
    for cookie in cookies {
        response.add_cookie(&cookie).map_err(|_| ApiError::Internal)?;
    }
    Ok(response)
}

fn compact(body: &impl Serialize) -> Vec<u8> {
    // The bodies of the API are maps with text keys, which always serialise.
    escape_line_separators(serde_json::to_vec(body).unwrap_or_default())
}
