//! `/not-me/{key}`: ends all sessions after a login that the user did not make. A new password follows.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, ActorKind, ValidLink};
use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::pages::link;
use crate::texts::Lang;
use crate::types::{Link, OneTimeKey, Username};
use crate::web::{PageError, SiteView, key_page, language};

#[derive(Template)]
#[template(path = "pages/not_me.html")]
struct NotMePage {
    t: Lang,
    site: SiteView,
    username: Username,
}

/// `GET /not-me/{key}`: the question, or 404 with advice.
pub(crate) async fn ask(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    let page = |t, site, opened: ValidLink| NotMePage { t, site, username: opened.user.username };
    link::ask(&app, &request, &key, Link::NotMe, page).await
}

/// `POST /not-me/{key}`: ends all sessions and redirects to the page for a new password.
pub(crate) async fn disown(
    app: Data<App>,
    request: HttpRequest,
    key: Path<String>,
) -> Result<HttpResponse, PageError> {
    verify_origin(&request, OriginPolicy::SecretUrl)?;
    let t = language(&request);
    let Some(key) = OneTimeKey::parse(&key) else { return Ok(link::gone(&app, t, Link::NotMe)) };
    match accounts::disown_sign_in(&app, key, &http::actor(&request, ActorKind::MailLink)).await {
        Ok(reset) => Ok(key_page::redirect(&format!("{}?not-me", Link::ResetPassword.url("", &reset)))),
        Err(error) => link::refused(&app, t, error, Link::NotMe),
    }
}
