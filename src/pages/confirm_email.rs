//! `/confirm-email/{key}`: whether an address is one's own.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::link;
use crate::accounts::{self, ActorKind};
use crate::app::App;
use crate::http;
use crate::texts::Lang;
use crate::types::{Link, OneTimeKey};
use crate::web::{Page, PageError, language, refuse_cross_site};

#[derive(Template)]
#[template(path = "pages/confirm_email.html")]
struct ConfirmPage<'a> {
    t: Lang,
    site: &'a str,
    username: &'a str,
    email: &'a str,
}

#[derive(Template)]
#[template(path = "pages/confirm_email_done.html")]
struct ConfirmEmailDonePage<'a> {
    t: Lang,
    site: &'a str,
}

/// `GET /confirm-email/{key}`: the question, or 404 and what to do.
pub(crate) async fn ask(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let t = language(&request);
    Ok(match link::open(&app, &key, Link::ConfirmEmail).await? {
        Some((_, opened)) => link::page(ConfirmPage {
            t,
            site: link::site(&app),
            username: opened.user.username.as_str(),
            email: opened.email.as_str(),
        }),
        None => link::gone(&app, t, Link::ConfirmEmail),
    })
}

/// `POST /confirm-email/{key}`: confirms it, and goes on to [`done`].
///
/// # Errors
/// If the form comes from another site, or the store fails.
pub(crate) async fn confirm(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    refuse_cross_site(&request)?;
    let t = language(&request);
    let Some(key) = OneTimeKey::parse(&key) else { return Ok(link::gone(&app, t, Link::ConfirmEmail)) };
    match accounts::confirm_email_with_key(&app, key, &http::actor(&request, ActorKind::MailLink)).await {
        Ok(()) => Ok(link::see_other(&Link::ConfirmEmail.done_path())),
        Err(error) => link::refused(&app, t, error, Link::ConfirmEmail),
    }
}

/// `GET /confirm-email/done`.
pub(crate) async fn done(app: Data<App>, request: HttpRequest) -> HttpResponse {
    Page::new(ConfirmEmailDonePage { t: language(&request), site: link::site(&app) }).into_response()
}
