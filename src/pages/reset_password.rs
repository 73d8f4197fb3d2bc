//! `/reset-password/{key}`: another password for whoever has the mailbox.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::link;
use crate::accounts::{self, ActorKind, ResetPasswordError, ValidLink};
use crate::app::App;
use crate::http;
use crate::texts::Lang;
use crate::types::Link;
use crate::web::{Page, PageError, PageForm, PasswordErrors, language, new_password, refuse_cross_site};

#[derive(Template)]
#[template(path = "pages/reset_password.html")]
struct ResetPage<'a> {
    t: Lang,
    site: &'a str,
    username: &'a str,
    email: &'a str,
    /// Whether a change of the address has just been taken back.
    is_undone: bool,
    errors: PasswordErrors,
}

#[derive(Template)]
#[template(path = "pages/reset_password_done.html")]
struct ResetPasswordDonePage<'a> {
    t: Lang,
    site: &'a str,
}

/// `GET /reset-password/{key}`: the form, or 404 and what to do.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let t = language(&request);
    Ok(match link::open(&app, &key, Link::ResetPassword).await? {
        Some((_, opened)) => link::page(page(&app, &request, &opened, PasswordErrors::default())),
        None => link::gone(&app, t, Link::ResetPassword),
    })
}

/// `POST /reset-password/{key}`: sets the password and goes on to [`done`], or shows the form again
/// (422) with what was wrong.
///
/// # Errors
/// If the form comes from another site or cannot be read, if the engine is busy, or if the store fails.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    refuse_cross_site(&request)?;
    let t = language(&request);
    let Some((key, opened)) = link::open(&app, &key, Link::ResetPassword).await? else {
        return Ok(link::gone(&app, t, Link::ResetPassword));
    };
    let form = PageForm::read(&request, body).await?;
    let again = |errors| Ok(link::again(page(&app, &request, &opened, errors)));
    let password = match new_password(t, &form) {
        Ok(password) => password,
        Err(errors) => return again(errors),
    };
    match accounts::reset_password(&app, key, password, &http::actor(&request, ActorKind::MailLink)).await {
        Ok(()) => Ok(link::see_other(&Link::ResetPassword.done_path())),
        Err(ResetPasswordError::Weak(violations)) => again(PasswordErrors::weak(t, &violations)),
        Err(ResetPasswordError::Key(error)) => link::refused(&app, t, error, Link::ResetPassword),
        Err(ResetPasswordError::Engine(error)) => Err(error.into()),
    }
}

/// `GET /reset-password/done`.
pub(crate) async fn done(app: Data<App>, request: HttpRequest) -> HttpResponse {
    Page::new(ResetPasswordDonePage { t: language(&request), site: link::site(&app) }).into_response()
}

fn page<'a>(
    app: &'a App,
    request: &HttpRequest,
    opened: &'a ValidLink,
    errors: PasswordErrors,
) -> ResetPage<'a> {
    ResetPage {
        t: language(request),
        site: link::site(app),
        username: opened.user.username.as_str(),
        email: opened.email.as_str(),
        is_undone: request.query_string() == "undone",
        errors,
    }
}
