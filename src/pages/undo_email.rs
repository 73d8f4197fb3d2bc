//! `/undo-email/{key}`: giving an account back the address that it had. Goes on to setting another
//! password, because somebody else was in.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::link;
use crate::accounts::{self, ActorKind, UndoEmailError};
use crate::app::App;
use crate::http;
use crate::texts::Lang;
use crate::types::{Link, OneTimeKey};
use crate::web::{Page, PageError, language, refuse_cross_site};

#[derive(Template)]
#[template(path = "pages/undo_email.html")]
struct UndoPage<'a> {
    t: Lang,
    site: &'a str,
    username: &'a str,
    email: &'a str,
}

#[derive(Template)]
#[template(path = "pages/undo_email_taken.html")]
struct TakenPage<'a> {
    t: Lang,
    site: &'a str,
}

/// `GET /undo-email/{key}`: the question, or 404 and what to do.
pub(crate) async fn ask(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let t = language(&request);
    Ok(match link::open(&app, &key, Link::UndoEmail).await? {
        Some((_, opened)) => link::page(UndoPage {
            t,
            site: link::site(&app),
            username: opened.user.username.as_str(),
            email: opened.email.as_str(),
        }),
        None => link::gone(&app, t, Link::UndoEmail),
    })
}

/// `POST /undo-email/{key}`: gives the address back, and goes on to setting another password.
///
/// # Errors
/// If the form comes from another site, or the store fails.
pub(crate) async fn undo(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    refuse_cross_site(&request)?;
    let t = language(&request);
    let Some(key) = OneTimeKey::parse(&key) else { return Ok(link::gone(&app, t, Link::UndoEmail)) };
    match accounts::undo_email(&app, key, &http::actor(&request, ActorKind::MailLink)).await {
        Ok(reset) => Ok(link::see_other(&format!("{}?undone", Link::ResetPassword.url("", &reset)))),
        Err(UndoEmailError::Key(error)) => link::refused(&app, t, error, Link::UndoEmail),
        Err(UndoEmailError::Taken) => Ok(Page::new(TakenPage { t, site: link::site(&app) })
            .with_status(StatusCode::CONFLICT)
            .with_secret_url()
            .into_response()),
    }
}
