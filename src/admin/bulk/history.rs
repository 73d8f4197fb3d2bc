//! `/admin/users/bulk`: the bulk actions of the last weeks. `/admin/users/bulk/{id}`: how far one is, whom it
//! skipped, and the buttons that stop and undo it.

use std::collections::HashMap;

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Serialize;

use crate::accounts::{self, BulkAction, SkipReason, UndoBulkError};
use crate::admin::audit::query::AuditQuery;
use crate::admin::flash::{Done, Flash, Undone};
use crate::admin::session::area::is_administrator;
use crate::admin::session::{Administrator, Post, RecentlyAuthenticatedPost};
use crate::admin::users::query::LIST;
use crate::admin::users::user_form;
use crate::app::App;
use crate::store::queries::user_list;
use crate::store::tables::bulk_actions;
use crate::store::tables::bulk_actions::{BulkRecord, BulkState};
use crate::store::tables::bulk_users;
use crate::store::tables::bulk_users::SkippedUser;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{BulkId, Timestamp, UserId};
use crate::web::layout::{Layout, see_other};
use crate::web::{Page, PageError, When, language};

/// The path of the list.
const HISTORY: &str = "/admin/users/bulk";

/// How many actions the list has.
const LISTED: i64 = 50;

/// How many skipped users the page names.
const SKIPPED_NAMED: i64 = 100;

/// The path of the page of an action.
pub(super) fn path_of(id: BulkId) -> String {
    format!("{HISTORY}/{id}")
}

#[derive(Template)]
#[template(path = "admin/bulk/list.html")]
struct BulkListPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    bulks: Vec<BulkView>,
}

#[derive(Template)]
#[template(path = "admin/bulk/detail.html")]
struct BulkPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    bulk: BulkView,
    skipped: Vec<SkippedView>,
    has_more_skipped: bool,
}

/// A bulk action for display.
struct BulkView {
    id: BulkId,
    what: &'static str,
    state: &'static str,
    is_open: bool,
    /// The administrator's name, and the path of the page.
    by: (String, Option<String>),
    created: When,
    reason: Option<String>,
    total: u64,
    /// How many users were changed or skipped.
    handled: u64,
    changed: String,
    skipped: String,
    progress: String,
    /// Until when it can be undone.
    undoable: Option<When>,
    undoes: Option<BulkId>,
    /// The state of its undo, and the number of that action.
    undone: Option<(&'static str, BulkId)>,
    audit: String,
}

/// A skipped user for display.
struct SkippedView {
    name: String,
    path: String,
    reason: &'static str,
}

/// An action with what its view needs of other rows.
struct LoadedBulk {
    record: BulkRecord,
    undo: Option<BulkRecord>,
}

impl LoadedBulk {
    fn load(conn: &mut Conn, record: BulkRecord) -> Result<Self, StoreError> {
        let undo = match bulk_actions::undo_of(conn, record.id)? {
            Some(undo) => bulk_actions::by_id(conn, undo)?,
            None => None,
        };
        Ok(Self { record, undo })
    }
}

/// `GET /admin/users/bulk`.
pub(crate) async fn list(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let (bulks, names) = app
        .store
        .read(|conn| {
            let mut bulks = Vec::new();
            for record in bulk_actions::recent(conn, LISTED)? {
                bulks.push(LoadedBulk::load(conn, record)?);
            }
            let actors: Vec<UserId> = bulks.iter().map(|bulk| bulk.record.actor).collect();
            let names = names(conn, &actors)?;
            Ok((bulks, names))
        })
        .await?;
    let layout = admin.layout();
    let view = |bulk: &LoadedBulk| BulkView::new(bulk, &names, &layout);
    let bulks = bulks.iter().map(view).collect();
    let trail = vec![(layout.t.users_heading().to_owned(), LIST.to_owned())];
    Ok(admin.render(Page::new(BulkListPage { layout, trail, bulks })))
}

/// `GET /admin/users/bulk/{id}`. While the action runs, a script asks for its [`progress`]. The page is not loaded again
/// by itself: that takes the reader's place from them (WCAG 2.2, failure F41).
pub(crate) async fn one(
    app: Data<App>,
    admin: Administrator,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let id = BulkId::new(*id);
    let loaded = app.store.read(move |conn| {
        let Some(record) = bulk_actions::by_id(conn, id)? else { return Ok(None) };
        let names = names(conn, &[record.actor])?;
        let skipped = bulk_users::skipped_users(conn, id, SKIPPED_NAMED + 1)?;
        Ok(Some((LoadedBulk::load(conn, record)?, names, skipped)))
    });
    let (bulk, names, mut skipped) = loaded.await?.ok_or(PageError::NotFound)?;
    let layout = admin.layout();
    let has_more_skipped = skipped.len() as i64 > SKIPPED_NAMED;
    skipped.truncate(SKIPPED_NAMED as usize);
    let page = BulkPage {
        trail: vec![
            (layout.t.users_heading().to_owned(), LIST.to_owned()),
            (layout.t.bulk_recent().to_owned(), HISTORY.to_owned()),
        ],
        bulk: BulkView::new(&bulk, &names, &layout),
        skipped: skipped.into_iter().map(|user| SkippedView::new(user, layout.t)).collect(),
        has_more_skipped,
        layout,
    };
    Ok(admin.render(Page::new(page).with_requests()))
}

/// How far an action is, for the page that displays it.
#[derive(Serialize)]
struct BulkProgress {
    handled: u64,
    total: u64,
    text: String,
    state: &'static str,
    is_open: bool,
}

/// `GET /admin/users/bulk/{id}/progress`. Without a session in the admin 401. Asking does not use the session.
pub(crate) async fn progress(
    app: Data<App>,
    request: HttpRequest,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    if !is_administrator(&app, &request).await? {
        return Ok(HttpResponse::Unauthorized().finish());
    }
    let id = BulkId::new(*id);
    let record = app.store.read(move |conn| bulk_actions::by_id(conn, id)).await?;
    let record = record.ok_or(PageError::NotFound)?;
    let t = language(&request);
    let handled = record.changed + record.skipped;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(BulkProgress {
        handled,
        total: record.total,
        text: t.bulk_progress(t.number(handled), t.number(record.total)),
        state: state(t, &record, app.clock.now()),
        is_open: record.state.is_open(),
    }))
}

/// `POST /admin/users/bulk/{id}/undo`.
pub(crate) async fn undo(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let admin = post.0.sender;
    let id = BulkId::new(*id);
    match accounts::undo_bulk(&app, id, admin.user.id, &admin.key, &admin.actor).await {
        Ok(undo) => Ok(see_other(&path_of(undo.id)).finish()),
        Err(UndoBulkError::NotFound) => Err(PageError::NotFound),
        Err(UndoBulkError::TooLate) => Ok(admin.redirect(&path_of(id), &Flash::Not(Undone::BulkTooLate))),
        Err(UndoBulkError::Impossible) => {
            Ok(admin.redirect(&path_of(id), &Flash::Not(Undone::BulkNotUndoable)))
        }
        Err(UndoBulkError::Store(error)) => Err(error.into()),
    }
}

/// `POST /admin/users/bulk/{id}/stop`.
pub(crate) async fn stop(app: Data<App>, post: Post, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let id = BulkId::new(*id);
    accounts::stop_bulk(&app, id, &post.sender.actor).await?;
    Ok(post.sender.redirect(&path_of(id), &Flash::Not(Undone::BulkStopped)))
}

/// `GET` of both, where signing in leads when the session ended before the click: redirects to the action.
pub(crate) async fn to_one(_: Administrator, id: Path<i64>) -> HttpResponse {
    see_other(&path_of(BulkId::new(*id))).finish()
}

/// The message about an action that is done; `None` if it is not. `skipped` users were left out of it.
pub(super) fn flash(app: &App, record: &BulkRecord, skipped: u64) -> Option<Flash> {
    let action = BulkAction::named(&record.action).filter(|_| record.state == BulkState::Done)?;
    let done = done(action, app);
    Some(Flash::Bulk(done, record.changed, record.skipped + skipped, record.id))
}

fn done(action: BulkAction, app: &App) -> Done {
    match action {
        BulkAction::Confirm => Done::Confirmed,
        BulkAction::AskConfirmation if app.current().mail.is_sent() => Done::ConfirmationSent,
        BulkAction::AskConfirmation => Done::ConfirmationWaits,
        BulkAction::Activate => Done::Activated,
        BulkAction::Deactivate => Done::Deactivated,
        BulkAction::EndSessions => Done::SessionsEnded,
        BulkAction::Delete if app.config.account.delete_after.is_zero() => Done::Deleted,
        BulkAction::Delete => Done::DeletionRequested,
        BulkAction::Restore => Done::DeletionCancelled,
    }
}

fn names(conn: &mut Conn, ids: &[UserId]) -> Result<HashMap<UserId, String>, StoreError> {
    let users = user_list::by_ids(conn, ids)?;
    Ok(users.into_iter().map(|user| (user.id(), user.username)).collect())
}

impl BulkView {
    fn new(bulk: &LoadedBulk, names: &HashMap<UserId, String>, layout: &Layout) -> Self {
        let (t, record) = (layout.t, &bulk.record);
        let by = match names.get(&record.actor) {
            Some(name) => (name.clone(), Some(user_form::path_of(record.actor))),
            None => (t.audit_number(record.actor.get()), None),
        };
        let until = accounts::undoable_until(record, layout.now).filter(|_| bulk.undo.is_none());
        let undone = |undo: &BulkRecord| {
            let is_open = undo.state.is_open();
            (if is_open { t.bulk_being_undone() } else { t.bulk_undone() }, undo.id)
        };
        let handled = record.changed + record.skipped;
        Self {
            id: record.id,
            what: what(t, record),
            state: state(t, record, layout.now),
            is_open: record.state.is_open(),
            by,
            created: layout.when(record.created_at),
            reason: record.reason.clone(),
            total: record.total,
            handled,
            changed: t.number(record.changed),
            skipped: t.number(record.skipped),
            progress: t.bulk_progress(t.number(handled), t.number(record.total)),
            undoable: until.map(|until| layout.until(until)),
            undoes: record.undoes,
            undone: bulk.undo.as_ref().map(undone),
            audit: AuditQuery::of_bulk(record.id),
        }
    }
}

impl SkippedView {
    fn new(user: SkippedUser, t: Lang) -> Self {
        let reason = match SkipReason::named(&user.outcome) {
            Some(SkipReason::Oneself) => t.skipped_oneself(),
            Some(SkipReason::Confirmed) => t.skip_confirmed(),
            Some(SkipReason::Active) => t.skip_active(),
            Some(SkipReason::Inactive) => t.skip_inactive(),
            Some(SkipReason::ToBeDeleted) => t.skip_to_be_deleted(),
            Some(SkipReason::NotToBeDeleted) => t.skip_not_to_be_deleted(),
            Some(SkipReason::NoEmail) => t.skip_no_email(),
            Some(SkipReason::LastAdministrator) => t.last_administrator(),
            Some(SkipReason::Changed) | None => t.skip_changed(),
        };
        Self { name: user.username, path: user_form::path_of(UserId::new(user.id)), reason }
    }
}

fn what(t: Lang, record: &BulkRecord) -> &'static str {
    if record.undoes.is_some() {
        return t.bulk_undo_of_one();
    }
    match BulkAction::named(&record.action) {
        Some(BulkAction::Confirm) => t.bulk_confirm(),
        Some(BulkAction::AskConfirmation) => t.bulk_resend(),
        Some(BulkAction::Activate) => t.bulk_activate(),
        Some(BulkAction::Deactivate) => t.bulk_deactivate(),
        Some(BulkAction::EndSessions) => t.bulk_end(),
        Some(BulkAction::Delete) => t.bulk_delete(),
        Some(BulkAction::Restore) => t.bulk_restore(),
        None => t.bulk_unknown(),
    }
}

fn state(t: Lang, record: &BulkRecord, now: Timestamp) -> &'static str {
    let is_abandoned = record.lease_ends_at.is_none_or(|ends_at| ends_at <= now);
    match record.state {
        BulkState::Done => t.bulk_done(),
        BulkState::Stopped if record.changed + record.skipped == 0 => t.bulk_not_begun(),
        BulkState::Stopped => t.bulk_stopped(),
        BulkState::Preparing | BulkState::Running if is_abandoned => t.bulk_interrupted(),
        BulkState::Preparing | BulkState::Running => t.bulk_running(),
    }
}
