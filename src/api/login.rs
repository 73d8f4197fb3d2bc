//! `POST /api/login/`: a name or an email, and a password, for the user and a cookie, or two.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::accounts::{self, ActorKind, Credentials, LoggedIn, LoginOutcome, TokenKinds};
use crate::api::cookies;
use crate::api::drf::body;
use crate::api::drf::body::{CharField, FieldErrors, FieldReader};
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;
use crate::types::{Identifier, Password, User, UserId};

/// Logs in.
///
/// # Errors
/// 400 for a body that cannot be read or lacks a field, 404 for wrong credentials, 429 and 503
/// with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let credentials = parse(&body.read().await?)?;
    let by = http::actor(&request, ActorKind::Anonymous);
    let wanted = if app.config.cookies.refresh { TokenKinds::Pair } else { TokenKinds::Access };
    let LoginOutcome::Session(LoggedIn { user, access, refresh }) =
        accounts::log_in(&app, credentials, wanted, &by).await?;
    let mut set = vec![cookies::access(&access, &app.config)];
    set.extend(refresh.map(|token| cookies::refresh(&token, &app.config)));
    response::with_cookies(response::json(StatusCode::OK, &LoginAnswer::new(&user)), set)
}

/// Reads the two fields by DRF's rules; a body with `email` and no `username` is read as if
/// it said `username`.
///
/// # Errors
/// All that is wrong with the fields, at once.
pub fn parse(data: &body::Data) -> Result<Credentials, FieldErrors> {
    let mut reader = FieldReader::new(data)?;
    let identifier = reader.required_as("username", &["username", "email"], &CharField::new());
    let password = reader.required("password", &CharField::new());
    reader.finish()?;
    Ok(Credentials {
        identifier: Identifier::new(identifier.unwrap_or_default()),
        password: Password::new(password.unwrap_or_default()),
    })
}

#[derive(Serialize)]
struct LoginAnswer<'a> {
    #[serde(rename = "Success")]
    success: &'static str,
    user: LoginUser<'a>,
}

#[derive(Serialize)]
struct LoginUser<'a> {
    id: UserId,
    username: &'a str,
    email: &'a str,
    is_email_confirmed: bool,
}

impl<'a> LoginAnswer<'a> {
    fn new(user: &'a User) -> Self {
        Self {
            success: "Login successfully",
            user: LoginUser {
                id: user.id,
                username: user.username.as_str(),
                email: user.email.as_str(),
                is_email_confirmed: user.is_email_confirmed,
            },
        }
    }
}
