//! `POST /api/email/confirm/`: the key from the mail, for a confirmed email.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, KeyError};
use crate::api::drf::body::{CharField, FieldReader};
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;
use crate::types::OneTimeKey;

/// Confirms the email that the key was sent to.
///
/// # Errors
/// 400 for a body that cannot be read, lacks the key, or has one that does not work; 429 and 503 with
/// `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let data = body.read().await?;
    let mut reader = FieldReader::new(&data)?;
    let key = reader.required("key", &CharField::new());
    reader.finish()?;
    let key = OneTimeKey::parse(&key.unwrap_or_default()).ok_or(KeyError::Bad)?;
    accounts::confirm_email_with_key(&app, key, &http::actor(&request, ActorKind::MailLink)).await?;
    Ok(response::json(StatusCode::OK, &json!({"message": "Email confirmed"})))
}
