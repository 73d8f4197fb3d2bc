//! `/admin/users/{id}/make-admin` and `/admin/users/{id}/revoke-admin`: the right to be an administrator.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts;
use crate::admin::flash::Done;
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::user_form;
use crate::app::App;
use crate::types::{User, UserId};
use crate::web::PageError;
use crate::web::form_page::FormPage;

/// `GET …/make-admin`.
pub(crate) async fn make_form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    Ok(make_page(&admin.0, &user).render_for(&admin.0))
}

/// `POST …/make-admin`.
pub(crate) async fn make(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let id = UserId::new(*id);
    let outcome = accounts::make_admin(&app, user_form::user_at_version(&form, id), &admin.actor).await;
    user_form::respond(&app, &admin, id, outcome, Done::MadeAdmin, |user| make_page(&admin, user)).await
}

/// `GET …/revoke-admin`.
pub(crate) async fn revoke_form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    user_form::render_unless_last(&app, &admin.0, &user, revoke_page(&admin.0, &user)).await
}

/// `POST …/revoke-admin`.
pub(crate) async fn revoke(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let id = UserId::new(*id);
    let outcome = accounts::revoke_admin(&app, user_form::user_at_version(&form, id), &admin.actor).await;
    user_form::respond(&app, &admin, id, outcome, Done::AdminRevoked, |user| revoke_page(&admin, user)).await
}

fn make_page(admin: &Administrator, user: &User) -> FormPage {
    let t = admin.t;
    let heading = t.make_admin_heading(&user.username);
    let mut page = user_form::page_about(admin, user, heading, t.make_admin_submit(), "make-admin");
    page.lead.push(t.make_admin_lead().to_owned());
    page.is_dangerous = true;
    page
}

fn revoke_page(admin: &Administrator, user: &User) -> FormPage {
    let t = admin.t;
    let heading = t.revoke_admin_heading(&user.username);
    let mut page =
        user_form::page_that_locks_out(admin, user, heading, t.revoke_admin_submit(), "revoke-admin");
    page.lead.push(t.revoke_admin_lead().to_owned());
    page
}
