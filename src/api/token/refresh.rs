//! `POST /api/token/refresh/`: issues an access token, and with rotation a refresh token, for a refresh token.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, Refreshed};
use crate::api::cookies;
use crate::api::drf::body::FieldSpec;
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{
    Answer, BodyShape, Description, Direction, SerializerField, THROTTLED, TOKEN_REFUSED,
};
use crate::api::token::presented::PresentedToken;
use crate::app::App;
use crate::http;

/// The access token in the answer.
pub(crate) const ACCESS: FieldSpec = FieldSpec::read_only("access", "New access token.");

/// The doc string of the reference's view.
pub(crate) const DESCRIPTION: &str = "Takes a refresh type JSON web token and returns an access type JSON web\n\
                                      token if the refresh token is valid.";

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Issues a new access token for a refresh token.",
    Answer::new(200, "", BodyShape::Serializer(SERIALIZER)),
)
.refusing(&[
    TOKEN_REFUSED,
    Answer::detail(403, "A browser sent the cookie on behalf of another site."),
    THROTTLED,
]);

const SERIALIZER: &[SerializerField] = &[
    SerializerField::new("access", Direction::Answer),
    SerializerField::new("refresh", Direction::RequestAndRotation),
];

/// Refreshes. A token in the body is answered in the body; one in the cookie is answered with cookies, so
/// that scripts of the page cannot read the new refresh token.
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
    let Refreshed { access, refresh } = match accounts::refresh(&app, presented.token(), &by).await {
        Ok(refreshed) => refreshed,
        Err(error) => return presented.error_response_if_over(error.into(), &app).await,
    };
    if presented.is_cookie() {
        let mut cookies = vec![cookies::access(&access, &app.config)];
        cookies.extend(refresh.map(|token| cookies::refresh(&token, &app.config)));
        return response::with_cookies(
            response::json(StatusCode::OK, &json!({"access": access.expose()})),
            cookies,
        );
    }
    let mut answer = json!({"access": access.expose()});
    if let Some(token) = refresh {
        answer["refresh"] = token.expose().into();
    }
    Ok(response::json(StatusCode::OK, &answer))
}
