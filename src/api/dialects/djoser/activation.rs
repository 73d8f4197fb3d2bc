//! `users/activation/` and `users/resend_activation/`: the confirmation of an email.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::{errors, reset};
use crate::accounts::{self, ActorKind, MailRequest};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::HeaderToken;
use crate::api::drf::request_body::RequestBody;
use crate::app::App;
use crate::http;
use crate::types::Link;

/// Confirms the email that the link was sent to.
///
/// # Errors
/// 400 for a link that is not valid, 429 and 503 with `Retry-After`.
pub(super) async fn confirm(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let (uid, token) = body.fields(&reset::LINK).await?;
    let by = http::actor(&request, ActorKind::MailLink);
    let key = accounts::find_key_of_user(&app, &uid, &token, Link::ConfirmEmail, &by)
        .await
        .map_err(errors::link)?;
    accounts::confirm_email_with_key(&app, key, &by).await.map_err(errors::key)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends the mail again if the email waits to be confirmed. The answer is the same for every email.
///
/// # Errors
/// 400 for what is no email, 429 and 503 with `Retry-After`.
pub(super) async fn resend(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    reset::send(&app, &request, body, MailRequest::ConfirmEmail).await
}
