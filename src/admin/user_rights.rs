//! `/admin/users/{id}/make-admin` and `/admin/users/{id}/revoke-admin`.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::flash::{Done, Flash};
use super::form_page::FormPage;
use super::found;
use super::guard::{Administrator, Post, Proven, ProvenPost};
use crate::accounts;
use crate::app::App;
use crate::html::PageError;
use crate::types::{User, UserId};

/// `GET …/make-admin`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn make_form(app: Data<App>, admin: Proven, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let user = found::user(&app, *id).await?;
    Ok(make_page(&admin.0, &user).show(&admin.0))
}

/// `POST …/make-admin`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn make(app: Data<App>, post: ProvenPost, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    match accounts::make_admin(&app, found::as_seen(&form, UserId::new(*id)), &admin.actor).await {
        Ok(user) => {
            let flash = Flash::One(Done::MadeAdmin, user.username.to_string());
            Ok(admin.go_on(&found::page_of(user.id), &flash))
        }
        Err(error) => {
            let objection = found::objection(admin.t, error)?;
            let user = found::user(&app, *id).await?;
            Ok(make_page(&admin, &user).refused(objection).show(&admin))
        }
    }
}

/// `GET …/revoke-admin`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn revoke_form(app: Data<App>, admin: Proven, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let user = found::user(&app, *id).await?;
    Ok(revoke_page(&admin.0, &user).show(&admin.0))
}

/// `POST …/revoke-admin`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn revoke(app: Data<App>, post: ProvenPost, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    match accounts::revoke_admin(&app, found::as_seen(&form, UserId::new(*id)), &admin.actor).await {
        Ok(user) => {
            let flash = Flash::One(Done::AdminRevoked, user.username.to_string());
            Ok(admin.go_on(&found::page_of(user.id), &flash))
        }
        Err(error) => {
            let objection = found::objection(admin.t, error)?;
            let user = found::user(&app, *id).await?;
            Ok(revoke_page(&admin, &user).refused(objection).show(&admin))
        }
    }
}

fn make_page(admin: &Administrator, user: &User) -> FormPage {
    let (t, path) = (admin.t, found::page_of(user.id));
    let action = format!("{path}/make-admin");
    let page = FormPage::new(admin, t.make_admin_heading(&user.username), t.make_admin_submit(), &action);
    let mut page = page.about(user.username.as_str(), path);
    page.lead.push(t.make_admin_lead().to_owned());
    page.hidden.push(found::seen(user));
    page.is_dangerous = true;
    page
}

fn revoke_page(admin: &Administrator, user: &User) -> FormPage {
    let (t, path) = (admin.t, found::page_of(user.id));
    let action = format!("{path}/revoke-admin");
    let page = FormPage::new(admin, t.revoke_admin_heading(&user.username), t.revoke_admin_submit(), &action);
    let mut page = page.about(user.username.as_str(), path);
    page.lead.push(t.revoke_admin_lead().to_owned());
    page.hidden.push(found::seen(user));
    page.is_dangerous = true;
    page
}
