//! `/admin/users/{id}/deactivate`: shuts a user out, and says why.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts;
use crate::admin::users::current_user_form;
use crate::app::App;
use crate::types::{User, trimmed};
use crate::web::PageError;
use crate::web::flash::Done;
use crate::web::form_page::{Field, FormPage};
use crate::web::layout::see_other;
use crate::web::session::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};

/// The longest reason, in characters.
const LONGEST: usize = 500;

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
    if !user.is_active {
        // Somebody else was faster, and their reason is there.
        return Ok(see_other(&current_user_form::page_of(user.id)).finish());
    }
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
    let reason = trimmed(form.get("reason")).replace('\0', "");
    if reason.chars().count() > LONGEST {
        let mut page = page(&admin, &user, reason);
        page.fields.iter_mut().for_each(|field| field.errors.push(admin.t.field_too_long(LONGEST)));
        return Ok(page.show(&admin));
    }
    let kept = (!reason.is_empty()).then(|| reason.clone());
    let target = current_user_form::as_seen(&form, user.id);
    let outcome = accounts::deactivate(&app, target, kept, &admin.actor).await;
    current_user_form::answer(&app, &admin, user.id, outcome, Done::Deactivated, |user| {
        page(&admin, user, reason)
    })
    .await
}

fn page(admin: &Administrator, user: &User, reason: String) -> FormPage {
    let t = admin.t;
    let heading = t.deactivate_heading(&user.username);
    let mut page = FormPage::about(admin, user, heading, t.deactivate_submit(), "deactivate")
        .that_shuts_out(admin, user);
    page.lead.push(t.deactivate_lead().to_owned());
    page.fields.push(Field {
        id: "reason",
        label: t.reason(),
        hint: t.reason_hint(),
        kind: "text",
        autocomplete: "off",
        value: reason,
        max: LONGEST.to_string(),
        is_optional: true,
        ..Field::default()
    });
    page
}
