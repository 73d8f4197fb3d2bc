//! `login/`: the tokens and the user, in the body and in cookies.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::{account, errors};
use crate::accounts::{self, Actor, ActorKind, Credentials, LoggedIn, LoginOutcome, TokenKinds};
use crate::api::account_fields::{EMAIL, password};
use crate::api::drf::body::{Blank, FieldErrors, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::HeaderToken;
use crate::api::drf::request_body::RequestBody;
use crate::api::{cookies, drf::response};
use crate::app::App;
use crate::http;
use crate::types::{Email, Identifier, Password, RefreshToken};

/// The fields of the body. One of the first two is needed, and the email comes first.
pub(super) const FIELDS: (Blank<Identifier>, Blank<Email>, TextField<Password>) = (
    Blank(TextField::new("username", "User name or email.", |text| Ok(Identifier::new(text)))),
    Blank(EMAIL),
    password("password", "Password."),
);

/// Logs in.
///
/// # Errors
/// 400 for wrong credentials, 403 for a login of another site, 429 and 503 with `Retry-After`.
pub(super) async fn post(
    app: Data<App>,
    _: HeaderToken,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    cookies::verify_login(&request, &app)?;
    let (username, email, password) = body.fields(&FIELDS).await?;
    let by_email = email.map(|email| Identifier::new(email.as_str()));
    let Some(identifier) = by_email.or(username) else {
        let message = "Must include either \"username\" or \"email\" and \"password\".";
        return Err(FieldErrors::non_field(message).into());
    };
    let by = http::actor(&request, ActorKind::Anonymous);
    let logged_in = log_in(&app, &request, Credentials { identifier, password }, &by).await?;
    let answer = answer(&app, &logged_in).await?;
    let mut cookies = vec![cookies::lasting_access(&logged_in.access, &app.config)];
    cookies.extend(logged_in.refresh.map(|token| cookies::refresh(&token, &app.config)));
    response::with_cookies(response::json(StatusCode::OK, &answer), cookies)
}

/// Logs in, for both tokens.
pub(super) async fn log_in(
    app: &App,
    request: &HttpRequest,
    credentials: Credentials,
    by: &Actor,
) -> Result<LoggedIn, ApiError> {
    let LoginOutcome::Session(logged_in) =
        accounts::log_in(app, credentials, TokenKinds::Pair, by).await.map_err(errors::log_in)?;
    http::note_user(request, logged_in.user.id);
    Ok(logged_in)
}

/// The body about a login.
pub(super) async fn answer(app: &App, logged_in: &LoggedIn) -> Result<Value, ApiError> {
    Ok(json!({
        "access": logged_in.access.expose(),
        "refresh": logged_in.refresh.as_ref().map(RefreshToken::expose),
        "user": account::answer(app, &logged_in.user, logged_in.user.username.as_str()).await?,
    }))
}
