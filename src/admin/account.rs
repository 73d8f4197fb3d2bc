//! `/admin/account`: from the admin to one's own account, and `/admin/view/stop`: the end of a view of another
//! user's account.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts;
use crate::admin::session::{Administrator, Post};
use crate::admin::users::user_form;
use crate::app::App;
use crate::web::layout::see_other;
use crate::web::session::cookies;
use crate::web::session::return_to::encode;
use crate::web::{PageError, PageForm};

/// The page of the account to open, by the parameter `next`.
const SECURITY: &str = "security";

/// `GET /admin/account`: redirects to the account pages, which the session in the admin opens, too. A view of
/// another account ends. Without account pages, it redirects to the user's own page in the admin.
pub(crate) async fn own(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    if !app.config.account.pages {
        return Ok(see_other(&user_form::path_of(admin.user.id)).finish());
    }
    accounts::end_view(&app, &admin.session, &admin.key, &admin.actor).await?;
    let other = match cookies::ACCOUNT.key(&request, admin.is_https) {
        Some(key) => {
            accounts::browser_session(&app, &key).await?.filter(|(user, _)| user.id != admin.user.id)
        }
        None => None,
    };
    let is_security = PageForm::of_query(request.query_string()).get("next") == SECURITY;
    let page = if is_security { "/account/security" } else { "/account" };
    Ok(match other {
        // The sign-in says who is signed in there.
        Some(_) => see_other(&format!("/sign-in?switch=1&next={}", encode(page))).finish(),
        None => see_other(page).finish(),
    })
}

/// `POST /admin/view/stop`: ends the view, and leads to the page of the user.
pub(crate) async fn stop_view(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let admin = post.sender;
    let viewed = accounts::end_view(&app, &admin.session, &admin.key, &admin.actor).await?;
    Ok(see_other(&viewed.map_or_else(|| "/admin/users/".to_owned(), |user| user_form::path_of(user.id)))
        .finish())
}

/// `GET /admin/view/stop`, where signing in leads when the session ended before: redirects to the users.
pub(crate) async fn to_users(_: Administrator) -> HttpResponse {
    see_other("/admin/users/").finish()
}
