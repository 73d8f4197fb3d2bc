//! `/admin/users/{id}/delete`: requests the deletion of a user, who may wait for it, and deletes one who waits
//! already. The administrator has to type the username. `…/restore` takes a requested deletion back.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, RequestedDeletion, UserNotice};
use crate::admin::flash::Done;
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::account_form;
use crate::admin::users::actions;
use crate::admin::users::query::LIST;
use crate::admin::users::user_form;
use crate::app::App;
use crate::types::{Identifier, User, UserId, trimmed};
use crate::web::PageError;
use crate::web::form_page::{Field, FormPage};

/// `GET`.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    user_form::render_unless_last(
        &app,
        &admin.0,
        &user,
        page(&app, &admin.0, &user, String::new(), UserNotice::Send),
    )
    .await
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
    let notice = account_form::notice(&form);
    if !Identifier::new(&typed).matches_username(&user.username) {
        let mut page = page(&app, &admin, &user, typed, notice);
        page.fields.iter_mut().for_each(|field| field.errors.push(admin.t.delete_wrong_name().to_owned()));
        return Ok(page.render_for(&admin));
    }
    let target = user_form::user_at_version(&form, user.id);
    let is_waiting = user.deletion_due_at.is_some();
    let outcome = match is_waiting {
        true => accounts::delete_user_with(&app, target, notice, &admin.actor)
            .await
            .map(|user| RequestedDeletion { user, due: None }),
        false => accounts::request_deletion_with(&app, target, notice, &admin.actor).await,
    };
    match outcome {
        Ok(RequestedDeletion { user, due: None }) => {
            Ok(user_form::redirect(&admin, &user, &admin.back.to(LIST), Done::Deleted))
        }
        Ok(RequestedDeletion { user, due: Some(_) }) => {
            let path = user_form::path_of(user.id);
            // As the request left it.
            let user = user_form::user(&app, user.id.get()).await?;
            Ok(user_form::redirect(&admin, &user, &path, Done::DeletionRequested))
        }
        Err(error) => {
            user_form::render_refused(&app, &admin, user.id, error, |user| {
                page(&app, &admin, user, typed, notice)
            })
            .await
        }
    }
}

/// `POST …/restore`.
pub(crate) async fn restore(app: Data<App>, post: Post, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let id = UserId::new(*id);
    let target = user_form::user_at_version(&post.form, id);
    let outcome = accounts::cancel_deletion(&app, target, &post.sender.actor).await;
    actions::respond(&app, &post, id, Done::DeletionCancelled, outcome).await
}

fn page(app: &App, admin: &Administrator, user: &User, typed: String, notice: UserNotice) -> FormPage {
    let t = admin.t;
    let wait = Some(app.config.account.delete_after).filter(|wait| !wait.is_zero());
    let (heading, submit, lead) = match wait.filter(|_| user.deletion_due_at.is_none()) {
        Some(wait) => (
            t.delete_later_heading(&user.username),
            t.delete_later_submit(),
            t.delete_later_lead(t.date(admin.now.plus(wait))),
        ),
        None => (t.delete_heading(&user.username), t.delete_submit(), t.delete_lead().to_owned()),
    };
    let mut page = user_form::page_that_locks_out(admin, user, heading, submit, "delete");
    page.lead.push(lead);
    page.lead.push(t.delete_remains().to_owned());
    page.fields.push(Field {
        id: "name",
        label: t.delete_type_name(),
        kind: "text",
        autocomplete: "off",
        value: typed,
        ..Field::default()
    });
    page.checkboxes.push(account_form::notice_checkbox(t, notice));
    page
}
