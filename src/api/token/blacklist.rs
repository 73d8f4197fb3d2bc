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
use crate::api::token::presented::PresentedToken;
use crate::app::App;
use crate::http;

/// Answers an empty object, and takes the cookies away if the token was in one.
///
/// # Errors
/// 400 for a body without a token, 401 for a token that is not good, 403 for a cookie from another
/// site, 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let shown = PresentedToken::find(&request, &body.read().await?, &app.config)?;
    let by = http::actor(&request, ActorKind::Anonymous);
    if let Err(error) = accounts::blacklist(&app, shown.token(), &by).await {
        return shown.refused(error.into(), &app.config);
    }
    let gone = if shown.is_cookie() { cookies::none(&app.config) } else { Vec::new() };
    response::with_cookies(response::json(StatusCode::OK, &json!({})), gone)
}
