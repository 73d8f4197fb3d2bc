//! `/admin/users/{id}/delete`: removes a user for good, once their name was typed.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::flash::Done;
use super::form_page::{Field, FormPage};
use super::found;
use super::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use super::user_query::LIST;
use crate::accounts;
use crate::app::App;
use crate::html::PageError;
use crate::types::{User, trimmed};

/// `GET`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = found::user(&app, *id).await?;
    found::show_unless_last(&app, &admin.0, &user, page(&admin.0, &user, String::new())).await
}

/// `POST`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let user = found::user(&app, *id).await?;
    let typed = trimmed(form.get("name")).to_owned();
    if typed != user.username.as_str() {
        let mut page = page(&admin, &user, typed);
        page.fields.iter_mut().for_each(|field| field.errors.push(admin.t.delete_wrong_name().to_owned()));
        return Ok(page.show(&admin));
    }
    match accounts::delete_user(&app, found::as_seen(&form, user.id), &admin.actor).await {
        Ok(user) => Ok(found::go_on(&admin, &user, LIST, Done::Deleted)),
        Err(error) => found::refusal(&app, &admin, user.id, error, |user| page(&admin, user, typed)).await,
    }
}

fn page(admin: &Administrator, user: &User, typed: String) -> FormPage {
    let t = admin.t;
    let heading = t.delete_heading(&user.username);
    let mut page =
        FormPage::about(admin, user, heading, t.delete_submit(), "delete").that_shuts_out(admin, user);
    page.lead.push(t.delete_lead().to_owned());
    page.fields.push(Field {
        id: "name",
        label: t.delete_type_name(),
        kind: "text",
        autocomplete: "off",
        value: typed,
        ..Field::default()
    });
    page
}
