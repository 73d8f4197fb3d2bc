//! `/reset-password/{key}`: sets a new password for the holder of the mailbox.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, ActorKind, ResetPasswordError, ValidLink};
use crate::app::App;
use crate::http;
use crate::pages::link;
use crate::texts::Lang;
use crate::types::Link;
use crate::web::{AccountErrors, Page, PageError, SiteView, key_page, language, new_password};

#[derive(Template)]
#[template(path = "pages/reset_password.html")]
struct ResetPage<'a> {
    t: Lang,
    site: SiteView,
    username: &'a str,
    email: &'a str,
    /// The address of the account that was never confirmed, and the one before it, which a new password restores.
    restored: Option<(&'a str, &'a str)>,
    /// Whether the email was restored just before.
    is_undone: bool,
    /// Whether the user ended all sessions just before, since a sign-in was another person's.
    is_disowned: bool,
    min_length: usize,
    errors: AccountErrors,
}

#[derive(Template)]
#[template(path = "pages/reset_password_done.html")]
struct ResetPasswordDonePage {
    t: Lang,
    site: SiteView,
}

/// `GET /reset-password/{key}`: the form, or 404 with advice.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let t = language(&request);
    Ok(match link::open(&app, &key, Link::ResetPassword).await? {
        Some((_, opened)) => key_page::render(page(&app, &request, &opened, AccountErrors::default())),
        None => link::gone(&app, t, Link::ResetPassword),
    })
}

/// `POST /reset-password/{key}`: sets the password and redirects to [`done`], or renders the form again with
/// the errors (422).
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    let t = language(&request);
    let opened = link::open(&app, &key, Link::ResetPassword);
    let Some(((key, opened), form)) = key_page::read_form(&request, body, opened).await? else {
        return Ok(link::gone(&app, t, Link::ResetPassword));
    };
    let invalid = |errors| Ok(key_page::render_invalid(page(&app, &request, &opened, errors)));
    let password = match new_password(t, &form) {
        Ok(password) => password,
        Err(errors) => return invalid(errors),
    };
    match accounts::reset_password(&app, key, password, &http::actor(&request, ActorKind::MailLink)).await {
        Ok(()) => Ok(key_page::redirect(&Link::ResetPassword.done_path())),
        Err(ResetPasswordError::Weak(weak)) => invalid(AccountErrors::weak(t, &weak)),
        Err(ResetPasswordError::Key(error)) => link::refused(&app, t, error, Link::ResetPassword),
        Err(ResetPasswordError::Engine(error)) => Err(error.into()),
    }
}

/// `GET /reset-password/done`.
pub(crate) async fn done(app: Data<App>, request: HttpRequest) -> HttpResponse {
    Page::new(ResetPasswordDonePage { t: language(&request), site: SiteView::of(&app) }).into_response()
}

fn page<'a>(
    app: &'a App,
    request: &HttpRequest,
    opened: &'a ValidLink,
    errors: AccountErrors,
) -> ResetPage<'a> {
    ResetPage {
        t: language(request),
        site: SiteView::of(app),
        username: opened.user.username.as_str(),
        email: opened.email.as_str(),
        restored: opened
            .user
            .recovery_email
            .as_ref()
            .map(|earlier| (opened.user.email.as_str(), earlier.as_str())),
        min_length: app.config.password.min_length,
        is_undone: request.query_string() == "undone",
        is_disowned: request.query_string() == "not-me",
        errors,
    }
}
