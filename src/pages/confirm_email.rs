//! `/confirm-email/{key}`: confirms that an email belongs to the holder of the account.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, ActorKind, ValidLink};
use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::pages::link;
use crate::texts::Lang;
use crate::types::{Email, Link, OneTimeKey, Username};
use crate::web::{Page, PageError, SiteView, key_page, language};

#[derive(Template)]
#[template(path = "pages/confirm_email.html")]
struct ConfirmPage {
    t: Lang,
    site: SiteView,
    username: Username,
    email: Email,
    /// Whether the account never had another address that was confirmed, so that another person may have
    /// registered it.
    is_new: bool,
}

/// The query of the form that chooses a new password as well.
const CHOOSE_PASSWORD: &str = "choose-password";

#[derive(Template)]
#[template(path = "pages/confirm_email_done.html")]
struct ConfirmEmailDonePage {
    t: Lang,
    site: SiteView,
}

/// `GET /confirm-email/{key}`: the question, or 404 with advice.
pub(crate) async fn ask(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let page = |t, site, opened: ValidLink| ConfirmPage {
        t,
        site,
        is_new: opened.user.recovery_email.is_none(),
        username: opened.user.username,
        email: opened.email,
    };
    link::ask(&app, &request, &key, Link::ConfirmEmail, page).await
}

/// `POST /confirm-email/{key}`: confirms the email and redirects to [`done`]; or, with [`CHOOSE_PASSWORD`], to
/// the page for a new password.
pub(crate) async fn confirm(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    verify_origin(&request, OriginPolicy::SecretUrl)?;
    let t = language(&request);
    let Some(key) = OneTimeKey::parse(&key) else { return Ok(link::gone(&app, t, Link::ConfirmEmail)) };
    let by = http::actor(&request, ActorKind::MailLink);
    if request.query_string() == CHOOSE_PASSWORD {
        return match accounts::claim_account(&app, key, &by).await {
            Ok(reset) => Ok(key_page::redirect(&Link::ResetPassword.url("", &reset))),
            Err(error) => link::refused(&app, t, error, Link::ConfirmEmail),
        };
    }
    match accounts::confirm_email_with_key(&app, key, &by).await {
        Ok(()) => Ok(key_page::redirect(&Link::ConfirmEmail.done_path())),
        Err(error) => link::refused(&app, t, error, Link::ConfirmEmail),
    }
}

/// `GET /confirm-email/done`.
pub(crate) async fn done(app: Data<App>, request: HttpRequest) -> HttpResponse {
    Page::new(ConfirmEmailDonePage { t: language(&request), site: SiteView::of(&app) }).into_response()
}
