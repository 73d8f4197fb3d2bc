//! `POST /api/token/refresh/`: a refresh token for a fresh access token.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, Refreshed};
use crate::api::cookies;
use crate::api::drf::error::ApiError;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::token::presented::PresentedToken;
use crate::app::App;
use crate::http;

/// Renews. A token from the body is answered in the body; one from the cookie with cookies, and with
/// nothing in the body that a page could not read before but the access token.
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
    let Refreshed { access, refresh } = match accounts::refresh(&app, shown.token(), &by).await {
        Ok(refreshed) => refreshed,
        Err(error) => return shown.refused(error.into(), &app.config),
    };
    if shown.is_cookie() {
        let mut set = vec![cookies::access(&access, &app.config)];
        set.extend(refresh.map(|token| cookies::refresh(&token, &app.config)));
        return response::with_cookies(
            response::json(StatusCode::OK, &json!({"access": access.expose()})),
            set,
        );
    }
    let mut answer = json!({"access": access.expose()});
    if let Some(token) = refresh {
        answer["refresh"] = token.expose().into();
    }
    Ok(response::json(StatusCode::OK, &answer))
}
