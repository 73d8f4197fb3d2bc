//! `/admin/users/{id}/delete`: removes a user for good, once their name was typed.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts;
use crate::admin::users::current_user_form;
use crate::admin::users::query::LIST;
use crate::app::App;
use crate::types::{User, trimmed};
use crate::web::PageError;
use crate::web::flash::Done;
use crate::web::form_page::{Field, FormPage};
use crate::web::session::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};

/// `GET`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = current_user_form::user(&app, *id).await?;
    current_user_form::show_unless_last(&app, &admin.0, &user, page(&admin.0, &user, String::new())).await
}

/// `POST`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let user = current_user_form::user(&app, *id).await?;
    let typed = trimmed(form.get("name")).to_owned();
    if typed != user.username.as_str() {
        let mut page = page(&admin, &user, typed);
        page.fields.iter_mut().for_each(|field| field.errors.push(admin.t.delete_wrong_name().to_owned()));
        return Ok(page.show(&admin));
    }
    match accounts::delete_user(&app, current_user_form::as_seen(&form, user.id), &admin.actor).await {
        Ok(user) => Ok(current_user_form::go_on(&admin, &user, LIST, Done::Deleted)),
        Err(error) => {
            current_user_form::refusal(&app, &admin, user.id, error, |user| page(&admin, user, typed)).await
        }
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
