//! `registration/…`: an account, with its first login where it may log in before its email is confirmed.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::errors::{self, EMAIL_TAKEN};
use super::login;
use crate::accounts::{self, ActorKind, Credentials, MailRequest};
use crate::api::account_fields::{EMAIL, USERNAME, new_password, password};
use crate::api::confirm_email::KEY;
use crate::api::dialects::words::{NAME_TAKEN, PASSWORDS_DIFFER};
use crate::api::drf::body::{BodyFields, FieldErrors, TextField, Together as _};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::HeaderToken;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::register::{RegistrationFields, RegistrationWords, register};
use crate::app::App;
use crate::http;
use crate::types::{Email, Identifier, OneTimeKey, Password, Username};

const PASSWORD: TextField<Password> = new_password("password1").max_length(Password::MAX_CHARS);
const AGAIN: TextField<Password> = password("password2", "The same password again.");

/// The fields of a registration.
pub(super) const FIELDS: (TextField<Username>, TextField<Email>, TextField<Password>, TextField<Password>) =
    (USERNAME, EMAIL, PASSWORD, AGAIN);

const WORDS: RegistrationWords =
    RegistrationWords { username: NAME_TAKEN, email: EMAIL_TAKEN, weak: errors::weak_password };

/// Registers, and logs in where a new account may. Where it has to be confirmed first (`registration.hide_existing`),
/// the answer says that there is a mail.
///
/// # Errors
/// 400 for fields that are not valid, 403 where registration is closed, 429 and 503 with `Retry-After`.
pub(super) async fn post(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let mut typed = None;
    let fields = |body: &BodyFields<'_>| {
        let (password, again) = (body.read(&PASSWORD), body.read(&AGAIN));
        let is_same = match (&password, &again) {
            (Ok(password), Ok(again)) => password.expose() == again.expose(),
            _ => true,
        };
        typed = password.as_ref().ok().cloned();
        RegistrationFields {
            username: body.read(&USERNAME),
            email: body.read(&EMAIL),
            password: both(password, again),
            together: if is_same { Ok(()) } else { Err(FieldErrors::non_field(PASSWORDS_DIFFER)) },
        }
    };
    let registered = register(&app, &request, body, fields, &WORDS).await?;
    let Some(password) = typed.filter(|_| !app.config.registration.hide_existing) else {
        let answer = json!({"detail": "Verification e-mail sent."});
        return Ok(response::json(StatusCode::CREATED, &answer));
    };
    let identifier = Identifier::new(registered.username.as_str());
    let by = http::actor(&request, ActorKind::Anonymous);
    let logged_in = login::log_in(&app, &request, Credentials { identifier, password }, &by).await?;
    Ok(response::json(StatusCode::CREATED, &login::answer(&app, &logged_in).await?))
}

/// The first of two fields, with the errors of both.
fn both(
    password: Result<Password, FieldErrors>,
    again: Result<Password, FieldErrors>,
) -> Result<Password, FieldErrors> {
    (password, again).together().map(|(password, _)| password)
}

/// Confirms the email that the key was sent to.
///
/// # Errors
/// 404 for a key that is not valid, 429 and 503 with `Retry-After`.
pub(super) async fn verify_email(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let key = body.fields(&KEY).await?;
    let by = http::actor(&request, ActorKind::MailLink);
    let key = OneTimeKey::parse(&key).ok_or(ApiError::NotFound)?;
    accounts::confirm_email_with_key(&app, key, &by).await.map_err(errors::verify_email)?;
    Ok(response::json(StatusCode::OK, &json!({"detail": "ok"})))
}

/// Sends the mail again if the email waits to be confirmed. The answer is the same for every email.
///
/// # Errors
/// 400 for what is no email, 429 and 503 with `Retry-After`.
pub(super) async fn resend_email(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let email = body.fields(&EMAIL).await?;
    let by = http::actor(&request, ActorKind::Anonymous);
    accounts::request_mail(&app, MailRequest::ConfirmEmail, email, &by).await?;
    Ok(response::json(StatusCode::OK, &json!({"detail": "ok"})))
}
