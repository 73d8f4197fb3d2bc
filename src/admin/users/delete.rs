//! `/admin/users/{id}/delete`: deletes a user. The administrator has to type the username.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts;
use crate::admin::flash::Done;
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::query::LIST;
use crate::admin::users::user_form;
use crate::app::App;
use crate::types::{Identifier, User, trimmed};
use crate::web::PageError;
use crate::web::form_page::{Field, FormPage};

/// `GET`.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    user_form::render_unless_last(&app, &admin.0, &user, page(&admin.0, &user, String::new())).await
}

/// `POST`.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let user = user_form::user(&app, *id).await?;
    let typed = trimmed(form.get("name")).to_owned();
    if !Identifier::new(&typed).matches_username(&user.username) {
        let mut page = page(&admin, &user, typed);
        page.fields.iter_mut().for_each(|field| field.errors.push(admin.t.delete_wrong_name().to_owned()));
        return Ok(page.render_for(&admin));
    }
    match accounts::delete_user(&app, user_form::user_at_version(&form, user.id), &admin.actor).await {
        Ok(user) => Ok(user_form::redirect(&admin, &user, &admin.back.to(LIST), Done::Deleted)),
        Err(error) => {
            user_form::render_refused(&app, &admin, user.id, error, |user| page(&admin, user, typed)).await
        }
    }
}

fn page(admin: &Administrator, user: &User, typed: String) -> FormPage {
    let t = admin.t;
    let heading = t.delete_heading(&user.username);
    let mut page = user_form::page_that_locks_out(admin, user, heading, t.delete_submit(), "delete");
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
