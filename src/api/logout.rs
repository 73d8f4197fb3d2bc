//! `POST /api/logout/`: ends the session of the token, or all sessions of the user.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, Scope};
use crate::api::cookies;
use crate::api::drf::body::Switch;
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;

/// Whether all sessions end.
pub(crate) const ALL: Switch = Switch::new("all", "End all sessions of the user instead of this one.");

/// Logs out, and removes the cookies even if the token was in the header.
pub(crate) async fn post(
    app: Data<App>,
    CurrentUser { user, session }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let scope = if body.fields(&ALL).await? { Scope::All } else { Scope::This };
    accounts::log_out(&app, &session, scope, &http::actor(&request, ActorKind::User(user.id))).await?;
    let answer = response::json(StatusCode::OK, &json!({"Success": "Logout successfully"}));
    response::with_cookies(answer, cookies::removed(&app.config))
}
