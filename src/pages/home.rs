//! `/`, for people who open the server's address, and `/.well-known/change-password`, for password managers.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::app::App;
use crate::config::PageUrl;
use crate::pages::link;
use crate::texts::Lang;
use crate::web::{Page, PageError, language};

#[derive(Template)]
#[template(path = "pages/home.html")]
struct RootPage<'a> {
    t: Lang,
    site: &'a str,
}

/// `GET /`: what runs here, and the way to the admin.
pub(crate) async fn page(app: Data<App>, request: HttpRequest) -> HttpResponse {
    Page::new(RootPage { t: language(&request), site: link::site(&app) }).into_response()
}

/// `GET /.well-known/change-password` (W3C, "A Well-Known URL for Changing Passwords"): redirects to
/// `site.change_password_url`, or to the account pages.
///
/// # Errors
/// 404 without both: the page where users change their password is the front end's.
pub(crate) async fn change_password(app: Data<App>) -> Result<HttpResponse, PageError> {
    let front_end = app.config.site.change_password_url.as_ref().map(PageUrl::as_str);
    let own = app.config.account.pages.then_some("/account/security");
    let page = front_end.or(own).ok_or(PageError::NotFound)?;
    Ok(HttpResponse::Found().insert_header((header::LOCATION, page)).finish())
}
