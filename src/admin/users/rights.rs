//! `/admin/users/{id}/make-admin` and `/admin/users/{id}/revoke-admin`.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts;
use crate::admin::users::current_user_form;
use crate::app::App;
use crate::types::{User, UserId};
use crate::web::PageError;
use crate::web::flash::Done;
use crate::web::form_page::FormPage;
use crate::web::session::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};

/// `GET …/make-admin`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn make_form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = current_user_form::user(&app, *id).await?;
    Ok(make_page(&admin.0, &user).show(&admin.0))
}

/// `POST …/make-admin`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn make(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let id = UserId::new(*id);
    let outcome = accounts::make_admin(&app, current_user_form::as_seen(&form, id), &admin.actor).await;
    current_user_form::answer(&app, &admin, id, outcome, Done::MadeAdmin, |user| make_page(&admin, user))
        .await
}

/// `GET …/revoke-admin`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn revoke_form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = current_user_form::user(&app, *id).await?;
    current_user_form::show_unless_last(&app, &admin.0, &user, revoke_page(&admin.0, &user)).await
}

/// `POST …/revoke-admin`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn revoke(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let id = UserId::new(*id);
    let outcome = accounts::revoke_admin(&app, current_user_form::as_seen(&form, id), &admin.actor).await;
    current_user_form::answer(&app, &admin, id, outcome, Done::AdminRevoked, |user| revoke_page(&admin, user))
        .await
}

fn make_page(admin: &Administrator, user: &User) -> FormPage {
    let t = admin.t;
    let heading = t.make_admin_heading(&user.username);
    let mut page = FormPage::about(admin, user, heading, t.make_admin_submit(), "make-admin");
    page.lead.push(t.make_admin_lead().to_owned());
    page.is_dangerous = true;
    page
}

fn revoke_page(admin: &Administrator, user: &User) -> FormPage {
    let t = admin.t;
    let heading = t.revoke_admin_heading(&user.username);
    let mut page = FormPage::about(admin, user, heading, t.revoke_admin_submit(), "revoke-admin")
        .that_shuts_out(admin, user);
    page.lead.push(t.revoke_admin_lead().to_owned());
    page
}
