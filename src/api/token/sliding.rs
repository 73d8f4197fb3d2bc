//! `/api/token/sliding/…`: one token that is an access token, and refreshes itself (`rest_framework_simplejwt/views.py`,
//! `TokenObtainSlidingView` and `TokenRefreshSlidingView`). Served with `tokens.sliding`.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::obtain;
use crate::accounts::{self, ActorKind, LogInError, LoggedIn, LoginOutcome, TokenKinds};
use crate::api::drf::body::TextField;
use crate::api::drf::endpoint::{Endpoint, post};
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::login;
use crate::api::openapi::description::{
    Answer, BodyShape, Description, Direction, SerializerField, THROTTLED, TOKEN_REFUSED,
};
use crate::app::App;
use crate::http;

/// The endpoints.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::public(
        "/api/token/sliding",
        "Token Obtain Sliding",
        &[post(|route| route.to(log_in), &login::FIELDS).described(&OBTAIN_DOCS)],
    )
    .generic_view(
        "Takes a set of user credentials and returns a sliding JSON web token to\n\
         prove the authentication of those credentials.",
    ),
    Endpoint::public(
        "/api/token/sliding/refresh",
        "Token Refresh Sliding",
        &[post(|route| route.to(refresh), &TOKEN).described(&REFRESH_DOCS)],
    )
    .generic_view(
        "Takes a sliding JSON web token and returns a new, refreshed version if the\n\
         token's refresh period has not expired.",
    ),
];

const TOKEN: TextField<String> = TextField::new("token", "Sliding token.", Ok);

const OBTAIN_DOCS: Description = Description::new(
    "Issues a sliding token.",
    Answer::new(
        200,
        "",
        BodyShape::Serializer(&[
            SerializerField::new("username", Direction::Request),
            SerializerField::new("password", Direction::Request),
            SerializerField::new("token", Direction::Answer),
        ]),
    ),
)
.refusing(&[obtain::WRONG_CREDENTIALS, THROTTLED]);

const REFRESH_DOCS: Description = Description::new(
    "Issues a sliding token that expires later.",
    Answer::new(
        200,
        "",
        BodyShape::Serializer(&[SerializerField::new("token", Direction::RequestAndAnswer)]),
    ),
)
.refusing(&[TOKEN_REFUSED, THROTTLED]);

/// Logs in, and answers the token. Sets no cookie.
async fn log_in(app: Data<App>, request: HttpRequest, body: RequestBody) -> Result<HttpResponse, ApiError> {
    let credentials = login::parse(&body.data().await?)?;
    let by = http::actor(&request, ActorKind::Anonymous);
    let LoginOutcome::Session(LoggedIn { user, access, .. }) =
        accounts::log_in(&app, credentials, TokenKinds::Sliding, &by).await.map_err(|error| match error {
            LogInError::Invalid => ApiError::NoActiveAccount,
            other => other.into(),
        })?;
    http::note_user(&request, user.id);
    Ok(response::json(StatusCode::OK, &json!({"token": access.expose()})))
}

async fn refresh(app: Data<App>, request: HttpRequest, body: RequestBody) -> Result<HttpResponse, ApiError> {
    let token = body.fields(&TOKEN).await?;
    let by = http::actor(&request, ActorKind::Anonymous);
    let token = accounts::refresh_sliding(&app, token.as_bytes(), &by).await?;
    Ok(response::json(StatusCode::OK, &json!({"token": token.expose()})))
}
