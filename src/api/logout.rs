//! `POST /api/logout/`: ends the session of the token that comes with it, or all of the user.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, Scope};
use crate::api::cookies;
use crate::api::drf::body::FieldReader;
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;

/// Logs out: `{"all": true}` everywhere. Takes the cookies away, wherever the token was.
///
/// # Errors
/// 400 for a body that cannot be read, 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    CurrentUser { user, session }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let data = body.read().await?;
    let mut reader = FieldReader::new(&data)?;
    let scope = if reader.switch("all") { Scope::All } else { Scope::This };
    reader.finish()?;
    accounts::log_out(&app, &session, scope, &http::actor(&request, ActorKind::User(user.id))).await?;
    let answer = response::json(StatusCode::OK, &json!({"Success": "Logout successfully"}));
    response::with_cookies(answer, cookies::none(&app.config))
}
