//! The page for a user who may not enter the admin.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::navigation::PATHS;
use crate::app::App;
use crate::http;
use crate::texts::Lang;
use crate::web;
use crate::web::session::paths::AreaPaths;
use crate::web::session::return_to::ReturnTo;
use crate::web::{Page, SiteView};

#[derive(Template)]
#[template(path = "admin/session/not_administrator.html")]
struct NotAdministratorPage {
    t: Lang,
    site: SiteView,
    paths: AreaPaths,
    /// The query of the sign-in page, with `&` at its end.
    query: String,
}

/// The page, 403.
pub(super) fn render_not_administrator(request: &HttpRequest, next: &ReturnTo) -> HttpResponse {
    http::note_refusal(request, "not an administrator");
    let site = request.app_data::<Data<App>>().map(|app| SiteView::of(app)).unwrap_or_default();
    let query = format!("next={}&", next.encoded());
    Page::new(NotAdministratorPage { t: web::language(request), site, paths: PATHS, query })
        .with_status(StatusCode::FORBIDDEN)
        .into_response()
}
