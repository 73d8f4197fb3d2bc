//! `users/` and `users/{id}/`: a registration, and what a user may do with accounts: with the own one what `users/me/`
//! does. The others do not exist for them (djoser's `HIDE_USERS`).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::errors::EMAIL_TAKEN;
use super::profile;
use super::set;
use crate::accounts::Registered;
use crate::api::account_fields::{EMAIL, USERNAME};
use crate::api::dialects::words::{self, NAME_TAKEN};
use crate::api::drf::body::{BodyFields, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::{CurrentUser, HeaderToken};
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::register::{PASSWORD, RegistrationFields, RegistrationWords, register};
use crate::app::App;
use crate::types::{Email, Password, Username};

/// The fields of a registration.
pub(super) const FIELDS: (TextField<Email>, TextField<Username>, TextField<Password>) =
    (EMAIL, USERNAME, PASSWORD);

const WORDS: RegistrationWords = RegistrationWords {
    username: NAME_TAKEN,
    email: EMAIL_TAKEN,
    weak: |weak| words::weak_password("password", weak),
};

/// Registers.
///
/// # Errors
/// 400 for fields that are not valid, 403 where registration is closed, 429 and 503 with `Retry-After`.
pub(super) async fn create(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let fields = |body: &BodyFields<'_>| {
        let password = body.read(&PASSWORD);
        RegistrationFields {
            username: body.read(&USERNAME),
            email: body.read(&EMAIL),
            together: password
                .as_ref()
                .map_or(Ok(()), |password| set::retyped(body, password, "re_password")),
            password,
        }
    };
    let Registered { id, username, email, .. } = register(&app, &request, body, fields, &WORDS).await?;
    let answer = json!({"email": email.as_str(), "username": username.as_str(), "id": id});
    Ok(response::json(StatusCode::CREATED, &answer))
}

/// The users that the user may see: the user.
pub(super) async fn list(CurrentUser { user, .. }: CurrentUser) -> HttpResponse {
    response::json(StatusCode::OK, &[profile::answer(&user, &user.email)])
}

/// The user, if the path has the id of this user.
fn own(user: CurrentUser, id: &str) -> Option<CurrentUser> {
    (user.user.public_id().to_string() == id).then_some(user)
}

pub(super) async fn get(user: CurrentUser, id: Path<String>) -> Result<HttpResponse, ApiError> {
    Ok(profile::me(own(user, &id).ok_or(ApiError::NotFound)?).await)
}

pub(super) async fn put(
    app: Data<App>,
    user: CurrentUser,
    id: Path<String>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    profile::put_me(app, own(user, &id).ok_or(ApiError::NotFound)?, request, body).await
}

pub(super) async fn patch(
    app: Data<App>,
    user: CurrentUser,
    id: Path<String>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    profile::patch_me(app, own(user, &id).ok_or(ApiError::NotFound)?, request, body).await
}

/// Deletes the own account.
///
/// # Errors
/// 403 for every other id, whether or not a user has it: the answer does not reveal which ids exist.
pub(super) async fn delete(
    app: Data<App>,
    user: CurrentUser,
    id: Path<String>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    profile::delete_me(app, own(user, &id).ok_or(ApiError::ChangeNotAllowed)?, request, body).await
}
