//! `POST /api/token/`: issues a refresh and an access token for a user name or email and a password.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, LogInError, LoggedIn, LoginOutcome, TokenKinds};
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{
    AUTHENTICATION_ERROR, Answer, BodyShape, Description, Direction, SerializerField, THROTTLED,
};
use crate::api::{cookies, login};
use crate::app::App;
use crate::http;
use crate::types::RefreshToken;

/// The doc string of the reference's view.
pub(crate) const DESCRIPTION: &str = "Takes a set of user credentials and returns an access and refresh JSON web\n\
                                      token pair to prove the authentication of those credentials.";

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Issues an access and a refresh token.",
    Answer::new(200, "", BodyShape::Serializer(SERIALIZER)),
)
.refusing(&[
    WRONG_CREDENTIALS,
    Answer::detail(403, "Another site made the browser send the login."),
    THROTTLED,
]);

/// 401 of a login at a view of Simple JWT.
pub(super) const WRONG_CREDENTIALS: Answer = Answer::new(
    401,
    "User name or password are wrong, or the account is inactive.",
    BodyShape::Object(&AUTHENTICATION_ERROR),
);

const SERIALIZER: &[SerializerField] = &[
    SerializerField::new("username", Direction::Request),
    SerializerField::new("password", Direction::Request),
    SerializerField::new("access", Direction::Answer),
    SerializerField::new("refresh", Direction::Answer),
];

/// Logs in, and answers the tokens.
///
/// # Errors
/// 401 for wrong credentials, 403 for a login of another site that would set a cookie, 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    if app.config.cookies.refresh {
        cookies::verify_login(&request, &app)?;
    }
    let credentials = login::parse(&body.data().await?)?;
    let by = http::actor(&request, ActorKind::Anonymous);
    let LoginOutcome::Session(LoggedIn { user, access, refresh }) =
        accounts::log_in(&app, credentials, TokenKinds::Pair, &by).await.map_err(|error| match error {
            LogInError::Invalid => ApiError::NoActiveAccount,
            other => other.into(),
        })?;
    http::note_user(&request, user.id);
    let answer = json!({"refresh": refresh.as_ref().map(RefreshToken::expose), "access": access.expose()});
    let response = response::json(StatusCode::OK, &answer);
    let cookie = refresh.filter(|_| app.config.cookies.refresh);
    response::with_cookies(response, cookie.map(|token| cookies::refresh(&token, &app.config)))
}
