//! `/`, for people who open the server's address, and `/.well-known/change-password`, for password managers.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts;
use crate::app::App;
use crate::config::PageUrl;
use crate::store::StoreError;
use crate::store::tables::users;
use crate::texts::Lang;
use crate::web::session::cookies;
use crate::web::{Page, PageError, SiteView, language};

#[derive(Template)]
#[template(path = "pages/home.html")]
struct RootPage {
    t: Lang,
    site: SiteView,
    /// Whether the browser has a session of the account pages or of the admin.
    is_signed_in: bool,
    /// Whether there are accounts. Without any, the log has a link that creates the first.
    has_accounts: bool,
}

/// `GET /`: the site, and the ways to it, to the account page and to the admin. A page, also with `site.url`: an
/// administrator types this address, and a redirect would hide the admin.
pub(crate) async fn page(app: Data<App>, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let is_signed_in = is_signed_in(&app, &request).await?;
    let has_accounts = is_signed_in || app.store.read(users::any).await?;
    let (t, site) = (language(&request), SiteView::of(&app));
    Ok(Page::new(RootPage { t, site, is_signed_in, has_accounts }).into_response())
}

async fn is_signed_in(app: &App, request: &HttpRequest) -> Result<bool, StoreError> {
    let is_https = app.config.public_url.is_https();
    if let Some(key) = cookies::ACCOUNT.key(request, is_https)
        && accounts::browser_session(app, &key).await?.is_some()
    {
        return Ok(true);
    }
    let Some(key) = cookies::ADMIN.key(request, is_https) else { return Ok(false) };
    Ok(accounts::administrator(app, &key).await?.is_some())
}

/// `GET /.well-known/change-password` (W3C, "A Well-Known URL for Changing Passwords"): redirects to
/// `site.change_password_url`, or to the account pages.
///
/// # Errors
/// 404 without both: the page where users change their password is the front end's.
pub(crate) async fn change_password(app: Data<App>) -> Result<HttpResponse, PageError> {
    let current = app.current();
    let front_end = current.site.change_password_url.as_ref().map(PageUrl::as_str);
    let own = app.config.account.pages.then_some("/account/security");
    let page = front_end.or(own).ok_or(PageError::NotFound)?;
    Ok(HttpResponse::Found().insert_header((header::LOCATION, page)).finish())
}
