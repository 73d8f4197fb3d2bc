//! `POST /api/token/blacklist/`: ends the session of a refresh token.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind};
use crate::api::cookies;
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{
    Answer, BodyShape, Description, Direction, SerializerField, THROTTLED, TOKEN_REFUSED,
};
use crate::api::token::presented::PresentedToken;
use crate::app::App;
use crate::http;

/// The doc string of the reference's view.
pub(crate) const DESCRIPTION: &str = "Takes a token and blacklists it. Must be used with the\n\
                                      `rest_framework_simplejwt.token_blacklist` app installed.";

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Ends the session of a refresh token.",
    Answer::new(200, "", BodyShape::Serializer(SERIALIZER)),
)
.refusing(&[
    TOKEN_REFUSED,
    Answer::detail(403, "A browser sent the cookie on behalf of another site."),
    THROTTLED,
]);

const SERIALIZER: &[SerializerField] = &[SerializerField::new("refresh", Direction::Request)];

/// Answers an empty object, and removes the cookies if the token was in one.
///
/// # Errors
/// 401 for a token that is not valid, 403 for a cookie from another site, 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let presented = PresentedToken::from_request(&request, &body.data().await?, &app.config)?;
    let by = http::actor(&request, ActorKind::Anonymous);
    if let Err(error) = accounts::blacklist(&app, presented.token(), &by).await {
        return presented.error_response(error.into(), &app.config);
    }
    let removed = if presented.is_cookie() { cookies::removed(&app.config) } else { Vec::new() };
    response::with_cookies(response::json(StatusCode::OK, &json!({})), removed)
}
