//! `user/`: the user of the token.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::errors;
use crate::accounts::{self, ActorKind, UserUpdate};
use crate::api::account_fields;
use crate::api::drf::body::{BodyFields, Partial, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;
use crate::store::tables::users;
use crate::types::{User, Username};

/// The field of `PUT`. The email is read-only here, and so are the names of a person, which only an import brings.
pub(super) const USERNAME: TextField<Username> = account_fields::USERNAME;

/// The field of `PATCH`.
pub(super) const CHANGED_USERNAME: Partial<Username> = Partial(USERNAME);

/// The user as dj-rest-auth shows it, with this name.
///
/// # Errors
/// 503 if the store fails.
pub(super) async fn answer(app: &App, user: &User, username: &str) -> Result<Value, ApiError> {
    let id = user.id;
    let attributes = app.store.read(move |conn| users::attributes_of(conn, &[id])).await?.remove(&id);
    let attributes = attributes.unwrap_or_default();
    let name = |name: &str| attributes.as_map().get(name).and_then(Value::as_str).unwrap_or_default();
    Ok(json!({
        "pk": user.public_id(),
        "username": username,
        "email": user.email.as_str(),
        "first_name": name("first_name"),
        "last_name": name("last_name"),
    }))
}

/// Answers the user.
///
/// # Errors
/// 503 if the store fails.
pub(super) async fn get(
    app: Data<App>,
    CurrentUser { user, .. }: CurrentUser,
) -> Result<HttpResponse, ApiError> {
    Ok(response::json(StatusCode::OK, &answer(&app, &user, user.username.as_str()).await?))
}

/// Changes the name, which has to be sent.
///
/// # Errors
/// 400 for a name that is not valid or taken, 429 and 503 with `Retry-After`.
pub(super) async fn put(
    app: Data<App>,
    user: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    update(&app, user, &request, body, |body| body.read(&USERNAME).map(Some).map_err(ApiError::from)).await
}

/// Changes the name if it is sent.
///
/// # Errors
/// As [`put`].
pub(super) async fn patch(
    app: Data<App>,
    user: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    update(&app, user, &request, body, |body| body.read(&CHANGED_USERNAME).map_err(ApiError::from)).await
}

async fn update(
    app: &App,
    CurrentUser { user, .. }: CurrentUser,
    request: &HttpRequest,
    body: RequestBody,
    read: impl FnOnce(&BodyFields<'_>) -> Result<Option<Username>, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let mut data = body.data().await?;
    // An imported name need not follow the rules for new ones: it may be sent back as it is.
    let own = user.username.as_str();
    let keeps = Username::parse(own).is_err() && data.remove_text("username", own);
    let body = BodyFields::new(&data)?;
    let username = if keeps { None } else { read(&body)? };
    let update = UserUpdate { username: username.clone(), email: None };
    let by = http::actor(request, ActorKind::User(user.id));
    accounts::update_user(app, &user, update, None, &by).await.map_err(errors::update)?;
    let username = username.unwrap_or_else(|| user.username.clone());
    Ok(response::json(StatusCode::OK, &answer(app, &user, username.as_str()).await?))
}
