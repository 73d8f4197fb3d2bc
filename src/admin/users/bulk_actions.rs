//! `/admin/users/chosen`: one thing for many users. The page says exactly whom it hits, and who is left
//! alone for which reason; should others be meant by the time the form comes back, it asks again; should
//! nobody be left whom it would hit, as after a second click, it says so.

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest as _, Sha256};

use crate::accounts::{self, BulkAction, SkipReason, UserRef};
use crate::admin::users::query::{LIST, UserQuery};
use crate::app::App;
use crate::store::queries::user_list;
use crate::store::queries::user_list::ListedUser;
use crate::texts::Lang;
use crate::types::{UserId, trimmed};
use crate::web::filters::with_fields;
use crate::web::flash::{Done, Flash, Undone};
use crate::web::form_page::{Field, FormPage};
use crate::web::session::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::web::{PageError, PageForm};

/// The field in which somebody types how many are to be deleted.
const COUNT: &str = "count";

/// This page.
const CHOSEN: &str = "/admin/users/chosen";

/// How many users can be meant at once.
const MOST: usize = 100_000;

/// How many of them the page names.
const NAMED: usize = 100;

/// How many of those left alone it names, for each reason.
const SPARED_NAMED: usize = 5;

/// The field that tells which users the page named.
const WHOM: &str = "whom";

/// `GET`: whom it would hit.
///
/// # Errors
/// [`PageError::NotFound`] if nothing is to be done; if a filter cannot be meant, or the store fails.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
) -> Result<HttpResponse, PageError> {
    let choice = BulkRequest::read(&PageForm::of_query(request.query_string()))?;
    let plan = choice.plan(&app, &admin.0).await?;
    Ok(page(&admin.0, &choice, plan).show(&admin.0))
}

/// `POST`: does it. The choice is in the URL here, too, so whoever has to sign in first comes back to it.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    post: RecentlyAuthenticatedPost,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let choice = BulkRequest::read(&PageForm::of_query(request.query_string()))?;
    let plan = choice.plan(&app, &admin).await?;
    let list = choice.query.list();
    if plan.targets.is_empty() && plan.meant <= MOST && form.has(WHOM) {
        // The page named somebody, or it had no such field: all of them are done, as after a second click.
        return Ok(admin.go_on(&list, &Flash::Not(Undone::NobodyLeft)));
    }
    if plan.targets.is_empty() || plan.meant > MOST || form.get(WHOM) != plan.mark() {
        let objection = admin.t.bulk_changed().to_owned();
        return Ok(page(&admin, &choice, plan).refused(objection).show(&admin));
    }
    let typed = trimmed(form.get(COUNT));
    if choice.what == BulkAction::Delete && plan.targets.len() > 1 && typed != plan.targets.len().to_string()
    {
        let mut page = page(&admin, &choice, plan);
        page.fields.iter_mut().for_each(|field| {
            field.value = typed.to_owned();
            field.errors.push(admin.t.bulk_wrong_count().to_owned());
        });
        return Ok(page.show(&admin));
    }
    // Who is gone since the page was shown is not meant any more; all the others are.
    let spared: usize = plan.spared.values().map(|spared| spared.count).sum();
    let outcome = accounts::change_many(&app, plan.targets, choice.what, &admin.key, &admin.actor).await?;
    let flash = Flash::Many(done(&app, choice.what), outcome.done, outcome.skipped + spared as u64);
    Ok(admin.go_on(&list, &flash))
}

fn done(app: &App, what: BulkAction) -> Done {
    match what {
        BulkAction::Confirm => Done::Confirmed,
        BulkAction::AskConfirmation if app.config.mail.smtp.is_some() => Done::ConfirmationSent,
        BulkAction::AskConfirmation => Done::ConfirmationWaits,
        BulkAction::Activate => Done::Activated,
        BulkAction::Deactivate => Done::Deactivated,
        BulkAction::EndSessions => Done::SessionsEnded,
        BulkAction::Delete => Done::Deleted,
    }
}

/// What is to be done, and to whom.
struct BulkRequest {
    what: BulkAction,
    query: UserQuery,
    /// All whom the query means, and not only those ticked.
    is_all: bool,
    ids: Vec<UserId>,
}

const DEEDS: [(&str, BulkAction); 6] = [
    ("confirm", BulkAction::Confirm),
    ("resend", BulkAction::AskConfirmation),
    ("activate", BulkAction::Activate),
    ("deactivate", BulkAction::Deactivate),
    ("end-sessions", BulkAction::EndSessions),
    ("delete", BulkAction::Delete),
];

impl BulkRequest {
    fn read(form: &PageForm) -> Result<Self, PageError> {
        let deed = DEEDS.iter().find(|(word, _)| *word == form.get("do"));
        let (_, what) = *deed.ok_or(PageError::NotFound)?;
        let ids = form.all("id").filter_map(|id| id.parse().ok()).map(UserId::new).take(MOST).collect();
        let is_all = match form.all("all").last() {
            None => false,
            Some("1") => true,
            // What looks like a no must not mean everybody.
            Some(_) => return Err(PageError::BadFilter),
        };
        Ok(Self { what, query: UserQuery::read(form), is_all, ids })
    }

    async fn plan(&self, app: &App, admin: &Administrator) -> Result<BulkPlan, PageError> {
        let (is_all, wanted, ids) = (self.is_all, self.query.wanted(admin.now)?, self.ids.clone());
        let mut plan = BulkPlan::new(self.what, admin.t, admin.user.id);
        let planned = app.store.read_aside(move |conn| {
            match is_all {
                true => user_list::visit(conn, &wanted, MOST, |user| plan.add(&user))?,
                false => user_list::by_ids(conn, &ids)?.iter().for_each(|user| plan.add(user)),
            }
            Ok(plan)
        });
        Ok(planned.await?)
    }

    /// The list of those whom it hits, of all who match: as [`BulkAction::skip_reason`] has it, but for oneself.
    fn hit(&self) -> UserQuery {
        let mut query = UserQuery { after: None, until: None, ..self.query.clone() };
        let required = self.what.required_state();
        let filters =
            [(&mut query.confirmed, required.is_email_confirmed), (&mut query.active, required.is_active)];
        for (filter, required) in filters {
            if let Some(required) = required {
                (if required { "yes" } else { "no" }).clone_into(filter);
            }
        }
        query
    }

    /// This page about the same choice.
    fn path(&self) -> String {
        let word = DEEDS.iter().find(|(_, what)| *what == self.what).map_or("", |(word, _)| word);
        let mut fields = self.query.fields_here();
        fields.push(("do", word.to_owned()));
        if self.is_all {
            fields.push(("all", "1".to_owned()));
        } else {
            fields.extend(self.ids.iter().map(|id| ("id", id.to_string())));
        }
        with_fields(CHOSEN, &fields)
    }
}

/// Whom it hits, and whom not.
struct BulkPlan {
    what: BulkAction,
    t: Lang,
    oneself: UserId,
    /// How many are meant, be they hit or left alone.
    meant: usize,
    targets: Vec<UserRef>,
    /// How many of them are administrators.
    admins: usize,
    names: Vec<String>,
    spared: BTreeMap<SkipReason, Skipped>,
    digest: Sha256,
}

/// Those who are left alone for one reason.
#[derive(Default)]
struct Skipped {
    count: usize,
    names: Vec<String>,
}

impl BulkPlan {
    fn new(what: BulkAction, t: Lang, oneself: UserId) -> Self {
        let (targets, names, spared) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self { what, t, oneself, meant: 0, targets, admins: 0, names, spared, digest: Sha256::new() }
    }

    fn add(&mut self, user: &ListedUser) {
        self.meant += 1;
        if let Some(why) = self.what.skip_reason(user.id(), user, Some(self.oneself)) {
            let left = self.spared.entry(why).or_default();
            left.count += 1;
            if left.names.len() < SPARED_NAMED {
                left.names.push(user.username.clone());
            }
            return;
        }
        if self.names.len() < NAMED {
            let kind = if user.is_admin { format!(" · {}", self.t.state_admin()) } else { String::new() };
            self.names.push(format!("{} ({}){kind}", user.username, user.email));
        }
        self.admins += usize::from(user.is_admin);
        self.digest.update(user.id().get().to_be_bytes());
        for shown in [&user.username, &user.email] {
            self.digest.update(shown.as_bytes());
            self.digest.update([0, u8::from(user.is_admin)]);
        }
        self.targets.push(self.what.user_ref(user));
    }

    /// A fingerprint of who is hit, as the page showed them.
    fn mark(&self) -> String {
        hex::encode(&self.digest.clone().finalize()[..8])
    }
}

fn page(admin: &Administrator, choice: &BulkRequest, plan: BulkPlan) -> FormPage {
    let t = admin.t;
    let mut page = match (plan.meant, plan.targets.len()) {
        (0, _) => empty(admin, t.bulk_nobody(), t.bulk_nobody_lead().to_owned()),
        (meant, _) if meant > MOST => {
            empty(admin, t.bulk_too_many(), t.bulk_too_many_lead(t.number(MOST as u64)))
        }
        (_, 0) => empty(admin, t.bulk_nobody_left(), t.bulk_nobody_left_lead().to_owned()),
        _ => full(admin, choice, &plan),
    };
    if plan.meant <= MOST {
        page.spared = plan.spared.iter().map(|(why, left)| spared(t, *why, left)).collect();
    }
    page.back = choice.query.list();
    page
}

fn empty(admin: &Administrator, heading: &str, lead: String) -> FormPage {
    let mut page = FormPage::new(admin, heading.to_owned(), "", "");
    page.lead.push(lead);
    page
}

fn full(admin: &Administrator, choice: &BulkRequest, plan: &BulkPlan) -> FormPage {
    let t = admin.t;
    let count = plan.targets.len();
    let (heading, lead, submit) = words(t, choice.what, count);
    let mut page = FormPage::new(admin, heading, submit, &choice.path());
    page.lead = vec![lead.to_owned(), t.bulk_whom().to_owned()];
    page.whom.clone_from(&plan.names);
    if count > NAMED {
        let text = t.bulk_and_more(count - NAMED);
        match choice.is_all {
            true => page.more = Some((text, choice.hit().path(LIST))),
            // A page of the list has fewer boxes, so somebody wrote this address.
            false => page.whom.push(text),
        }
    }
    page.warning = (plan.admins > 0).then(|| t.bulk_admins(plan.admins).into());
    if choice.what == BulkAction::Delete && count > 1 {
        page.fields.push(Field {
            id: COUNT,
            label: t.bulk_type_count(),
            kind: "text",
            autocomplete: "off",
            ..Field::default()
        });
    }
    page.hidden = vec![(WHOM, plan.mark())];
    page.is_dangerous = matches!(choice.what, BulkAction::Delete | BulkAction::Deactivate);
    page
}

/// Why how many are left alone, and who.
fn spared(t: Lang, why: SkipReason, left: &Skipped) -> String {
    let reason = match why {
        SkipReason::Oneself => return t.spared_oneself().to_owned(),
        SkipReason::Confirmed => t.spared_confirmed(left.count),
        SkipReason::Active => t.spared_active(left.count),
        SkipReason::Inactive => t.spared_inactive(left.count),
    };
    let more = if left.count > left.names.len() { ", …" } else { "" };
    format!("{reason}: {}{more}", left.names.join(", "))
}

fn words(t: Lang, what: BulkAction, count: usize) -> (String, &'static str, &'static str) {
    match what {
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
