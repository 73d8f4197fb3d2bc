//! `/admin/users/{id}/deactivate`: deactivates a user, with a reason.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts;
use crate::admin::flash::Done;
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::user_form;
use crate::app::App;
use crate::texts::Lang;
use crate::types::{User, trimmed};
use crate::web::form_page::{Field, FormPage};
use crate::web::layout::see_other;
use crate::web::{PageError, PageForm};

/// The field with the reason.
pub(crate) const REASON: &str = "reason";

/// The longest reason, in characters.
const MAX_REASON: usize = 500;

/// The reason that was typed; empty without one.
pub(crate) fn reason(form: &PageForm) -> String {
    // PostgreSQL refuses a NUL in a text.
    trimmed(form.get(REASON)).replace('\0', "")
}

/// Whether a reason is too long to be stored.
pub(crate) fn is_too_long(reason: &str) -> bool {
    reason.chars().count() > MAX_REASON
}

/// The error of such a reason.
pub(crate) fn too_long(t: Lang) -> String {
    t.field_too_long(MAX_REASON)
}

/// The field for the reason, with the most common ones to choose from.
pub(crate) fn reason_field(t: Lang, typed: String) -> Field {
    Field {
        id: REASON,
        label: t.reason(),
        hint: t.reason_hint().into(),
        kind: "text",
        autocomplete: "on",
        value: typed,
        max: MAX_REASON.to_string(),
        is_optional: true,
        suggestions: vec![t.reason_spam(), t.reason_left(), t.reason_on_request()],
        ..Field::default()
    }
}

/// `GET`.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    if !user.is_active {
        // Another administrator was faster; the user's page has the reason.
        return Ok(see_other(&user_form::path_of(user.id)).finish());
    }
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
    let reason = reason(&form);
    if is_too_long(&reason) {
        let mut page = page(&admin, &user, reason);
        page.fields.iter_mut().for_each(|field| field.errors.push(too_long(admin.t)));
        return Ok(page.render_for(&admin));
    }
    let stored_reason = (!reason.is_empty()).then(|| reason.clone());
    let target = user_form::user_at_version(&form, user.id);
    let outcome = accounts::deactivate(&app, target, stored_reason, &admin.actor).await;
    user_form::respond(&app, &admin, user.id, outcome, Done::Deactivated, |user| page(&admin, user, reason))
        .await
}

fn page(admin: &Administrator, user: &User, reason: String) -> FormPage {
    let t = admin.t;
    let heading = t.deactivate_heading(&user.username);
    let mut page = user_form::page_that_locks_out(admin, user, heading, t.deactivate_submit(), "deactivate");
    page.lead.push(t.deactivate_lead().to_owned());
    page.fields.push(reason_field(t, reason));
    page
}
