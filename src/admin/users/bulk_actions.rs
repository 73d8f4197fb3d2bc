//! `/admin/users/chosen`: bulk actions, one action on many users. The page lists the affected users, and the
//! skipped ones with the reason. If the affected users have changed when the form is sent, the page asks again;
//! if there are none left, as after a second click, a message says so.

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest as _, Sha256};

use crate::accounts::{self, BulkAction, SkipReason, UserRef};
use crate::admin::flash::{Done, Flash, Undone};
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::query::{LIST, UserQuery};
use crate::admin::users::user_form;
use crate::app::App;
use crate::store::queries::user_list;
use crate::store::queries::user_list::ListedUser;
use crate::texts::Lang;
use crate::types::{UserId, trimmed};
use crate::web::filters::with_query;
use crate::web::form_page::{Field, FormPage};
use crate::web::{PageError, PageForm};

/// The field in which the administrator types how many users are to be deleted.
const COUNT: &str = "count";

/// The field with the digest of the users that the page listed.
const SELECTION: &str = "selection";

const PATH: &str = "/admin/users/chosen";

/// The most users of one bulk action.
const MAX_USERS: usize = 100_000;

/// How many affected users the page names.
const AFFECTED_NAMED: usize = 100;

/// How many skipped users the page names, for each reason.
const SKIPPED_NAMED: usize = 5;

/// `GET`: the affected users and the form. [`PageError::NotFound`] without a known action.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
) -> Result<HttpResponse, PageError> {
    let bulk = BulkRequest::read(&PageForm::of_query(request.query_string()))?;
    let plan = bulk.plan(&app, &admin.0).await?;
    Ok(page(&admin.0, &bulk, plan).render_for(&admin.0))
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
    if plan.affected.is_empty() || plan.selected > MAX_USERS || form.get(SELECTION) != plan.selection_digest()
    {
        let error = admin.t.bulk_changed().to_owned();
        return Ok(page(&admin, &bulk, plan).with_error(error).render_for(&admin));
    }
    let typed = trimmed(form.get(COUNT));
    if plan.needs_count() && typed != plan.affected.len().to_string() {
        let mut page = page(&admin, &bulk, plan);
        page.fields.iter_mut().for_each(|field| {
            field.value = typed.to_owned();
            field.errors.push(admin.t.bulk_wrong_count().to_owned());
        });
        return Ok(page.render_for(&admin));
    }
    // A user deleted since the page was displayed is not counted as skipped.
    let skipped: usize = plan.skipped.values().map(|skipped| skipped.count).sum();
    let outcome = accounts::change_many(&app, plan.affected, bulk.action, &admin.key, &admin.actor).await?;
    let done = done(bulk.action, app.config.mail.is_sent());
    Ok(admin.redirect(&list, &Flash::Many(done, outcome.done, outcome.skipped + skipped as u64)))
}

fn done(action: BulkAction, is_mail_sent: bool) -> Done {
    match action {
        BulkAction::Confirm => Done::Confirmed,
        BulkAction::AskConfirmation if is_mail_sent => Done::ConfirmationSent,
        BulkAction::AskConfirmation => Done::ConfirmationWaits,
        BulkAction::Activate => Done::Activated,
        BulkAction::Deactivate => Done::Deactivated,
        BulkAction::EndSessions => Done::SessionsEnded,
        BulkAction::Delete => Done::Deleted,
    }
}

/// An action, and the users it is requested for.
struct BulkRequest {
    action: BulkAction,
    query: UserQuery,
    /// Whether all users who match the query are selected, and not only those in `ids`.
    is_all: bool,
    ids: Vec<UserId>,
}

/// The actions, by the value of the parameter `do`.
const ACTIONS: [(&str, BulkAction); 6] = [
    ("confirm", BulkAction::Confirm),
    ("resend", BulkAction::AskConfirmation),
    ("activate", BulkAction::Activate),
    ("deactivate", BulkAction::Deactivate),
    ("end-sessions", BulkAction::EndSessions),
    ("delete", BulkAction::Delete),
];

impl BulkRequest {
    fn read(form: &PageForm) -> Result<Self, PageError> {
        let action = ACTIONS.iter().find(|(word, _)| *word == form.get("do"));
        let (_, action) = *action.ok_or(PageError::NotFound)?;
        let ids = form.all("id").filter_map(|id| id.parse().ok()).map(UserId::new).take(MAX_USERS).collect();
        let is_all = match form.all("all").last() {
            None => false,
            Some("1") => true,
            // Any other value, such as "0", must not select all users.
            Some(_) => return Err(PageError::BadFilter),
        };
        Ok(Self { action, query: UserQuery::read(form), is_all, ids })
    }

    async fn plan(&self, app: &App, admin: &Administrator) -> Result<BulkPlan, PageError> {
        let (is_all, filter, ids) = (self.is_all, self.query.filter(admin.now)?, self.ids.clone());
        let mut plan = BulkPlan::new(self.action, admin.t, admin.user.id);
        let planned = app.store.read_aside(move |conn| {
            match is_all {
                true => user_list::visit(conn, &filter, MAX_USERS, |user| plan.add(&user))?,
                false => user_list::by_ids(conn, &ids)?.iter().for_each(|user| plan.add(user)),
            }
            Ok(plan)
        });
        Ok(planned.await?)
    }

    /// The list of the affected users among those who match: the filter for [`BulkAction::skip_reason`], except that
    /// it does not leave out the administrator's own account.
    fn affected_query(&self) -> UserQuery {
        let mut query = self.query.clone();
        let required = self.action.required_state();
        let filters =
            [(&mut query.confirmed, required.is_email_confirmed), (&mut query.active, required.is_active)];
        for (filter, required) in filters {
            if let Some(required) = required {
                (if required { "yes" } else { "no" }).clone_into(filter);
            }
        }
        query
    }

    /// The path of the page about this request.
    fn path(&self) -> String {
        let word = ACTIONS.iter().find(|(_, action)| *action == self.action).map_or("", |(word, _)| word);
        let mut fields = self.query.fields_with_position();
        fields.push(("do", word.to_owned()));
        if self.is_all {
            fields.push(("all", "1".to_owned()));
        } else {
            fields.extend(self.ids.iter().map(|id| ("id", id.to_string())));
        }
        with_query(PATH, &fields)
    }
}

/// The users that a request affects and skips.
struct BulkPlan {
    action: BulkAction,
    t: Lang,
    oneself: UserId,
    /// How many users are selected, affected or skipped.
    selected: usize,
    affected: Vec<UserRef>,
    /// How many of the affected users are administrators.
    affected_admins: usize,
    /// The first affected users, for display.
    names: Vec<String>,
    skipped: BTreeMap<SkipReason, Skipped>,
    digest: Sha256,
}

/// The users skipped for one reason.
#[derive(Default)]
struct Skipped {
    count: usize,
    /// The first ones.
    names: Vec<String>,
}

impl BulkPlan {
    fn new(action: BulkAction, t: Lang, oneself: UserId) -> Self {
        Self {
            action,
            t,
            oneself,
            selected: 0,
            affected: Vec::new(),
            affected_admins: 0,
            names: Vec::new(),
            skipped: BTreeMap::new(),
            digest: Sha256::new(),
        }
    }

    fn add(&mut self, user: &ListedUser) {
        self.selected += 1;
        if let Some(reason) = self.action.skip_reason(user.id(), user, Some(self.oneself)) {
            let skipped = self.skipped.entry(reason).or_default();
            skipped.count += 1;
            if skipped.names.len() < SKIPPED_NAMED {
                skipped.names.push(user.username.clone());
            }
            return;
        }
        if self.names.len() < AFFECTED_NAMED {
            let kind = if user.is_admin { format!(" · {}", self.t.state_admin()) } else { String::new() };
            self.names.push(format!("{} ({}){kind}", user.username, user.email));
        }
        self.affected_admins += usize::from(user.is_admin);
        self.digest.update(user.id().get().to_be_bytes());
        for displayed in [&user.username, &user.email] {
            self.digest.update(displayed.as_bytes());
            self.digest.update([0, u8::from(user.is_admin)]);
        }
        self.affected.push(self.action.user_ref(user));
    }

    /// A digest of the affected users as the page displays them.
    fn selection_digest(&self) -> String {
        hex::encode(&self.digest.clone().finalize()[..8])
    }

    /// Whether the administrator has to type the number of users.
    fn needs_count(&self) -> bool {
        self.action == BulkAction::Delete && self.affected.len() > 1
    }
}

fn page(admin: &Administrator, bulk: &BulkRequest, plan: BulkPlan) -> FormPage {
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
        _ => page_with_form(admin, bulk, &plan),
    };
    if plan.selected <= MAX_USERS {
        page.skipped = plan.skipped.iter().map(|(reason, users)| skipped_text(t, *reason, users)).collect();
    }
    page.back = bulk.query.list();
    page
}

fn page_without_form(admin: &Administrator, heading: &str, lead: String) -> FormPage {
    let mut page = user_form::page(admin, heading.to_owned(), "", "");
    page.lead.push(lead);
    page
}

fn page_with_form(admin: &Administrator, bulk: &BulkRequest, plan: &BulkPlan) -> FormPage {
    let t = admin.t;
    let count = plan.affected.len();
    let (heading, lead, submit) = texts(t, bulk.action, count);
    let mut page = user_form::page(admin, heading, submit, &bulk.path());
    page.lead = vec![lead.to_owned(), t.bulk_affected().to_owned()];
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
    if plan.needs_count() {
        page.fields.push(Field {
            id: COUNT,
            label: t.bulk_type_count(),
            kind: "text",
            autocomplete: "off",
            ..Field::default()
        });
    }
    page.hidden = vec![(SELECTION, plan.selection_digest())];
    page.is_dangerous = matches!(bulk.action, BulkAction::Delete | BulkAction::Deactivate);
    page
}

/// How many users are skipped for a reason, and their names.
fn skipped_text(t: Lang, reason: SkipReason, skipped: &Skipped) -> String {
    let text = match reason {
        SkipReason::Oneself => return t.skipped_oneself().to_owned(),
        SkipReason::Confirmed => t.skipped_confirmed(skipped.count),
        SkipReason::Active => t.skipped_active(skipped.count),
        SkipReason::Inactive => t.skipped_inactive(skipped.count),
    };
    let more = if skipped.count > skipped.names.len() { ", …" } else { "" };
    format!("{text}: {}{more}", skipped.names.join(", "))
}

/// The heading, the lead and the label of the button.
fn texts(t: Lang, action: BulkAction, count: usize) -> (String, &'static str, &'static str) {
    match action {
        BulkAction::Confirm => (t.bulk_confirm_heading(count), t.bulk_confirm_lead(), t.bulk_confirm()),
        BulkAction::AskConfirmation => (t.bulk_resend_heading(count), t.bulk_resend_lead(), t.bulk_resend()),
        BulkAction::Activate => (t.bulk_activate_heading(count), t.bulk_activate_lead(), t.bulk_activate()),
        BulkAction::Deactivate => {
            (t.bulk_deactivate_heading(count), t.bulk_deactivate_lead(), t.bulk_deactivate())
        }
        BulkAction::EndSessions => (t.bulk_end_heading(count), t.bulk_end_lead(), t.bulk_end()),
        BulkAction::Delete => (t.bulk_delete_heading(count), t.bulk_delete_lead(), t.bulk_delete()),
    }
}
