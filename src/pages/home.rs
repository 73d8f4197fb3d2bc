//! `/`, for people who open the server's address, and `/.well-known/change-password`, for password managers.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::app::App;
use crate::texts::Lang;
use crate::web::session::cookies;
use crate::web::{Page, PageError, SiteView, language};

#[derive(Template)]
#[template(path = "pages/home.html")]
struct RootPage {
    t: Lang,
    site: SiteView,
    /// Whether the browser has a session of the account pages. It may have ended; then they ask to sign in.
    is_signed_in: bool,
}

/// `GET /`: the site, and the ways to it, to the account page and to the admin. A page, also with `site.url`: an
/// administrator types this address, and a redirect would hide the admin.
pub(crate) async fn page(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let is_signed_in = cookies::ACCOUNT.key(&request, app.config.public_url.is_https()).is_some();
    Page::new(RootPage { t: language(&request), site: SiteView::of(&app), is_signed_in }).into_response()
}

/// `GET /.well-known/change-password` (W3C, "A Well-Known URL for Changing Passwords"): redirects to
/// `site.change_password_url`.
///
/// # Errors
/// 404 without that setting: the page where users change their password is the front end's.
pub(crate) async fn change_password(app: Data<App>) -> Result<HttpResponse, PageError> {
    let page = app.config.site.change_password_url.as_ref().ok_or(PageError::NotFound)?;
    Ok(HttpResponse::Found().insert_header((header::LOCATION, page.as_str())).finish())
}
