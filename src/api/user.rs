//! `GET` and `PUT /api/user/`: the user of the token, and a change of name or email.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::json;

use crate::accounts::{self, ActorKind, AuthenticationError, UpdateUserError, UserUpdate};
use crate::api::account_fields::{CHANGED_EMAIL, USERNAME};
use crate::api::delete_user::PASSWORD;
use crate::api::drf::body::{BodyFields, FieldErrors, Optional};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{
    Answer, BodyShape, Component, Description, MESSAGE, Property, PropertyKind, THROTTLED,
};
use crate::app::App;
use crate::http;
use crate::types::{Email, Password, PublicId, Username};

#[derive(Serialize)]
struct UserAnswer<'a> {
    /// Left out unless `api.user_id` is set: the reference server has no such field.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<PublicId>,
    username: &'a str,
    email: &'a str,
    is_email_confirmed: bool,
}

/// The fields of `PUT`. One that is missing stays as it is.
pub(crate) const FIELDS: (Optional<Username>, Optional<Email>) =
    (Optional(USERNAME), Optional(CHANGED_EMAIL));

/// The fields of `PUT`, with the one that `password.required_for_email_change` asks for.
pub(crate) const DECLARED: ((Optional<Username>, Optional<Email>), Optional<Password>) =
    (FIELDS, Optional(PASSWORD));

/// The answers of `GET`.
pub(crate) const GET_DOCS: Description = Description::new(
    "Answers the user of the token.",
    Answer::new(200, "The user.", BodyShape::Object(&CURRENT_USER)),
);

/// The answers of `PUT`.
pub(crate) const PUT_DOCS: Description = Description::new(
    "Changes the user name, the email or both.",
    Answer::new(200, "The account was changed.", BodyShape::Object(&MESSAGE)),
)
.refusing(&[
    Answer::new(400, "Another user has the name or email.", BodyShape::Object(&TAKEN)),
    Answer::detail(403, "The setting account.change does not allow it."),
    THROTTLED,
]);

const CURRENT_USER: Component = Component::new(
    "CurrentUser",
    &[
        Property::new("id", PropertyKind::UserId).optional(),
        Property::text("username", "alice"),
        Property::text("email", "alice@example.com"),
        Property::new("is_email_confirmed", PropertyKind::Boolean(false)),
    ],
);

const TAKEN: Component = Component::new(
    "TakenError",
    &[
        Property::text("username error", "That username already registered").optional(),
        Property::text("email error", "That email already exists").optional(),
    ],
);

/// Answers the user of the token.
pub(crate) async fn get(app: Data<App>, CurrentUser { user, .. }: CurrentUser) -> HttpResponse {
    let answer = UserAnswer {
        id: app.config.api.user_id.then(|| user.public_id()),
        username: user.username.as_str(),
        email: user.email.as_str(),
        is_email_confirmed: user.is_email_confirmed,
    };
    response::json(StatusCode::OK, &answer)
}

/// Changes the name, the email or both.
///
/// # Errors
/// 400 if another user has the name or email, or for a wrong password where one is required; 429 and 503 with `Retry-After`.
pub(crate) async fn put(
    app: Data<App>,
    CurrentUser { user, .. }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let mut data = body.data().await?;
    // An imported name or address need not follow the rules for new ones: it may be sent back as it is.
    let (name, address) = (user.username.as_str(), user.email.as_str());
    let keeps_name = Username::parse(name).is_err() && data.remove_text("username", name);
    let keeps_email = Email::as_typed(address).is_err() && data.remove_text("email", address);
    let body = BodyFields::new(&data)?;
    let ((username, email), password) = match app.config.password.required_for_email_change {
        true => body.read(&(FIELDS, Optional(PASSWORD)))?,
        false => (body.read(&FIELDS)?, None),
    };
    let update = UserUpdate { username, email };
    let message = message(update.email.is_some() || keeps_email, update.username.is_some() || keeps_name);
    let by = http::actor(&request, ActorKind::User(user.id));
    accounts::update_user(&app, &user, update, password, &by).await?;
    Ok(response::json(StatusCode::OK, &json!({"message": message})))
}

/// The reference server names the fields that were sent, changed or not; with none, the message begins with a
/// blank.
fn message(email: bool, username: bool) -> String {
    let names = [("Email", email), ("Username", username)];
    let sent: Vec<&str> = names.into_iter().filter_map(|(name, sent)| sent.then_some(name)).collect();
    format!("{} updated successfully", sent.join(", "))
}

impl From<UpdateUserError> for ApiError {
    fn from(error: UpdateUserError) -> Self {
        match error {
            UpdateUserError::NotAllowed => Self::ChangeNotAllowed,
            UpdateUserError::Taken(taken) => Self::Taken(taken),
            UpdateUserError::PasswordMissing => {
                FieldErrors::one("password", "This field is required.").into()
            }
            UpdateUserError::WrongPassword => FieldErrors::one("password", "The password is wrong.").into(),
            UpdateUserError::Throttled(wait) => Self::Throttled(wait),
            UpdateUserError::Engine(error) => error.into(),
            UpdateUserError::NotFound => Self::Authentication(AuthenticationError::UserNotFound),
            UpdateUserError::Store(error) => error.into(),
        }
    }
}
