//! `/api/admin/users/{id}/`: a user, changing and deleting one.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, UserPatch, UserRef, UserUpdate};
use crate::api::admin::query::Query;
use crate::api::admin::user_fields::{MANAGED_USER, ManagedUser, PATCH, known_names};
use crate::api::drf::body::BodyFields;
use crate::api::drf::error::ApiError;
use crate::api::drf::machine::Machine;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Description, QueryKind, QueryParameter};
use crate::app::App;
use crate::store::tables::users;
use crate::store::tables::users::groups;
use crate::types::{Email, PublicId, Timestamp, User, UserId, Username};

/// 404.
pub(super) const NO_USER: Answer = Answer::detail(404, "There is no such user.");

/// 409 of what the last administrator must not lose.
const LAST: Answer =
    Answer::detail(409, "No administrator who can log in would remain, or the account is to be deleted.");

/// The answers of `GET`.
pub(crate) const GET_DOCS: Description =
    Description::new("Answers a user.", Answer::new(200, "The user.", BodyShape::Object(&MANAGED_USER)))
        .refusing(&[NO_USER])
        .with_versions();

/// The answers of `PATCH`.
pub(crate) const PATCH_DOCS: Description = Description::new(
    "Changes what is sent of a user, all of it or nothing.",
    Answer::new(200, "The user as it is now.", BodyShape::Object(&MANAGED_USER)),
)
.refusing(&[NO_USER, LAST])
.with_versions();

/// The parameters of `DELETE`.
const DELETE_QUERY: &[QueryParameter] = &[QueryParameter::new(
    "at_once",
    QueryKind::Boolean,
    "True to delete the account at once, whatever the setting account.delete_after says.",
)];

/// The answers of `DELETE`.
pub(crate) const DELETE_DOCS: Description = Description::new(
    "Deletes a user, after account.delete_after.",
    Answer::new(204, "The user is deleted, or inactive until the account is.", BodyShape::Empty),
)
.refusing(&[NO_USER, Answer::detail(409, "No administrator who can log in would remain.")])
.reading(DELETE_QUERY)
.with_versions();

/// Answers the user.
///
/// # Errors
/// 404 if there is no such user.
pub(crate) async fn get(app: Data<App>, _: Machine, id: Path<String>) -> Result<HttpResponse, ApiError> {
    let user = find(&app, &id).await?;
    answer(&app, user.id, StatusCode::OK).await
}

/// Changes the user.
///
/// # Errors
/// 400 by field, 404, 409 and 412.
pub(crate) async fn patch(
    app: Data<App>,
    machine: Machine,
    request: HttpRequest,
    id: Path<String>,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let user = find(&app, &id).await?;
    let mut data = body.data().await?;
    // An imported name or address need not follow the rules for new ones: it may be sent back as it is.
    let (name, address) = (user.username.as_str(), user.email.as_str());
    let _ = Username::parse(name).is_err() && data.remove_text("username", name);
    let _ = Email::as_typed(address).is_err() && data.remove_text("email", address);
    let ((username, email, password), (is_active, is_admin, is_email_confirmed, groups)) =
        BodyFields::new(&data)?.read(&PATCH)?;
    let groups = match groups {
        Some(typed) => Some(app.store.read(move |conn| known_names(conn, &typed)).await?),
        None => None,
    };
    let profile = UserUpdate { username, email };
    let patch = UserPatch { profile, groups, is_email_confirmed, is_active, is_admin, password };
    let target = precondition(request.headers(), &user)?;
    let user = accounts::patch_user(&app, target, patch, &machine.actor).await?;
    answer(&app, user.id, StatusCode::OK).await
}

/// Requests the deletion of the user, or deletes it at once.
///
/// # Errors
/// 404, 409 and 412.
pub(crate) async fn delete(
    app: Data<App>,
    machine: Machine,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let mut query = Query::of(&request, DELETE_QUERY);
    let at_once = query.boolean("at_once").unwrap_or(false);
    query.check()?;
    let user = find(&app, &id).await?;
    let target = precondition(request.headers(), &user)?;
    match at_once {
        true => accounts::delete_user(&app, target, &machine.actor).await.map(|_| ())?,
        false => accounts::request_deletion(&app, target, &machine.actor).await.map(|_| ())?,
    }
    Ok(HttpResponse::NoContent().finish())
}

/// The user whose id clients know as this.
pub(super) async fn find(app: &App, id: &str) -> Result<User, ApiError> {
    let id = PublicId::text(id.to_owned()).ok_or(ApiError::NotFound)?;
    let found = app.store.read(move |conn| match users::id_of(conn, &id)? {
        Some(id) => users::by_id(conn, id),
        None => Ok(None),
    });
    found.await?.ok_or(ApiError::NotFound)
}

/// The answer with a user, as the store has it now, and its version.
pub(super) async fn answer(app: &App, id: UserId, status: StatusCode) -> Result<HttpResponse, ApiError> {
    let found = app.store.read(move |conn| match users::by_id(conn, id)? {
        Some(user) => Ok::<_, crate::store::StoreError>(Some((groups::of_user(conn, id)?, user))),
        None => Ok(None),
    });
    let (groups, user) = found.await?.ok_or(ApiError::NotFound)?;
    let mut answer = response::json(status, &ManagedUser::new(&user, &groups));
    if let Ok(tag) = version(&user).parse() {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    Ok(answer)
}

/// The `ETag` of a user.
fn version(user: &User) -> String {
    format!("\"{}\"", user.updated_at.micros())
}

/// The user with the precondition of `If-Match` (RFC 9110 §13.1.1). A tag that no user ever has refuses, too.
pub(super) fn precondition(headers: &HeaderMap, user: &User) -> Result<UserRef, ApiError> {
    let Some(expected) = headers.get(header::IF_MATCH) else { return Ok(user.id.into()) };
    let expected = expected.to_str().unwrap_or_default().trim();
    let tags = || expected.split(',').map(str::trim);
    if expected == "*" {
        return Ok(user.id.into());
    }
    let micros = tags().find(|tag| *tag == version(user)).map(|_| user.updated_at);
    let unchanged_since: Timestamp = micros.ok_or(ApiError::Changed)?;
    Ok(UserRef::if_unchanged_since(user.id, unchanged_since))
}
