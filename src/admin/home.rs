//! `/admin/`: where administrators arrive.

use actix_web::HttpResponse;

use super::guard::Administrator;
use super::shell::see_other;

/// `GET /admin/`: on to the users.
pub async fn home(_: Administrator) -> HttpResponse {
    see_other("/admin/users/").finish()
}
