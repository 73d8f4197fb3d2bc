//! `POST /api/email/resend/` and `POST /api/password/reset/`: an address, to which a mail goes if it
//! is the right one. The answer is the same for every address.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, MailRequest, RequestMailError};
use crate::api::drf::body;
use crate::api::drf::body::{CharField, FieldErrors, FieldReader};
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;
use crate::types::{Email, EmailRule};

/// Asks for the mail that confirms an email.
pub(crate) async fn confirm_email(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let message = "If this email waits to be confirmed, a mail is on its way";
    ask(&app, &request, body, MailRequest::ConfirmEmail, message).await
}

/// Asks for the mail with which to set another password.
///
/// # Errors
/// 400 for a body that cannot be read or has no email, 429 and 503 with `Retry-After`.
pub(crate) async fn reset_password(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let message = "If there is an account with this email, a mail is on its way";
    ask(&app, &request, body, MailRequest::ResetPassword, message).await
}

async fn ask(
    app: &App,
    request: &HttpRequest,
    body: RequestBody,
    letter: MailRequest,
    message: &str,
) -> Result<HttpResponse, ApiError> {
    let email = parse(&body.read().await?)?;
    accounts::request_mail(app, letter, email, &http::actor(request, ActorKind::Anonymous)).await?;
    Ok(response::json(StatusCode::ACCEPTED, &json!({"message": message})))
}

/// Reads `email` as DRF's `EmailField` (`rest_framework/fields.py`).
fn parse(data: &body::Data) -> Result<Email, FieldErrors> {
    let invalid = "Enter a valid email address.";
    let field = CharField::new()
        .invalid_message("Not a valid string.")
        .max_length(Email::MAX_CHARS)
        .last_validator(|text| match Email::parse(text) {
            Err(error) if error.rules().contains(&EmailRule::Invalid) => Err(EmailRule::Invalid.to_string()),
            _ => Ok(()),
        });
    let mut reader = FieldReader::new(data)?;
    let email = reader.required("email", &field);
    reader.finish()?;
    Email::parse(&email.unwrap_or_default()).map_err(|_| FieldErrors::one("email", invalid))
}

impl From<RequestMailError> for ApiError {
    fn from(error: RequestMailError) -> Self {
        match error {
            RequestMailError::Throttled(wait) => Self::Throttled(wait),
            RequestMailError::Store(error) => error.into(),
        }
    }
}
