//! `POST /api/login/`: logs in with a user name or email and a password, and sets the cookies.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::accounts::{self, ActorKind, Credentials, LoggedIn, LoginOutcome, TokenKinds};
use crate::api::drf::body;
use crate::api::drf::body::{BodyFields, FieldErrors, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{
    Answer, BodyShape, Component, Description, Property, PropertyKind, THROTTLED, USER,
};
use crate::api::{account_fields, cookies};
use crate::app::App;
use crate::http;
use crate::types::{Identifier, Password, PublicId, User};

/// The fields of the body. With an `email` and no `username` the email is read as the user name.
pub(crate) const FIELDS: (TextField<Identifier>, TextField<Password>) = (
    TextField::new("username", "User name or email.", |text| Ok(Identifier::new(text))).alias("email"),
    account_fields::password("password", "Password."),
);

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Logs in with a user name or email, and sets the cookie.",
    Answer::new(200, "The cookie with the access token is set.", BodyShape::Object(&LOGGED_IN)),
)
.refusing(&[
    Answer::detail(403, "Another site made the browser send the login."),
    Answer::new(
        404,
        "User name or password are wrong, or the account is inactive.",
        BodyShape::Object(&INVALID),
    ),
    THROTTLED,
]);

const LOGGED_IN: Component = Component::new(
    "LoginResponse",
    &[Property::text("Success", "Login successfully"), Property::new("user", PropertyKind::Object(&USER))],
);

const INVALID: Component =
    Component::new("InvalidCredentials", &[Property::text("Invalid", "Invalid username or password")]);

/// Logs in.
///
/// # Errors
/// 403 for a login of another site, 404 for wrong credentials, 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    cookies::verify_login(&request, &app)?;
    let credentials = parse(&body.data().await?)?;
    let by = http::actor(&request, ActorKind::Anonymous);
    let tokens = if app.config.cookies.refresh { TokenKinds::Pair } else { TokenKinds::Access };
    let LoginOutcome::Session(LoggedIn { user, access, refresh }) =
        accounts::log_in(&app, credentials, tokens, &by).await?;
    http::note_user(&request, user.id);
    let mut cookies = vec![cookies::access(&access, &app.config)];
    cookies.extend(refresh.map(|token| cookies::refresh(&token, &app.config)));
    response::with_cookies(response::json(StatusCode::OK, &LoginAnswer::new(&user)), cookies)
}

/// Reads the credentials by DRF's rules.
///
/// # Errors
/// The messages about both fields.
pub fn parse(data: &body::Data) -> Result<Credentials, FieldErrors> {
    let (identifier, password) = BodyFields::new(data)?.read(&FIELDS)?;
    Ok(Credentials { identifier, password })
}

#[derive(Serialize)]
struct LoginAnswer<'a> {
    #[serde(rename = "Success")]
    success: &'static str,
    user: LoginUser<'a>,
}

#[derive(Serialize)]
struct LoginUser<'a> {
    id: PublicId,
    username: &'a str,
    email: &'a str,
    is_email_confirmed: bool,
}

impl<'a> LoginAnswer<'a> {
    fn new(user: &'a User) -> Self {
        Self {
            success: "Login successfully",
            user: LoginUser {
                id: user.public_id(),
                username: user.username.as_str(),
                email: user.email.as_str(),
                is_email_confirmed: user.is_email_confirmed,
            },
        }
    }
}
