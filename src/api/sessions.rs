//! `GET /api/sessions/` and `DELETE /api/sessions/<id>/`: the sessions of the user, and ending one.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::accounts::{self, ActorKind, OneSession};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Component, Description, Property, PropertyKind};
use crate::app::App;
use crate::http;
use crate::store::tables::sessions;
use crate::store::tables::sessions::Session;
use crate::texts::Lang;
use crate::types::SessionId;

/// The most sessions in the answer.
const MAX_SESSIONS: i64 = 100;

#[derive(Serialize)]
struct SessionAnswer<'a> {
    id: String,
    started_at: String,
    last_seen_at: String,
    address: Option<&'a str>,
    user_agent: Option<&'a str>,
    client: String,
    current: bool,
}

impl<'a> SessionAnswer<'a> {
    fn new(session: &'a Session, current: Option<SessionId>) -> Self {
        let user_agent = session.user_agent.as_deref();
        Self {
            id: session.handle.public_id(),
            started_at: session.started_at.to_rfc3339(),
            last_seen_at: session.last_seen_at.to_rfc3339(),
            address: session.address.as_deref(),
            user_agent,
            client: http::client_in_words(Lang::English, user_agent.unwrap_or_default()),
            current: Some(session.id) == current,
        }
    }
}

/// The answers of the list.
pub(crate) const LIST_DOCS: Description = Description::new(
    "Lists the sessions of the user, the most recently seen first.",
    Answer::new(200, "The sessions.", BodyShape::List(&SESSION)),
);

/// The answers of `DELETE`.
pub(crate) const DELETE_DOCS: Description =
    Description::new("Ends a session of the user.", Answer::new(204, "The session ended.", BodyShape::Empty))
        .refusing(&[Answer::detail(404, "The user has no such session.")]);

const SESSION: Component = Component::new(
    "Session",
    &[
        Property::text("id", "8d3VqY0sLr2k"),
        Property::new("started_at", PropertyKind::Moment("2026-11-30T08:15:00Z")),
        Property::new("last_seen_at", PropertyKind::Moment("2026-11-30T09:00:00Z")),
        Property::new("address", PropertyKind::NullableText("203.0.113.7")),
        Property::new("user_agent", PropertyKind::NullableText("curl/8.14.1")),
        Property::text("client", "curl"),
        Property::new("current", PropertyKind::Boolean(true)),
    ],
);

/// Lists the live sessions of the user, the most recently seen first. A token that the reference server
/// issued has no session until it is refreshed.
pub(crate) async fn list(
    app: Data<App>,
    CurrentUser { user, session: current }: CurrentUser,
) -> Result<HttpResponse, ApiError> {
    let (now, lifetime) = (app.clock.now(), app.config.tokens.session_lifetime);
    let live = app.store.read(move |conn| sessions::live(conn, user.id, lifetime, now, MAX_SESSIONS)).await?;
    let answers: Vec<_> = live.iter().map(|session| SessionAnswer::new(session, current.id)).collect();
    Ok(response::json(StatusCode::OK, &answers))
}

/// Ends a session of the user, also the one of the token; answers 204.
///
/// # Errors
/// 404 if the user has no such session.
pub(crate) async fn delete(
    app: Data<App>,
    CurrentUser { user, .. }: CurrentUser,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (owner, now, lifetime) = (user.id, app.clock.now(), app.config.tokens.session_lifetime);
    let live = app.store.read(move |conn| sessions::live(conn, owner, lifetime, now, i64::MAX)).await?;
    let session = live.into_iter().find(|session| session.handle.public_id() == *id);
    let one = OneSession::Api(session.ok_or(ApiError::NotFound)?.id);
    accounts::end_session(&app, user.id, one, &http::actor(&request, ActorKind::User(user.id))).await?;
    Ok(HttpResponse::NoContent().finish())
}
