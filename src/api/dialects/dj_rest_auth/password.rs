//! `password/…`: changes with the old password, and resets by a link in a mail.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::errors;
use crate::accounts::{self, ActorKind, MailRequest};
use crate::api::account_fields::{EMAIL, new_password, password};
use crate::api::drf::body::TextField;
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::{CurrentUser, HeaderToken};
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;
use crate::types::{Link, Password};

const NEW: TextField<Password> = new_password("new_password1").max_length(Password::MAX_CHARS);
const AGAIN: TextField<Password> =
    password("new_password2", "The same password again.").max_length(Password::MAX_CHARS);
const UID: TextField<String> = TextField::new("uid", "Id of the user, from the link in the mail.", Ok);
const TOKEN: TextField<String> = TextField::new("token", "Key from the link in the mail.", Ok).write_only();

/// The fields of a change.
pub(super) const CHANGE: (TextField<Password>, TextField<Password>, TextField<Password>) =
    (password("old_password", "Current password.").max_length(Password::MAX_CHARS), NEW, AGAIN);

/// The fields of a reset.
pub(super) const RESET: (TextField<Password>, TextField<Password>, TextField<String>, TextField<String>) =
    (NEW, AGAIN, UID, TOKEN);

/// Changes the password. The other sessions end.
///
/// # Errors
/// 400 for a wrong or a weak password, 429 and 503 with `Retry-After`.
pub(super) async fn change(
    app: Data<App>,
    CurrentUser { user, session }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let (old, new, again) = body.fields(&CHANGE).await?;
    require_same(&new, &again)?;
    let by = http::actor(&request, ActorKind::User(user.id));
    accounts::change_password(&app, &user, &session, old, new, &by).await.map_err(errors::change_password)?;
    Ok(response::json(StatusCode::OK, &json!({"detail": "New password has been saved."})))
}

fn require_same(new: &Password, again: &Password) -> Result<(), ApiError> {
    if new.expose() == again.expose() { Ok(()) } else { Err(errors::passwords_differ()) }
}

/// Sends the mail if the email belongs to an account. The answer is the same for every email.
///
/// # Errors
/// 400 for what is no email, 429 and 503 with `Retry-After`.
pub(super) async fn request_reset(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let email = body.fields(&EMAIL).await?;
    let by = http::actor(&request, ActorKind::Anonymous);
    accounts::request_mail(&app, MailRequest::ResetPassword, email, &by).await?;
    Ok(response::json(StatusCode::OK, &json!({"detail": "Password reset e-mail has been sent."})))
}

/// Sets the password. All sessions end.
///
/// # Errors
/// 400 for a link that is not valid and for a weak password, 429 and 503 with `Retry-After`.
pub(super) async fn reset(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let (new, again, uid, token) = body.fields(&RESET).await?;
    let by = http::actor(&request, ActorKind::MailLink);
    let key = accounts::find_key_of_user(&app, &uid, &token, Link::ResetPassword, &by)
        .await
        .map_err(errors::link)?;
    require_same(&new, &again)?;
    accounts::reset_password(&app, key, new, &by).await.map_err(errors::reset_password)?;
    let detail = "Password has been reset with the new password.";
    Ok(response::json(StatusCode::OK, &json!({"detail": detail})))
}
