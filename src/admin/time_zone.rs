//! `/admin/time-zone`: chooses the time zone of dates in this browser.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::navigation::PATHS;
use crate::admin::session::{Administrator, Post};
use crate::app::App;
use crate::types::{TimeZone, trimmed};
use crate::web::layout::{Layout, see_other};
use crate::web::session::return_to::ReturnTo;
use crate::web::{Page, PageError, PageForm, time_zone, time_zone_cookie};

#[derive(Template)]
#[template(path = "admin/time_zone.html")]
struct TimeZonePage {
    layout: Layout,
    names: Vec<String>,
    /// The chosen one; empty for that of the settings.
    chosen: String,
    /// That of the settings.
    default: String,
    /// The page to go back to.
    next: String,
}

/// `GET`.
pub(crate) async fn form(app: Data<App>, request: HttpRequest, admin: Administrator) -> HttpResponse {
    let query = PageForm::of_query(request.query_string());
    let page = TimeZonePage {
        layout: admin.layout(),
        names: TimeZone::names(),
        chosen: time_zone(&request).map_or_else(String::new, |zone| zone.name().to_owned()),
        default: app.current().site.time_zone.name().to_owned(),
        next: ReturnTo::parse(query.get("next"), PATHS.root).as_str().to_owned(),
    };
    admin.render(Page::new(page))
}

/// `POST`: an unknown name is refused; an empty one means that of the settings.
pub(crate) async fn submit(post: Post) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post;
    let next = ReturnTo::parse(form.get("next"), PATHS.root);
    let zone = match trimmed(form.get("zone")) {
        "" => None,
        name => Some(TimeZone::parse(name).ok_or(PageError::BadForm)?),
    };
    Ok(see_other(next.as_str()).cookie(time_zone_cookie(zone.as_ref(), admin.is_https)).finish())
}
