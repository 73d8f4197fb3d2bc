//! `POST /api/logout/`: ends the session of the token, or all sessions of the user.

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use serde_json::json;

use crate::accounts::{self, ActorKind, Scope};
use crate::api::cookies;
use crate::api::drf::body::Switch;
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Component, Description, Property};
use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};

/// Whether all sessions end.
pub(crate) const ALL: Switch = Switch::new("all", "End all sessions of the user instead of this one.");

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Ends the session of the token, or all sessions of the user.",
    Answer::new(200, "The session ended, and the cookies are removed.", BodyShape::Object(&LOGGED_OUT)),
);

const LOGGED_OUT: Component =
    Component::new("LogoutResponse", &[Property::text("Success", "Logout successfully")]);

/// Logs out, and removes the cookies even if the token was in the header.
///
/// # Errors
/// 401 without a valid token, unless it is in a cookie: cookies are removed whatever they hold.
pub(crate) async fn post(
    app: Data<App>,
    user: Result<CurrentUser, ApiError>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let CurrentUser { user, session } = match user {
        Ok(user) => user,
        Err(error) => return with_stale_cookies(&app, &request, body, error).await,
    };
    let scope = if body.fields(&ALL).await? { Scope::All } else { Scope::This };
    accounts::log_out(&app, &session, scope, &http::actor(&request, ActorKind::User(user.id))).await?;
    logged_out(&app)
}

/// Logs out a browser whose cookies hold no valid access token any more. It cannot remove them itself, and a refresh
/// token in one of them would log it in again. Such a token does not end the other sessions of its user: the
/// answer to `all` is the error.
async fn with_stale_cookies(
    app: &App,
    request: &HttpRequest,
    body: RequestBody,
    error: ApiError,
) -> Result<HttpResponse, ApiError> {
    let tokens = cookies::tokens(request, &app.config);
    let has_header = request.headers().contains_key(header::AUTHORIZATION);
    if has_header || error.status_code() != StatusCode::UNAUTHORIZED {
        return Err(error);
    }
    let origin = verify_origin(request, OriginPolicy::ApiCookie);
    if tokens.is_empty() {
        // The refresh cookie, which is not sent here, may be there all the same.
        let may_have_more = app.config.cookies.refresh && origin.is_ok();
        return if may_have_more { with_cookies_removed(app, &error) } else { Err(error) };
    }
    origin?;
    let is_for_all = body.fields(&ALL).await?;
    accounts::log_out_with_expired(app, &tokens, &http::actor(request, ActorKind::Anonymous)).await?;
    if is_for_all { with_cookies_removed(app, &error) } else { logged_out(app) }
}

fn with_cookies_removed(app: &App, error: &ApiError) -> Result<HttpResponse, ApiError> {
    response::with_cookies(error.error_response(), cookies::removed(&app.config))
}

fn logged_out(app: &App) -> Result<HttpResponse, ApiError> {
    let answer = response::json(StatusCode::OK, &json!({"Success": "Logout successfully"}));
    response::with_cookies(answer, cookies::removed(&app.config))
}
