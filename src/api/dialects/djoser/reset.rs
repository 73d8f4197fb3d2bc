//! `users/reset_password/` and `users/reset_password_confirm/`: a new password by a link in a mail.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::{errors, set};
use crate::accounts::{self, ActorKind, MailRequest};
use crate::api::account_fields::EMAIL;
use crate::api::drf::body::{BodyFields, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::HeaderToken;
use crate::api::drf::request_body::RequestBody;
use crate::app::App;
use crate::http;
use crate::types::{Link, Password};

const UID: TextField<String> = TextField::new("uid", "Id of the user, from the link in the mail.", Ok);
const TOKEN: TextField<String> = TextField::new("token", "Key from the link in the mail.", Ok).write_only();

/// What a link in a mail says.
pub(super) const LINK: (TextField<String>, TextField<String>) = (UID, TOKEN);

/// The fields of a new password.
pub(super) const PASSWORD: (TextField<String>, TextField<String>, TextField<Password>) =
    (UID, TOKEN, set::NEW_PASSWORD);

/// Sends the mail if the email belongs to an account. The answer is the same for every email.
///
/// # Errors
/// 400 for what is no email, 429 and 503 with `Retry-After`.
pub(super) async fn request(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    send(&app, &request, body, MailRequest::ResetPassword).await
}

/// Sends a mail with a link.
pub(super) async fn send(
    app: &App,
    request: &HttpRequest,
    body: RequestBody,
    mail: MailRequest,
) -> Result<HttpResponse, ApiError> {
    let email = body.fields(&EMAIL).await?;
    accounts::request_mail(app, mail, email, &http::actor(request, ActorKind::Anonymous)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sets the password. All sessions end.
///
/// # Errors
/// 400 for a link that is not valid and for a weak password, 429 and 503 with `Retry-After`.
pub(super) async fn confirm(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let data = body.data().await?;
    let body = BodyFields::new(&data)?;
    let (uid, token, password) = body.read(&PASSWORD)?;
    set::retyped(&body, &password, "re_new_password")?;
    let by = http::actor(&request, ActorKind::MailLink);
    let key = accounts::find_key_of_user(&app, &uid, &token, Link::ResetPassword, &by)
        .await
        .map_err(errors::link)?;
    accounts::reset_password(&app, key, password, &by).await.map_err(errors::reset_password)?;
    Ok(HttpResponse::NoContent().finish())
}
