//! `/admin/`: where administrators arrive. Shows how users are managed; changes nothing and says
//! nothing about anybody.

use actix_web::HttpResponse;
use askama::Template;

use crate::html::Page;

#[derive(Template)]
#[template(path = "admin/home.html")]
struct HomePage;

/// `GET /admin/`.
pub async fn home() -> HttpResponse {
    Page::new(HomePage).into_response()
}
