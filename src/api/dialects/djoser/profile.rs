//! `users/me/`: the user of the token.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::{errors, set};
use crate::accounts::{self, ActorKind, UserUpdate};
use crate::api::drf::body::{BodyFields, Optional, Partial, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::{account_fields, cookies};
use crate::app::App;
use crate::http;
use crate::types::{Email, User};

/// The field of `PUT`. The name is read-only here.
pub(super) const EMAIL: TextField<Email> = account_fields::CHANGED_EMAIL;

/// The field of `PATCH`.
pub(super) const CHANGED_EMAIL: Partial<Email> = Partial(EMAIL);

/// The user as djoser shows it.
pub(super) fn answer(user: &User, email: &Email) -> Value {
    json!({"email": email.as_str(), "id": user.public_id(), "username": user.username.as_str()})
}

/// Answers the user.
pub(super) async fn me(CurrentUser { user, .. }: CurrentUser) -> HttpResponse {
    response::json(StatusCode::OK, &answer(&user, &user.email))
}

/// Changes the address, which has to be sent.
///
/// # Errors
/// 400 for an address that is not valid or taken, 429 and 503 with `Retry-After`.
pub(super) async fn put_me(
    app: Data<App>,
    user: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    update(&app, user, &request, body, |body| body.read(&EMAIL).map(Some).map_err(ApiError::from)).await
}

/// Changes the address if it is sent.
///
/// # Errors
/// As [`put_me`].
pub(super) async fn patch_me(
    app: Data<App>,
    user: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    update(&app, user, &request, body, |body| body.read(&CHANGED_EMAIL).map_err(ApiError::from)).await
}

async fn update(
    app: &App,
    CurrentUser { user, .. }: CurrentUser,
    request: &HttpRequest,
    body: RequestBody,
    read: impl FnOnce(&BodyFields<'_>) -> Result<Option<Email>, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let mut data = body.data().await?;
    // An imported address need not follow the rules for new ones: it may be sent back as it is.
    let own = user.email.as_str();
    let keeps = Email::as_typed(own).is_err() && data.remove_text("email", own);
    let body = BodyFields::new(&data)?;
    let email = if keeps { None } else { read(&body)? };
    let password = match app.config.password.required_for_email_change {
        true => body.read(&Optional(set::CURRENT_PASSWORD))?,
        false => None,
    };
    let update = UserUpdate { username: None, email: email.clone() };
    let by = http::actor(request, ActorKind::User(user.id));
    accounts::update_user(app, &user, update, password, &by)
        .await
        .map_err(|error| errors::update(error, "username"))?;
    let email = email.unwrap_or_else(|| user.email.clone());
    Ok(response::json(StatusCode::OK, &answer(&user, &email)))
}

/// Deletes the account.
///
/// # Errors
/// 400 for a wrong password; 403 for the last administrator; 429 and 503 with `Retry-After`.
pub(super) async fn delete_me(
    app: Data<App>,
    CurrentUser { user, .. }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let password = body.fields(&set::CURRENT_PASSWORD).await?;
    let by = http::actor(&request, ActorKind::User(user.id));
    accounts::delete_own_account(&app, &user, password, &by).await.map_err(errors::delete)?;
    response::with_cookies(HttpResponse::NoContent().finish(), cookies::removed(&app.config))
}
