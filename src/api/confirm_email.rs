//! `POST /api/email/confirm/`: confirms an email with the key from the mail.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, KeyError};
use crate::api::drf::body::TextField;
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Description, MESSAGE, THROTTLED};
use crate::app::App;
use crate::http;
use crate::types::OneTimeKey;

/// The key.
pub(crate) const KEY: TextField<String> =
    TextField::new("key", "Key from the link in the mail.", Ok).write_only();

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Confirms the email that the key was sent to.",
    Answer::new(200, "The email is confirmed.", BodyShape::Object(&MESSAGE)),
)
.refusing(&[Answer::detail(400, "The key is unknown, used or expired."), THROTTLED]);

/// Confirms the email that the key was sent to.
///
/// # Errors
/// 400 for a key that is not valid; 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let key = OneTimeKey::parse(&body.fields(&KEY).await?).ok_or(KeyError::Bad)?;
    accounts::confirm_email_with_key(&app, key, &http::actor(&request, ActorKind::MailLink)).await?;
    Ok(response::json(StatusCode::OK, &json!({"message": "Email confirmed"})))
}
