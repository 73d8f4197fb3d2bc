//! `POST /api/token/introspect/`: whether a token is good at this moment, for services with an API key (RFC 7662).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;
use serde_json::json;

use crate::accounts::{self, AskedTokens};
use crate::api::drf::body::{Optional, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::machine::Machine;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Component, Description, Property, PropertyKind};
use crate::app::App;
use crate::config::AuthHeaderType;

/// The `token_type_hint` of RFC 7662 §2.1 with which a service asks about refresh tokens, too.
const REFRESH: &str = "refresh_token";

/// The fields of the body.
pub(crate) const FIELDS: (TextField<String>, Optional<String>) = (
    TextField::new("token", "The token that a client sent to the service.", Ok),
    Optional(TextField::new(
        "token_type_hint",
        "`refresh_token` asks about refresh tokens, too. Without it they are not active.",
        Ok,
    )),
);

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Says whether a token is good at this moment, and whose it is (RFC 7662).",
    Answer::new(
        200,
        "The token is active; or it is not, and the answer has nothing but that.",
        BodyShape::Object(&INTROSPECTION),
    ),
);

const INTROSPECTION: Component = Component::new(
    "Introspection",
    &[
        Property::new("active", PropertyKind::Boolean(true)),
        Property::text("token_type", "Bearer").optional(),
        Property::text("sub", "1").optional(),
        Property::text("username", "alice").optional(),
        Property::new("exp", PropertyKind::Integer(1_796_030_100)).optional(),
        Property::new("iat", PropertyKind::Integer(1_796_026_500)).optional(),
        Property::text("jti", "0d6fa8c5d5ce4e1b8f0e4c6a9d1b2c3e").optional(),
        Property::text("iss", "https://accounts.example.com").optional(),
        Property::text("aud", "example").optional(),
    ],
);

#[derive(Serialize)]
struct IntrospectionAnswer<'a> {
    active: bool,
    token_type: &'a str,
    sub: String,
    username: &'a str,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
}

/// Answers what the token is worth.
///
/// # Errors
/// 400 without a token, 401 and 403 for the API key, 503 with `Retry-After`.
pub(crate) async fn post(app: Data<App>, _: Machine, body: RequestBody) -> Result<HttpResponse, ApiError> {
    let (token, hint) = body.fields(&FIELDS).await?;
    let asked = if hint.as_deref() == Some(REFRESH) { AskedTokens::All } else { AskedTokens::Access };
    let Some(active) = accounts::introspect(&app, token.as_bytes(), asked).await? else {
        return Ok(response::json(StatusCode::OK, &json!({"active": false})));
    };
    let tokens = &app.config.tokens;
    let word = app.config.api.auth_header_types.first().map_or("Bearer", AuthHeaderType::as_str);
    let answer = IntrospectionAnswer {
        active: true,
        token_type: if active.is_refresh { REFRESH } else { word },
        sub: active.user.public_id().to_string(),
        username: active.user.username.as_str(),
        exp: active.expires_at.seconds(),
        iat: active.issued_at,
        jti: active.id.as_deref(),
        iss: tokens.issuer.as_deref(),
        aud: tokens.audience.as_deref(),
    };
    Ok(response::json(StatusCode::OK, &answer))
}
