//! `POST /api/token/`: a name or an email, and a password, for a pair of tokens.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, LogInError, LoggedIn, LoginOutcome, TokenKinds};
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::{cookies, login};
use crate::app::App;
use crate::http;
use crate::types::RefreshToken;

/// Logs in, and answers the tokens.
///
/// # Errors
/// 400 for a body that cannot be read or lacks a field, 401 for wrong credentials, 429 and 503
/// with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let credentials = login::parse(&body.read().await?)?;
    let by = http::actor(&request, ActorKind::Anonymous);
    let LoginOutcome::Session(LoggedIn { access, refresh, .. }) =
        accounts::log_in(&app, credentials, TokenKinds::Pair, &by).await.map_err(|error| match error {
            LogInError::Invalid => ApiError::NoActiveAccount,
            other => other.into(),
        })?;
    let shown = refresh.as_ref().map(RefreshToken::expose);
    let response = response::json(StatusCode::OK, &json!({"refresh": shown, "access": access.expose()}));
    let cookie = refresh.filter(|_| app.config.cookies.refresh);
    response::with_cookies(response, cookie.map(|token| cookies::refresh(&token, &app.config)))
}
