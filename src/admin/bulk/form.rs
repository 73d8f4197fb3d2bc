//! `/admin/users/chosen`: one action on many users. The page lists the affected users, and the skipped ones with
//! the reason. If the affected users have changed when the form is sent, the page asks again; if there are none
//! left, as after a second click, a message says so.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, BulkAction, BulkOrder, UserNotice};
use crate::admin::bulk::history;
use crate::admin::bulk::plan::{AFFECTED_NAMED, BulkPlan};
use crate::admin::bulk::request::{BulkRequest, MAX_USERS};
use crate::admin::flash::{Flash, Undone};
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::query::LIST;
use crate::admin::users::{account_form, deactivate, user_form};
use crate::app::App;
use crate::texts::Lang;
use crate::types::trimmed;
use crate::web::form_page::{Field, FormPage};
use crate::web::layout::see_other;
use crate::web::{PageError, PageForm};

/// The field in which the administrator types how many users are affected.
const COUNT: &str = "count";

/// The field with the digest of the users that the page listed.
const SELECTION: &str = "selection";

/// What was typed into the form.
#[derive(Default)]
struct Typed {
    count: String,
    reason: String,
    /// Whether the tick for a mail to the users was removed.
    omits_notice: bool,
}

/// `GET`: the affected users and the form. [`PageError::NotFound`] without a known action.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
) -> Result<HttpResponse, PageError> {
    let bulk = BulkRequest::read(&PageForm::of_query(request.query_string()))?;
    let plan = bulk.plan(&app, &admin.0).await?;
    Ok(page(&app, &admin.0, &bulk, &plan, Typed::default()).render_for(&admin.0))
}

/// `POST`: does it. The request is in the URL here, too, so that signing in leads back to its page.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    post: RecentlyAuthenticatedPost,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let bulk = BulkRequest::read(&PageForm::of_query(request.query_string()))?;
    let plan = bulk.plan(&app, &admin).await?;
    // The ticks have done their work.
    let list = bulk.query.list_without_ticks();
    if plan.affected.is_empty() && plan.selected <= MAX_USERS && form.has(SELECTION) {
        // The page listed users, and the action was done to all of them, as after a second click.
        return Ok(admin.redirect(&list, &Flash::Not(Undone::NoneAffected)));
    }
    let notice = account_form::notice(&form);
    let reason = deactivate::reason(&form);
    let omits_notice = notice == UserNotice::Omit;
    let typed = Typed { count: trimmed(form.get(COUNT)).to_owned(), reason, omits_notice };
    if plan.affected.is_empty() || plan.selected > MAX_USERS || form.get(SELECTION) != plan.selection_digest()
    {
        let error = admin.t.bulk_changed().to_owned();
        return Ok(page(&app, &admin, &bulk, &plan, typed).with_error(error).render_for(&admin));
    }
    let wrong_count = plan.needs_count() && typed.count != plan.affected.len().to_string();
    let long_reason = deactivate::is_too_long(&typed.reason);
    if wrong_count || long_reason {
        let mut page = page(&app, &admin, &bulk, &plan, typed);
        for field in &mut page.fields {
            match field.id {
                COUNT if wrong_count => field.errors.push(admin.t.bulk_wrong_count().to_owned()),
                deactivate::REASON if long_reason => field.errors.push(deactivate::too_long(admin.t)),
                _ => {}
            }
        }
        return Ok(page.render_for(&admin));
    }
    // A user deleted since the page was displayed is not counted as skipped.
    let skipped = plan.skipped() as u64;
    let order = BulkOrder {
        action: bulk.action,
        users: plan.affected,
        notice,
        reason: Some(typed.reason).filter(|reason| !reason.is_empty() && bulk.action.takes_reason()),
        administrator: admin.user.id,
        key: admin.key.clone(),
    };
    let record = accounts::start_bulk(&app, order, &admin.actor).await?;
    match history::flash(&app, &record, skipped) {
        Some(flash) => Ok(admin.redirect(&list, &flash)),
        // Not done yet.
        None => Ok(see_other(&history::path_of(record.id)).finish()),
    }
}

fn page(app: &App, admin: &Administrator, bulk: &BulkRequest, plan: &BulkPlan, typed: Typed) -> FormPage {
    let t = admin.t;
    let mut page = match (plan.selected, plan.affected.len()) {
        (0, _) => page_without_form(admin, t.bulk_none_selected(), t.bulk_none_selected_lead().to_owned()),
        (selected, _) if selected > MAX_USERS => {
            let lead = t.bulk_too_many_lead(t.number(MAX_USERS as u64));
            page_without_form(admin, t.bulk_too_many(), lead)
        }
        (_, 0) => {
            page_without_form(admin, t.bulk_nothing_to_change(), t.bulk_nothing_to_change_lead().to_owned())
        }
        _ => page_with_form(app, admin, bulk, plan, typed),
    };
    if plan.selected <= MAX_USERS {
        page.skipped = plan.skipped_texts();
    }
    page.back = bulk.query.list();
    page
}

fn page_without_form(admin: &Administrator, heading: &str, lead: String) -> FormPage {
    let mut page = user_form::page(admin, heading.to_owned(), "", "");
    page.lead.push(lead);
    page
}

fn page_with_form(
    app: &App,
    admin: &Administrator,
    bulk: &BulkRequest,
    plan: &BulkPlan,
    typed: Typed,
) -> FormPage {
    let t = admin.t;
    let count = plan.affected.len();
    let (heading, lead, submit) = texts(app, admin, bulk.action, count);
    let mut page = user_form::page(admin, heading, submit, &bulk.path());
    page.lead = vec![lead];
    if bulk.action.can_be_undone() {
        page.lead.push(t.bulk_can_be_undone().to_owned());
    }
    page.lead.push(t.bulk_affected().to_owned());
    page.selection.clone_from(&plan.names);
    if count > AFFECTED_NAMED {
        let text = t.bulk_and_more(count - AFFECTED_NAMED);
        match bulk.is_all {
            true => page.more = Some((text, bulk.affected_query().path(LIST))),
            // A page of the list has fewer checkboxes, so this URL was written by hand.
            false => page.selection.push(text),
        }
    }
    page.warning = (plan.affected_admins > 0).then(|| t.bulk_admins(plan.affected_admins).into());
    if bulk.action.takes_reason() {
        page.fields.push(deactivate::reason_field(t, typed.reason));
    }
    if plan.needs_count() {
        page.fields.push(Field {
            id: COUNT,
            label: t.bulk_type_count(),
            kind: "text",
            autocomplete: "off",
            value: typed.count,
            ..Field::default()
        });
    }
    if matches!(bulk.action, BulkAction::Delete | BulkAction::Restore) {
        let notice = if typed.omits_notice { UserNotice::Omit } else { UserNotice::Send };
        page.checkboxes.push(account_form::notice_checkbox(t, notice));
    }
    page.hidden = vec![(SELECTION, plan.selection_digest())];
    page.is_dangerous = matches!(bulk.action, BulkAction::Delete | BulkAction::Deactivate);
    page
}

/// The heading, the lead and the label of the button.
fn texts(
    app: &App,
    admin: &Administrator,
    action: BulkAction,
    count: usize,
) -> (String, String, &'static str) {
    let t: Lang = admin.t;
    let wait = app.config.account.delete_after;
    let (heading, lead, submit) = match action {
        BulkAction::Confirm => (t.bulk_confirm_heading(count), t.bulk_confirm_lead(), t.bulk_confirm()),
        BulkAction::AskConfirmation => (t.bulk_resend_heading(count), t.bulk_resend_lead(), t.bulk_resend()),
        BulkAction::Activate => (t.bulk_activate_heading(count), t.bulk_activate_lead(), t.bulk_activate()),
        BulkAction::Deactivate => {
            let lead = t.bulk_deactivate_lead(count);
            return (t.bulk_deactivate_heading(count), lead, t.bulk_deactivate());
        }
        BulkAction::EndSessions => (t.bulk_end_heading(count), t.bulk_end_lead(), t.bulk_end()),
        BulkAction::Restore => (t.bulk_restore_heading(count), t.bulk_restore_lead(), t.bulk_restore()),
        BulkAction::Delete if !wait.is_zero() => {
            let lead = t.bulk_delete_later_lead(t.date(admin.now.plus(wait)));
            return (t.bulk_delete_later_heading(count), lead, t.delete_later_submit());
        }
        BulkAction::Delete => (t.bulk_delete_heading(count), t.bulk_delete_lead(), t.bulk_delete()),
    };
    (heading, lead.to_owned(), submit)
}
