//! `POST /api/password/reset/confirm/`: the key from the mail and a password, for that password.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, KeyError, ResetPasswordError};
use crate::api::drf::body::{CharField, FieldErrors, FieldReader};
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;
use crate::types::{OneTimeKey, Password};

/// Sets the password of whoever the key was sent to.
///
/// # Errors
/// 400 for a body that cannot be read or lacks a field, for a password that breaks the rules, and for
/// a key that does not work; 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let data = body.read().await?;
    let mut reader = FieldReader::new(&data)?;
    let key = reader.required("key", &CharField::new());
    let password = reader.required("new_password", &CharField::new().max_length(Password::MAX_CHARS));
    reader.finish()?;
    let key = OneTimeKey::parse(&key.unwrap_or_default()).ok_or(KeyError::Bad)?;
    let password = Password::new(password.unwrap_or_default());
    accounts::reset_password(&app, key, password, &http::actor(&request, ActorKind::MailLink)).await?;
    Ok(response::json(StatusCode::OK, &json!({"message": "Password updated successfully"})))
}

impl From<ResetPasswordError> for ApiError {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::Key(error) => error.into(),
            ResetPasswordError::Engine(error) => error.into(),
            ResetPasswordError::Weak(violations) => {
                let mut errors = FieldErrors::default();
                for violation in violations {
                    errors.add("new_password", violation.to_string());
                }
                errors.into()
            }
        }
    }
}
