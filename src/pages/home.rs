//! `/`, for people who open the server's address, and `/.well-known/change-password`, for password managers.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::app::App;
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
    Page::new(RootPage { t: language(&request), site: &link::site(&app) }).into_response()
}

/// `GET /.well-known/change-password` (W3C, "A Well-Known URL for Changing Passwords"): redirects to
/// `site.change_password_url`.
///
/// # Errors
/// 404 without that setting: the page where users change their password is the front end's.
pub(crate) async fn change_password(app: Data<App>) -> Result<HttpResponse, PageError> {
    let current = app.current();
    let page = current.site.change_password_url.as_ref().ok_or(PageError::NotFound)?;
    Ok(HttpResponse::Found().insert_header((header::LOCATION, page.as_str())).finish())
}
