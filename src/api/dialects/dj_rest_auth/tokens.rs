//! `token/refresh/` and `logout/`: with the refresh token in the body or in its cookie.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::errors;
use crate::accounts::{self, ActorKind, Refreshed};
use crate::api::cookies;
use crate::api::drf::body::{BodyFields, BodyValue, Optional};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::HeaderToken;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::token::{PresentedToken, REFRESH};
use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};

/// The token. Without it the cookie is read.
pub(super) const REFRESH_FIELD: Optional<String> = Optional(REFRESH);

/// Refreshes. The new access token is in the body and in its cookie, and with rotation so is the new refresh token.
///
/// # Errors
/// 401 for a token that is not valid, 403 for a cookie from another site, 429 and 503 with `Retry-After`.
pub(super) async fn refresh(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    cookies::verify_login(&request, &app)?;
    let presented = match body.fields(&REFRESH_FIELD).await? {
        Some(token) => PresentedToken::InBody(token.into_bytes()),
        None => match cookies::refresh_token(&request, &app.config) {
            Some(token) => PresentedToken::InCookie(token),
            None => return Err(ApiError::NoRefreshToken),
        },
    };
    let by = http::actor(&request, ActorKind::Anonymous);
    let Refreshed { access, refresh } = match accounts::refresh(&app, presented.token(), &by).await {
        Ok(refreshed) => refreshed,
        Err(error) => return presented.error_response_if_over(error.into(), &app).await,
    };
    let expiration = |lifetime| app.clock.now().plus(lifetime).to_rfc3339_micros();
    let mut answer = json!({
        "access": access.expose(),
        "access_expiration": expiration(app.config.access_token_lifetime),
    });
    let mut cookies = vec![cookies::lasting_access(&access, &app.config)];
    if let Some(token) = refresh {
        // Scripts cannot read the one in the cookie, nor its successor.
        if !presented.is_cookie() {
            answer["refresh"] = token.expose().into();
            answer["refresh_expiration"] = expiration(app.config.refresh_token_lifetime).into();
        }
        cookies.push(cookies::refresh(&token, &app.config));
    }
    response::with_cookies(response::json(StatusCode::OK, &answer), cookies)
}

/// Ends the session of the refresh token, and removes the cookies whatever the token is.
///
/// # Errors
/// 401 without a valid refresh token, 403 for cookies from another site, 429 and 503 with `Retry-After`.
pub(super) async fn log_out(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    if !cookies::tokens(&request, &app.config).is_empty() {
        verify_origin(&request, OriginPolicy::ApiCookie)?;
    }
    let data = body.data().await?;
    let in_body = BodyFields::new(&data)?.value("refresh").map(|value| match value {
        BodyValue::Str(text) => text.as_str().as_bytes().to_vec(),
        // No token, and refused as any other text.
        _ => Vec::new(),
    });
    let (status, answer) = match in_body.or_else(|| cookies::refresh_token(&request, &app.config)) {
        None => (StatusCode::UNAUTHORIZED, detail("Refresh token was not included in request data.")),
        Some(token) => {
            let by = http::actor(&request, ActorKind::Anonymous);
            match accounts::blacklist(&app, &token, &by).await {
                Ok(()) => (StatusCode::OK, detail("Successfully logged out.")),
                Err(error) => (StatusCode::UNAUTHORIZED, detail(&errors::refused_token(error)?)),
            }
        }
    };
    response::with_cookies(response::json(status, &answer), cookies::removed(&app.config))
}

fn detail(text: &str) -> Value {
    json!({"detail": text})
}
