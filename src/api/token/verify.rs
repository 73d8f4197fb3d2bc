//! `POST /api/token/verify/`: whether a token of any type is valid.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind};
use crate::api::drf::body::TextField;
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{
    Answer, BodyShape, Description, Direction, SerializerField, THROTTLED, TOKEN_REFUSED,
};
use crate::app::App;
use crate::http;

/// The token.
pub(crate) const TOKEN: TextField<String> = TextField::new("token", "Access or refresh token.", Ok);

/// The doc string of the reference's view.
pub(crate) const DESCRIPTION: &str = "Takes a token and indicates if it is valid.  This view provides no\n\
                                      information about a token's fitness for a particular use.";

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Says whether a token is valid.",
    Answer::new(200, "", BodyShape::Serializer(SERIALIZER)),
)
.refusing(&[TOKEN_REFUSED, THROTTLED]);

const SERIALIZER: &[SerializerField] = &[SerializerField::new("token", Direction::Request)];

/// Answers an empty object for a valid token.
///
/// # Errors
/// 401 for a token that is not valid, 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let token = body.fields(&TOKEN).await?;
    let by = http::actor(&request, ActorKind::Anonymous);
    accounts::verify_token(&app, token.as_bytes(), &by).await?;
    Ok(response::json(StatusCode::OK, &json!({})))
}
