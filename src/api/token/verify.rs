//! `POST /api/token/verify/`: whether a token is good, of whatever type.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind};
use crate::api::drf::body::{CharField, FieldReader};
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;

/// Answers an empty object for a good token.
///
/// # Errors
/// 400 for a body without a token, 401 for a token that is not good, 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let data = body.read().await?;
    let mut reader = FieldReader::new(&data)?;
    let token = reader.required("token", &CharField::new());
    reader.finish()?;
    let by = http::actor(&request, ActorKind::Anonymous);
    accounts::verify_token(&app, token.unwrap_or_default().as_bytes(), &by).await?;
    Ok(response::json(StatusCode::OK, &json!({})))
}
