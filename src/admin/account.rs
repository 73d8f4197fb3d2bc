//! `/admin/account`: from the admin to one's own account, and `/admin/view/stop`: the end of a view of another
//! user's account.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts;
use crate::admin::session::{Administrator, Post};
use crate::admin::users::user_form;
use crate::app::App;
use crate::web::PageError;
use crate::web::layout::see_other;
use crate::web::session::cookies;

/// The account pages, and their sign-in for a browser in which another user is signed in.
const ACCOUNT: &str = "/account";
const SWITCH: &str = "/sign-in?switch=1&next=%2Faccount";

/// `GET /admin/account`: redirects to the account pages, which the session in the admin opens, too. A view of
/// another account ends.
pub(crate) async fn own(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    if !app.config.account.pages {
        return Err(PageError::NotFound);
    }
    accounts::end_view(&app, &admin.session, &admin.key, &admin.actor).await?;
    let other = match cookies::ACCOUNT.key(&request, admin.is_https) {
        Some(key) => {
            accounts::browser_session(&app, &key).await?.filter(|(user, _)| user.id != admin.user.id)
        }
        None => None,
    };
    Ok(see_other(if other.is_some() { SWITCH } else { ACCOUNT }).finish())
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
