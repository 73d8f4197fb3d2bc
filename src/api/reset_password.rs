//! `POST /api/password/reset/confirm/`: sets a password with the key from the mail.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, KeyError, ResetPasswordError};
use crate::api::account_fields::new_password;
use crate::api::confirm_email;
use crate::api::drf::body::TextField;
use crate::api::drf::error::{ApiError, weak_password};
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Description, MESSAGE, THROTTLED};
use crate::app::App;
use crate::http;
use crate::types::{OneTimeKey, Password};

/// The fields of the body.
pub(crate) const FIELDS: (TextField<String>, TextField<Password>) =
    (confirm_email::KEY, new_password("new_password").max_length(Password::MAX_CHARS));

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Sets a new password. All sessions of the user end.",
    Answer::new(200, "The password was changed.", BodyShape::Object(&MESSAGE)),
)
.refusing(&[Answer::detail(400, "The key is unknown, used or expired."), THROTTLED]);

/// Sets the password of the user that the key was sent to.
///
/// # Errors
/// 400 for a weak password and for a key that is not valid; 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let (key, password) = body.fields(&FIELDS).await?;
    let key = OneTimeKey::parse(&key).ok_or(KeyError::Bad)?;
    accounts::reset_password(&app, key, password, &http::actor(&request, ActorKind::MailLink)).await?;
    Ok(response::json(StatusCode::OK, &json!({"message": "Password updated successfully"})))
}

impl From<ResetPasswordError> for ApiError {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::Key(error) => error.into(),
            ResetPasswordError::Engine(error) => error.into(),
            ResetPasswordError::Weak(weak) => weak_password("new_password", &weak),
        }
    }
}
