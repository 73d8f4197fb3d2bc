//! `/undo-email/{key}`: restores the email that an account had before it was changed. A new password follows,
//! because the account may have been taken over.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, ActorKind, UndoEmailError, ValidLink};
use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::pages::link;
use crate::texts::Lang;
use crate::types::{Email, Link, OneTimeKey, Username};
use crate::web::{Page, PageError, SiteView, key_page, language};

#[derive(Template)]
#[template(path = "pages/undo_email.html")]
struct UndoPage {
    t: Lang,
    site: SiteView,
    username: Username,
    /// The previous address, which the link restores.
    previous: Email,
    /// The present one, shortened where it still tells them apart: the holder of the previous mailbox may be a stranger by now.
    present: String,
}

#[derive(Template)]
#[template(path = "pages/undo_email_taken.html")]
struct TakenPage {
    t: Lang,
    site: SiteView,
}

/// `GET /undo-email/{key}`: the question, or 404 with advice.
pub(crate) async fn ask(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let page = |t, site, opened: ValidLink| UndoPage {
        t,
        site,
        username: opened.user.username,
        present: opened.user.email.masked_beside(&opened.email),
        previous: opened.email,
    };
    link::ask(&app, &request, &key, Link::UndoEmail, page).await
}

/// `POST /undo-email/{key}`: restores the email and redirects to the page for a new password.
pub(crate) async fn undo(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    verify_origin(&request, OriginPolicy::SecretUrl)?;
    let t = language(&request);
    let Some(key) = OneTimeKey::parse(&key) else { return Ok(link::gone(&app, t, Link::UndoEmail)) };
    match accounts::undo_email(&app, key, &http::actor(&request, ActorKind::MailLink)).await {
        Ok(reset) => Ok(key_page::redirect(&format!("{}?undone", Link::ResetPassword.url("", &reset)))),
        Err(UndoEmailError::Key(error)) => link::refused(&app, t, error, Link::UndoEmail),
        Err(UndoEmailError::Taken) => Ok(Page::new(TakenPage { t, site: SiteView::of(&app) })
            .with_status(StatusCode::CONFLICT)
            .with_secret_url()
            .into_response()),
    }
}
