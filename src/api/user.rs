//! `GET` and `PUT /api/user/`: who the token belongs to, and their name and email anew.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::json;

use crate::accounts::{self, ActorKind, AuthenticationError, UpdateUserError, UserUpdate};
use crate::api::account_fields;
use crate::api::drf::body;
use crate::api::drf::body::{FieldErrors, FieldReader};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;
use crate::types::{Email, Username};

#[derive(Serialize)]
struct UserAnswer<'a> {
    username: &'a str,
    email: &'a str,
    is_email_confirmed: bool,
}

/// Answers the user of the token. Serves `HEAD`, too.
pub(crate) async fn get(CurrentUser { user, .. }: CurrentUser) -> HttpResponse {
    let answer = UserAnswer {
        username: user.username.as_str(),
        email: user.email.as_str(),
        is_email_confirmed: user.is_email_confirmed,
    };
    response::json(StatusCode::OK, &answer)
}

/// Changes the name, the email or both.
///
/// # Errors
/// 400 for a body that cannot be read, fields that are not valid or are somebody else's; 429 and 503
/// with `Retry-After`.
pub(crate) async fn put(
    app: Data<App>,
    CurrentUser { user, .. }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let wanted = parse(&body.read().await?)?;
    let message = message(&wanted);
    accounts::update_user(&app, &user, wanted, &http::actor(&request, ActorKind::User(user.id))).await?;
    Ok(response::json(StatusCode::OK, &json!({"message": message})))
}

fn parse(data: &body::Data) -> Result<UserUpdate, FieldErrors> {
    let mut reader = FieldReader::new(data)?;
    let username = reader.optional("username", &account_fields::username());
    let email = reader.optional("email", &account_fields::email());
    reader.finish()?;
    Ok(UserUpdate {
        username: username.and_then(|name| Username::parse(&name).ok()),
        email: email.and_then(|email| Email::as_typed(&email).ok()),
    })
}

/// The reference server names what was sent, changed or not: with nothing, only a blank is left.
fn message(sent: &UserUpdate) -> String {
    let names = [("Email", sent.email.is_some()), ("Username", sent.username.is_some())];
    let sent: Vec<&str> = names.into_iter().filter_map(|(name, sent)| sent.then_some(name)).collect();
    format!("{} updated successfully", sent.join(", "))
}

impl From<UpdateUserError> for ApiError {
    fn from(error: UpdateUserError) -> Self {
        match error {
            UpdateUserError::Taken(taken) => Self::Taken(taken),
            UpdateUserError::Throttled(wait) => Self::Throttled(wait),
            UpdateUserError::NotFound => Self::Authentication(AuthenticationError::UserNotFound),
            UpdateUserError::Store(error) => error.into(),
        }
    }
}
