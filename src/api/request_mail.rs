//! `POST /api/email/resend/` and `POST /api/password/reset/`: send a mail if the email belongs to an account.
//! The answer is the same for every email, against user enumeration.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, MailRequest, RequestMailError};
use crate::api::account_fields;
use crate::api::drf::body::TextField;
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Description, MESSAGE, THROTTLED};
use crate::app::App;
use crate::http;
use crate::types::Email;

/// The email. Its message about what is not a string is that of `CharField`.
pub(crate) const EMAIL: TextField<Email> = account_fields::EMAIL.not_a_string("Not a valid string.");

/// The answers of `/api/email/resend/`.
pub(crate) const CONFIRM_DOCS: Description = described("Sends the mail that confirms an email once more.");

/// The answers of `/api/password/reset/`.
pub(crate) const RESET_DOCS: Description = described("Sends a mail with a link to set a new password.");

const fn described(summary: &'static str) -> Description {
    let sent = "A mail is on its way if there is such an account: the same answer for every email.";
    Description::new(summary, Answer::new(202, sent, BodyShape::Object(&MESSAGE))).refusing(&[THROTTLED])
}

/// Sends the mail that confirms an email.
pub(crate) async fn confirm_email(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let message = "If this email waits to be confirmed, a mail is on its way";
    send(&app, &request, body, MailRequest::ConfirmEmail, message).await
}

/// Sends the mail with the link to reset the password.
pub(crate) async fn reset_password(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let message = "If there is an account with this email, a mail is on its way";
    send(&app, &request, body, MailRequest::ResetPassword, message).await
}

async fn send(
    app: &App,
    request: &HttpRequest,
    body: RequestBody,
    mail: MailRequest,
    message: &str,
) -> Result<HttpResponse, ApiError> {
    let email = body.fields(&EMAIL).await?;
    accounts::request_mail(app, mail, email, &http::actor(request, ActorKind::Anonymous)).await?;
    Ok(response::json(StatusCode::ACCEPTED, &json!({"message": message})))
}

impl From<RequestMailError> for ApiError {
    fn from(error: RequestMailError) -> Self {
        match error {
            RequestMailError::Throttled(wait) => Self::Throttled(wait),
            RequestMailError::Store(error) => error.into(),
        }
    }
}
